"""How surely a text says something, and how much of it: bounds, duties, plans, shares, and who says so; pure.

"More than 460" and "fewer than 460" share every number; "must be approved" and "has been approved" every name. Small words make
the difference here, so they are compared as kinds, near the words that they go with. Rules of our own; they read English.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.reading.words import Word
from bot.verification.pairing import Pairing, Problem
from bot.verification.statements import Statement

BEFORE = 4
"""So many words before a verb, a "must" or a "may" goes with it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPEN = _words("must should needs need yet pending awaits")
_PLANNED = _words("""may might could would will expected plans planned planning scheduled hopes hoped intends intended proposes
    proposed wants likely possibly perhaps probably considering considers if""")
_TO_COME = _OPEN | _PLANNED | _words("can shall future next ahead potential aims aimed meant due supposed")
_ASSERTED = _words("has have had was were is are already")
_DUTY = re.compile(r"\b(?:must|has to|have to|had to|needs? to|(?:is|are|was|were) (?:required|obliged) to)\b", re.IGNORECASE)
_NO_DUTY = re.compile(
    r"\b(?:need(?:s)? not|needn't|(?:do|does|did)(?:n't| not) (?:have|need) to|"
    r"(?:is|are|was|were)(?:n't| not) (?:required|obliged) to)\b",
    re.IGNORECASE,
)
_DISPUTED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|debunk(?:s|ed|ing)?|"
    r"(?:doubt|question)(?:s|ed|ing)? (?:that|whether|if)|"
    r"reject(?:s|ed|ing)? (?:the |this )?(?:claims?|idea|notion|suggestion)s?|"
    r"no evidence|false(?:ly)?|myth|rumou?r(?:s|ed)?|alleg(?:e|es|ed|edly))\b",
    re.IGNORECASE,
)
_SHARES = {
    "all": _words("all every each entire entirely whole wholly completely always everyone everybody"),
    "most": _words("most mostly mainly largely majority primarily predominantly chiefly usually"),
    "some": _words("some several part partly partially sometimes occasionally"),
    "few": _words("few fewest little least minority rarely seldom barely hardly"),
}
_AGAINST = {"all": {"most", "some", "few"}, "most": {"few"}, "some": {"all", "few"}, "few": {"all", "most"}}
_PAST = re.compile(r"\w{3,}ed|been|begun|built|made|given|taken|won|lost|sold|bought|paid|held|sent|found", re.IGNORECASE)


def hedged(pairing: Pairing) -> Iterator[Problem]:
    """What the claim says more surely, more widely or of other people than its sentences do."""
    yield from _bounds(pairing)
    yield from _duties(pairing)
    yield from _plans(pairing)
    yield from _shares(pairing)
    yield from _disputes(pairing)
    yield from _exchanged(pairing)


def _bounds(pairing: Pairing) -> Iterator[Problem]:
    """The same number as a bound from above and from below."""
    for one in pairing.claim.quantities:
        if one.hedge not in ("above", "below"):
            continue
        there = [other for statement in pairing.near for other in statement.quantities if other.same(one)]
        other_way = {"above": "below", "below": "above"}[one.hedge]
        if there and all(other.hedge == other_way for other in there):
            reason = f"The passage says “{_with_hedge(pairing.source.text, there[0].start, there[0].end)}”."
            yield Problem("other", reason, pairing.sentence_of(there[0].start))


def _with_hedge(text: str, start: int, end: int) -> str:
    return " ".join([*text[max(0, start - 24) : start].split()[-2:], *text[start:end].split()])


def _duties(pairing: Pairing) -> Iterator[Problem]:
    """A duty that one of the two texts has and the other denies."""
    mine, theirs = _clean(pairing.claim), " ".join(map(_clean, pairing.near))
    for free, bound in ((mine, theirs), (theirs, mine)):
        if (found := _NO_DUTY.search(free)) and _DUTY.search(bound) and not _NO_DUTY.search(bound):
            who = "claim" if free is mine else "passage"
            yield Problem("other", f"The {who} says “{found[0]}”, and the other does not.", pairing.chosen[0])


def _clean(statement: Statement) -> str:
    return statement.text[statement.start : statement.end]


def _plans(pairing: Pairing) -> Iterator[Problem]:
    """Something that is still to be done, or only expected, in the sentences, and done in the claim."""
    if any(_is(word, _TO_COME) for word in pairing.claim.words) or _DUTY.search(_clean(pairing.claim)):
        return
    left_open = {stem: marker for statement in pairing.near for stem, marker in _left_open(statement).items()}
    for n, word in enumerate(pairing.claim.words):
        before = {each.text.casefold() for each in pairing.claim.words[max(0, n - BEFORE) : n]}
        done = _PAST.fullmatch(word.text) and (before & _ASSERTED or word.text.endswith("ed"))
        if done and (marker := left_open.get(word.stem)):
            settled = marker.casefold() in _OPEN
            yield Problem(
                "other" if settled else "", f"The passage says “{marker}” of it, not that it is done.", pairing.chosen[0]
            )
            return


def _is(word: Word, kind: frozenset[str]) -> bool:
    """Whether a word is one of these; the month of May is none."""
    return word.text != "May" and word.text.casefold() in kind


def _left_open(statement: Statement) -> dict[str, str]:
    """The words of a statement, by stem, that never stand without something that leaves them open; and that."""
    found: dict[str, str] = {}
    for n, word in enumerate(statement.words):
        before = statement.words[max(0, n - BEFORE) : n]
        marker = next((each.text for each in before if _is(each, _OPEN | _PLANNED)), "")
        found[word.stem] = marker if found.get(word.stem, marker) else ""
    return found


def _shares(pairing: Pairing) -> Iterator[Problem]:
    """ "Most of the decline" in one text and "little of the decline" in the other."""
    there = [one for statement in pairing.near for one in islice(_kinds(statement.words), MOST)]
    same = {(kind, of) for kind, _, of in there}
    for kind, word, of in islice(_kinds(pairing.claim.words), MOST):
        against = next((other for other_kind, other, what in there if what == of and other_kind in _AGAINST[kind]), None)
        if against is not None and (kind, of) not in same:
            yield pairing.conflict(against, word)


MOST = 40
"""Words for a share in one text that are compared, at most: a text made of nothing else would take minutes."""


def _kinds(found: Sequence[Word]) -> Iterator[tuple[str, Word, str]]:
    """The words for a share: their kind, themselves, and the stem of what it is a share of."""
    for n, word in enumerate(found):
        of = next((each.stem for each in found[n + 1 : n + 1 + BEFORE] if each.telling), "")
        if of:
            yield from ((kind, word, of) for kind, words in _SHARES.items() if word.text.casefold() in words)


def _disputes(pairing: Pairing) -> Iterator[Problem]:
    """A denial or a rumour that only one of the two tells of."""
    mine, theirs = _DISPUTED.search(_clean(pairing.claim)), _DISPUTED.search(" ".join(map(_clean, pairing.near)))
    if mine and not theirs:
        yield Problem("", f"The passage does not say “{mine[0]}”.", pairing.chosen[0])


def _exchanged(pairing: Pairing) -> Iterator[Problem]:
    """Two names on the two sides of one verb that have changed places: "A is buying B", "B is buying A"."""
    for verb, first, second in _around(pairing.claim):
        for statement in pairing.near:
            for other, left, right in _around(statement):
                if other == verb and (left, right) == (second, first):
                    yield Problem("other", "The passage has it the other way round.", pairing.chosen[0])
                    return


def _around(statement: Statement) -> Iterator[tuple[str, str, str]]:
    """Verbs with a name on either side and nothing else of weight between: the verb's stem and the two names."""
    for one, other in zip(statement.names, statement.names[1:], strict=False):
        between = statement.text[one.end : other.start]
        inside = [word for word in statement.words if one.end <= word.start < other.start]
        telling = [word for word in inside if word.telling]
        if len(telling) == 1 and len(inside) <= BEFORE and not re.search(r"[,;:.]|\bby\b|\band\b|\bor\b|\bof\b", between):
            yield telling[0].stem, one.text.casefold(), other.text.casefold()
