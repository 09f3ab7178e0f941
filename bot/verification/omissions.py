"""What of a claim its sentences leave open, though they are about the same: a word, a small word that counts, a link; pure.

Likeness forgives a word that nobody said, and three sentences together may have all the words of a claim that none makes.
So a short claim, of which each word decides, needs every telling word in the sentences; and a claim of any
length needs a word of the same kind for its "all", "must", "because" and "before". Nothing here is a contradiction.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.reading.words import Word, stem
from bot.verification.modality import not_asserted
from bot.verification.ordering import in_order_of_dates, parts_around, wrong_order
from bot.verification.pairing import Mismatch, Pairing
from bot.verification.roles import other_object
from bot.verification.statements import Statement

Alike = Callable[[str, str], float]
"""How alike two texts are as wholes, a cosine."""
SHORT = 8
"""Telling words of a claim of which each must be said. In longer ones, models put in words of their own."""
UNLIKE, GAIN = 0.5, 0.04
"""A telling word is not said where no form of it stands in the sentences, their tokens are less like it, and the claim without
it is so much more like the best of them: "owned" and "nurse" are not said, and "postponed" is beside "put off". Of 371 accepted
claims that people called supported, 4 have such a word, and of 151 that they did not, 12."""
_FILLERS_WORDS = """
    yes yeah yep okay true sure know think thought believe feel guess mean lot kind sort order way thing said say state write
    note report describe explain mention tell speak called named"""
_FILLERS = frozenset(map(stem, _FILLERS_WORDS.split()))


def _any_of(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(listed.split())})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operator:
    """Small words that a claim may have only where the sentences have one that does the same.

    Those that are `linking` must do so between the same things.
    """

    mine: re.Pattern[str]
    theirs: re.Pattern[str]
    linking: bool = False


_OPERATORS = (
    Operator(
        _any_of(
            # "All of them" speaks of what was named before; it adds no "all" of its own.
            r"all(?!\sof\s(?:which|whom|them|these|those)) "
            # "Every Friday" tells how often, as "on Fridays" does.
            r"every(?!\s(?:second|minute|hour|day|night|morning|evening|week|month|year|time|\w+day)) "
            r"always everyone everybody everything entire entirely completely"
        ),
        _any_of(
            r"all every each any always everyone everybody everything both entire\w* whole\w* complete\w* full\w* total\w* "
            r"throughout no none never only whatever whoever wherever"
        ),
    ),
    Operator(
        _any_of(r"must ha(?:s|ve|d)\sto needs?\sto (?:is|are|was|were)\s(?:required|obliged)\sto compulsory mandatory"),
        _any_of(
            r"must ha(?:s|ve|d)\sto need\w* requir\w+ obli\w+ mandatory compulsory shall should necessary essential unless "
            r"until not cannot never no only pays? paid"
        ),
    ),
    Operator(
        _any_of(r"because due\sto owing\sto as\sa\sresult\sof caused\sby thanks\sto"),
        _any_of(
            r"because due owing caus\w+ reasons? results?\w* thanks so since as for leads? led mak\w+ made blam\w+ why "
            r"therefore hence after from by when contribut\w+ with"
        ),
        linking=True,
    ),
    Operator(
        # "Than ever before" and "after all" put nothing in order.
        _any_of(r"(?<!ever\s)before after(?!\s(?:which|all))"),
        _any_of(
            r"before after until till earlier later already previous\w* prior then when once since first next last by "
            # Any figure may be a date, which puts things in order by itself.
            r"follow\w+ ago had former\w* upon \d+"
        ),
        linking=True,
    ),
)
_OF_SOMETHING = frozenset({"all", "every", "each", "any", "no", "none"})
QUANTIFIED = 6
"""Words behind "all" among which what it is said of stands."""
_UNIVERSAL = _any_of("all every each always everyone everybody any no none never")
_EXCEPTION = re.compile(r"\b(?:exceptions?|except|unless|other than|apart from|not all|not every|but not)\b", re.IGNORECASE)
_DISPUTED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|debunk(?:s|ed|ing)?|"
    r"(?:doubt|question)(?:s|ed|ing)? (?:that|whether|if)|"
    r"reject(?:s|ed|ing)? (?:the |this )?(?:claims?|idea|notion|suggestion)s?|"
    r"no evidence|false(?:ly)?|myth|rumou?r(?:s|ed)?|alleg(?:e|es|ed|edly))\b",
    re.IGNORECASE,
)


def omissions(pairing: Pairing, alike: Alike) -> Iterator[Mismatch]:
    """What the sentences do not say of the claim: the first of each kind. `alike` is the cosine of two texts as wholes."""
    # Names have rules of their own (`entities`).
    own = [word for word in pairing.claim.plain if not pairing.claim.is_named(word)]
    # In a longer claim single words are the writer's own ("notably"), and likeness judges them with the rest.
    if len(pairing.claim.plain) <= SHORT:
        yield from _unsaid_words(pairing, own, alike)
    yield from _operators(pairing)
    yield from _quantified(pairing)
    yield from wrong_order(pairing)
    if (other := other_object(pairing, alike)) is not None:
        yield other
    yield from not_asserted(pairing)
    yield from _exceptions(pairing)
    yield from _bounds(pairing)
    yield from _disputes(pairing)


def _exceptions(pairing: Pairing) -> Iterator[Mismatch]:
    """An exception to what the claim says of all, where it makes none itself."""
    claim = pairing.claim
    # A claim that names the exception itself agrees with it.
    if not _UNIVERSAL.search(claim.text, claim.start, claim.end) or _EXCEPTION.search(claim.text, claim.start, claim.end):
        return
    for n, one in zip(pairing.chosen, pairing.near, strict=True):
        if found := _EXCEPTION.search(one.text, one.start, one.end):
            yield Mismatch("", f"The passage says “{found[0]}” of it.", n)
            return


def _unsaid_words(pairing: Pairing, own: list[Word], alike: Alike) -> Iterator[Mismatch]:
    """A telling word of a short claim that stands nowhere in its sentences, and nothing like it."""
    near = pairing.near
    # What the title says need not be said again in the sentence.
    there = {word.stem for one in (*near, pairing.source.given) for word in one.words} | _FILLERS
    for word in own:
        if word.stem not in there:
            likest = max(pairing.nearness((word.start, word.end), (one.start, one.end)) for one in near)
            if likest < UNLIKE and _gain(word, pairing, alike) > GAIN:
                yield pairing.unsaid(f"“{word.text}” does not stand in the passage.")
                return


def _gain(word: Word, pairing: Pairing, alike: Alike) -> float:
    """How much more like the best sentence the claim is without a word."""
    claim, best = pairing.claim.text, pairing.near[0]
    said = best.text[best.start : best.end]
    # A word that means something else draws the claim away from the sentence; a synonym does not.
    return alike(claim[: word.start] + claim[word.end :], said) - alike(claim, said)


def _operators(pairing: Pairing) -> Iterator[Mismatch]:
    """A small word of the claim that does what none in the sentences does."""
    claim = pairing.claim
    for operator in _OPERATORS:
        found = operator.mine.search(claim.text, claim.start, claim.end)
        if found is None or any(_does(operator, one, found.span(), claim) for one in pairing.near):
            continue
        # Two dates say "before" as well as the word does.
        if not in_order_of_dates(pairing):
            yield pairing.unsaid(f"The passage does not say “{' '.join(found[0].split())}” of it.")
            return


def _quantified(pairing: Pairing) -> Iterator[Mismatch]:
    """What the claim says of all of something, where its sentences say "each" or "all" of something else only."""
    claim, operator = pairing.claim, _OPERATORS[0]
    found = operator.mine.search(claim.text, claim.start, claim.end)
    if found is None or found[0].casefold() not in _OF_SOMETHING or len(claim.plain) > SHORT:
        return
    # "All ministers", "all the old ministers": the thing is among the next two telling words.
    telling = [word for word in claim.words if word.start >= found.end() and word.telling][:2]
    # "All five boats" is compared as a number.
    if not telling or any(claim.counts(word) for word in telling):
        return
    stems = {word.stem for word in telling}
    theirs = [(one, other) for one in pairing.near for other in operator.theirs.finditer(one.text, one.start, one.end)]
    if theirs and not any(_is_of(stems, other, one) for one, other in theirs):
        yield pairing.unsaid(f"The passage does not say “{found[0]}” of it.")


def _is_of(stems: set[str], found: re.Match[str], one: Statement) -> bool:
    """Whether a word for all of something goes with one of these words, or with no noun of its own."""
    behind = [word.stem for word in one.words if word.start >= found.end()][:QUANTIFIED]
    # "Always" and "everybody" have no noun behind them to compare.
    return found[0].casefold() not in _OF_SOMETHING or bool(stems & set(behind))


def _does(operator: Operator, one: Statement, at: tuple[int, int], claim: Statement) -> bool:
    """Whether a sentence has a word like it; of a linking one, beside words of both parts that it links."""
    if not operator.theirs.search(one.text, one.start, one.end):
        return False
    parts = parts_around(claim, at)
    # "Because" must link the same two things: words of both parts stand in that one sentence.
    return not operator.linking or not all(parts) or all(part & {word.stem for word in one.words} for part in parts)


def _bounds(pairing: Pairing) -> Iterator[Mismatch]:
    """The same number as a bound from above and from below."""
    for one in pairing.claim.quantities:
        if one.hedge not in ("above", "below"):
            continue
        there = [other for statement in pairing.near for other in statement.quantities if other.same(one)]
        other_way = {"above": "below", "below": "above"}[one.hedge]
        # A bare number beside a bound is no contradiction: it may be meant as one.
        if there and all(other.hedge == other_way for other in there):
            reason = f"The passage says “{_with_hedge(pairing.source.text, there[0].start, there[0].end)}”."
            yield Mismatch("other", reason, pairing.sentence_of(there[0].start))


def _with_hedge(text: str, start: int, end: int) -> str:
    # The two words before the number hold its hedge: "more than two".
    return " ".join([*text[max(0, start - 24) : start].split()[-2:], *text[start:end].split()])


def _clean(statement: Statement) -> str:
    return statement.text[statement.start : statement.end]


def _disputes(pairing: Pairing) -> Iterator[Mismatch]:
    """A denial or a rumour that only one of the two tells of."""
    mine, theirs = _DISPUTED.search(_clean(pairing.claim)), _DISPUTED.search(" ".join(map(_clean, pairing.near)))
    if mine and not theirs:
        yield pairing.unsaid(f"The passage does not say “{mine[0]}”.")
