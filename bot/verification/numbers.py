"""Which numbers and dates of a claim do not fit the sentences it rests on; pure.

Each must stand in those sentences. It *differs* only where the whole passage lacks it and another of its kind and unit stands
in its place: in a sentence that says the rest, beside the same words. Otherwise it is lacking, or in doubt.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from bot.reading.dates import Date
from bot.reading.quantities import Quantity, figures_of, rounded, scores
from bot.reading.units import dimension
from bot.reading.words import Word, stem
from bot.verification.pairing import Mismatch, Pairing, holds
from bot.verification.statements import FAR, Statement, clause_of, companions, distance

UNIT = 10
"""Characters after a number in which its unit stands: "-year-old"."""
MORE = 2
"""A number belongs to the sentence that has so many more of its clause's words than the one that has the number."""
_TWO = frozenset(map(stem, ("both", "pair", "couple", "twin", "twice", "double", "second")))
"""Words that say "two" without being a number."""


def wrong_facts(pairing: Pairing) -> Iterator[Mismatch]:
    """The numbers and dates of the claim that do not fit."""
    yield from _numbers(pairing)
    yield from _times(pairing)
    yield from _scores(pairing)
    if crossed := exchanged(pairing.claim, pairing.near):
        mine, theirs = (pairing.claim.text[one.start : one.end] for one in crossed)
        yield Mismatch("number", f"The passage has “{theirs}” and “{mine}” the other way round.", pairing.chosen[0])


def supported_facts(pairing: Pairing) -> int:
    """How many numbers and dates of the claim stand in its sentences."""
    return sum(any(holds(statement, one) for statement in pairing.near) for one in pairing.claim.facts)


def _numbers(pairing: Pairing) -> Iterator[Mismatch]:
    near, given = pairing.near, pairing.source.given
    for one in pairing.claim.quantities:
        homes = [statement for statement in (*near, given) if holds(statement, one)]
        if homes:
            if other := _misplaced_number(one, homes, pairing):
                yield pairing.doubt(other, one)
        # "Both" and "twice" say the number two.
        elif one.value == 2 and not one.sort and any(word.stem in _TWO for statement in near for word in statement.words):
            continue
        else:
            yield from _missing(one, pairing)


def _missing(one: Quantity | Date, pairing: Pairing) -> Iterator[Mismatch]:
    """A number or a date that the sentences lack: another in its place, or none."""
    # A number that stands elsewhere in the passage is not replaced by another: it is lacking here, and that is all.
    elsewhere = any(holds(statement, one) for statement in pairing.source.sentences)
    rival = None if elsewhere else in_its_place(one, pairing)
    if rival:
        yield pairing.conflict(rival, one)
    # "First" is said of much that no source counts.
    elif isinstance(one, Date) or one.sort != "ordinal" or one.value != 1:
        yield pairing.lacking(one)


def _misplaced_number(one: Quantity, homes: Sequence[Statement], pairing: Pairing) -> Quantity | Date | None:
    """A rival where the rest of the number's clause stands, while the number itself stands in another sentence."""
    start, end = clause_of(one, pairing.claim)
    counts = [_said(pairing.claim, statement, start, end) for statement in pairing.near]
    at_home = max((n for n, statement in zip(counts, pairing.near, strict=True) if statement in homes), default=0)
    for count, statement in zip(counts, pairing.near, strict=True):
        # "The first trial in Oslo had 200 patients": the clause's words stand with 80, and 200 in the next sentence.
        if statement not in homes and count >= at_home + MORE and (rival := _rival(one, pairing.claim, statement)):
            return rival
    return None


def _rival(one: Quantity, claim: Statement, statement: Statement) -> Quantity | Date | None:
    """The first of a sentence's numbers of this one's kind that the claim has not."""
    # A bare number such as 1931 is read as a quantity, and its rival may be read as a date.
    years = [date for date in statement.dates if date.year and not holds(claim, date)]
    # A date's year is the nearer rival of a year than any other number of the sentence.
    if one.is_year and years:
        return years[0]
    free = [other for other in statement.quantities if one.comparable(other) and not compatible(other, claim)]
    # The same unit is preferred; one that leaves its unit open may still be meant.
    alike = [other for other in free if (other.unit, other.sort) == (one.unit, one.sort)]
    return next(iter(alike or free), None)


def _said(claim: Statement, statement: Statement, start: int, end: int) -> int:
    """How many telling words of a part of the claim stand in a statement, numbers and dates left out."""
    facts = claim.quantities
    stems = {word.stem for word in statement.words}
    inside = [word for word in claim.words if start <= word.start < end and word.telling]
    # Nor "year" and "old" of a number of years, which any other number of them has too.
    return len({w.stem for w in inside if not any(f.start <= w.start < f.end + UNIT * bool(f.unit) for f in facts)} & stems)


def _times(pairing: Pairing) -> Iterator[Mismatch]:
    near, given = [*pairing.near, pairing.source.given], pairing.source.given
    there = [date for statement in near for date in statement.dates]
    # A day is often told without its year, which stands once at the beginning.
    whole = [*pairing.source.sentences, given]
    years = {date.year for one in whole for date in one.dates} | {int(q.value) for one in whole for q in one.quantities}
    for date in pairing.claim.dates:
        if not any(holds(statement, date) for statement in near) and not _put_together(date, there, years):
            yield from _missing(date, pairing)


def _put_together(date: Date, there: Iterable[Date], years: set[int]) -> bool:
    """Whether the day and month stand near, without a year, and the year somewhere in the passage."""
    # A year of 0 is none.
    part = Date(date.start, date.end, 0, date.month, date.day)
    return date.year in years and bool(date.month) and any(other.implies(part) and not other.year for other in there)


def _scores(pairing: Pairing) -> Iterator[Mismatch]:
    """A score that stands in the sentences the other way round, where neither text tells it from the loser's side alone."""
    there = [
        score
        for statement in pairing.near
        for score in scores(statement.text)
        if statement.start <= score.start < statement.end
    ]
    for mine in scores(pairing.claim.text):
        turned = [score for score in there if (score.second, score.first) == (mine.first, mine.second)]
        same = any((score.first, score.second) == (mine.first, mine.second) for score in there)
        # "Lost 1-3" and "won 3-1" are the same result; so are 2-2 and its reverse.
        if turned and not same and mine.first != mine.second and mine.lost == turned[0].lost:
            yield pairing.swapped_score(turned[0], mine)


REST = 0.5
"""The share of the claim's other words that a sentence must have to say the rest of it."""


def in_its_place(one: Quantity | Date, pairing: Pairing) -> Quantity | Date | None:
    """What stands in the sentences where the claim has this, and cannot be the same; None where that is not plain."""
    for statement in pairing.near:
        # A sentence that says little else of the claim says nothing about this number either.
        if said_share(pairing.claim, statement) < REST:
            continue
        rival = _nearest(one, pairing.claim, statement)
        if rival and not compatible(rival, pairing.claim):
            return rival
    return None


def said_share(claim: Statement, statement: Statement) -> float:
    """The share of the claim's telling words, without its numbers, their units and its dates, that stand in a statement."""
    # The unit stands one blank behind its number.
    units = [one.end + 1 for one in claim.quantities if one.unit]
    stems = {word.stem for word in claim.plain if word.start not in units}
    return len(stems & {word.stem for word in statement.words}) / len(stems) if stems else 0.0


def compatible(other: Quantity | Date, claim: Statement) -> bool:
    """Whether the claim has a number or a date too, or one that it does not exclude: a rounder one, or a part of it."""
    if holds(claim, other):
        return True
    if isinstance(other, Date):
        # "In the 1950s" does not exclude 1957, nor "in May" the 4th of May.
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
    # 8 may stand for 8.3 or 7.6: whether it was rounded or cut off, nobody says.
    whole = abs(short - long) < 1 and short == int(short)
    # One figure is too few to call it a rounding: 20 would then stand for 19, 21 and 24.
    return whole or (1 < figures < figures_of(long) and rounded(long, figures) == short)


def _kin(one: Quantity | Date, statement: Statement) -> Iterator[Quantity | Date]:
    """The numbers and dates of a statement that could have been written in this one's place."""
    if isinstance(one, Date):
        yield from (other for other in statement.dates if other.alike(one))
        # A bare year is read as a quantity where nothing beside it makes it a date.
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


def _nearest(one: Quantity | Date, claim: Statement, statement: Statement) -> Quantity | Date | None:
    """The one of its kind that stands by the words which this one has beside it in the claim; None where none does."""
    start, end = clause_of(one, claim)
    # Words of another clause of the claim tell nothing of this number.
    stems = [word.stem for word in companions(one, claim, {word.stem for word in statement.words}) if start <= word.start < end]
    # The nearest companion alone decides: a further one may go with another number.
    places = [word for word in statement.words if stems and word.stem == stems[0]]
    # On which side of the companion the number stands in the claim.
    after = next((one.start > word.start for word in claim.words if stems and word.stem == stems[0]), True)

    def how_far(other: Quantity | Date) -> tuple[int, bool]:
        """How far from the word, and of two that are equally far the one on the same side of it."""
        return min((distance(statement, word, other), (other.start > word.start) != after) for word in places)

    rival = min(_kin(one, statement), key=how_far, default=None) if places else None
    # Behind a clause's end another number is not "in its place".
    return rival if rival and how_far(rival)[0] < FAR else None


LISTED = 10
"""So many numbers of a claim are compared in pairs."""


def exchanged(claim: Statement, near: Sequence[Statement]) -> tuple[Quantity, Quantity] | None:
    """Two numbers of a kind that the source has too, each with the other's companion; or None."""
    # Both numbers must stand in the source, or it is no exchange.
    there = [one for statement in near for one in statement.quantities]
    both = [one for one in claim.quantities if any(one.same(other) for other in there)]
    for one, other in combinations(both[:LISTED], 2):
        # Only numbers of one kind can have changed places: no year with a count, and no ordinal.
        alike = one.is_year == other.is_year and (one.sort == other.sort or not one.sort or not other.sort)
        if alike and "ordinal" not in (one.sort, other.sort) and not one.same(other) and _crossed(one, other, claim, near):
            return one, other
    return None


def _crossed(one: Quantity, other: Quantity, claim: Statement, near: Sequence[Statement]) -> bool:
    # A word that the sentences have twice does not tell which of their numbers it goes with.
    counts = Counter(word.stem for statement in near for word in statement.words)
    once = {word for word, count in counts.items() if count == 1}
    # Words that stand once are trusted where both numbers have one; else all must do.
    stems = once if all(_own(fact, rest, claim, once) for fact, rest in ((one, other), (other, one))) else set(counts)
    mine, theirs = (_own(fact, rest, claim, stems) for fact, rest in ((one, other), (other, one)))
    if mine is None or theirs is None or mine.stem == theirs.stem:
        return False
    return _nearer(mine.stem, other, one, near) and _nearer(theirs.stem, one, other, near)


def _own(fact: Quantity, rest: Quantity, claim: Statement, stems: set[str]) -> Word | None:
    """The companion of a number that is nearer to it than to the other number, if possible one that the claim has once."""
    return next((w for w in companions(fact, claim, stems) if distance(claim, w, fact) < distance(claim, w, rest)), None)


def _nearer(stem: str, one: Quantity, other: Quantity, near: Sequence[Statement]) -> bool:
    """Whether in these sentences the first number stands nearer to a word than the second."""

    def least(number: Quantity) -> int:
        """The smallest `distance` between the word and the number in any sentence; a million where no sentence has both."""
        return min(
            (
                distance(statement, word, there)
                for statement in near
                for word in statement.words
                if word.stem == stem
                for there in statement.quantities
                if there.same(number)
            ),
            default=10**6,
        )

    return least(one) < least(other)
