"""What HTTP adds to a search and to an answer at 3,000 chunks, and ten callers who stream at once, in quotes mode."""

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.benchmarks.common import FOOTNOTE, Timer, articles, percentile, questions
from tests.benchmarks.scale import CheapEncoder, grow
from tests.benchmarks.table import Row, info, under
from tests.e2e.serving import free_port, process
from vectorstore.encoding.embed import LocalEncoder

_CHUNKS = 3_000
_PARAGRAPHS = 5
_WARM_UP = 5
_QUESTIONS = 100
_CALLERS = 10
_ROUNDS = 5  # questions of each caller
_BEFORE_FIRST = ("condense", "search", "extract")  # the pipeline's steps before its first event


def run() -> list[Row]:
    """The server runs in a process of its own, as `footnote serve` does.

    What HTTP adds is a request's time without what its own record tells of the search, or of the steps before the first event:
    so both are of the same moment.
    """
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        # Ingesting for real would take minutes; to search and to quote takes as long over vectors that are made up.
        grow(home, CheapEncoder(LocalEncoder()), articles(_PARAGRAPHS, seed=2), _CHUNKS)
        asked = questions("xquad")[: _WARM_UP + _QUESTIONS]
        with _serving(home) as address:
            searches = [_search(address, one) for one in asked][_WARM_UP:]
            streams = [_stream(address, one) for one in asked][_WARM_UP:]
            every = _at_once(address, asked)
    where = f"{len(searches)} questions, {_CHUNKS:,} chunks, one after the other"
    own = [one.before_first for one in streams]
    first = [one.first - before for one, before in zip(streams, own, strict=True) if before]
    return [
        info("POST /v1/search p50", f"{median(took for took, _ in searches):.1f} ms", where),
        under("  without the search itself", median(took - inner for took, inner in searches), 5, "p50", "{:.1f} ms"),
        info("POST /v1/ask streamed, first event p50", f"{median(one.first for one in streams):.1f} ms", where),
        under("  without the pipeline's own", median(first), 10, f"p50 of {len(first)}; {median(own):.1f} ms", "{:.1f} ms"),
        info("  whole answer p50", f"{median(one.whole for one in streams):.1f} ms", where),
        under(
            f"{_CALLERS} callers at once, answer p95",
            percentile([one.whole for one in every], 95) / 1000,
            0.6,
            f"{len(every)} streamed answers, {_CALLERS} at the same moment; p50 {median(one.whole for one in every):.0f} ms",
        ),
        under("  lost", sum(not one.came for one in every), 1, f"of {len(every)}", "{:.0f}"),
    ]


class Streamed(NamedTuple):
    """Milliseconds of a streamed answer until its first event and its end, those of the steps before, whether it came whole."""

    first: float
    whole: float
    before_first: float
    came: bool


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    """The server, warm: the first answers have been given."""
    port = free_port()
    command = [str(FOOTNOTE), "serve", "--home", str(home), "--port", str(port)]
    with process(command, port, {"FOOTNOTE_MODEL": "quotes"}, path="/healthz"):
        address = f"http://127.0.0.1:{port}"
        _stream(address, "Is it warm?")
        yield address


def _search(address: str, question: str) -> tuple[float, float]:
    """Milliseconds of a request until its whole response is there, and those of the search in it."""
    timer = Timer()
    with closing(_asked(address, "/v1/search", {"question": question})) as connection:
        record = json.loads(connection.getresponse().read())
        return timer.seconds * 1000, record["ms"]["total"]


def _stream(address: str, question: str) -> Streamed:
    timer = Timer()
    with closing(_asked(address, "/v1/ask", {"question": question, "stream": True})) as connection:
        response = connection.getresponse()
        response.readline()
        first = timer.seconds * 1000
        *_, last = (line for line in response.read().decode().splitlines() if line.startswith("data: "))
        whole = timer.seconds * 1000
    ms = json.loads(last.removeprefix("data: ")).get("ms", {})
    return Streamed(first, whole, sum(ms.get(step, 0.0) for step in _BEFORE_FIRST), bool(ms))


def _asked(address: str, path: str, body: dict[str, object]) -> HTTPConnection:
    connection = HTTPConnection(str(urlsplit(address).netloc), timeout=60)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    return connection


def _at_once(address: str, asked: list[str]) -> list[Streamed]:
    """Ten ask at the same moment, round after round, each a question of its own."""
    with ThreadPoolExecutor(_CALLERS) as callers:
        rounds = (islice(cycle(asked), at * _CALLERS, (at + 1) * _CALLERS) for at in range(_ROUNDS))
        return [one for each in rounds for one in callers.map(partial(_stream, address), each)]
