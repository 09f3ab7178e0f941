"""A file of 100 MB of text taken in while somebody asks: the most memory, and how long a question takes meanwhile.

To embed 100 MB takes two cores half an hour and more. So the first passages are embedded for real, as that is what a question
has to share the machine with, and the vectors of the rest are made up as in `scale`, since the writing goes on alike.
"""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from bot.settings import load_settings
from bot.types import Done, Question
from bot.wiring import Service, open_service
from tests.benchmarks.common import Timer, articles, percentile, questions
from tests.benchmarks.scale import CheapEncoder, most_memory
from tests.benchmarks.table import Row, info, under
from vectorstore.encoding.embed import Encoded, LocalEncoder
from vectorstore.ingest import Ingestor
from vectorstore.types import IngestReport

SIZE = int(os.environ.get("FOOTNOTE_LARGE_MB", "100")) * 1_000_000
REAL = 1000
"""Passages that are embedded for real."""
PAUSE = 1.0
"""Seconds between two questions, as one person asks them."""


class PartlyRealEncoder(CheapEncoder):
    """Embeds the first passages for real, and makes the vectors of the others up."""

    def __init__(self, local: LocalEncoder) -> None:
        super().__init__(local)
        self.done = 0

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        self.done += len(texts)
        return self._local.encode(texts) if self.done <= REAL else super().encode(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._local.count_tokens(texts)


class LargeRun(NamedTuple):
    """Seconds of the ingest, its passages and articles, the milliseconds of each question early and later, MB at most."""

    seconds: float
    chunks: int
    articles: int
    embedding: list[float]
    writing: list[float]
    memory: float


def run() -> list[Row]:
    """In a process of its own, whose memory is measured."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        done = pool.submit(measured).result()
    where = (
        f"{SIZE / 1e6:.0f} MB of text, {done.chunks:,} passages in {done.articles} articles, taken in in {done.seconds:.0f} s"
    )
    rows = [under("peak of memory", done.memory, 1500, where, "{:.0f} MB")]
    for name, times in (("embedding", done.embedding), ("writing, vectors made up", done.writing)):
        if times:
            told = f"{len(times)} questions, at most {max(times):.0f} ms"
            rows.append(info(f"a question while {name}: p50", f"{percentile(times, 50):.0f} ms", told))
    times = [*done.embedding, *done.writing]
    return [*rows, under("a question meanwhile, the slowest", max(times) / 1000, 3, f"{len(times)} questions", "{:.2f} s")]


def measured() -> LargeRun:
    """Takes the file in beside a few articles, and asks until it is in."""
    with tempfile.TemporaryDirectory() as scratch:
        file, small = Path(scratch) / "large.txt", Path(scratch) / "small"
        write_large_text(file, SIZE)
        small.mkdir()
        for number, text in zip(range(200), articles(6, seed=5), strict=False):
            (small / f"{number}.txt").write_text(text, encoding="utf-8")
        app = open_service(load_settings(home=Path(scratch) / "home"))
        app.library.ingest([small], prune=False, rebuild=False, progress=None)
        encoder = PartlyRealEncoder(LocalEncoder())
        reports: list[IngestReport] = []
        thread = threading.Thread(target=lambda: reports.append(_taken_in(app, encoder, file)))
        timer = Timer()
        thread.start()
        embedding, writing = list[float](), list[float]()
        for ms in _asked(app, thread):
            (embedding if encoder.done < REAL else writing).append(ms)
        thread.join()
        seconds, (report,) = timer.seconds, reports
        app.close()
        return LargeRun(seconds, report.chunks, len(report.added), embedding, writing, most_memory())


def write_large_text(file: Path, size: int) -> None:
    """Writes a text of so many bytes, of real sentences drawn at random."""
    with file.open("w", encoding="utf-8") as opened:
        for text in articles(50, seed=4):
            opened.write(f"{text}\n\n")
            if opened.tell() > size:
                return


def _taken_in(app: Service, encoder: PartlyRealEncoder, file: Path) -> IngestReport:
    index = app._engine.index(create=True)
    return Ingestor(index, encoder).ingest([file])


def _asked(app: Service, thread: threading.Thread) -> Iterator[float]:
    """The milliseconds of one question after the other, each with its answer, as long as the thread works."""
    asked = questions("xquad")
    number = 0
    while thread.is_alive():
        timer = Timer()
        done = [event for event in app.chat.stream(Question(asked[number % len(asked)])) if isinstance(event, Done)]
        if not done:
            raise RuntimeError("A question was not answered.")
        yield 1000 * timer.seconds
        number += 1
        thread.join(PAUSE)
