"""What the kept answers come to, in figures with their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from bot.conversation.history import Decision, Rating, Tally
from bot.types import Status
from bot.verification.verdicts import HOLDS, LEGEND, Tone

_STATUSES: dict[Status, tuple[str, Tone]] = {
    "done": ("complete", "pending"),
    "stopped": ("stopped", "pending"),
    "failed": ("failed", "bad"),
    "running": ("on its way", "pending"),
}
_DECISIONS: dict[Decision, tuple[str, Tone]] = {
    "accepted": ("accepted", "good"),
    "rejected": ("rejected", "bad"),
    "none": ("with a note alone", "pending"),
}
_RATINGS: dict[Rating, tuple[str, Tone]] = {
    "useful": ("useful", "good"),
    "wrong": ("wrong", "bad"),
    "missing source": ("missing a source", "weak"),
}


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
    for column, group in zip((left, left, right, right, right), groups(found), strict=True):
        with column, st.container(border=True, gap="small"):
            _group_drawn(group)


def _group_drawn(group: FigureGroup) -> None:
    st.markdown(f"**{group.title}**")
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
        _group("Answers", _of(tally.answers, _STATUSES), none="No answer is kept yet."),
        _claims(tally),
        _citations(tally),
        _agreement(tally),
        _group("Feedback", _of(tally.feedback, _RATINGS), none="Nobody has rated an answer yet."),
    ]


def _group(title: str, figures: Iterable[Figure], note: str = "", none: str = "", share: float | None = None) -> FigureGroup:
    return FigureGroup(title, note, tuple(figures), none, share)


def _of(counts: Mapping[T, int], words: Mapping[T, tuple[str, Tone]]) -> list[Figure]:
    return [Figure(counts[key], *words[key]) for key in words if counts.get(key)]


def _claims(tally: Tally) -> FigureGroup:
    """With a bar: how much of what is claimed holds is what the page is for."""
    total = sum(tally.claims.values())
    figures = [Figure(tally.claims[one], told.counted, told.tone) for one, told in LEGEND.items() if tally.claims.get(one)]
    held = sum(count for verdict, count in tally.claims.items() if verdict in HOLDS)
    note = f"{held:,} of {total:,} hold, {_latest(tally)}." if total else ""
    return _group("Claims", figures, note, "No claim has been checked yet.", held / total if total else None)


def _citations(tally: Tally) -> FigureGroup:
    figures = _of(tally.reviews, _DECISIONS)
    note = f"{tally.undecided:,} of {tally.citations:,} have no decision yet, {_latest(tally)}." if tally.citations else ""
    return _group("Reviewed citations", figures, note, "No citation has been reviewed yet.")


def _agreement(tally: Tally) -> FigureGroup:
    """Whether people and the machine say the same of a citation: that it holds, or that it does not."""
    figures = [Figure(tally.agreed, f"of {tally.compared:,} where both say the same", "pending")] if tally.compared else []
    note = "A citation counts as good for the machine where it is quoted or supported." if figures else ""
    return _group("People and the machine", figures, note, "There is nothing to compare yet.")


def _latest(tally: Tally) -> str:
    return f"in the latest {tally.latest:,} answers" if tally.latest != 1 else "in the one answer that there is"
