"""What the tests of runs answer with: one passage or two, and an answer that a case's question decides."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.errors import ModelError
from bot.evals.records import Case, MetricScore, Result, Setup
from bot.evals.runner import RunContext
from bot.types import Answer, Citation, Condensed, Done, Event, Passage, Problem, Question, Retrieved
from vectorstore.types import Stage

ONE = Passage(1, "bridge.md", "The bridge", "", "1931", 0, 26, "The bridge opened in 1931.", 1.5, {"passage": Stage(1, 0.9)})
TWO = Passage(2, "harbour.md", "The harbour", "", "1902", 10, 33, "The harbour froze over.", 0.5, {"passage": Stage(2, 0.5)})
BOTH = (ONE, TWO)
CITED = Citation(1, "bridge.md", "The bridge", 0, 26, ONE.text, "quoted")
QUOTES = Setup("quotes", index="as it was")
MODEL = Setup("strict", "openai:m", "answer/strict", "Answer.", index="as it was")


def case(id: str, **more: object) -> Case:
    return Case(id, f"What of {id}?", **more)  # type: ignore[arg-type]


def answer(question: Question) -> Answer:
    """Quotes the first passage."""
    passages = BOTH if question.given is None else question.given
    text, usage = f"“{ONE.text}” [1]", {"cost_usd": 0.5}
    return Answer(question.text, "what", text, False, 0.9, "quotes", (), (CITED,), passages, usage)


@dataclass
class Answers:
    """Keeps what it was asked. A question with "fail" in it fails after the search, with "bug" by mistake, one with "half"
    breaks off; one with "wait" waits until `go` is set."""

    asked: list[Question] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0
    takes: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, question: Question) -> Iterator[Event]:
        self.asked.append(question)
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield from self._events(question)
        finally:
            with self.lock:
                self.at_once -= 1

    def _events(self, question: Question) -> Iterator[Event]:
        yield Condensed("what")
        yield Retrieved(BOTH)
        time.sleep(self.takes)
        if "fail" in question.text:
            raise ModelError("The model did not answer.", "Ask again.")
        if "bug" in question.text:
            raise KeyError("a mistake")
        if "wait" in question.text:
            self.go.wait(5)
        made = answer(question)
        if "half" in question.text:
            made = replace(made, trouble=Problem("It broke off.", "Ask again.", True))
        yield Done(made)


def judge(case: Case, result: Result) -> Mapping[str, MetricScore]:
    """Whether it is done, and how often the words that it must hold stand in it."""
    held = sum(word in result.answer.text for word in case.must) if result.answer else 0
    return {
        "done": MetricScore(float(result.outcome == "done")),
        "must": MetricScore(float(held)) if case.must else MetricScore(None, "Nothing."),
    }


def means(answers: Answers, basis: str = "", judging: str = "") -> RunContext:
    return RunContext(answers, judge, basis, judging, {"bridge.md": ONE.text, "harbour.md": f"Once more. {TWO.text}"}.get)
