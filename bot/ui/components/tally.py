"""What the kept answers come to, in figures with their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from bot.conversation.history import Decision, Rating, Tally
from bot.types import Status
from bot.ui.words import word
from bot.verification.verdicts import HOLDS, LEGEND, Tone

_STATUSES: dict[Status, tuple[str, Tone]] = {
    "done": (word("quality.complete"), "pending"),
    "stopped": (word("quality.stopped"), "pending"),
    "failed": (word("quality.failed"), "bad"),
    "running": (word("quality.on_its_way"), "pending"),
}
_DECISIONS: dict[Decision, tuple[str, Tone]] = {
    "accepted": (word("quality.is_accepted"), "good"),
    "rejected": (word("quality.is_rejected"), "bad"),
    "none": (word("quality.with_a_note_alone"), "pending"),
}
_RATINGS: dict[Rating, tuple[str, Tone]] = {
    "useful": (word("quality.is_useful"), "good"),
    "wrong": (word("quality.is_wrong"), "bad"),
    "missing source": (word("quality.missing_a_source"), "weak"),
}


# Streamlit's names. "fair" and "good" differ in their words, and not in their colour.
COLOURS: Mapping[Tone, str] = {"good": "green", "fair": "green", "weak": "orange", "bad": "red", "pending": "gray"}

T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with its words."""

    count: int
    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures that belong together; `note` says of what they are where not of all, `none` stands there without any.

    `share` is the part of them that holds, 0 to 1; None where nothing is to hold.
    """

    title: str
    note: str
    figures: tuple[Figure, ...]
    none: str
    share: float | None = None


def tally(found: Tally) -> None:
    """Draw the groups in two columns, which stand below each other where the page is narrow."""
    left, right = st.columns(2)
    # Answers and claims on the left, and what people say of them on the right.
    for column, group in zip((left, left, right, right, right), groups(found), strict=True):
        with column, st.container(border=True, gap="small"):
            _group_drawn(group)


def _group_drawn(group: FigureGroup) -> None:
    st.markdown(f"**{group.title}**")
    # With a share the note stands on its bar, and else below the figures.
    if group.share is not None:
        st.progress(group.share, group.note)
    if group.figures:
        # Two blanks at the end of a line of Markdown end it.
        st.markdown("  \n".join(f":{COLOURS[one.tone]}[**{one.count:,}**] {one.words}" for one in group.figures))
    else:
        st.caption(group.none)
    if group.note and group.share is None:
        st.caption(group.note)


def groups(tally: Tally) -> list[FigureGroup]:
    """The tallies, from the answers to what people say of them."""
    return [
        _group(word("quality.answers"), _of(tally.answers, _STATUSES), none=word("quality.no_answer_is_kept_yet")),
        _claims(tally),
        _citations(tally),
        _agreement(tally),
        _group(word("quality.feedback"), _of(tally.feedback, _RATINGS), none=word("quality.nobody_has_rated_an_answer")),
    ]


def _group(title: str, figures: Iterable[Figure], note: str = "", none: str = "", share: float | None = None) -> FigureGroup:
    return FigureGroup(title, note, tuple(figures), none, share)


def _of(counts: Mapping[T, int], words: Mapping[T, tuple[str, Tone]]) -> list[Figure]:
    # A count of 0 is left out.
    return [Figure(counts[key], *words[key]) for key in words if counts.get(key)]


def _claims(tally: Tally) -> FigureGroup:
    """With a bar: how much of what is claimed holds is what the page is for."""
    total = sum(tally.claims.values())
    figures = [Figure(tally.claims[one], told.counted, told.tone) for one, told in LEGEND.items() if tally.claims.get(one)]
    held = sum(count for verdict, count in tally.claims.items() if verdict in HOLDS)
    note = word("quality.hold", held=held, total=total, latest=_latest(tally)) if total else ""
    return _group(
        word("quality.claims"), figures, note, word("quality.no_claim_has_been_checked"), held / total if total else None
    )


def _citations(tally: Tally) -> FigureGroup:
    figures = _of(tally.reviews, _DECISIONS)
    note = word("quality.undecided", n=tally.undecided, total=tally.citations, latest=_latest(tally)) if tally.citations else ""
    return _group(word("quality.reviewed_citations"), figures, note, word("quality.no_citation_has_been_reviewed"))


def _agreement(tally: Tally) -> FigureGroup:
    """Whether people and the machine say the same of a citation: that it holds, or that it does not."""
    figures = [Figure(tally.agreed, word("quality.agreed", total=tally.compared), "pending")] if tally.compared else []
    note = word("quality.a_citation_counts_as_good") if figures else ""
    return _group(word("quality.people_and_the_machine"), figures, note, word("quality.there_is_nothing_to_compare"))


def _latest(tally: Tally) -> str:
    return word("quality.latest", count=tally.latest)
