"""The index at 1,000, 10,000 and 100,000 chunks: searching, memory, disk, and one article changed and removed.

For size only: the articles are real sentences drawn at random, and their vectors are those of a few hundred real passages with
some noise, for to embed 100,000 would take half an hour. Questions and the article that changes are embedded for real.
"""

import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.benchmarks.common import Timer, articles, percentile, questions
from tests.benchmarks.table import Row, told
from vectorstore.embed import Encoded, EncodedQuery, LocalEncoder
from vectorstore.home import Home
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.search import Found, Query, Searcher

_SIZES = (1_000, 10_000, 100_000)
_PARAGRAPHS = 5  # an article of about as many chunks
_PASSAGES = 300
_NOISE = 0.02  # a dimension: of a length of 0.4 beside the vector's 1
_QUESTIONS = 200
_WARM_UP = 10


class CheapEncoder:
    """Stands in for the local encoder, whose fingerprint it bears, where only the size of an index matters."""

    def __init__(self, local: LocalEncoder) -> None:
        self._local = local
        self._real = local.encode(list(islice(articles(1, seed=1), _PASSAGES)))
        self._draw = np.random.default_rng(0)
        self.fingerprint, self.dimension = local.fingerprint, local.dimension

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._one() for _ in texts]

    def encode_query(self, text: str) -> EncodedQuery:
        return self._local.encode_query(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 + 1 for text in texts]

    def _one(self) -> Encoded:
        base = self._real[self._draw.integers(_PASSAGES)]
        vector = base.vector + _NOISE * self._draw.standard_normal(self.dimension, np.float32)
        return Encoded((vector / np.linalg.norm(vector)).astype(np.float32), base.late)


class Searching(NamedTuple):
    """What a process that does nothing but search has found, a question each, and its memory in MB at the end."""

    found: list[Found]
    memory: float


def run() -> list[Row]:
    """One index that grows from size to size."""
    local = LocalEncoder()
    cheap, source = CheapEncoder(local), articles(_PARAGRAPHS, seed=2)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        index = Index.open(Home(folder / "home"), create=True)
        for size in _SIZES:
            timer = Timer()
            while (missing := size - index.catalog.counts()[1]) > 0:
                batch = folder / f"{size}-{missing}.jsonl"
                batch.write_text(
                    "".join(json.dumps({"text": text}) + "\n" for text in islice(source, -(-missing // 6))), "utf-8"
                )
                Ingestor(index, cheap).ingest([batch])
            rows += [told(f"{size} chunks: ingest", f"{timer.seconds:.1f} s", "vectors made up, see tests/benchmarks/scale.py")]
            rows += [*_search(folder / "home", size), *_change(Ingestor(index, local), folder, size)]
        index.close()
    return rows


def _search(home: Path, size: int) -> list[Row]:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        searching = pool.submit(searched, home).result()
    if notes := {note for found in searching.found for note in found.notes}:
        raise RuntimeError("; ".join(notes))  # fast because an index was done without
    stages = {stage: [found.ms[stage] for found in searching.found] for stage in searching.found[0].ms}
    total = stages.pop("total")
    split = ", ".join(f"{stage} {percentile(ms, 50):.1f}" for stage, ms in stages.items())
    disk = sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1e6
    return [
        told(
            f"{size} chunks: search p50, p99",
            f"{percentile(total, 50):.1f} ms, {percentile(total, 99):.1f} ms",
            f"p50 of {split}",
        ),
        told(
            f"{size} chunks: memory, disk",
            f"{searching.memory:.0f} MB, {disk:.0f} MB",
            f"resident after {len(total)} questions in a fresh process; the home folder",
        ),
    ]


def searched(home: Path) -> Searching:
    """Searches an index; to be run in a process of its own."""
    local, index = LocalEncoder(), Index.open(Home(home))
    searcher = Searcher(index, local, manifest_of(local))
    asked = [Query(question) for question in questions("xquad")[: _WARM_UP + _QUESTIONS]]
    found = [searcher.search(query, 10) for query in asked][_WARM_UP:]
    memory = _resident()
    index.close()
    return Searching(found, memory)


def _resident() -> float:
    """This process's memory in MB; Linux tells it in kB."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS"))


def _change(ingestor: Ingestor, folder: Path, size: int) -> list[Row]:
    """An article of a file of its own: added first, then timed as it changes and goes."""
    file, (before, after) = folder / "single.txt", islice(articles(_PARAGRAPHS, seed=3), 2)
    file.write_text(before, encoding="utf-8")
    ingestor.ingest([file])
    file.write_text(after, encoding="utf-8")
    timer = Timer()
    report = ingestor.ingest([file])
    changed = timer.seconds
    timer = Timer()
    ingestor.remove(report.changed)
    where = f"{report.embedded} chunks embedded for real"
    return [told(f"{size} chunks: one article changed, removed", f"{changed:.2f} s, {timer.seconds:.2f} s", where)]
