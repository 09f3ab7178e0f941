"""Words in each other's place, where a claim repeats a sentence nearly word for word; pure."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.reading.dates import Date
from bot.reading.names import Name, same_name
from bot.reading.negations import eastern_negations, is_soft, of_one_class, opposite
from bot.reading.quantities import Quantity
from bot.reading.words import Word
from bot.verification.denials import how, only_claim, only_passage
from bot.verification.entities import missing_names
from bot.verification.numbers import wrong_facts
from bot.verification.pairing import Alignment, Gap, Mismatch, Pairing
from bot.verification.statements import Statement

Alike = Callable[[str, str], float]
"""How alike two words or short phrases are by themselves, a cosine."""
# Japanese endings and particles: they change with the grammar around them.
_ENDING = re.compile("[\u3040-\u309f]*")
SMALL = 4
"""Words of a gap at most for what stands in it to be in each other's place."""


def substitutions(pairing: Pairing, alignment: Alignment, alike: Alike, only: float, floor: float) -> Iterator[Mismatch]:
    """Where a claim repeats a sentence nearly word for word: what stands in the place of something else.

    Where the texts differ in a single place, words that are less alike than `floor` do not mean the same there, and a single
    word than `only`. Where they differ in more, somebody has put it into other words.
    """
    # Words that the claim only leaves out are no difference of its own.
    single = sum(bool(gap.claim) for gap in alignment.gaps) == 1
    for gap in alignment.gaps:
        if denial := _denial(pairing, gap):
            yield denial
            continue
        # A longer stretch is another wording and has no word in another's place.
        if max(len(gap.claim), len(gap.source)) > SMALL:
            continue
        if rival := _number_instead(pairing, gap, alignment.loose[1]):
            yield rival
            continue
        # What the title or the author's name gives is not held against the claim.
        given = frozenset(word.stem for word in pairing.source.given.words)
        mine = _own(gap.claim, pairing.claim, alignment.loose[1] | given)
        theirs = _own(gap.source, pairing.near[0], alignment.loose[0])
        if not mine or not theirs:
            continue
        if rival := _name_instead(pairing, mine, theirs, alike, floor):
            yield rival
        # "Day" for "week", "rose" for "fell".
        elif any(of_one_class(a.stem, b.stem) or opposite(a.stem, b.stem) for a in mine for b in theirs):
            yield pairing.conflict(theirs[0], mine[0])
        # At an open end the sentence goes on, so nothing stands opposite to the claim's words.
        elif single and not gap.open and (differing := _differing(pairing, mine, theirs)):
            bar = only if len(mine) == len(theirs) == 1 else floor
            if alike(*differing) < bar:
                reason = f"The passage has “{differing[1]}” where the claim has “{differing[0]}”."
                yield pairing.unsaid(reason)


def _differing(pairing: Pairing, mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[str, str] | None:
    """The words on both sides of a gap, where they are no names."""
    named = _in_names(mine, pairing.claim.names) or _in_names(theirs, pairing.near[0].names)
    if named or not any(word.telling for word in mine) or not any(word.telling for word in theirs):
        return None
    return _phrase(mine), _phrase(theirs)


def _denial(pairing: Pairing, gap: Gap) -> Mismatch | None:
    """A negation that only one of the two texts has here."""
    mine = [one for one in pairing.claim.negations if gap.claim_has(one.start)]
    theirs = [one for one in pairing.near[0].negations if gap.source_has(one.start)]
    text, others = (pairing.source.text, gap.source) if mine else (pairing.claim.text, gap.claim)
    # "Was unclear" and "was not clear", "not open" and "closed", say the same.
    answered = any(is_soft(word, text) for word in others) or any(
        opposite(one.stem, other.stem) for one in gap.claim for other in gap.source
    )
    # "None of the machines was replaced" and "the machines were not replaced" deny the same.
    both = pairing.claim.negations, pairing.near[0].negations
    if len(both[0]) == len(both[1]) and {w for one in both[0] for w in one.denied} & {w for one in both[1] for w in one.denied}:
        return None
    # Two negations, or none, on both sides agree.
    if bool(mine) == bool(theirs) or answered:
        return None
    told = only_claim(pairing.claim, mine[0]) if mine else only_passage(pairing.near[0], theirs[0])
    return Mismatch(how((mine or theirs)[0], pairing), told, pairing.chosen[0])


def _number_instead(pairing: Pairing, gap: Gap, loose: frozenset[str]) -> Mismatch | None:
    """Another number or date where the claim has one that was not merely moved here."""
    for one in pairing.claim.facts:
        inside = [word for word in gap.claim if one.start <= word.start < one.end]
        # Two numbers that change places are both moved, and each stands where the other was.
        if not inside or (all(word.stem in loose for word in inside) and len(gap.claim) != len(gap.source)):
            continue
        best = pairing.near[0]
        others = [o for o in best.facts if any(o.start <= word.start < o.end for word in gap.source)]
        if others and not any(_same_fact(one, other) for other in others):
            return pairing.conflict(others[0], one)
    return None


def _same_fact(one: Quantity | Date, other: Quantity | Date) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.same(other) or one.outlines(other)
    if isinstance(one, Date) and isinstance(other, Date):
        return other.implies(one)
    # A date and a number: they may be the same year, which the rules of numbers compare.
    return any(isinstance(each, Date) and each.year for each in (one, other))


def _name_instead(
    pairing: Pairing, mine: Sequence[Word], theirs: Sequence[Word], alike: Alike, floor: float
) -> Mismatch | None:
    """Names in each other's place; words that only begin their sentences may be no names, and are asked how alike they are."""
    ours, others = (_in_names(part, text.names) for part, text in ((mine, pairing.claim), (theirs, pairing.near[0])))
    if not ours or not others or any(same_name(a.text, b.text) for a in ours for b in others):
        return None
    weak = all(any(name.weak and name.start == word.start for name in pairing.claim.names) for word in ours)
    if weak and alike(_phrase(mine), _phrase(theirs)) >= floor:
        return None
    return pairing.conflict(others[0], ours[0])


def _in_names(part: Sequence[Word], names: Sequence[Name]) -> list[Word]:
    return [word for word in part if word.text[:1].isupper() and any(n.start <= word.start < n.end for n in names)]


def _own(part: Sequence[Word], statement: Statement, loose: frozenset[str]) -> list[Word]:
    """The telling words and names of a gap that were not moved here from elsewhere; numbers and dates are compared as such."""
    return [word for word in part if (word.telling or word.capital) and word.stem not in loose and not statement.counts(word)]


def _phrase(part: Sequence[Word]) -> str:
    return " ".join(word.text for word in part)


def eastern(pairing: Pairing, alignment: Alignment, verbatim: float) -> list[Mismatch]:
    """What does not fit in a claim of an eastern script: numbers, dates, Latin names, negations, exchanged characters."""
    # Whether one name stands in another's place is told by likeness, which these scripts have none of.
    found = [*wrong_facts(pairing), *(one for one in missing_names(pairing) if not one.conflict)]
    best = pairing.near[0]
    mine, theirs = eastern_negations(pairing.claim.text), eastern_negations(best.text[best.start : best.end])
    # Far from word for word, only a denial that stands nowhere in the sentence is plain enough to tell.
    if alignment.share < verbatim:
        denied = pairing.unsaid("The claim denies something, and the passage does not.")
        return found + [denied] * (mine > 0 and theirs == 0)
    for gap in alignment.gaps:
        if rival := _number_instead(pairing, gap, alignment.loose[1]):
            found.append(rival)
            continue
        if gap.claim and all(map(pairing.claim.counts, gap.claim)) and all(map(best.counts, gap.source)):
            continue  # the same number or date in another form
        one, other = ("".join(word.text for word in side) for side in (gap.claim, gap.source))
        # Where the claim leaves a lot out, only what stands right before its next words denies them.
        beside = "" if gap.open == "after" else other[-SMALL:] if len(other) > 2 * SMALL else other
        # Two negations in one gap cancel each other.
        if eastern_negations(one) % 2 != eastern_negations(beside) % 2:
            found.append(
                Mismatch("denial", "Either the claim or the passage denies it, and the other does not.", pairing.chosen[0])
            )
        # What stands elsewhere in the passage was moved, and endings in hiragana only follow the grammar.
        elif other and max(len(one), len(other)) <= 2 * SMALL and one not in pairing.source.text and not _ENDING.fullmatch(one):
            found.append(pairing.unsaid(f"The passage has “{other}” where the claim has “{one}”."))
    return found
