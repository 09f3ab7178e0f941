"""What the kept answers come to, in figures with their words. Pure."""

from collections.abc import Iterable, Mapping
from typing import TypedDict, TypeVar

from bot.conversation.history import Decision, Rating, Status, Tally
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


T = TypeVar("T", bound=str)


class Figure(TypedDict):
    """A count with its words; `share` is its part of a bar, 0 to 100, where its group has one."""

    count: str
    words: str
    tone: Tone
    share: float


class Group(TypedDict):
    """Figures that belong together; `note` says of what they are where not of all, `none` stands there without any."""

    title: str
    note: str
    figures: list[Figure]
    none: str


def groups(tally: Tally) -> list[Group]:
    """The tallies, from the answers to what people say of them."""
    return [
        _group("Answers", _of(tally.answers, _STATUSES), none="No answer is kept yet."),
        _claims(tally),
        _citations(tally),
        _agreement(tally),
        _group("Feedback", _of(tally.feedback, _RATINGS), none="Nobody has rated an answer yet."),
    ]


def _group(title: str, figures: Iterable[Figure], note: str = "", none: str = "") -> Group:
    return Group(title=title, note=note, figures=list(figures), none=none)


def _of(counts: Mapping[T, int], words: Mapping[T, tuple[str, Tone]]) -> list[Figure]:
    return [_figure(counts[key], *words[key]) for key in words if counts.get(key)]


def _figure(count: int, words: str, tone: Tone, share: float = 0) -> Figure:
    return Figure(count=f"{count:,}", words=words, tone=tone, share=share)


def _claims(tally: Tally) -> Group:
    """With a bar: how much of what is claimed holds is what the page is for."""
    total = sum(tally.claims.values())
    figures = [
        _figure(tally.claims[one], told.counted, told.tone, 100 * tally.claims[one] / total)
        for one, told in LEGEND.items()
        if tally.claims.get(one)
    ]
    held = sum(count for verdict, count in tally.claims.items() if verdict in HOLDS)
    note = f"{held:,} of {total:,} hold, {_latest(tally)}." if total else ""
    return _group("Claims", figures, note, "No claim has been checked yet.")


def _citations(tally: Tally) -> Group:
    figures = _of(tally.reviews, _DECISIONS)
    note = f"{tally.undecided:,} of {tally.citations:,} have no decision yet, {_latest(tally)}." if tally.citations else ""
    return _group("Reviewed citations", figures, note, "No citation has been reviewed yet.")


def _agreement(tally: Tally) -> Group:
    """Whether people and the machine say the same of a citation: that it holds, or that it does not."""
    figures = [_figure(tally.agreed, f"of {tally.compared:,} where both say the same", "pending")] if tally.compared else []
    note = "A citation counts as good for the machine where it is quoted or supported." if figures else ""
    return _group("People and the machine", figures, note, "There is nothing to compare yet.")


def _latest(tally: Tally) -> str:
    return f"in the latest {tally.latest:,} answers" if tally.latest != 1 else "in the one answer that there is"
