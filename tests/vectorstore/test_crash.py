"""kill -9 at any moment of an ingest: nothing is lost, nothing is wrong, hardly anything is embedded twice."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose, write
from vectorstore.doctor import diagnose
from vectorstore.index import Index
from vectorstore.ingest import Ingestor

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the rounds are forked, which this system cannot do")

ROUNDS, BATCH = 8, 8
HERE = Path(__file__).parent


def killed(home: Path, folder: Path, log: Path, seed: int) -> None:
    """Several ingests of the folder, each killed at some moment."""
    command = [sys.executable, str(HERE / "crash_child.py"), str(home), str(folder), str(log), str(ROUNDS), str(seed)]
    subprocess.run(command, check=True, cwd=HERE, env={"PYTHONPATH": f"{HERE.parents[1]}:{HERE}"})


def content(index: Index) -> dict[str, list[tuple[int, int, str]]]:
    """All articles with their chunks."""
    return {s.id: [(c.start, c.end, c.text) for c in index.catalog.chunks_of(s.id)] for s in index.catalog.articles()}


def searchable(index: Index, encoder: FakeEncoder) -> list[str]:
    """The texts that both indexes find by themselves."""
    stored = index.catalog.chunks(index.catalog.chunk_ids())
    by_vector = {number for chunk in stored.values() for number, _ in index.dense.query(encoder.vector(chunk.text), 1)}
    by_words = {number for chunk in stored.values() for number, _ in index.lexical.query([(chunk.text, 1.0)], 1)}
    return sorted(stored[number].text for number in by_vector & by_words)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_ingests_end_where_a_clean_one_does(tmp_path: Path, seed: int) -> None:
    encoder = FakeEncoder()
    folder = write(tmp_path / "articles", {f"{n}.txt": prose(f"subject{n}", 4 + 40 * (n == 3)) for n in range(30)})
    gone = write(folder, {"gone.txt": prose("gone", 8), "changed.txt": prose("before", 8)})
    index = open_index(tmp_path / "home", page=16)
    Ingestor(index, encoder, limit=60, batch=BATCH).ingest([gone / "gone.txt", gone / "changed.txt"])
    index.close()
    (folder / "gone.txt").unlink()
    write(folder, {"changed.txt": prose("after", 8)})

    killed(tmp_path / "home", folder, tmp_path / "log", seed)
    index = open_index(tmp_path / "home")
    Ingestor(index, encoder, limit=60, batch=BATCH).ingest([folder], prune=True)
    clean = open_index(tmp_path / "clean")
    Ingestor(clean, encoder, limit=60, batch=BATCH).ingest([folder])

    assert content(index) == content(clean)
    assert (
        searchable(index, encoder) == searchable(clean, encoder) == sorted(c[2] for cs in content(clean).values() for c in cs)
    )
    assert [finding for finding in diagnose(index) if not finding.ok] == []
    twice = Counter((tmp_path / "log").read_text().splitlines()).values()
    assert sum(times - 1 for times in twice) <= ROUNDS * BATCH
    index.close()
    clean.close()
