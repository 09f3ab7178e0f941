"""What a claim denies and its sentences say, the other way round, and words that say the opposite; pure."""

from collections.abc import Iterator, Sequence

from bot.claims.pairing import LANDED, Pairing, Problem
from bot.claims.polarity import Negation, is_soft, opposite
from bot.claims.statements import Statement
from bot.claims.wording import Word


def denials(pairing: Pairing) -> Iterator[Problem]:
    """What one of the two says and the other denies."""
    for one in pairing.claim.negations:
        if (says := _affirms(one, pairing.near)) is not None:
            yield Problem("denial" if says else "", only_claim(pairing.claim, one), pairing.chosen[0])
    for i, statement in zip(pairing.chosen, pairing.near, strict=True):
        for one in statement.negations:
            if _affirms(one, [pairing.claim]) and not _elsewhere(one, statement, pairing):
                yield Problem("denial", only_passage(statement, one), i)
    if pair := _opposed(pairing):
        yield pairing.conflict(pair[1], pair[0], "denial")


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
        named = {w.stem for w in other.words if any(n.start <= w.start < n.end for n in other.names)}
        said = [word for word in one.denied if any(mine.stem == word for mine in other.words)]
        if said and (said[0] == one.denied[0] or len([word for word in said if word not in named]) > 1):
            denied = {stem for negation in other.negations for stem in negation.denied}
            return None if denied & set(said) or not _plainly(said[0], other) else True
    soft = any(is_soft(word, other.text) for other in others for word in other.words)
    return None if soft or any(other.negations for other in others) else False


def _elsewhere(one: Negation, statement: Statement, pairing: Pairing) -> bool:
    """Whether the statement also says what it denies here, and the claim is likelier to repeat that: "when you delete ..."."""
    for word in pairing.claim.words:
        if word.stem in one.denied:
            places = [each for each in statement.words if each.stem == word.stem]
            denied = [each for each in places if each.start >= one.end][:1]
            free = [each for each in places if each not in denied]
            likest = max(places, key=lambda each: pairing.nearness((word.start, word.end), (each.start, each.end)))
            if likest not in free:
                return False
    return True


def _plainly(stem: str, other: Statement) -> bool:
    """Whether a word stands in a statement with no soft denial among the four words before it and the two after."""
    places = [n for n, word in enumerate(other.words) if word.stem == stem]
    return not any(is_soft(near, other.text) for n in places for near in other.words[max(0, n - 4) : n + 3])


def _opposed(pairing: Pairing) -> tuple[Word, Word] | None:
    """A word of the claim and its opposite in the best sentence, likest to it there, where neither text has both; or None."""
    best, claim = pairing.near[0], pairing.claim
    mine, theirs = {word.stem for word in claim.words}, {word.stem for word in best.words}
    compared = "than" in mine | theirs
    for word in claim.words:
        against = [o for o in best.words if o.stem not in mine and opposite(word.stem, o.stem, compared=compared)]
        if word.stem not in theirs and against:
            whole = pairing.nearness((word.start, word.end), (best.start, best.end))
            for other in against:
                # "not legal" and "banned" agree.
                agree = _is_denied(word, claim) != _is_denied(other, best)
                if not agree and pairing.nearness((word.start, word.end), (other.start, other.end)) >= LANDED * whole:
                    return word, other
    return None


def _is_denied(word: Word, statement: Statement) -> bool:
    return any(word.stem in negation.denied for negation in statement.negations)
