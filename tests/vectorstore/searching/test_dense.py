"""The dense index, on a real Chroma: embedded, and as a server."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.servers import chroma_server
from vectorstore.errors import IndexDamaged, VectorstoreError
from vectorstore.searching.dense import ChromaServer, DenseIndex, EmbeddedChroma

WRITER = """
import sys
import numpy as np
from pathlib import Path
from vectorstore.searching.dense import DenseIndex, EmbeddedChroma
index = DenseIndex(EmbeddedChroma(Path(sys.argv[1])))
index.apply([(number, np.eye(8, dtype=np.float32)[number]) for number in map(int, sys.argv[2].split())], [])
"""


def axis(number: int) -> np.ndarray:
    return np.eye(8, dtype=np.float32)[number]


def write_elsewhere(folder: Path, *numbers: int) -> None:
    """Another process adds these chunks."""
    subprocess.run([sys.executable, "-c", WRITER, str(folder), " ".join(map(str, numbers))], check=True)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[DenseIndex]:
    made = DenseIndex(EmbeddedChroma(tmp_path / "dense"))
    yield made
    made.close()


def test_scores_are_cosines_best_first(index: DenseIndex) -> None:
    index.apply([(1, axis(0)), (2, axis(1) * 5), (3, -axis(0))], [])
    numbers, scores = zip(*index.query(3 * axis(0) + 4 * axis(1), 3), strict=True)
    assert (numbers, scores) == ((2, 1, 3), pytest.approx((0.8, 0.6, -0.6), abs=1e-5))


def test_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert index.query(axis(0), 5) == []


def test_fewer_than_k_are_all_that_there_are(index: DenseIndex) -> None:
    index.apply([(1, axis(0))], [])
    assert len(index.query(axis(0), 100)) == 1


def test_adding_again_replaces(index: DenseIndex) -> None:
    index.apply([(1, axis(0))], [])
    index.apply([(1, axis(1))], [])
    assert (index.count(), index.query(axis(1), 1)[0][1]) == (1, pytest.approx(1.0, abs=1e-5))


def test_removed_ids_are_gone_and_unknown_ones_harmless(index: DenseIndex) -> None:
    index.apply([(1, axis(0)), (2, axis(1))], [])
    index.apply([], [1, 99])
    assert [number for number, _ in index.query(axis(0), 5)] == [2]


def test_more_than_one_call_takes_is_paged(index: DenseIndex) -> None:
    rows = np.random.default_rng(0).standard_normal((6000, 8)).astype(np.float32)
    index.apply(enumerate(rows, 1), [])
    assert set(index.ids()) == set(range(1, 6001))


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    first = DenseIndex(EmbeddedChroma(tmp_path))
    first.apply([(1, axis(0))], [])
    first.close()
    again = DenseIndex(EmbeddedChroma(tmp_path))
    assert again.query(axis(0), 1)[0][0] == 1
    again.close()


def test_another_process_is_seen_after_reopening(index: DenseIndex, tmp_path: Path) -> None:
    index.apply([(1, axis(1))], [])
    beside = DenseIndex(EmbeddedChroma(tmp_path / "dense"))
    write_elsewhere(tmp_path / "dense", 2, 3)
    index.reopen()
    assert index.query(axis(2), 1)[0][0] == 2
    beside.close()


def test_an_index_opened_empty_sees_what_another_process_filled_in(index: DenseIndex, tmp_path: Path) -> None:
    write_elsewhere(tmp_path / "dense", 2)
    assert index.query(axis(2), 1)[0][0] == 2


def test_a_wrong_dimension_is_told_not_answered(index: DenseIndex) -> None:
    index.apply([(1, axis(0))], [])
    with pytest.raises(IndexDamaged, match="dimension"):
        index.query(np.ones(3, np.float32), 1)


def test_damaged_files_are_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match="dense index"):
        DenseIndex(EmbeddedChroma(tmp_path))


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(VectorstoreError, match=f"server at {url} does not answer"):
        DenseIndex(ChromaServer(url))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with chroma_server(tmp_path) as running:
        yield running.url


def test_a_server_does_what_the_embedded_one_does(server: str) -> None:
    index = DenseIndex(ChromaServer(server), "some-collection")
    index.apply([(1, axis(0)), (2, axis(1))], [])
    index.apply([], [1])
    assert (index.count(), index.query(axis(1), 5)) == (1, [(2, pytest.approx(1.0, abs=1e-5))])
