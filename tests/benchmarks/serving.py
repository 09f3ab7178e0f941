"""What HTTP adds to a search and to an answer at 3,000 chunks, and ten callers who stream at once, in quotes mode."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bot.settings import load_settings
from bot.types import Question
from bot.wiring import Service, open_service
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


def run() -> list[Row]:
    """The server runs in a process of its own, as `footnote serve` does; what it is compared with runs in this one."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        asked = questions("xquad")[: _WARM_UP + _QUESTIONS]
        # Ingesting for real would take minutes; to search and to quote takes as long over vectors that are made up.
        grow(home, CheapEncoder(LocalEncoder()), articles(_PARAGRAPHS, seed=2), _CHUNKS)
        with closing(open_service(load_settings(home=home, model="quotes"))) as service:
            inside = [(_searched(service, one), _first_event(service, one)) for one in asked][_WARM_UP:]
        with _serving(home) as address:
            outside = [(_post(address, "/v1/search", one), _stream(address, one)[0]) for one in asked][_WARM_UP:]
            every, lost = _at_once(address, asked)
    where = f"{len(inside)} questions, {_CHUNKS:,} chunks, the same in process"
    search, first = ([pair[part] for pair in inside] for part in (0, 1))
    search_http, first_http = ([pair[part] for pair in outside] for part in (0, 1))
    return [
        info("search, in process p50", f"{median(search):.1f} ms", where),
        info("POST /v1/search p50", f"{median(search_http):.1f} ms", "one connection for each"),
        under("  what HTTP adds", median(search_http) - median(search), 5, where, "{:.1f} ms"),
        info("first event, in process p50", f"{median(first):.1f} ms", where),
        info("POST /v1/ask streamed, first event p50", f"{median(first_http):.1f} ms", "one connection for each"),
        under("  what HTTP adds", median(first_http) - median(first), 10, where, "{:.1f} ms"),
        under(f"{_CALLERS} callers at once, answer p95", percentile(every, 95) / 1000, 0.6, f"{len(every)} answers, streamed"),
        under("  lost", lost, 1, f"of {_CALLERS * _ROUNDS}", "{:.0f}"),
    ]


def _searched(service: Service, question: str) -> float:
    """Milliseconds of a search in this process."""
    timer = Timer()
    service.library.search(Question(question), 10)
    return timer.seconds * 1000


def _first_event(service: Service, question: str) -> float:
    """Milliseconds until the pipeline's first event; the rest of the answer is let go."""
    timer = Timer()
    events = service.chat.stream(Question(question))
    next(events)
    took = timer.seconds * 1000
    for _ in events:
        pass
    return took


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    """The server, warm: the first answers have been given."""
    port = free_port()
    command = [str(FOOTNOTE), "serve", "--home", str(home), "--port", str(port)]
    with process(command, port, {"FOOTNOTE_MODEL": "quotes"}, path="/healthz"):
        address = f"http://127.0.0.1:{port}"
        _stream(address, "Is it warm?")
        time.sleep(2)  # the examples are thought of meanwhile
        yield address


def _post(address: str, path: str, question: str) -> float:
    """Milliseconds of a request until its whole response is there."""
    timer = Timer()
    with closing(_asked(address, path, {"question": question})) as connection:
        response = connection.getresponse()
        response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return timer.seconds * 1000


def _stream(address: str, question: str) -> tuple[float, float, bool]:
    """Milliseconds of a streamed answer until its first event and until its end, and whether it came whole."""
    timer = Timer()
    with closing(_asked(address, "/v1/ask", {"question": question, "stream": True})) as connection:
        response = connection.getresponse()
        line = response.readline()
        first = timer.seconds * 1000
        rest = line + response.read()
    return first, timer.seconds * 1000, response.status == 200 and b"event: done\n" in rest


def _asked(address: str, path: str, body: dict[str, object]) -> HTTPConnection:
    connection = HTTPConnection(str(urlsplit(address).netloc), timeout=60)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    return connection


def _at_once(address: str, asked: list[str]) -> tuple[list[float], int]:
    """Milliseconds of each answer where ten ask at the same moment, round after round, and how many did not come whole."""
    took: list[float] = []
    lost = 0
    for round in range(_ROUNDS):
        start = threading.Barrier(_CALLERS)
        found: list[tuple[float, bool]] = []

        def call(question: str, start: threading.Barrier = start, found: list[tuple[float, bool]] = found) -> None:
            """One of them."""
            start.wait()
            _, whole, came = _stream(address, question)
            found.append((whole, came))

        threads = [threading.Thread(target=call, args=(one,)) for one in asked[round * _CALLERS :][:_CALLERS]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took += [whole for whole, _ in found]
        lost += _CALLERS - sum(came for _, came in found)
    return took, lost
