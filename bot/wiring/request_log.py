"""What the log tells of answers, checks, searches and ingests: their steps with times, sizes and counts, and how they ended."""

import logging
import time
from collections import Counter
from collections.abc import Iterator

from bot.logs import log_event
from bot.types import Answer, Checked, Done, Event, Question, Retrieved
from vectorstore.types import IngestReport

log = logging.getLogger(__name__)


def logged_answer(question: Question, events: Iterator[Event]) -> Iterator[Event]:
    """The same events; when they end, the log tells how."""
    with _LoggedBlock("answer", chars=len(question.text), turns=len(question.history)) as told:
        # Apart from the facts: texts are logged only where a setting asks for them.
        told.texts["question"] = question.text
        for event in events:
            match event:
                case Retrieved(passages):
                    told.facts |= {"retrieved_ms": told.ms(), "passages": len(passages)}
                case Done(answer):
                    told.facts |= _answer_facts(answer)
                    # Most callers read no further: to be let go from here on is the end.
                    told.over = True
            yield event


def logged_check(draft: str, found: Iterator[Checked]) -> Iterator[Checked]:
    """The same sentences; when they end, the log tells how many there were, by their verdicts."""
    verdicts: Counter[str] = Counter()
    with _LoggedBlock("check", chars=len(draft)) as told:
        told.facts["verdicts"] = verdicts
        for one in found:
            # The counter stands among the facts already, so that a check that is let go tells what it had.
            verdicts[one.verdict] += 1
            yield one


def log_search(question: Question, hits: int, ms: float) -> None:
    """Tells of a search without an answer."""
    log_event(log, "search", {"chars": len(question.text), "hits": hits, "ms": ms}, {"question": question.text})


def log_ingest(report: IngestReport) -> None:
    """Tells what an ingest came to, in numbers."""
    names = ("added", "changed", "removed", "gone", "failed")
    counts = {name: len(getattr(report, name)) for name in names if getattr(report, name)}
    log_event(log, "ingest", {**counts, "chunks": report.chunks, "ms": round(1000 * report.seconds, 1)})


class _LoggedBlock:
    """A block that is told of when it ends: with its facts and its time, and the class of the error that ended it, if any."""

    def __init__(self, event: str, **facts: object) -> None:
        self._event = event
        self._started = time.perf_counter()
        self.facts: dict[str, object] = facts
        self.texts: dict[str, object] = {}
        self.over = False

    def ms(self) -> float:
        """Milliseconds since the block began."""
        return round(1000 * (time.perf_counter() - self._started), 1)

    def __enter__(self) -> "_LoggedBlock":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        failure: dict[str, object] = {}
        # A generator that is closed ends with GeneratorExit, also where its reader has had all of it.
        if kind is GeneratorExit and self.over:
            kind = None
        if kind is not None:
            # Whoever asked has gone, or has stopped it: nothing has failed.
            failure = {"failure": "let go" if kind is GeneratorExit else kind.__name__}
            self.texts |= {"said": str(error)} if error and str(error) else {}
        level = logging.WARNING if kind is not None and kind is not GeneratorExit else logging.INFO
        log_event(log, self._event, {**self.facts, **failure, "took_ms": self.ms()}, self.texts, level)


def _answer_facts(answer: Answer) -> dict[str, object]:
    facts: dict[str, object] = {"mode": answer.mode, "abstained": answer.abstained, "stages_ms": dict(answer.ms)}
    if answer.mode == "model":
        facts |= {"model": answer.model, "usage": dict(answer.usage)}
    return facts | {"verdicts": Counter(one.verdict for one in answer.citations), "complete": answer.complete}
