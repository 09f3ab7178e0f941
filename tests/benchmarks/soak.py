"""A server that is asked for half an hour while articles come and go: does it fail, grow or become slow?

Fifty sessions, each of which waits a while after an answer, ask twenty questions a second in all, in quotes mode. Beside them,
a writer adds an article every few seconds and removes another. FOOTNOTE_SOAK_SECONDS says for how long; it is half an hour
unless it is set. FOOTNOTE_SOAK_RATE is another number of questions a second: two cores that need 200 ms for an answer can't
give twenty, and what grows or fails is seen at a rate that they can.
"""

import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import islice
from pathlib import Path

from tests.benchmarks.common import FOOTNOTE, Timer, articles, footnote, percentile, questions
from tests.benchmarks.scale import CheapEncoder, grow
from tests.benchmarks.table import Row, info, under
from tests.e2e.serving import free_port, process
from vectorstore.encoding.embed import LocalEncoder

_SECONDS = 1800.0
_CHUNKS = 3_000
_SESSIONS, _A_SECOND = 50, 20.0  # unless FOOTNOTE_SOAK_RATE is set
_SETTLED = 300.0
"""Seconds after which the process should not grow any more; a sixth of a run that is shorter than half an hour."""
_BETWEEN_WRITES = 5.0
_KEPT = 5
"""Articles that have come and have not gone yet."""
_LIMIT = 60.0


@dataclass(slots=True)
class SoakReport:
    """Milliseconds of each answer, what failed, megabytes of the server by the second, and articles that came and went."""

    took: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    written: int = 0
    removed: int = 0

    def growth(self, settled: float) -> float:
        """By how many percent the process grew after it had settled: the last tenth against what came right after."""
        after = [megabytes for second, megabytes in self.memory if second >= settled]
        if len(after) < 20:
            return 0.0
        part = len(after) // 10
        return 100 * (sum(after[-part:]) / sum(after[:part]) - 1)


def run() -> list[Row]:
    """The rows of this part."""
    seconds = float(os.environ.get("FOOTNOTE_SOAK_SECONDS") or _SECONDS)
    rate = float(os.environ.get("FOOTNOTE_SOAK_RATE") or _A_SECOND)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch, "home")
        grow(home, CheapEncoder(LocalEncoder()), articles(5, seed=2), _CHUNKS)
        asked = list(islice(questions("xquad"), 500))
        report = _soaked(home, Path(scratch, "articles"), asked, seconds, rate)
    settled = min(_SETTLED, seconds / 6)
    given = f"{len(report.took) / seconds:.1f} answers a second"
    where = f"{_SESSIONS} sessions, {rate:g} questions a second for {seconds:.0f} s; {given}"
    return [
        info("soak: answers", f"{len(report.took)}", where),
        info(
            "soak: articles", f"{report.written} added, {report.removed} removed", "footnote ingest and articles remove beside"
        ),
        under("soak: failures", len(report.failures), 1, report.failures[0] if report.failures else "none", "{:.0f}"),
        under("soak: p99", percentile(report.took, 99) / 1000, 3, f"p50 {percentile(report.took, 50):.0f} ms"),
        under(
            f"soak: growth after {settled:.0f} s",
            report.growth(settled),
            5,
            f"{report.memory[-1][1]:.0f} MB at the end",
            "{:.1f}%",
        ),
    ]


def _soaked(home: Path, folder: Path, asked: list[str], seconds: float, rate: float) -> SoakReport:
    """Starts the server, and has it asked, written beside and weighed for so long."""
    report = SoakReport()
    with _serving(home) as (port, pid), ThreadPoolExecutor(_SESSIONS + 2) as threads:
        _ask(port, asked[0], SoakReport())
        began = time.monotonic()
        until = began + seconds
        work = [
            threads.submit(partial(_session, port, number, asked, until, report, _SESSIONS / rate))
            for number in range(_SESSIONS)
        ]
        work.append(threads.submit(_write_beside, home, folder, until, report))
        work.append(threads.submit(_weigh, pid, began, until, report))
        for one in work:
            one.result()
    return report


@contextmanager
def _serving(home: Path) -> Iterator[tuple[int, int]]:
    """The server's port and process id."""
    port = free_port()
    command = [str(FOOTNOTE), "serve", "--home", str(home), "--port", str(port)]
    settings = {"FOOTNOTE_MODEL": "quotes", "FOOTNOTE_REQUESTS_A_MINUTE": "0"}
    with process(command, port, settings, path="/healthz") as running:
        yield port, running.pid


def _session(port: int, number: int, asked: list[str], until: float, report: SoakReport, pause: float) -> None:
    """Asks one question after the other, every `pause` seconds on average, and begins at a moment of its own."""
    draw = random.Random(number)
    due = time.monotonic() + draw.uniform(0, pause)
    while due < until:
        time.sleep(max(0.0, due - time.monotonic()))
        _ask(port, draw.choice(asked), report)
        # A session does not ask again before it has its answer; what it is late by is made up for by asking at once.
        due = max(due + draw.uniform(0.5, 1.5) * pause, time.monotonic())


def _ask(port: int, question: str, report: SoakReport) -> None:
    timer = Timer()
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=_LIMIT)) as connection:
            body = json.dumps({"question": question})
            connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        if response.status != 200 or not answer.get("answer"):
            report.failures.append(f"{response.status}: {str(answer)[:200]}")
    except (OSError, HTTPException, ValueError) as error:
        report.failures.append(f"{type(error).__name__}: {error}")
    report.took.append(timer.seconds * 1000)


def _write_beside(home: Path, folder: Path, until: float, report: SoakReport) -> None:
    """Adds an article every few seconds by the command, and takes the oldest of these away."""
    texts, there = articles(3, seed=7), list[str]()
    folder.mkdir()
    idle = threading.Event()
    while time.monotonic() < until - _BETWEEN_WRITES:
        name = f"soak-{report.written}.txt"
        (folder / name).write_text(next(texts), encoding="utf-8")
        try:
            footnote("ingest", folder / name, "--home", home)
            there.append(name)
            report.written += 1
            if len(there) > _KEPT:
                footnote("articles", "remove", there.pop(0), "--home", home)
                report.removed += 1
        except RuntimeError as error:
            report.failures.append(str(error))
        idle.wait(_BETWEEN_WRITES)


def _weigh(pid: int, began: float, until: float, report: SoakReport) -> None:
    """Reads each second what memory the server has of its own."""
    while time.monotonic() < until:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                report.memory.append((time.monotonic() - began, int(line.split()[1]) / 1024))
        time.sleep(1)
