"""What stands in the place of a number or a date: another of its kind, by the same words, where the rest is said; pure."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from bot.reading.dates import Date
from bot.reading.quantities import Quantity, figures_of, rounded
from bot.reading.units import dimension
from bot.reading.words import Word
from bot.verification.bindings import FAR, clause_of, companions, distance
from bot.verification.pairing import Pairing, holds
from bot.verification.statements import Statement

REST = 0.5
"""The share of the claim's other words that a sentence must have to say the rest of it."""
FOLLOWING = 3
"""Words behind a number among which what it counts stands: "130 Virgin Active clubs"."""
PARTS = 6
"""Numbers of a sentence whose sums are looked at."""


def in_its_place(one: Quantity | Date, pairing: Pairing) -> Quantity | Date | None:
    """What stands in the sentences where the claim has this, and cannot be the same; None where that is not plain."""
    for statement in pairing.near:
        if said_share(pairing.claim, statement) < REST or _says_less(one, statement, pairing):
            continue
        kin = list(_kin(one, statement))
        rival = _nearest(one, pairing.claim, statement, kin)
        if rival and not compatible(rival, pairing.claim) and not _derived(one, rival, kin):
            return rival
    return None


def said_share(claim: Statement, statement: Statement) -> float:
    """The share of the claim's telling words, without its numbers, their units and its dates, that stand in a statement."""
    units = [one.end + 1 for one in claim.quantities if one.unit]
    stems = {word.stem for word in claim.plain if word.start not in units}
    return len(stems & {word.stem for word in statement.words}) / len(stems) if stems else 0.0


def _says_less(one: Quantity | Date, statement: Statement, pairing: Pairing) -> bool:
    """Whether another number or date of the claim stands in one of the sentences, and not in this one."""
    others = [other for other in pairing.claim.facts if not other.start < one.end or not one.start < other.end]
    return any(not holds(statement, other) and any(holds(near, other) for near in pairing.near) for other in others)


def compatible(other: Quantity | Date, claim: Statement) -> bool:
    """Whether the claim has a number or a date too, or one that it does not exclude: a rounder one, or a part of it."""
    if holds(claim, other):
        return True
    if isinstance(other, Date):
        return any(date.overlaps(other) for date in claim.dates) or any(
            q.is_year and int(q.value) == other.year for q in claim.quantities
        )
    return any(one.outlines(other) or other.outlines(one) or _rounds(one, other) for one in claim.quantities) or any(
        other.is_year and Date(0, 0, int(other.value)).overlaps(date) for date in claim.dates
    )


def _rounds(one: Quantity, other: Quantity) -> bool:
    """Whether one of two numbers of a kind is the other with fewer figures: "1.5 million" and "1,512,300", 8 and 8.3."""
    if one.sort != other.sort or one.unit != other.unit or one.is_year or other.is_year or not one.value or not other.value:
        return False
    short, long = sorted((one.value, other.value), key=figures_of)
    figures = figures_of(short)
    whole = abs(short - long) < 1 and short == int(short)
    return whole or (1 < figures < figures_of(long) and rounded(long, figures) == short)


def _kin(one: Quantity | Date, statement: Statement) -> Iterator[Quantity | Date]:
    """The numbers and dates of a statement that could have been written in this one's place."""
    if isinstance(one, Date):
        yield from (other for other in statement.dates if other.alike(one))
        if one.year:
            yield from (other for other in statement.quantities if other.is_year)
        return
    yield from (other for other in statement.quantities if one.comparable(other) and _same_kind(one, other))
    if one.is_year:
        yield from (date for date in statement.dates if date.year)


def _same_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers are told in the same kind of unit, so that only one of them can be right.

    A sum in another currency may be the same sum converted, unless it is the same number.
    """
    if one.sort != other.sort:
        return False
    return dimension(one.unit) == dimension(other.unit) or (one.sort == "money" and one.value == other.value)


def _nearest(
    one: Quantity | Date, claim: Statement, statement: Statement, kin: list[Quantity | Date]
) -> Quantity | Date | None:
    """The one of its kind that stands by the words which this one has beside it in the claim; None where none does."""
    fit = [other for other in kin if _counts_alike(one, claim, other, statement)]
    start, end = clause_of(one, claim)
    stems = [word.stem for word in companions(one, claim, {word.stem for word in statement.words}) if start <= word.start < end]
    places = [word for word in statement.words if stems and word.stem == stems[0]]
    after = next((one.start > word.start for word in claim.words if stems and word.stem == stems[0]), True)

    def apart(other: Quantity | Date) -> tuple[int, bool]:
        """How far from the word, and of two that are equally far the one on the same side of it."""
        return min((distance(statement, word, other), (other.start > word.start) != after) for word in places)

    rival = min(fit, key=apart, default=None) if places else None
    return rival if rival and apart(rival)[0] < FAR else None


def _counts_alike(one: Quantity | Date, claim: Statement, other: Quantity | Date, statement: Statement) -> bool:
    """Whether two numbers count the same things, as far as either tells; dates count nothing."""
    if isinstance(one, Date) or isinstance(other, Date) or one.is_year:
        return True
    if one.unit or one.sort in ("percent", "points", "money", "times", "clock", "version"):
        return True
    mine, theirs = _following(one, claim), _following(other, statement)
    if not mine or not theirs:
        return not theirs
    return bool({word.stem for word in mine} & {word.stem for word in theirs})


def _following(one: Quantity, statement: Statement) -> list[Word]:
    """The telling words behind a number in its clause."""
    _, end = clause_of(one, statement)
    after = [word for word in statement.words if one.end <= word.start < end][:FOLLOWING]
    return [word for word in after if word.telling and word.text[0].isalpha()]


def _derived(one: Quantity | Date, rival: Quantity | Date, kin: list[Quantity | Date]) -> bool:
    """Whether a number may be worked out of those that stand there: their sum, their difference, twice one of them."""
    if isinstance(one, Date) or isinstance(rival, Date):
        return False
    values = [other.value for other in kin if isinstance(other, Quantity)][:PARTS]
    pairs = [value for a, b in combinations(values, 2) for value in (a + b, abs(a - b))]
    within = any(low < one.value < high for low, high in pairwise(values)) and len(values) == 2
    whole = [sum(values)] if len(values) > 1 else []
    return one.value in (*pairs, *whole, 2 * rival.value, rival.value / 2) or within
