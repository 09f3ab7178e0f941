"""The index from 1,000 to 100,000 chunks: searching, memory, disk, one article changed and removed; drawn as `docs/cost.svg`.

For size only: the articles are real sentences drawn at random, and their vectors are those of a few hundred real passages with
some noise, for to embed 100,000 would take half an hour. Questions and the article that changes are embedded for real.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import numpy as np

from tests.benchmarks.common import Timer, articles, percentile, questions
from tests.benchmarks.cost_drawing import DOCS, Cost, figure
from tests.benchmarks.table import Row, info, under
from vectorstore.encoding.embed import Encoded, EncodedQuery, LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.search import Query, Searcher, SearchHits
from vectorstore.storage.home import Home

Result = TypeVar("Result")

_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
_CEILINGS = {10_000: 25.0, 100_000: 60.0}  # ms of a search, p50
_SPREAD = 3  # p99 as a multiple of p50
_MEMORY = 1000  # MB
_CHANGE = 1.0  # seconds
_PARAGRAPHS = 5  # an article of about as many chunks
_PASSAGES = 300
_NOISE = 0.02  # a dimension: of a length of 0.4 beside the vector's 1
_QUESTIONS = 600
_WARM_UP = 10
_CHANGES = 7


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
    """What a process that does nothing but search has found, a question each, and the most memory in MB that it ever had."""

    found: list[SearchHits]
    memory: float


class Changing(NamedTuple):
    """Seconds of a change and of a removal of one article, the medians; chunks embedded; the most memory in MB."""

    changed: float
    removed: float
    embedded: int
    memory: float


def run() -> list[Row]:
    """The table's rows; writes `docs/cost.json` and the figure."""
    rows, costs = measure(_SIZES)
    write(costs, DOCS)
    return [*rows, info("cost against size", "written", "docs/cost.svg, from docs/cost.json")]


def write(costs: Sequence[Cost], folder: Path) -> None:
    """The figures, and the figure that is drawn from them."""
    lines = ",\n".join(json.dumps(asdict(cost)) for cost in costs)
    (folder / "cost.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    (folder / "cost.svg").write_text(figure(costs), encoding="utf-8")


def measure(sizes: Sequence[int]) -> tuple[list[Row], list[Cost]]:
    """One index that grows from size to size."""
    cheap, source = CheapEncoder(LocalEncoder()), articles(_PARAGRAPHS, seed=2)
    rows: list[Row] = []
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        for size in sizes:
            rows.append(grow(home, cheap, source, size))
            searching, changing = _alone(searched, home), _alone(changed, home)
            cost = _cost(size, searching, changing)
            rows += [*_search_rows(cost, searching, home), *_change_rows(cost, changing)]
            costs.append(cost)
    return rows, costs


def grow(home: Path, cheap: CheapEncoder, source: Iterator[str], size: int) -> Row:
    """Takes in articles until there are so many chunks, and closes the index: other processes measure it."""
    index, timer = Index.open(Home(home), create=True), Timer()
    before = index.catalog.counts()[1]
    while (missing := size - index.catalog.counts()[1]) > 0:
        batch = home.with_name(f"{size}-{missing}.jsonl")
        batch.write_text("".join(json.dumps({"text": text}) + "\n" for text in islice(source, -(-missing // 7))), "utf-8")
        Ingestor(index, cheap).ingest([batch])
    grown = index.catalog.counts()[1] - before
    index.close()
    speed = f"{timer.seconds:.1f} s, {grown / timer.seconds:.0f} chunks a second"
    return info(f"{size:,} chunks: ingest of the last {grown:,}", speed, "vectors made up, see tests/benchmarks/scale.py")


def _alone(measured: Callable[[Path], Result], home: Path) -> Result:
    """What is measured of an index by a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measured, home).result()


def searched(home: Path) -> Searching:
    """Searches an index."""
    local, index = LocalEncoder(), Index.open(Home(home))
    searcher = Searcher(index, local, manifest_of(local))
    asked = [Query(question) for question in questions("xquad")[: _WARM_UP + _QUESTIONS]]
    found = [searcher.search(query, 10) for query in asked][_WARM_UP:]
    memory = most_memory()
    index.close()
    if notes := {note for one in found for note in one.notes}:
        raise RuntimeError("; ".join(notes))  # fast because an index was done without
    return Searching(found, memory)


def changed(home: Path) -> Changing:
    """An article of a file of its own is added, then changes and goes; again and again, after one round that is not timed."""
    local, index = LocalEncoder(), Index.open(Home(home))
    ingestor, file = Ingestor(index, local), home.with_name("single.txt")
    rounds = [
        _round(ingestor, file, islice(texts, 2)) for texts in [articles(_PARAGRAPHS, seed=3)] for _ in range(1 + _CHANGES)
    ]
    memory = most_memory()
    index.close()
    return Changing(*(median(values) for values in zip(*rounds[1:], strict=True)), memory)


def _round(ingestor: Ingestor, file: Path, texts: Iterator[str]) -> tuple[float, float, int]:
    """Seconds of a change and of a removal, and chunks embedded."""
    for text in texts:
        file.write_text(text, encoding="utf-8")
        timer = Timer()
        report = ingestor.ingest([file])
        seconds = timer.seconds
    timer = Timer()
    ingestor.remove(report.changed)
    return seconds, timer.seconds, report.embedded


def _cost(size: int, searching: Searching, changing: Changing) -> Cost:
    total = [found.ms["total"] for found in searching.found]
    p50, p99 = (round(percentile(total, share), 1) for share in (50, 99))
    memory = round(max(searching.memory, changing.memory))
    return Cost(size, p50, p99, round(changing.changed, 3), round(changing.removed, 3), memory)


def _search_rows(cost: Cost, searching: Searching, home: Path) -> list[Row]:
    """Milliseconds, with those of each stage, and megabytes."""
    size = f"{cost.chunks:,} chunks"
    stages = {stage: percentile([found.ms[stage] for found in searching.found], 50) for stage in searching.found[0].ms}
    split = ", ".join(f"{stage} {ms:.1f}" for stage, ms in stages.items() if stage != "total")
    ceiling, form = _CEILINGS.get(cost.chunks), "{:.1f} ms"
    half, where = f"{size}: search p50", f"{len(searching.found)} questions, embedded for real; p50 of {split}"
    disk = sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1e6
    return [
        under(half, cost.p50, ceiling, where, form) if ceiling else info(half, form.format(cost.p50), where),
        under("  p99 in terms of p50", cost.p99 / cost.p50, _SPREAD, f"p99 {cost.p99:.1f} ms", "{:.1f}"),
        under("  memory", cost.memory, _MEMORY, "at most, ever, of a process that searches and one that changes", "{:.0f} MB"),
        info("  disk", f"{disk:.0f} MB", "the home folder"),
    ]


def _change_rows(cost: Cost, changing: Changing) -> list[Row]:
    where = f"median of {_CHANGES}; {changing.embedded:.0f} chunks embedded for real"
    return [
        under("  one article changed", cost.changed, _CHANGE, where),
        info("  one article removed", f"{cost.removed:.2f} s", f"median of {_CHANGES}"),
    ]


def most_memory() -> float:
    """The most memory in MB that this process ever had; Linux tells it in kB."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmHWM"))
