"""The catalog and its two indexes together: what other processes do, what is damaged, what has to be made anew."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose, write
from vectorstore.errors import IndexDamaged, IndexMissing
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage.home import Home

ELSEWHERE = """
import sys
from pathlib import Path
from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.ingest import Ingestor
index = open_index(Path(sys.argv[1]))
ingestor = Ingestor(index, FakeEncoder(), limit=60)
if sys.argv[2] == "rebuild":
    with index.writing():
        index.rebuild("dense")
        index.rebuild("lexical")
else:
    ingestor.ingest([Path(sys.argv[2])])
index.close()
"""

ENCODER = FakeEncoder()


def elsewhere(index: Index, what: str) -> None:
    """Another process ingests a path, or rebuilds."""
    command = [sys.executable, "-c", ELSEWHERE, str(index.home.path), what]
    subprocess.run(command, check=True, cwd=Path(__file__).parent, env={"PYTHONPATH": f"{Path(__file__).parents[2]}:."})


@pytest.fixture
def index(index: Index, tmp_path: Path) -> Index:
    Ingestor(index, ENCODER, limit=60).ingest([write(tmp_path / "articles", {"cats.txt": prose("cat", 12)})])
    return index


def dense(index: Index, text: str) -> str:
    """The text of the nearest chunk."""
    number = index.dense.query(ENCODER.vector(text), 1)[0][0]
    return index.catalog.chunks([number])[number].text


def lexical(index: Index, text: str) -> int:
    return len(index.lexical.query([(text, 1.0)], 100))


def test_there_is_no_index_before_the_first_ingest(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Index.open(Home(tmp_path / "home"))


def test_what_another_process_ingests_is_found_after_a_refresh(index: Index, tmp_path: Path) -> None:
    assert lexical(index, "zebra") == 0 and "cat" in dense(index, "zebra")
    elsewhere(index, str(write(tmp_path / "more", {"z.txt": prose("zebra", 2)})))
    assert (index.refresh(), "zebra" in dense(index, "zebra zebra"), lexical(index, "zebra") > 0) == (True, True, True)


def test_a_refresh_with_nothing_new_does_nothing(index: Index) -> None:
    index.refresh()
    assert index.refresh() is False


def test_what_another_process_has_made_anew_is_followed(index: Index) -> None:
    before = dense(index, "cat"), lexical(index, "cat")
    elsewhere(index, "rebuild")
    index.refresh()
    assert (dense(index, "cat"), lexical(index, "cat")) == before


def test_writing_after_another_process_keeps_what_it_wrote(index: Index, tmp_path: Path) -> None:
    dense(index, "cat")
    elsewhere(index, str(write(tmp_path / "more", {"z.txt": prose("zebra", 2)})))
    Ingestor(index, ENCODER, limit=60).ingest([write(tmp_path / "third", {"l.txt": prose("lion", 2)})])
    assert [word in dense(index, f"{word} {word}") for word in ("zebra", "lion", "cat")] == [True, True, True]


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_a_folder_that_is_gone_is_told_not_searched_as_empty(index: Index, name: str) -> None:
    index.close()
    shutil.rmtree(index.home.folder(name, 1))
    with pytest.raises(IndexDamaged, match=f"{name} index is missing"):
        getattr(index, name)


def test_an_emptied_index_is_told_not_searched_as_empty(index: Index) -> None:
    ids = list(index.dense.ids())
    index.dense.apply([], ids)
    index.close()
    with pytest.raises(IndexDamaged, match="empty"):
        index.dense.count()


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_a_damaged_index_is_made_anew_by_the_next_writer_that_needs_it(index: Index, tmp_path: Path, name: str) -> None:
    index.close()
    shutil.rmtree(index.home.folder(name, 1))
    Ingestor(index, ENCODER, limit=60).ingest([write(tmp_path / "more", {"z.txt": prose("zebra", 2)})])
    assert ("cat" in dense(index, "cat cat"), "zebra" in dense(index, "zebra zebra")) == (True, True)
    assert (index.find_damage("dense"), index.find_damage("lexical")) == ("", "")


def test_a_rebuild_leaves_the_old_folder_to_those_who_have_it_open(index: Index) -> None:
    with index.writing():
        index.rebuild("dense")
    assert sorted(index.home.folders("dense")) == [1, 2]


def test_the_next_writer_removes_old_folders(index: Index) -> None:
    with index.writing():
        index.rebuild("dense")
    with index.writing():
        assert list(index.home.folders("dense")) == [2]


def test_a_dead_writers_journal_is_applied_by_the_next(index: Index, tmp_path: Path) -> None:
    other = open_index(tmp_path / "second")
    Ingestor(other, ENCODER, limit=60).ingest([tmp_path / "articles"])
    with other.catalog._engine.begin() as connection:
        connection.exec_driver_sql("insert into journal (chunk_id, op) select id, 'add' from chunks")
        connection.exec_driver_sql("update counters set value = 1 where name = 'writing'")
    assert other.behind()
    with other.writing():
        assert (other.behind(), other.catalog.backlog(), other.find_damage("dense")) == (True, 0, "")
    assert not other.behind()
    other.close()


def test_nothing_of_chroma_is_opened_when_nothing_changes(index: Index, tmp_path: Path) -> None:
    index.close()
    report = Ingestor(index, ENCODER, limit=60).ingest([tmp_path / "articles"])
    assert (report.unchanged, index._open) == (("cats.txt",), {})
