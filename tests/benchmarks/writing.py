"""What Footnote adds to a model's own time: from the server's first piece to the first token, and from its last to the end.

The server is the one of the tests, on loopback, in this process: it notes when it sends. It writes ten sentences, each with a
footnote, so the end includes the verdict of the last of ten claims. A small model at home reads for seconds before its first
token, as the server does for some questions: what the chat shows by then is looked at as often as the page looks.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.conversation.history import AskedQuestion, Exchange
from bot.resources import seeds_dir
from bot.settings import load_settings
from bot.types import Done, Question, Token, Turn
from bot.ui.exchange import begun
from bot.ui.pages.chat import TICK
from bot.ui.running import AnswerThread
from bot.wiring import Service, open_service
from tests.benchmarks.common import percentile
from tests.benchmarks.table import Row, info, under
from tests.openai_server import KEY, OpenAIServer, serving, words
from vectorstore.splitting.sentences import sentences

_QUESTIONS = 30
_WARM_UP = 3
_DELAY = 0.004
_CLAIMS = 10
_SLOW = 5
_THINKS = 0.8
_SMALL = "openai:small-1.5b"
"""A name that tells of a small model, which gets the prompt for such ones."""


def run() -> list[Row]:
    """Asks the example articles about each other's titles, one question after the other."""
    with tempfile.TemporaryDirectory() as scratch, serving() as server:
        settings = load_settings(
            home=Path(scratch), openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"
        )
        app = open_service(settings)
        app.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=None)
        titles = [summary.title for summary in app.library.articles()]
        asked = [f"What is said about {titles[n % len(titles)]}?" for n in range(_WARM_UP + _QUESTIONS)]
        waits = [_waits(app, server, question) for question in asked][_WARM_UP:]
        slow = [one for question in asked[:_SLOW] for one in _conversation(app, server, question)]
        app.close()
    first, last = [one[0] for one in waits], [one[1] for one in waits]
    where = f"{len(waits)} answers of {_CLAIMS} sentences, a word every {1000 * _DELAY:.0f} ms, server on loopback"
    return [
        under("the server's first piece to the first token, p95", percentile(first, 95), 100, where, "{:.0f} ms"),
        info("  p50", f"{percentile(first, 50):.1f} ms", where),
        under("its last piece to the last verdict, p95", percentile(last, 95), 100, where, "{:.0f} ms"),
        info("  p50", f"{percentile(last, 50):.1f} ms", where),
        *_slow_rows(slow),
    ]


def _slow_rows(waits: list[tuple[float, float]]) -> Iterator[Row]:
    quoted, began = [one[0] for one in waits], [one[1] for one in waits]
    where = f"{len(waits)} questions and follow-ups, a small model that reads for {_THINKS} s, looked at every {TICK} s"
    yield under("a question to its quotations while a model reads, p95", percentile(quoted, 95), 300, where, "{:.0f} ms")
    yield info("  p50", f"{percentile(quoted, 50):.0f} ms", where)
    yield under("a slow model's first piece to words in the chat, p95", percentile(began, 95), 1000, where, "{:.0f} ms")
    yield info("  p50", f"{percentile(began, 50):.0f} ms", where)


def _conversation(app: Service, server: OpenAIServer, question: str) -> Iterator[tuple[float, float]]:
    """The waits of a question and of a follow-up, which the model rewrites before it is searched."""
    said = words("It is said so [1].", thinks=_THINKS)
    server.script(said, words(question, thinks=_THINKS), said)
    first = begun(AskedQuestion(question), "model", _SMALL)
    yield _seen(app, server, first, Question(question, model=_SMALL))
    before = (Turn("user", question), Turn("assistant", "It is said so."))
    again = begun(AskedQuestion("And what else?"), "model", _SMALL)
    yield _seen(app, server, again, Question("And what else?", before, model=_SMALL))


def _seen(app: Service, server: OpenAIServer, exchange: Exchange, question: Question) -> tuple[float, float]:
    """Milliseconds from a question to quotations in the chat, and from the server's first piece to words of the model's own."""
    asked, quoted = time.perf_counter(), 0.0
    running = AnswerThread(app.chat.stream, exchange, question)
    while not (answer := running.exchange.answer).text:
        if not quoted and answer.preview is not None:
            quoted = time.perf_counter()
        time.sleep(TICK)
    began = time.perf_counter()
    running.join(10)
    return 1000 * ((quoted or began) - asked), 1000 * (began - server.sent[1])


def _waits(app: Service, server: OpenAIServer, question: str) -> tuple[float, float]:
    """Milliseconds from the server's first piece to the first token, and from its last event to the whole answer."""
    found = app.library.search(Question(question), 8).hits
    said = [hit.text[start:end] for hit in found for start, end in sentences(hit.text)]
    server.script(words(" ".join(f"{one.rstrip('.')} [{n % 3 + 1}]." for n, one in enumerate(said[:_CLAIMS])), delay=_DELAY))
    began = 0.0
    for event in app.chat.stream(Question(question)):
        if isinstance(event, Token) and not began:
            began = time.perf_counter()
        if isinstance(event, Done):
            ended = time.perf_counter()
    # The first event only opens the message; the second brings the first word.
    return 1000 * (began - server.sent[1]), 1000 * (ended - server.sent[-1])
