"""What a claim denies and its sentences say, the other way round, and words that say the opposite; pure."""

from collections.abc import Iterator, Sequence

from bot.reading.negations import Negation, is_soft, opposite
from bot.reading.words import Word
from bot.verification.pairing import LANDED, Conflict, Mismatch, Pairing, share
from bot.verification.statements import Statement, clauses

SAME = 0.8
"""One says the opposite of the other in so many words where it has such a share of the other's telling words, and"""
IN_ORDER = 0.7
"""such a share in the same order."""

_QUANTIFIERS = frozenset({"all", "every", "no", "none"})


def denials(pairing: Pairing) -> Iterator[Mismatch]:
    """What one of the two says and the other denies; in conflict where they have the same words but for that."""
    # A denial may stand in the line before a list: "Members must not bring:".
    near = [*pairing.near, *pairing.leads]
    for one in pairing.claim.negations:
        if (says := _affirms(one, near)) is not None:
            yield Mismatch(how(one, pairing) if says else "", only_claim(pairing.claim, one), pairing.chosen[0])
    theirs = {word for statement in near for one in statement.negations for word in one.denied}
    # Both deny the same, in whatever words; then no other negation of the passage is held against the claim.
    agreed = any(theirs & set(one.denied) for one in pairing.claim.negations)
    for i, statement in zip(pairing.chosen, pairing.near, strict=True):
        for one in statement.negations:
            if not agreed and _affirms(one, [pairing.claim]):
                yield Mismatch(how(one, pairing), only_passage(statement, one), i)
    if pair := _opposed(pairing):
        yield pairing.conflict(pair[1], pair[0])


def how(one: Negation, pairing: Pairing) -> Conflict:
    """How a negation that only one of the two has conflicts with the other: as a "denial" where they have the same words.

    The best sentence has nearly all other words of the claim, a good part of them in the clause of the negation.
    """
    claim, best = pairing.claim, pairing.near[0]
    there, own = ({word.stem for word in statement.words} for statement in (best, claim))
    shared = {word.stem for word in claim.plain if word.stem in there}
    denied = [stem for stem in one.denied if stem in there & own]
    beside = shared & _beside(one, claim if one in claim.negations else best)
    # Only one of the two denies anything, and the other has at least half of what is denied.
    alone = bool(claim.negations) != bool(best.negations) and 2 * len(denied) >= len(one.denied) > 0
    # Long and in the same order: otherwise the sentence may deny something else with the same words.
    same = len(shared) >= SAME * len({word.stem for word in claim.plain}) and share(claim.plain, best.words) >= IN_ORDER
    # A third of what they share must stand in the clause of the negation.
    return "denial" if alone and same and 3 * len(beside) >= len(shared) else "other"


def _beside(one: Negation, statement: Statement) -> frozenset[str]:
    """The words in the clause of a negation: "I am no expert, but the tower is old" denies nothing of the tower."""
    start, end = next(((a, b) for a, b in clauses(statement) if a <= one.start < b), (statement.start, statement.end))
    return frozenset(word.stem for word in statement.words if start <= word.start < end)


def only_claim(claim: Statement, one: Negation) -> str:
    """The reason where only the claim denies something."""
    return f"The claim says “{claim.text[one.start : one.end]}”, and the passage does not."


def only_passage(statement: Statement, one: Negation) -> str:
    """The reason where only the passage does."""
    return f"The passage says “{statement.text[one.start : one.end]}”, and the claim does not."


def _affirms(one: Negation, others: Sequence[Statement]) -> bool | None:
    """Whether these say what a negation denies: True where they plainly do, False where they deny nothing at all, else None.

    They say it where they have its first word, or two of the others.
    """
    if {word for other in others for negation in other.negations for word in negation.denied} & set(one.denied[:2]):
        return None
    for other in others:
        # A name comes up in many sentences about the same person, so it alone does not tell that the same was said.
        named = {word.stem for word in other.words if other.is_named(word)}
        said = [word for word in one.denied if any(mine.stem == word for mine in other.words)]
        if said and (said[0] == one.denied[0] or len([word for word in said if word not in named]) > 1):
            denied = {stem for negation in other.negations for stem in negation.denied}
            return None if denied & set(said) or not _plainly(said[0], other) else True
    # "Unclear" or "only" may deny it in its own way.
    soft = any(is_soft(word, other.text) for other in others for word in other.words)
    return None if soft or any(other.negations for other in others) else False


def _plainly(stem: str, other: Statement) -> bool:
    """Whether a word stands in a statement with no soft denial among the four words before it and the two after."""
    places = [n for n, word in enumerate(other.words) if word.stem == stem]
    return not any(is_soft(near, other.text) for n in places for near in other.words[max(0, n - 4) : n + 3])


def _opposed(pairing: Pairing) -> tuple[Word, Word] | None:
    """A word of the claim and its opposite in the best sentence, likest to it there, where neither text has both; or None."""
    best, claim = pairing.near[0], pairing.claim
    mine, theirs = {word.stem for word in claim.words}, {word.stem for word in best.words}
    # "More" and "less" are opposites only where something is compared.
    compared = "than" in mine | theirs
    against: dict[str, list[Word]] = {}
    # A word that both texts have is no opposite of anything.
    for stem in mine - theirs:
        opposed = {other for other in theirs - mine if opposite(stem, other, compared=compared)}
        against[stem] = [word for word in best.words if word.stem in opposed] if opposed else []
    for word in claim.words:
        if against.get(word.stem):
            whole = pairing.nearness((word.start, word.end), (best.start, best.end))
            for other in against[word.stem]:
                # "not legal" and "banned" agree.
                agree = _is_denied(word, claim) != _is_denied(other, best)
                if (
                    not agree
                    and _of_one_thing(word, claim, other, best)
                    and pairing.nearness((word.start, word.end), (other.start, other.end)) >= LANDED * whole
                ):
                    return word, other
    return None


def _of_one_thing(one: Word, claim: Statement, other: Word, best: Statement) -> bool:
    """Whether "all" and "no" are said of the same: "all leaders" and "no other way" are no opposites."""
    if not {one.text.casefold(), other.text.casefold()} & _QUANTIFIERS:
        return True
    behind = [
        next((w.stem for w in text.words if w.telling and w.start > word.start), "")
        for word, text in ((one, claim), (other, best))
    ]
    return behind[0] == behind[1]


def _is_denied(word: Word, statement: Statement) -> bool:
    return any(word.stem in negation.denied for negation in statement.negations)
