"""The answers of a trial side by side, which may still be streaming in: as plain values, and drawn by the trial component."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from bot.answering.tally import SummaryPart, counts, spent
from bot.types import Answer, Citation, Passage, Question
from bot.ui.components.answer.text import Inline, Paragraph, paragraphs, with_runs
from bot.ui.components.answer.view import stage
from bot.ui.components.mounting import ProblemData, TextPiece, component, pieces, problem_data
from bot.ui.lab.columns import CONDENSE_PROMPT, Column, pick_label
from bot.ui.lab.trial import ColumnAnswer, Trial
from bot.ui.words import word
from bot.verification.verdicts import tone
from bot.wiring.model_choices import QUOTES


class TriedData(TypedDict):
    """One of the answers; `made` says with what, `faults` tell of each footnote that does not hold, `facts` what it took."""

    title: str
    made: str
    stage: str
    running: bool
    paragraphs: list[Paragraph]
    sum: list[SummaryPart]
    faults: list[str]
    facts: list[str]
    notices: list[list[TextPiece]]
    problem: ProblemData | None


class PassageData(TypedDict):
    """A passage that all answers are given."""

    n: int
    title: str
    text: str


class TrialData(TypedDict):
    """Everything that the component needs; `state` tells how far the answers have come."""

    state: str
    asked: str
    given: str
    passages: list[PassageData]
    answers: list[TriedData]


def trial_answers(trial: Trial) -> None:
    """Draw the answers as far as they have come."""
    # "answer/lines" is the script of the chat's answers, which draws the lines of these too.
    component("trial", "answer/lines")(key="footnote-lab-trial", data=dict(trial_data(trial)))


def trial_data(trial: Trial) -> TrialData:
    """The answers as far as they have come, and the passages that they share."""
    # The passages are shared, so those of the first column that has them stand for all.
    # A column that tries the follow-up prompt searches with its own question, so its passages are its own.
    shared = [one for one in trial.answers if one.column.prompt != CONDENSE_PROMPT]
    passages = next((one.exchange.answer.passages for one in shared if one.exchange.answer.searched), ())
    return TrialData(
        state=_state(trial),
        asked=trial.question.text,
        given=_given(trial.question, passages),
        passages=[PassageData(n=one.n, title=one.title, text=one.text) for one in passages],
        answers=[_tried(at, one) for at, one in enumerate(trial.answers, 1)],
    )


def _state(trial: Trial) -> str:
    of = len(trial.answers)
    there = sum(1 for one in trial.answers if one.exchange.answer.status != "running")
    if there < of:
        return word("lab.answering") if of == 1 else word("lab.there", there=there, of=of)
    well = sum(1 for one in trial.answers if one.exchange.answer.status == "done")
    if well == of:
        return {1: word("lab.the_answer_is_there"), 2: word("lab.both_answers_are_there")}.get(of, word("lab.all_there", of=of))
    return word("lab.there_is_no_whole_answer") if of == 1 else word("lab.whole", well=well, of=of)


def _given(question: Question, passages: Sequence[Passage]) -> str:
    if not passages:
        return ""
    how = word("lab.held_still_from_the_chat") if question.given is not None else word("lab.searched_once")
    return word("lab.given", count=len(passages), how=how)


def made_with(column: Column) -> str:
    """A column's setup in words."""
    if column.model == QUOTES:
        return word("lab.quotations_word_for_word")
    parts = [column.model or word("lab.the_servers_first_model")]
    parts += [] if column.temperature is None else [word("lab.temperature_of", temperature=column.temperature)]
    parts += [] if column.most is None else [word("lab.at_most", tokens=column.most)]
    return ", ".join(parts)


def _tried(at: int, tried: ColumnAnswer) -> TriedData:
    answer, column, problem = tried.exchange.answer, tried.column, tried.exchange.answer.trouble
    return TriedData(
        title=f"{at}. {_answered_by(column)}",
        made=made_with(column),
        stage={"running": f"{stage(answer)}…", "stopped": word("lab.stopped_this_answer_is_incomplete")}.get(answer.status, ""),
        running=answer.status == "running",
        paragraphs=_judged(paragraphs(answer), answer.citations),
        # Quotations are never judged: they hold by their places.
        sum=_quoted(answer) if answer.mode == "quotes" else counts(answer.claims, answer.citations),
        faults=_faults(answer.citations),
        facts=[*_searched(tried), *_facts(answer)],
        notices=[pieces(text) for text in answer.notes],
        problem=problem_data(problem) if problem else None,
    )


def _answered_by(column: Column) -> str:
    if column.model == QUOTES:
        return word("lab.quotations")
    return pick_label(column.pick) or word("lab.the_version_in_force")


def _judged(lines: Sequence[Paragraph], citations: Sequence[Citation]) -> list[Paragraph]:
    """The text with nothing to press in it: each footnote is its number and its verdict, each mark a word."""
    # In the chat a footnote is pressed to see its verdict; here it is read beside another answer, so it is spelt out.
    notes = {f"c{at}": _verdict(citation) for at, citation in enumerate(citations)}
    return [with_runs(one, _plain(one["runs"], notes)) for one in lines]


def _plain(runs: Sequence[Inline], notes: Mapping[str, Inline]) -> Iterator[Inline]:
    for run in runs:
        if run["kind"] == "chip":
            yield Inline(kind="number", text=run["text"], style="", card="")
            # A chip of a footnote that could not be matched to a citation has no verdict.
            yield from filter(None, [notes.get(run["card"])])
        elif run["kind"] == "mark":
            yield Inline(kind="note", text=run["text"], style="weak", card="")
        else:
            yield run


def _verdict(citation: Citation) -> Inline:
    return Inline(kind="note", text=citation.verdict or word("lab.being_checked"), style=tone(citation.verdict), card="")


def _faults(citations: Sequence[Citation]) -> list[str]:
    """Why a footnote does not hold, once for each reason."""
    # A dictionary keeps the order in which its keys first came, as a set does not.
    return list(dict.fromkeys(f"[{one.n}] {one.verdict}: {one.reason}" for one in citations if one.verdict and one.reason))


def _quoted(answer: Answer) -> list[SummaryPart]:
    count = len(answer.citations)
    return [SummaryPart(text=word("lab.quotation_count", count=count), tone="good")] if count else []


def _searched(tried: ColumnAnswer) -> list[str]:
    """What a column made of a follow-up question, where that is what is tried."""
    query = tried.exchange.answer.query
    return [word("lab.searched_for", words=query)] if query and tried.column.prompt == CONDENSE_PROMPT else []


def _facts(answer: Answer) -> list[str]:
    """What the answer took."""
    if not answer.complete:
        return []
    words = len(answer.text.split())
    # A model's time is part of `spent`, with its tokens; quotations cost nothing but time.
    took = (
        [] if answer.mode == "model" or "total" not in answer.ms else [word("lab.seconds", seconds=answer.ms["total"] / 1000)]
    )
    return [*spent(answer.usage, answer.ms), *took, word("lab.words", count=words)]
