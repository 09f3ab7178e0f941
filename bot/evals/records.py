"""What an evaluation is made of: cases, what they were answered with, results and their scores. Frozen, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.types import Answer, Passage, Problem, Turn

ResultStatus = Literal["done", "failed"]
CheckKind = Literal[
    "contains",
    "not_contains",
    "regex",
    "number",
    "length",
    "cost",
    "latency",
    "json_schema",
    "similar",
    "python",
    "judge",
]


@dataclass(frozen=True, slots=True)
class ExpectedCitation:
    """Something that an answer should cite: an article, and words of it where it matters which ("" for any)."""

    article: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """A check that a case file asks for by its kind; `bot.evals.own_checks` carries it out.

    `text` is what the kind needs: words, a pattern, a JSON schema, a text to be like, a function's name, or what a judge is to
    look for. `low` and `high` bound a number, both included. `file` is the Python file of a function, and `digest` the SHA-256
    of its text when the cases were read: a file that changed since is not run.

    >>> AnswerCheck("length", high=60).low is None
    True
    """

    kind: CheckKind
    text: str = ""
    low: float | None = None
    high: float | None = None
    file: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what its answer should be like. What is left out is not judged.

    `must` and `must_not` are words that the answer has to hold, or not to hold; "a|b" is either of them. `cites` is what it
    should cite, all of it. `abstain` says whether the articles answer the question. `given` are the passages that it was
    answered from, where it was taken out of a conversation: it is then answered from exactly these.

    >>> Case("sputnik-year", "When was Sputnik launched?", must=("1957",)).abstain is None
    True
    """

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    cites: tuple[ExpectedCitation, ...] = ()
    abstain: bool | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    # The part of the set, such as "dev" or "test", by which `--split` chooses.
    split: str = ""
    given: tuple[Passage, ...] | None = None
    checks: tuple[AnswerCheck, ...] = ()
    where: str = ""
    """The file and line that it stands in."""


@dataclass(frozen=True, slots=True)
class Setup:
    """All that an answer depends on beside its case: two equal setups give one case the same answer, but for the model's luck.

    `model` is "quotes" or a LangChain provider string; `prompt` is "answer/strict", "" in quotes mode; `prompt_text` is that
    file's text, so that a run can be read when the file has changed. `temperature` None is the model's own. `frozen` names the
    run whose passages are used, "" for a search. `shuffled` is the seed by which the passages are put into another order and
    numbered anew, None for the search's. `removed`: each case is answered without the passage that it should cite. `judge` is
    the model that judges what cases ask a judge for, with its prompt and that prompt's text; "" where none is needed.
    `repeat` is how many times each case is answered. `condense` is the prompt that rewrites follow-ups, "" in quotes mode and
    in runs that did not record it; `seed` is what the server draws by, None for its own; `context_tokens` bounds the passages
    that a model is sent, 0 where it was not recorded. `chunk_tokens` and `encoder` are what an index of its own is made with, 0
    and "" for the home's own index. `mutated`: a fact in the passages is changed (see `bot.evals.robustness`).

    >>> list(Setup("strict", "openai:gpt-4.1-mini", "answer/strict", frozen="1f2e3d4c", shuffled=7).passage_changes())
    ['on the passages of 1f2e3d4c', 'shuffled by 7']
    """

    # Fields are only added: a run of last year is read with the defaults of those it lacks.
    name: str
    model: str = "quotes"
    prompt: str = ""
    prompt_text: str = ""
    temperature: float | None = None
    max_tokens: int = 1000
    passages: int = 8
    quotes: int = 4
    index: str = ""
    frozen: str = ""
    shuffled: int | None = None
    removed: bool = False
    judge: str = ""
    judge_prompt: str = ""
    judge_text: str = ""
    repeat: int = 1
    condense: str = ""
    condense_text: str = ""
    seed: int | None = None
    context_tokens: int = 0
    mutated: bool = False
    chunk_tokens: int = 0
    encoder: str = ""

    def passage_changes(self) -> Iterator[str]:
        """Whose passages are used and what was done to them, in a few words each; nothing for those of an own search."""
        if self.frozen:
            yield f"on the passages of {self.frozen}"
        if self.shuffled is not None:
            yield f"shuffled by {self.shuffled}"
        if self.removed:
            yield "without the cited passages"
        if self.mutated:
            yield "with a changed fact"


@dataclass(frozen=True, slots=True)
class MetricScore:
    """What a metric makes of a case; `value` is None where it cannot be computed, and `why` says why. Never NaN."""

    value: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case: the answer, or what went wrong. `cached`: nobody was asked for it anew.

    `repeats` are the results of a case that was answered several times; `scores` are then their means, and `answer` is like
    most of theirs (see `bot.evals.repeats`).
    """

    case: str
    # "done" where there is an answer, also one that failed its checks; "failed" where it has to be asked again.
    outcome: ResultStatus
    answer: Answer | None = None
    trouble: Problem | None = None
    cached: bool = False
    # The time of its making, also where it was taken from the cache later.
    seconds: float = 0.0
    scores: Mapping[str, MetricScore] = field(default_factory=dict)
    repeats: "tuple[Result, ...]" = ()

    def value(self, metric: str) -> float | None:
        """The value of the metric with this key; None where it has none for this case."""
        score = self.scores.get(metric)
        return score.value if score else None


@dataclass(frozen=True, slots=True)
class Run:
    """A run over a set of cases, as far as it has come; `complete` once every case has a result.

    `stale` are cases that were left out, each with what they ask for that is not there any more.
    """

    id: str
    cases: tuple[Case, ...]
    setup: Setup
    started: datetime
    results: tuple[Result, ...] = ()
    message: str = ""
    stale: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every case has a result."""
        return len(self.results) == len(self.cases)

    def answered(self) -> "Iterator[tuple[Case, Result]]":
        """The cases that have a result, each with it, in their order."""
        # By one look at all: `result` for each of 5,000 cases takes the square of that.
        by_case = {result.case: result for result in self.results}
        yield from ((case, by_case[case.id]) for case in self.cases if case.id in by_case)

    def result(self, case: str) -> Result | None:
        """The result of the case with this id, if there is one."""
        return next((result for result in self.results if result.case == case), None)
