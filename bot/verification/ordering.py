"""Which of two things a claim puts first, and which its sentences: "before" for "after", dates the other way round; pure."""

import re
from collections.abc import Iterator

from bot.reading.words import words
from bot.verification.pairing import Mismatch, Pairing
from bot.verification.statements import Statement

_ORDER = re.compile(r"\b(before|after|until|till)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;:,]")


def wrong_order(pairing: Pairing) -> Iterator[Mismatch]:
    """What the sentences put the other way round, by their words or by their dates."""
    yield from _order_swapped(pairing)
    if in_order_of_dates(pairing) is False:
        yield pairing.unsaid("By the dates in the passage it was the other way round.")


def in_order_of_dates(pairing: Pairing) -> bool | None:
    """Whether the dates of what comes before and after in the claim are in that order; None where they don't stand there."""
    claim = pairing.claim
    found = _ORDER.search(claim.text, claim.start, claim.end)
    if found is None or found[0].casefold() not in ("before", "after") or not all(parts := parts_around(claim, found.span())):
        return None
    # Each part's year, from a sentence that says it and not the other.
    years = [_year(part, other, pairing) for part, other in (parts, parts[::-1])]
    if years[0] is None or years[1] is None or years[0] == years[1]:
        return None
    return (years[0] < years[1]) == (found[0].casefold() == "before")


def _year(part: set[str], other: set[str], pairing: Pairing) -> int | None:
    """The one year of the sentence that says a part of the claim, and not the other part."""
    for one in pairing.near:
        stems = {word.stem for word in one.words}
        # Two years in one sentence don't tell which of them belongs to it.
        years = {date.year for date in one.dates if date.year} | {int(q.value) for q in one.quantities if q.is_year}
        if len(years) == 1 and 2 * len(part & stems) >= len(part) and len(other & stems) < len(part & stems):
            return years.pop()
    return None


def parts_around(claim: Statement, at: tuple[int, int]) -> tuple[set[str], set[str]]:
    """The telling words before and after a place in a claim, by stem."""
    telling = [word for word in claim.words if word.telling]
    return {word.stem for word in telling if word.end <= at[0]}, {word.stem for word in telling if word.start >= at[1]}


def _order_swapped(pairing: Pairing) -> Iterator[Mismatch]:
    """ "A before B" where a sentence has "A after B", "until B, A", or "before A, B"."""
    claim = pairing.claim
    found = _ORDER.search(claim.text, claim.start, claim.end)
    if found is None or not all(parts := parts_around(claim, found.span())):
        return
    for one in pairing.near:
        stems = {word.stem for word in one.words}
        if not all(part & stems for part in parts):
            continue
        for other in _ORDER.finditer(one.text, one.start, one.end):
            stop = _CLAUSE_END.search(one.text, other.end(), one.end)
            # What stands between the small word and the end of its clause is the thing that it puts second.
            inside = {w.stem for w in words(one.text) if other.end() <= w.start < (stop.start() if stop else one.end)}
            first, second = (len(part & inside) for part in parts)
            # "A before B" agrees with "before B, A" and with "A before B"; of "after", A must stand behind it.
            same = other[0].casefold() == found[0].casefold()
            if first != second and same == (first > second):
                yield pairing.unsaid(f"The passage has “{other[0]}” where the claim has “{found[0]}”.")
                return
