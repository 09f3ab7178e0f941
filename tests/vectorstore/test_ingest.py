"""Ingesting real files into a real index, with a small encoder."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.encoding.embed import Encoded
from vectorstore.errors import EmbeddingError, IndexBusy, IndexMismatch
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, IngestProgress
from vectorstore.readers import markdown
from vectorstore.storage.home import file_lock
from vectorstore.types import Article

CATS, DOGS = prose("cat", 12), prose("dog", 12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "articles", {"cats.txt": CATS, "sub/dogs.txt": DOGS})


def texts(index: Index) -> list[str]:
    return [chunk.text for summary in index.catalog.articles() for chunk in index.catalog.chunks_of(summary.id)]


def assert_in_step(index: Index, encoder: FakeEncoder) -> None:
    """Each chunk is found in both indexes by its own text, and nothing else is in them."""
    ids = index.catalog.chunk_ids()
    stored = index.catalog.chunks(ids)
    assert [index.dense.query(encoder.vector(stored[n].text), 1)[0][0] for n in ids] == ids
    assert [index.lexical.query([(stored[n].text, 1.0)], 1)[0][0] for n in ids] == ids
    assert (index.dense.count(), index.lexical.count(), index.catalog.backlog()) == (len(ids), len(ids), 0)


def test_a_folder_goes_in(ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path) -> None:
    report = ingestor.ingest([folder])
    assert (report.added, report.failed, report.embedded) == (("cats.txt", "sub/dogs.txt"), (), report.chunks)
    assert_in_step(index, encoder)


def test_chunks_stand_in_their_articles(ingestor: Ingestor, index: Index, folder: Path) -> None:
    ingestor.ingest([folder])
    for summary in index.catalog.articles():
        article = index.catalog.article(summary.id)
        assert article and all(article.text[c.start : c.end] == c.text for c in index.catalog.chunks_of(summary.id))


def test_unchanged_articles_are_not_embedded(ingestor: Ingestor, encoder: FakeEncoder, folder: Path) -> None:
    ingestor.ingest([folder])
    encoder.asked.clear()
    report = ingestor.ingest([folder])
    assert (report.unchanged, report.added, encoder.asked) == (("cats.txt", "sub/dogs.txt"), (), [])


def test_of_a_changed_article_only_new_texts_are_embedded(
    ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path
) -> None:
    ingestor.ingest([folder])
    encoder.asked.clear()
    write(folder, {"cats.txt": CATS + "\n\nA wholly new end, about elephants and nothing else that was said before."})
    report = ingestor.ingest([folder])
    assert (report.changed, report.embedded, "elephants" in encoder.asked[0]) == (("cats.txt",), 1, True)
    assert_in_step(index, encoder)


def test_a_text_that_stands_twice_is_embedded_once(ingestor: Ingestor, encoder: FakeEncoder, tmp_path: Path) -> None:
    ingestor.ingest([write(tmp_path / "twice", {"a.txt": CATS, "b.txt": CATS})])
    assert len(encoder.asked) == len(set(encoder.asked))


def test_removed_articles_are_gone_everywhere(ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path) -> None:
    ingestor.ingest([folder])
    report = ingestor.remove(["cats.txt", "nothing"])
    assert (report.removed, [one.where for one in report.failed]) == (("cats.txt",), ["nothing"])
    assert not any("cat" in text for text in texts(index))
    assert_in_step(index, encoder)


def test_delete_and_add_again_is_no_duplicate(ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path) -> None:
    ingestor.ingest([folder])
    ingestor.remove(["cats.txt"])
    assert ingestor.ingest([folder]).added == ("cats.txt",)
    assert_in_step(index, encoder)


def test_prune_removes_what_is_gone(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    (folder / "cats.txt").unlink()
    assert ingestor.ingest([folder], prune=True).removed == ("cats.txt",)


def test_without_prune_nothing_is_removed(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    (folder / "cats.txt").unlink()
    assert ingestor.ingest([folder]).removed == ()


def test_prune_leaves_other_folders_alone(ingestor: Ingestor, folder: Path, tmp_path: Path) -> None:
    ingestor.ingest([folder, write(tmp_path / "articles-2", {"other.txt": DOGS + "\n\nMore."})])
    shutil.rmtree(tmp_path / "articles-2")
    assert ingestor.ingest([folder], prune=True).removed == ()


def test_prune_removes_nothing_of_a_folder_that_is_not_there(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    shutil.rmtree(folder)
    report = ingestor.ingest([folder], prune=True)
    assert (report.removed, [one.reason for one in report.failed]) == ((), ["There is no such file or folder."])


def test_prune_keeps_the_article_of_a_file_that_cannot_be_read_now(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    (folder / "cats.txt").write_bytes(b"\x00\x01\x02 broken \x00" * 50)
    report = ingestor.ingest([folder], prune=True)
    assert (report.removed, [one.where for one in report.failed]) == ((), ["cats.txt"])


def test_prune_removes_a_line_that_is_gone_from_its_file(ingestor: Ingestor, tmp_path: Path) -> None:
    lines = [json.dumps({"id": name, "text": prose(name, 2)}) for name in ("one", "two")]
    folder = write(tmp_path / "lines", {"all.jsonl": "\n".join(lines)})
    ingestor.ingest([folder])
    write(folder, {"all.jsonl": lines[0]})
    assert ingestor.ingest([folder], prune=True).removed == ("two",)


def test_two_articles_with_one_id_in_a_run(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    lines = {f"{n}.jsonl": json.dumps({"id": "same", "text": prose(n, 2)}) for n in ("first", "second")}
    report = ingestor.ingest([write(tmp_path / "lines", lines)])
    assert (report.added, [one.where for one in report.failed]) == (("same",), ["same"])
    assert "second.jsonl" in report.failed[0].reason and all("first" in text for text in texts(index))


def test_a_stated_id_that_another_file_still_has_is_refused(ingestor: Ingestor, tmp_path: Path) -> None:
    one, two = (write(tmp_path / n, {"a.jsonl": json.dumps({"id": "x", "text": prose(n, 2)})}) for n in ("one", "two"))
    ingestor.ingest([one])
    (failure,) = ingestor.ingest([two]).failed
    assert str(one / "a.jsonl") in failure.reason and str(two / "a.jsonl") in failure.reason


def test_two_files_of_one_name_are_two_articles(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, {"a.txt": prose(name, 2)}) for name in ("one", "two"))
    ingestor.ingest([one])
    assert (ingestor.ingest([two]).added, ingestor.ingest([two]).unchanged) == (("two/a.txt",), ("two/a.txt",))
    assert [article.id for article in index.catalog.articles()] == ["a.txt", "two/a.txt"]


def test_an_article_that_moved_is_an_update(ingestor: Ingestor, tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, {"a.txt": prose(name, 2)}) for name in ("one", "two"))
    ingestor.ingest([one])
    shutil.rmtree(one)
    assert ingestor.ingest([two]).changed == ("a.txt",)


def test_a_folder_by_another_spelling_is_the_same_folder(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    write(folder, {"cats.txt": CATS + "\n\nOne more."})
    (folder.parent / "link").symlink_to(folder)
    assert [ingestor.ingest([folder / "sub" / ".."]).changed, ingestor.ingest([folder.parent / "link"]).failed] == [
        ("cats.txt",),
        (),
    ]


def test_what_moved_unchanged_is_pruned_from_its_new_place(ingestor: Ingestor, folder: Path) -> None:
    ingestor.ingest([folder])
    moved = folder.rename(folder.with_name("elsewhere"))
    ingestor.ingest([moved])
    (moved / "cats.txt").unlink()
    assert ingestor.ingest([moved], prune=True).removed == ("cats.txt",)


def test_a_single_file_takes_its_own_name_for_id(ingestor: Ingestor, folder: Path) -> None:
    assert ingestor.ingest([folder / "sub" / "dogs.txt"]).added == ("dogs.txt",)


@pytest.mark.parametrize(
    ("paths", "reason"), [([], "No file or folder was named."), (["nope"], "There is no such file or folder.")]
)
def test_nothing_to_read_is_a_failure_with_a_reason(ingestor: Ingestor, tmp_path: Path, paths: list[str], reason: str) -> None:
    assert [one.reason for one in ingestor.ingest([tmp_path / path for path in paths]).failed] == [reason]


def test_another_model_is_refused(ingestor: Ingestor, index: Index, folder: Path) -> None:
    ingestor.ingest([folder])
    with pytest.raises(IndexMismatch, match=r"fake-2.*fake-1"):
        Ingestor(index, FakeEncoder("fake-2"), limit=60).ingest([folder])


def test_other_chunks_are_refused(ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path) -> None:
    ingestor.ingest([folder])
    with pytest.raises(IndexMismatch, match=r"50 tokens.*60 tokens"):
        Ingestor(index, encoder, limit=50).ingest([folder])


def test_an_empty_index_takes_any_model(ingestor: Ingestor, index: Index, folder: Path) -> None:
    ingestor.ingest([folder])
    ingestor.remove(["cats.txt", "sub/dogs.txt"])
    other = FakeEncoder("fake-2", dimension=16)
    Ingestor(index, other, limit=60).ingest([folder])
    assert_in_step(index, other)


def test_rebuild_moves_to_another_model_and_chunk_size(ingestor: Ingestor, index: Index, folder: Path) -> None:
    ingestor.ingest([folder])
    before, other = texts(index), FakeEncoder("fake-2", dimension=16)
    shutil.rmtree(folder)
    report = Ingestor(index, other, limit=40).rebuild()
    assert (report.changed, len(texts(index)) > len(before)) == (("cats.txt", "sub/dogs.txt"), True)
    assert_in_step(index, other)


def test_rebuild_with_nothing_changed_embeds_nothing(
    ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path
) -> None:
    ingestor.ingest([folder])
    encoder.asked.clear()
    assert (ingestor.rebuild().embedded, encoder.asked) == (0, [])
    assert_in_step(index, encoder)


def test_rebuild_drops_the_old_models_vectors(ingestor: Ingestor, index: Index, encoder: FakeEncoder, folder: Path) -> None:
    ingestor.ingest([folder])
    Ingestor(index, FakeEncoder("fake-2"), limit=60).rebuild()
    with index.catalog._engine.connect() as connection:
        assert connection.exec_driver_sql("select distinct fingerprint from vectors").scalar_one() == "fake-2"


def test_one_writer_at_a_time(index: Index, encoder: FakeEncoder, folder: Path) -> None:
    with file_lock(index.home.writer_lock, "writing"), pytest.raises(IndexBusy):
        Ingestor(index, encoder, limit=60, wait=0.1).ingest([folder])


def test_progress_is_told(ingestor: Ingestor, folder: Path) -> None:
    told: list[IngestProgress] = []
    report = ingestor.ingest([folder], progress=told.append)
    assert (told[-1].files, told[-1].of, told[-1].articles, told[-1].embedded) == (2, 2, 2, report.embedded)


class Failing(FakeEncoder):
    """Gives up after so many texts."""

    def __init__(self, after: int, error: BaseException) -> None:
        super().__init__()
        self.after = after
        self.error = error

    def encode(self, texts: list[str]) -> list[Encoded]:
        if len(self.asked) + len(texts) > self.after:
            raise self.error
        return super().encode(texts)


@pytest.mark.parametrize("error", [EmbeddingError("the server refuses"), KeyboardInterrupt()])
def test_what_was_done_before_a_break_can_be_searched(index: Index, folder: Path, error: BaseException) -> None:
    write(folder, {"cats.txt": prose("cat", 3)})
    with pytest.raises(type(error)):
        Ingestor(index, Failing(6, error), limit=60, batch=2).ingest([folder])
    assert [summary.id for summary in index.catalog.articles()] == ["cats.txt"]
    assert_in_step(index, FakeEncoder())


def test_an_article_that_was_broken_off_goes_on_where_it_was(index: Index, tmp_path: Path) -> None:
    folder, first = write(tmp_path / "big", {"cats.txt": prose("cat", 60)}), Failing(20, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        Ingestor(index, first, limit=60, batch=4).ingest([folder])
    second = FakeEncoder()
    Ingestor(index, second, limit=60, batch=4).ingest([folder])
    assert (len(first.asked), set(first.asked) & set(second.asked)) == (20, set())


def test_vectors_of_an_article_that_never_came_are_swept(index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "big", {"cats.txt": prose("cat", 60)})
    with pytest.raises(KeyboardInterrupt):
        Ingestor(index, Failing(20, KeyboardInterrupt()), limit=60, batch=4).ingest([folder])
    write(folder, {"cats.txt": DOGS})
    last = Ingestor(index, FakeEncoder(), limit=60).ingest([folder])
    with index.catalog._engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from vectors").scalar() == last.chunks


def test_vectors_of_a_wrong_size_are_refused(index: Index, folder: Path) -> None:
    encoder = FakeEncoder()
    encoder.vector = FakeEncoder(dimension=5).vector  # type: ignore[method-assign]
    with pytest.raises(EmbeddingError, match="32 dimensions"):
        Ingestor(index, encoder, limit=60).ingest([folder])


GERMAN = "Die Brücke am alten Hafen wurde im Mai gebaut, und niemand weiß heute noch, wer sie bezahlt hat."


def test_an_article_gets_the_language_that_it_states_or_else_is_found_in(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    stated = write(
        tmp_path / "in",
        {"a.txt": GERMAN, "b.md": f"---\nlang: fr-CA\n---\n{GERMAN}", "c.md": f"---\nlanguage: Elvish\n---\n{GERMAN}"},
    )
    ingestor.ingest([stated])
    assert {one.id: one.language for one in index.catalog.articles()} == {"a.txt": "de", "b.md": "fr", "c.md": "de"}


def test_an_article_that_states_another_language_than_before_has_changed(
    ingestor: Ingestor, index: Index, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", {"a.md": GERMAN})
    ingestor.ingest([folder])
    write(folder, {"a.md": f"---\nlang: nl\n---\n{GERMAN}"})
    assert (ingestor.ingest([folder]).changed, ingestor.ingest([folder]).unchanged) == (("a.md",), ("a.md",))
    assert index.catalog.languages() == {"nl": 1}


class Choking(FakeEncoder):
    """Cannot count the tokens of one text."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if any("unspeakable" in text for text in texts):
            raise RecursionError("maximum recursion depth exceeded")
        return super().count_tokens(texts)


def test_an_article_that_cannot_be_split_does_not_stop_the_others(index: Index, folder: Path) -> None:
    write(folder, {"bad.txt": "It is unspeakable."})
    report = Ingestor(index, Choking()).ingest([folder])
    assert [failure.where for failure in report.failed] == ["bad.txt"]
    assert "too deeply" in report.failed[0].reason
    assert "bad.txt" not in report.added and len(report.added) == len(index.catalog.articles()) > 0


def test_a_file_that_fails_unexpectedly_does_not_stop_the_others(
    ingestor: Ingestor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, where: str, max_bytes: int) -> Iterator[Article]:
        raise ZeroDivisionError("a fault of ours")
        yield

    write(folder, {"bad.md": "It is well."})
    monkeypatch.setattr(markdown, "read_markdown", broken)
    report = ingestor.ingest([folder])
    assert ("bad.md", "The file could not be read (ZeroDivisionError: a fault of ours); it was left out.") in [
        (failure.where, failure.reason) for failure in report.failed
    ]
    assert report.added
