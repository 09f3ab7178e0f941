"""Which numbers and dates of a claim do not fit the sentences it rests on; pure.

Each must stand in those sentences. It *differs* only where the whole passage lacks it and another of its kind and unit stands
in its place: in a sentence that says the rest, beside the same words. Otherwise it is lacking, or in doubt.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.reading.dates import Date
from bot.reading.quantities import Quantity, scores
from bot.reading.words import stem
from bot.verification.bindings import apart, belongs_to_another, clause_of, counted, exchanged
from bot.verification.pairing import Pairing, Problem, holds
from bot.verification.places import compatible, in_its_place
from bot.verification.statements import Statement

UNIT = 10
"""Characters after a number in which its unit stands: "-year-old"."""
MORE = 2
"""A number belongs to the sentence that has so many more of its clause's words than the one that has the number."""
_TWO = frozenset(map(stem, ("both", "pair", "couple", "twin", "twice", "double", "second")))


def wrong_facts(pairing: Pairing) -> Iterator[Problem]:
    """The numbers and dates of the claim that do not fit."""
    yield from _numbers(pairing)
    yield from _times(pairing)
    yield from _scores(pairing)
    if crossed := exchanged(pairing.claim, pairing.near):
        mine, theirs = (pairing.claim.text[one.start : one.end] for one in crossed)
        yield Problem("number", f"The passage has “{theirs}” and “{mine}” the other way round.", pairing.chosen[0])


def supported_facts(pairing: Pairing) -> int:
    """How many numbers and dates of the claim stand in its sentences."""
    return sum(any(holds(statement, one) for statement in pairing.near) for one in pairing.claim.facts)


def _numbers(pairing: Pairing) -> Iterator[Problem]:
    near, given = pairing.near, pairing.source.given
    for one in pairing.claim.quantities:
        homes = [statement for statement in (*near, given) if holds(statement, one)]
        if homes:
            other = _counted_otherwise(one, pairing) or _misplaced_number(one, homes, pairing)
            if other := other or belongs_to_another(one, pairing.claim, near[0]):
                yield pairing.doubt(other, one)
        elif one.value == 2 and not one.sort and any(word.stem in _TWO for statement in near for word in statement.words):
            continue
        else:
            yield from _missing(one, pairing)


def _missing(one: Quantity | Date, pairing: Pairing) -> Iterator[Problem]:
    """A number or a date that the sentences lack: another in its place, or none."""
    elsewhere = any(holds(statement, one) for statement in pairing.source.sentences)
    rival = None if elsewhere else in_its_place(one, pairing)
    if rival:
        yield pairing.conflict(rival, one)
    elif isinstance(one, Date) or one.sort != "ordinal" or one.value != 1:
        yield pairing.lacking(one)


def _counted_otherwise(one: Quantity, pairing: Pairing) -> Quantity | None:
    """Another number of what the claim counts with this one, which itself counts other things there."""
    thing = counted(one, pairing.claim)
    if thing is None:
        return None
    pairs = [(other, counted(other, statement)) for statement in pairing.near for other in statement.quantities]
    counts = [other for other, word in pairs if word and word.stem == thing.stem]
    own = [word for other, word in pairs if one.same(other) or one.outlines(other)]
    if not all(own) or any(word.stem == thing.stem for word in own if word):
        return None
    return next((other for other in counts if one.comparable(other) and not holds(pairing.claim, other)), None)


def _misplaced_number(one: Quantity, homes: Sequence[Statement], pairing: Pairing) -> Quantity | Date | None:
    """A rival where the rest of the number's clause stands, while the number itself stands in another sentence or clause."""
    start, end = clause_of(one, pairing.claim)
    counts = [_said(pairing.claim, statement, start, end) for statement in pairing.near]
    at_home = max((n for n, statement in zip(counts, pairing.near, strict=True) if statement in homes), default=0)
    for count, statement in zip(counts, pairing.near, strict=True):
        if statement not in homes and count >= at_home + MORE and (rival := _rival(one, pairing.claim, statement)):
            return rival
    for statement in homes:
        rivals = [o for o in statement.quantities if one.comparable(o) and not holds(pairing.claim, o) and o.unit == one.unit]
        if other := apart(one, pairing.claim, statement, rivals):
            return other
    return None


def _rival(one: Quantity, claim: Statement, statement: Statement) -> Quantity | Date | None:
    """The first of a sentence's numbers of this one's kind that the claim has not."""
    years = [date for date in statement.dates if date.year and not holds(claim, date)]
    if one.is_year and years:
        return years[0]
    free = [other for other in statement.quantities if one.comparable(other) and not compatible(other, claim)]
    alike = [other for other in free if (other.unit, other.sort) == (one.unit, one.sort)]
    return next(iter(alike or free), None)


def _said(claim: Statement, statement: Statement, start: int, end: int) -> int:
    """How many telling words of a part of the claim stand in a statement, numbers and dates left out."""
    facts = claim.quantities
    stems = {word.stem for word in statement.words}
    inside = [word for word in claim.words if start <= word.start < end and word.telling]
    # Nor "year" and "old" of a number of years, which any other number of them has too.
    return len({w.stem for w in inside if not any(f.start <= w.start < f.end + UNIT * bool(f.unit) for f in facts)} & stems)


def _times(pairing: Pairing) -> Iterator[Problem]:
    near, given = [*pairing.near, pairing.source.given], pairing.source.given
    there = [date for statement in near for date in statement.dates]
    whole = [*pairing.source.sentences, given]
    years = {date.year for one in whole for date in one.dates} | {int(q.value) for one in whole for q in one.quantities}
    for date in pairing.claim.dates:
        if any(holds(statement, date) for statement in near) or _put_together(date, there, years):
            if other := _other_period(date, pairing.near):
                yield pairing.doubt(other, date)
        else:
            yield from _missing(date, pairing)


def _other_period(date: Date, near: Iterable[Statement]) -> Date | None:
    """Another decade or century that a sentence names, where it has the claim's own only by a year or a decade in it."""
    for statement in near:
        named = [one for one in statement.dates if (one.decade and date.decade) or (one.century and date.century)]
        if named and not any(one.overlaps(date) for one in named):
            return named[0]
    return None


def _put_together(date: Date, there: Iterable[Date], years: set[int]) -> bool:
    """Whether the day and month stand near, without a year, and the year somewhere in the passage."""
    part = Date(date.start, date.end, 0, date.month, date.day)
    return date.year in years and bool(date.month) and any(other.implies(part) and not other.year for other in there)


def _scores(pairing: Pairing) -> Iterator[Problem]:
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
        if turned and not same and mine.first != mine.second and mine.lost == turned[0].lost:
            yield pairing.turned(turned[0], mine)
