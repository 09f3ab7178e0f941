"""Two answers side by side: with a passage and without it, and what became of the claims that rested on it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from bot.answering.ablation import ClaimChange, Kind, claim_changes, verdict
from bot.answering.cited import ClaimCitations, groups
from bot.conversation.history import Exchange
from bot.types import Answer
from bot.ui.ablation import AblatedAnswer
from bot.ui.components.answer.reading import as_read
from bot.ui.components.answer.text import Inline, Paragraph, paragraphs, unpressed
from bot.ui.components.answer.view import stage
from bot.ui.components.mounting import ProblemData, component, problem_data
from bot.ui.words import word

_SAID: Mapping[Kind, tuple[str, str]] = {
    "gone": (word("ablation.gone_without_it"), ""),
    "elsewhere": (word("ablation.still_said_from_other_words"), "good"),
    "unsupported": (word("ablation.still_said_with_no_support"), "bad"),
}
"""What became of a claim, in words, and its tone."""


class AblationSide(TypedDict):
    """One of the two answers."""

    title: str
    stage: str
    paragraphs: list[Paragraph]
    problem: ProblemData | None


class AblationData(TypedDict):
    """Everything that the component needs; `verdict` is "" until both answers are there."""

    running: bool
    verdict: str
    before: AblationSide
    after: AblationSide


def ablation(before: Exchange, comparison: AblatedAnswer, close: Callable[[], None]) -> None:
    """Draw the answer beside the one without a passage, as far as that has come; `close` puts them away."""
    key = f"compare-{before.id}"
    # "answer/lines" draws the lines of both answers as the chat does.
    component("ablation", "answer/lines")(key=key, data=ablation_data(before.answer, comparison), on_close_change=close)


def ablation_data(before: Answer, comparison: AblatedAnswer) -> AblationData:
    """The two answers, and what became of the claims that rested on the passage once both are whole."""
    again, cited = comparison.exchange.answer, before.citation(comparison.at)
    # An answer that broke off says less than it would have.
    whole = before.whole and again.whole
    found = claim_changes(before, comparison.at, again) if whole else ()
    notes = _notes(before, comparison.at, found)
    return AblationData(
        running=again.status == "running",
        verdict=verdict(found) if whole else "",
        before=_side(word("ablation.with_passage", n=cited.n) if cited else word("ablation.with_the_passage"), before, notes),
        after=_side(word("ablation.without_it"), again, {}),
    )


def _side(title: str, answer: Answer, notes: Mapping[int, Inline]) -> AblationSide:
    problem = answer.trouble
    return AblationSide(
        title=title,
        stage=f"{stage(answer)}…" if answer.status == "running" else "",
        paragraphs=unpressed(as_read(paragraphs(answer), answer), notes),
        problem=problem_data(problem) if problem else None,
    )


def _notes(answer: Answer, at: int, found: Sequence[ClaimChange]) -> dict[int, Inline]:
    """What became of each claim, in words behind the last of its footnotes, by their places (from 0)."""
    notes, left = dict[int, Inline](), list(found)
    for group in groups(answer):
        # Both are in the order of the text, so a claim that comes twice gets its own change each time.
        if left and (place := _place(group, at, left[0].text)) is not None:
            notes[place] = _note(left.pop(0))
    return notes


def _place(group: ClaimCitations, at: int, text: str) -> int | None:
    """The footnote behind which a claim of this text ends: changes come in the order of claims, else of a bare quotation."""
    if group.claim is None:
        return next((one.i for one in group.cited if one.i == at and one.citation.quote == text), None)
    return group.cited[-1].i if group.cited and group.claim.text == text else None


def _note(change: ClaimChange) -> Inline:
    words, tone = _SAID[change.kind]
    # Gone, though another passage carries it: the model found it there no more.
    if change.kind == "gone" and change.citation:
        words = word("ablation.gone_but_carried", n=change.citation.n)
    return Inline(kind="note", text=words, style=tone, card="")
