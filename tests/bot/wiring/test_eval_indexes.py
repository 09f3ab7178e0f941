"""Indexes beside a home: how many stay open, and what a run gets whose index was closed or removed meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.wiring.engine import SearchEngine
from bot.wiring.eval_indexes import INDEXES, OPEN, EvaluationIndexes, IndexFactors
from vectorstore.searching.search import Query

SMALL = IndexFactors(chunk_tokens=60)
QUESTION = Query("Who opened the bridge?")
STATES = [f"state {n}" for n in range(OPEN + 2)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexes")
    folder.joinpath("bridge.txt").write_text("The bridge at Ner was opened by Queen Maria.", encoding="utf-8")
    engine = SearchEngine(Settings(home=folder / "home"))
    engine.ingestor().ingest([folder / "bridge.txt"])
    engine.close()
    return folder / "home"


@pytest.fixture
def indexes(home: Path) -> Iterator[EvaluationIndexes]:
    settings = Settings(home=home)
    made = EvaluationIndexes(settings, SearchEngine(settings))
    yield made
    made.remove()


def found(indexes: EvaluationIndexes, state: str, make: bool = True) -> list[str]:
    with indexes.opened(SMALL, state, make=make) as engine:
        return [hit.article for hit in engine.search(QUESTION, 1).hits]


def open_folders(home: Path) -> set[str]:
    """The indexes of which this process has files open."""
    folder = str(home / INDEXES)
    files = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    return {file.removeprefix(f"{folder}/").split("/")[0] for file in files if file.startswith(folder)}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell which files are open")
def test_only_the_newest_indexes_stay_open(indexes: EvaluationIndexes, home: Path) -> None:
    assert [found(indexes, state) for state in STATES] == [["bridge.txt"]] * len(STATES)
    assert len(open_folders(home)) == OPEN
    assert indexes.stored().count == len(STATES)


def test_an_index_in_use_stays_open_while_newer_ones_come(indexes: EvaluationIndexes) -> None:
    with indexes.opened(SMALL, "in use") as engine:
        for state in STATES:
            found(indexes, state)
        assert engine.search(QUESTION, 1).hits


def test_an_index_that_was_closed_is_opened_again(indexes: EvaluationIndexes) -> None:
    for state in STATES:
        found(indexes, state)
    assert found(indexes, STATES[0], make=False) == ["bridge.txt"]


def test_a_run_whose_index_was_removed_is_told_so(indexes: EvaluationIndexes) -> None:
    found(indexes, "removed")
    indexes.remove()
    with pytest.raises(InputError, match="was removed"):
        found(indexes, "removed", make=False)
