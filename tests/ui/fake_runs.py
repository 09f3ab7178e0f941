"""A lab for the tests of runs: three articles, a prompt that forbids citations, a model that waits to be let go."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fake_home import FakeHome
from fake_pages import ARTICLES, NINE, PASSAGES, cite

from bot.errors import ModelError
from bot.evals import runner
from bot.evals.metrics import scores
from bot.evals.records import Case, ExpectedCitation, MetricScore, Result, Run, Setup
from bot.evals.runner import RunContext
from bot.evals.store import RunStore
from bot.types import Answer, Claim, Condensed, Done, Event, Passage, Problem, Question, Retrieved, Token
from vectorstore.types import Article

MARKUP = "<b>Was</b> it “cold”?"
CASES = (
    Case(
        "days",
        "How long did ferries stay?",
        must=("nine days",),
        cites=(ExpectedCitation(ARTICLES[0].id, NINE),),
        tags=("number",),
    ),
    Case("cold", MARKUP, must=("cold",), notes="<i>Nobody</i> says.", tags=("mood",)),
    Case("owner", "Who owns the ferries?", abstain=True, tags=("mood",)),
)
FILE = b"- id: days\n  question: How long did ferries stay?\n  must: nine days\n  abstain: false\n"


@dataclass
class FakeLab(FakeHome):
    """What the runs ask of Footnote. A question with "fail" in it fails; one with "wait" waits until `go` is set."""

    home: Path
    offered: tuple[str, ...] | ModelError = ("quotes", "openai:m")
    trouble: tuple[str, str] | None = None
    index: str = "as it was"
    delay: float = 0.0
    go: threading.Event = field(default_factory=threading.Event)
    asked: list[Question] = field(default_factory=list)

    def chosen_models(self) -> tuple[str, ...]:
        """None was entered on the page Models."""
        return ()

    def setup(self, model: str = "", prompt: str = "") -> Setup:
        if model == "nobody":
            raise ModelError("There is no model of that name.", "Choose another.")
        if not model or model == "quotes":
            return Setup("quotes", index=self.index)
        version = prompt.removeprefix("answer/") or "strict"
        return Setup(f"{version}, {model}", model, f"answer/{version}", f"Text of {version}.", index=self.index)

    def evaluating(self, setup: Setup) -> RunContext:
        # A case that cites what no article says is stale, and would not be asked.
        texts = {article.id: article.text for article in ARTICLES}
        return RunContext(lambda question: self._events(question, bare=setup.prompt.endswith("terse")), judge, text=texts.get)

    def models(self) -> Sequence[str]:
        if isinstance(self.offered, ModelError):
            raise self.offered
        return self.offered

    def mode(self) -> str:
        return "quotes"

    def problem(self) -> tuple[str, str] | None:
        return self.trouble

    def articles(self) -> Sequence[Article]:
        return ()

    def _events(self, question: Question, *, bare: bool) -> Iterator[Event]:
        self.asked.append(question)
        yield Condensed(question.text)
        yield Retrieved(PASSAGES if question.given is None else question.given)
        time.sleep(self.delay)
        if "fail" in question.text:
            raise ModelError("The model did not answer.", "Ask again.")
        while "wait" in question.text and not self.go.wait(0.02):
            yield Token("")
        yield Done(answer(question, bare=bare))


def answer(question: Question, *, bare: bool = False) -> Answer:
    """Nine days, with its source or without."""
    passages = PASSAGES if question.given is None else question.given
    usage = {"input_tokens": 900.0, "output_tokens": 40.0, "cost_usd": 0.002}
    numbers = () if bare else (1,)
    text = "They stayed for nine days." if bare else "They stayed for nine days [1]."
    claim = Claim("They stayed for nine days.", 0, 26, "uncited" if bare else "supported", numbers)
    cited = () if bare else (replace(cite(1, ARTICLES[0], NINE), verdict="supported"),)
    ms = {"total": 900.0 if bare else 1200.0}
    return Answer(question.text, question.text, text, False, 0.9, "model", (claim,), cited, passages, usage, ms)  # type: ignore[arg-type]


def judge(case: Case, result: Result) -> Mapping[str, MetricScore]:
    """Every metric; a source supports all that is said of it."""
    return scores(case, result, supports)


def supports(_claim: str, sources: Sequence[Passage]) -> bool:
    return bool(sources)


def made(
    lab: FakeLab, name: str, cases: Sequence[Case] = CASES, message: str = "", stop: Callable[[], bool] | None = None
) -> Run:
    """A run that is over; "terse" cites nothing. With `stop` it is stopped before its first case."""
    store, flag = RunStore(lab.evals_home()), threading.Event()
    if stop is not None:
        flag.set()
    setup = lab.setup("" if name == "quotes" else "openai:m", "" if name == "quotes" else name)
    return runner.run(store.begin(cases, setup, message), lab.evaluating(setup), store, jobs=1, stop=flag)


def told(problem: Problem | None) -> str:
    """What is said of a problem."""
    assert problem is not None
    return problem.message
