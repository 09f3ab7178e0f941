"""Which id an article gets: the same file keeps its own, over folders, links and moves; two files are never one."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import prose, write
from vectorstore.index import Index
from vectorstore.ingest import Ingestor

PEARS, PLUMS, APPLES = (prose(fruit, 2) for fruit in ("pear", "plum", "apple"))


def ids(index: Index) -> list[str]:
    return [article.id for article in index.catalog.articles()]


def gone(index: Index) -> list[str]:
    return [article.id for article in index.catalog.articles() if article.gone]


@pytest.fixture
def orchard(tmp_path: Path) -> Path:
    """Three files of one name in three folders."""
    texts = {"mv/final/orchard.md": PEARS, "mv/orchard.md": PLUMS, "mv2/final/orchard.md": APPLES}
    return write(tmp_path / "orchard", texts)


def test_one_name_in_three_folders_is_three_articles(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    reports = [ingestor.ingest([orchard / folder]) for folder in ("mv/final", "mv", "mv2")]
    assert [report.failed for report in reports] == [(), (), ()]
    assert ids(index) == ["final/orchard.md", "mv/orchard.md", "orchard.md"]
    assert reports[1].unchanged == ("orchard.md",)
    again = ingestor.ingest([orchard / "mv", orchard / "mv2", orchard / "mv" / "final"])
    assert (sorted(again.unchanged), again.added, again.failed) == (ids(index), (), ())


def test_folders_that_overlap_in_one_run_give_each_file_once(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    report = ingestor.ingest([orchard / "mv" / "final", orchard / "mv"])
    assert (report.added, report.failed) == (("orchard.md", "mv/orchard.md"), ())


def test_a_file_over_a_link_is_the_same_file(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    ingestor.ingest([orchard / "mv2"])
    os.link(orchard / "mv2" / "final" / "orchard.md", orchard / "hard.md")
    (orchard / "soft").symlink_to(orchard / "mv2")
    assert ingestor.ingest([orchard / "hard.md"]).unchanged == ("final/orchard.md",)
    assert ingestor.ingest([orchard / "soft" / "final"]).unchanged == ("final/orchard.md",)


def test_a_moved_file_keeps_its_id_under_another_name(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    ingestor.ingest([orchard / "mv"])
    target = orchard / "fruit.md"
    (orchard / "mv" / "final" / "orchard.md").rename(target)
    assert ingestor.ingest([orchard]).unchanged.count("final/orchard.md") == 1
    (article,) = index.catalog.articles(["final/orchard.md"])
    assert (article.origin, article.gone) == (str(target), False)


def test_the_further_articles_of_a_file_are_called_after_the_first(ingestor: Ingestor, tmp_path: Path) -> None:
    one, two = (
        write(tmp_path / name, {"x.jsonl": "\n".join(json.dumps({"text": f"{name} {n}"}) for n in range(2))})
        for name in ("one", "two")
    )
    ingestor.ingest([one])
    assert ingestor.ingest([two]).added == ("two/x.jsonl", "two/x.jsonl#2")
    assert ingestor.ingest([two]).unchanged == ("two/x.jsonl", "two/x.jsonl#2")


def test_what_is_gone_is_marked_until_it_is_there_again(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    file = orchard / "mv" / "orchard.md"
    ingestor.ingest([orchard])
    file.unlink()
    assert (ingestor.ingest([orchard]).gone, gone(index)) == (("mv/orchard.md",), ["mv/orchard.md"])
    file.write_text(PLUMS)
    assert (ingestor.ingest([orchard]).unchanged.count("mv/orchard.md"), gone(index)) == (1, [])


def test_pruning_removes_what_is_gone(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    ingestor.ingest([orchard])
    shutil.rmtree(orchard / "mv2")
    ingestor.ingest([orchard])
    report = ingestor.ingest([orchard], prune=True)
    assert (report.removed, report.gone, len(ids(index))) == (("mv2/final/orchard.md",), (), 2)


def test_a_line_that_is_gone_from_its_file_is_marked(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"x.jsonl": '{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}'})
    ingestor.ingest([folder])
    write(folder, {"x.jsonl": '{"id": "a", "text": "One."}'})
    ingestor.ingest([folder])
    assert gone(index) == ["b"]


def test_a_watcher_marks_files_and_whole_folders(ingestor: Ingestor, index: Index, orchard: Path) -> None:
    ingestor.ingest([orchard])
    shutil.rmtree(orchard / "mv2")
    assert ingestor.mark_gone([orchard / "mv2", orchard / "mv"]) == ["mv2/final/orchard.md"]
    assert (gone(index), ingestor.mark_gone([orchard])) == (["mv2/final/orchard.md"], [])
