"""What of a claim its sentences leave open, though they are about the same: a word, a small word that counts, a link; pure.

Likeness forgives a word that nobody said, and three sentences together may have all the words of a claim that none makes.
So a short claim, of which each word decides, needs every telling word in the sentences; and a claim of any
length needs a word of the same kind for its "all", "must", "because" and "before". What its sentences only say that somebody
says, wants or should do is left open too (modality), and so is which of two things came first. Nothing here is a contradiction.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.reading.words import Word, is_past, stem, words
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


LEAD = 30
"""Characters before a verb in which a word stands that makes it a wish, a duty or a possibility."""
_LED = re.compile(
    r"\b(?:(?:would|could|may|might|should|must|shall)(?: have to)?|"
    r"(?:ha(?:ve|s|d)|needs?|wants?|wanted|hope[sd]?|plan(?:s|ned)?|ask(?:s|ed)?|propose[sd]?|"
    r"intend(?:s|ed)?|promise[sd]?|attempt(?:s|ed)?|tr(?:y|ies|ied)) to)(?: \w+){0,2} $",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:may|might|could|perhaps|maybe|possibly|whether|if|unclear|unknown|uncertain|ask(?:s|ed)?|wonder)\b", re.IGNORECASE
)
# The claim itself says only that it has to be or can be.
_BOUND = re.compile(r"\b(?:must|can|cannot|needs?)\b", re.IGNORECASE)
_PRESENT = frozenset({"is", "are", "be", "being", "also", "often"})
# What somebody only says, asks or wants; a passage that has no more does not say that it is so.
_ONLY_SAID = re.compile(
    r"\b(?:(?:mov|propos|suggest|ask|argu|demand|claim|fear|alleg|reject|den|doubt|hop|promis)(?:e|es|ed|ing|s|y|ies|ied)?\b"
    r"[^.;]{0,50}?\b(?:that|whether)|(?:wants|hopes|plans|intends|promises|threatens|offers) to)\b",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"(?:\b(?:not|nor|never|unclear|unknown|uncertain|undecided)|n't)\b[^.;]{0,30}?\b(?:whether|if)\b", re.IGNORECASE
)
# In small letters: May is a month.
_OPEN = re.compile(r"\b(?:may|might|could|would|should|will|think|believ|accord|possib|likely|plan|want|hop|not)\w*")


def not_asserted(pairing: Pairing) -> Iterator[Mismatch]:
    """The first of each kind."""
    yield from _only_may(pairing)
    yield from _only_said(pairing)
    yield from _undecided(pairing)


def _own(pairing: Pairing) -> set[str]:
    """The stems of the claim's telling words that are no names."""
    claim = pairing.claim
    return {word.stem for word in claim.plain if not claim.is_named(word)}


def _only_may(pairing: Pairing) -> Iterator[Mismatch]:
    """What the claim says was done, and its sentences only that it would, should or has to be."""
    claim = pairing.claim
    if any(open_.search(claim.text, claim.start, claim.end) for open_ in (_OPEN, _LED, _BOUND)):
        return
    for n in claim.verbs:
        verb = claim.words[n]
        # "The term is applied to games" tells of no single deed, and "may be applied" says about the same.
        if n and claim.words[n - 1].text.casefold() in _PRESENT:
            continue
        found = [(one, word) for one in pairing.near for word in one.words if word.stem == verb.stem]
        led = [_LED.search(one.text[max(one.start, word.start - LEAD) : word.start]) for one, word in found]
        # One place where the sentences say it outright is enough.
        if is_past(verb) and led and all(led):
            first = led[0]
            yield pairing.unsaid(f"The passage says “{first[0].strip() if first else ''} {found[0][1].text}”.")
            return


def _only_said(pairing: Pairing) -> Iterator[Mismatch]:
    """What the best sentence only tells that somebody said, asked or wants, and the claim says of itself."""
    claim, best = pairing.claim, pairing.near[0]
    found = _ONLY_SAID.search(best.text, best.start, best.end)
    if found is None or any(open_.search(claim.text, claim.start, claim.end) for open_ in (_OPEN, _ONLY_SAID)):
        return
    own = _own(pairing)
    before = {word.stem for word in best.words if word.start < found.end()}
    after = {word.stem for word in best.words if word.start >= found.end()}
    # Most of the claim must come from what was only said, and not from who said it.
    if len(own & after - before) >= 2 and len(own & after - before) > len(own & before):
        yield pairing.unsaid(f"The passage says “{' '.join(found[0].split())}” before it.")


def _undecided(pairing: Pairing) -> Iterator[Mismatch]:
    """What the best sentence says is not known or not said, and the claim says of itself: "has not said whether it will"."""
    claim, best = pairing.claim, pairing.near[0]
    found = _UNDECIDED.search(best.text, best.start, best.end)
    if found is None or any(open_.search(claim.text, claim.start, claim.end) for open_ in (_UNSURE, _UNDECIDED)):
        return
    own = _own(pairing)
    after = {word.stem for word in best.words if word.start >= found.end()}
    # "Has not said that it will pay" agrees with "has not said whether".
    if own & after and not claim.negations:
        yield pairing.unsaid(f"The passage says “{' '.join(found[0].split())}” before it.")


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
