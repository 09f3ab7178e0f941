"""How long an answer in quotes mode takes at 3,000 chunks, and which of its stages takes it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bot.settings import load_settings
from bot.types import Answer, Done, Question
from bot.wiring import Service, open_service
from tests.benchmarks.common import articles, percentile, questions
from tests.benchmarks.table import Row, info, under

_CHUNKS = 3000
_WARM_UP = 5
_QUESTIONS = 100


def run() -> list[Row]:
    """Asks in process, as the page does: one question after the other, no two alike."""
    with tempfile.TemporaryDirectory() as scratch:
        app = open_service(load_settings(home=Path(scratch) / "home"))
        chunks = _fill(app, Path(scratch) / "articles")
        asked = questions("xquad")[: _WARM_UP + _QUESTIONS]
        answers = [_answer(app, question) for question in asked][_WARM_UP:]
        app.close()
    totals = [answer.ms["total"] for answer in answers]
    where = f"{len(answers)} questions in process, {chunks} chunks"
    return [
        under("answer p50", percentile(totals, 50), 150, where, "{:.0f} ms"),
        under("answer p95", percentile(totals, 95), 300, where, "{:.0f} ms"),
        info("  median ms by stage", "", ", ".join(_stages(answers))),
    ]


def _fill(app: Service, folder: Path) -> int:
    """Takes in generated articles until there are enough chunks; how many there are then."""
    folder.mkdir()
    source, chunks, batch = articles(paragraphs=6), 0, 100
    while chunks < _CHUNKS:
        for n in range(batch):
            (folder / f"{chunks}-{n}.txt").write_text(next(source), encoding="utf-8")
        app.library.ingest([folder], prune=False, rebuild=False, progress=None)
        chunks = sum(summary.chunks for summary in app.library.articles())
        per_article = chunks / len(app.library.articles())
        batch = max(1, min(100, int((_CHUNKS - chunks) / per_article)))
    return chunks


def _answer(app: Service, question: str) -> Answer:
    return next(event.answer for event in app.chat.stream(Question(question)) if isinstance(event, Done))


def _stages(answers: list[Answer]) -> Iterator[str]:
    """Each stage's median; those of the search are parts of it."""
    for name in answers[0].ms:
        yield f"{name} {median(answer.ms.get(name, 0.0) for answer in answers):.1f}"
