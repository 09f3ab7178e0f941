"""What Footnote adds to a model's own time: from the server's first piece to the first token, and from its last to the end.

The server is the one of the tests, on loopback, in this process: it notes when it sends. It writes ten sentences, each with a
footnote, so the end includes the verdict of the last of ten claims.
"""

import tempfile
import time
from pathlib import Path

from bot.resources import seeds_dir
from bot.settings import load_settings
from bot.types import Done, Question, Token
from bot.wiring import Service, open_service
from tests.benchmarks.common import percentile
from tests.benchmarks.table import Row, info, under
from tests.openai_server import KEY, OpenAIServer, serving, words
from vectorstore.splitting.sentences import sentences

_QUESTIONS = 30
_WARM_UP = 3
_DELAY = 0.004
_CLAIMS = 10


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
        app.close()
    first, last = [one[0] for one in waits], [one[1] for one in waits]
    where = f"{len(waits)} answers of {_CLAIMS} sentences, a word every {1000 * _DELAY:.0f} ms, server on loopback"
    return [
        under("the server's first piece to the first token, p95", percentile(first, 95), 100, where, "{:.0f} ms"),
        info("  p50", f"{percentile(first, 50):.1f} ms", where),
        under("its last piece to the last verdict, p95", percentile(last, 95), 100, where, "{:.0f} ms"),
        info("  p50", f"{percentile(last, 50):.1f} ms", where),
    ]


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
