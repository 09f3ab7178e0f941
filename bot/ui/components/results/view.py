"""The results of a run case by case, as plain values. Pure."""

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict

from bot.evals.checks import checks, failure, passes
from bot.evals.metrics import BY_KEY
from bot.evals.records import Case, Result, Run
from bot.types import Answer, Citation
from bot.verification.verdicts import Tone, said, tone

Kind = Literal["passed", "failed", "wrong", "unjudged"]
SAID: dict[Kind, tuple[str, Tone]] = {
    "passed": ("Passed", "good"),
    "failed": ("Not passed", "bad"),
    "wrong": ("Went wrong", "bad"),
    "unjudged": ("Not judged", "pending"),
}
NOTHING = "The case asks for nothing, and the answer claims nothing."


class CitationData(TypedDict):
    """A citation: where it is from, the words, and the verdict."""

    source: str
    quote: str
    said: str
    tone: Tone


class AnswerData(TypedDict):
    """An answer with its citations; `said` is what came of it in a word, `whys` say what is wrong, a sentence each."""

    said: str
    tone: Tone
    whys: list[str]
    text: str
    citations: list[CitationData]
    figures: str


class ResultData(TypedDict):
    """A case with what came of it."""

    id: str
    question: str
    history: list[str]
    wants: list[str]
    notes: str
    tags: list[str]
    answer: AnswerData


def judged(run: Run) -> list[tuple[Case, Result, Kind]]:
    """The cases that have a result, in order, each with what came of it."""
    by_case = {result.case: result for result in run.results}
    return [(case, by_case[case.id], kind(case, by_case[case.id])) for case in run.cases if case.id in by_case]


def kind(case: Case, result: Result) -> Kind:
    """What came of a case."""
    if failure(result):
        return "wrong"
    held = passes(case, result)
    return "unjudged" if held is None else "passed" if held else "failed"


def result_row(case: Case, result: Result) -> ResultData:
    """One case with its result."""
    return ResultData(
        id=case.id,
        question=case.question,
        history=spoken(case),
        wants=list(wants(case)),
        notes=case.notes,
        tags=list(case.tags),
        answer=answer_of(case, result),
    )


def answer_of(case: Case, result: Result) -> AnswerData:
    """What was answered, and what is wrong with it."""
    words, tone_of = SAID[kind(case, result)]
    return AnswerData(
        said=words,
        tone=tone_of,
        whys=list(_whys(case, result)),
        text=result.answer.text if result.answer else "",
        citations=[citation_data(one) for one in (result.answer.citations if result.answer else ())],
        figures=" · ".join(_figures(result)),
    )


def citation_data(one: Citation) -> CitationData:
    """One citation, with its number where it has one."""
    name = one.title or one.article
    return CitationData(
        source=f"[{one.n}] {name}" if name else f"[{one.n}]",
        quote=one.quote,
        said=said(one.verdict, running=False),
        tone=tone(one.verdict),
    )


def spoken(case: Case) -> list[str]:
    """What was said before the question, with who said it."""
    return [f"{'Question' if turn.role == 'user' else 'Answer'}: {turn.text}" for turn in case.history]


def wants(case: Case) -> Iterator[str]:
    """What the case asks for, a sentence each."""
    if case.must:
        yield f"It must hold {_listed(case.must)}."
    if case.must_not:
        yield f"It must not hold {_listed(case.must_not)}."
    if case.cites:
        yield f"It should cite {', '.join(one.article for one in case.cites)}."
    if case.abstain is not None:
        yield "It should abstain." if case.abstain else "It should answer."


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{one.replace('|', '” or “')}”" for one in words)


def _whys(case: Case, result: Result) -> Iterator[str]:
    answer: Answer | None = result.answer
    if why := failure(result):
        trouble = result.trouble or (answer.trouble if answer else None)
        yield f"{why} {trouble.help}" if trouble else why
    elif answer is not None:
        yield from (check.why for check in checks(case, answer) if not check.held)
        if kind(case, result) == "unjudged":
            yield NOTHING


def _figures(result: Result) -> Iterator[str]:
    for key in ("seconds", "tokens", "dollars"):
        score = result.scores.get(key)
        if score is not None and score.value is not None:
            yield BY_KEY[key].shown(score.value) + (" tokens" if key == "tokens" else "")
    if result.cached:
        yield "taken from the cache"
