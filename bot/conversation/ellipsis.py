"""Turns that put something in the place of a part of the turn before: "And in 2019?", "No, I meant Japan."; pure.

Only what is plain is recast: the piece holds one year, month, ordinal or name, and the turn before has one counterpart for it.
"""

import re
from collections.abc import Callable

from bot.reading.names import names, word_set

AUXILIARY = (
    "is|are|was|were|be|been|being|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|"
    "(?:is|are|was|were|does|do|did|has|have|ca|wo)n['’]t"
)
ASKING = "what|which|who|whom|whose|when|where|why|how"
PREPOSITION = (
    "about|of|for|with|without|by|to|in|into|on|at|from|after|before|during|since|until|under|over|against|between|behind|like|"
    "than|near|around"
)

_INSTEAD = r"(?:(?:no|sorry|actually|wait|oops|nope|pardon)\b[,.!:;—–-]*\s*)*"
_I_MEAN = r"i(?:['’]m| am| was)? (?:mean|meant|talking about|asking about)(?: to (?:ask|say)(?: about)?)?\b[,:]?\s*"
_WRONG, _RIGHT = r"(?P<wrong>[^,.;?!—]{1,60}?)", r"(?P<right>[^,;?!]{1,60}?)"
_CORRECTIONS = tuple(
    re.compile(rf"^\W*{_INSTEAD}{form}\W*$", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?:{_I_MEAN})?not {_WRONG}(?:,? but|[,.;—])\s*{_RIGHT}",
        rf"{_I_MEAN}{_RIGHT},? (?:and )?(?:not|instead of|rather than) {_WRONG}",
        rf"(?P<right>(?!(?:{ASKING}|{AUXILIARY})\b)\w+(?: \w+){{0,3}}), not {_WRONG}",
        rf"{_I_MEAN}(?P<right>.+?)",
    )
)
_LEAD = re.compile(r"^\W*(?:(?:and|but|or|so|then|also|now)\b,?\s*)*(?:(?:what|how) about\b|what of\b)?\s*", re.IGNORECASE)
_LINK = re.compile(rf"^(?P<link>{PREPOSITION})\b\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\b", re.IGNORECASE)
_EDGES = " \t\n.,?!\"'“”"
_LONGEST = 7
"""Words of a piece that can still stand for a part of a question."""

_YEAR = re.compile(r"(?<![\d.,])(?:1\d|20)\d\d(?![\d%])")
_CALENDAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|"
    r"Satur|Sun)day)\b"
)
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d+(?:st|nd|rd|th))\b", re.IGNORECASE
)
_OPENING = re.compile(r"(?:^\W*|[.!?]\s+)(\w+)(?= [^A-Z])")


def names_in(text: str) -> list[str]:
    """The names in a turn; a capital that only opens a sentence makes none ("Tell me")."""
    opening = set(_OPENING.findall(text))
    return [name for name in names(text) if name not in opening]


# In a piece that is no sentence, the first word may well be the name.
_KINDS: tuple[tuple[Callable[[str], list[str]], Callable[[str], list[str]]], ...] = (
    (_YEAR.findall, _YEAR.findall),
    (_CALENDAR.findall, _CALENDAR.findall),
    (_ORDINAL.findall, _ORDINAL.findall),
    (names, names_in),
)


def recast(text: str, before: str) -> str:
    """The turn before with what this turn puts in the place of a part of it; "" where that is not plain."""
    wrong, right = corrected(text)
    if wrong:
        place = _whole(wrong)
        return place.sub(lambda _: right, before) if place.search(before) else ""
    if right:
        return _put(right, before)
    piece = _LEAD.sub("", text, count=1)
    return _put(piece, before) if piece != text or _LINK.match(piece) else ""


def corrected(text: str) -> tuple[str, str]:
    """(what was wrong, what is right) of a correction or clarification; the former may be "", both are for other turns."""
    for form in _CORRECTIONS:
        if found := form.match(text):
            parts = found.groupdict("")
            return parts.get("wrong", "").strip(_EDGES), parts["right"].strip(_EDGES)
    return "", ""


def _put(piece: str, before: str) -> str:
    """`before` with the one thing of a kind in `piece` in the place of its counterpart; or ""."""
    piece = piece.strip(_EDGES)
    if not piece or len(piece.split()) > _LONGEST:
        return ""
    for kind, there in _KINDS:
        found = kind(piece)
        if len(found) == 1 and (old := _counterpart(found[0], piece, before, there(before))):
            return _whole(old).sub(found[0], before)
    return ""


def _counterpart(new: str, piece: str, before: str, old: list[str]) -> str:
    """Which of the old things gives way to the new: the only one, or the only one between the same words; or ""."""
    link = _LINK.match(piece)
    head, _, tail = piece[link.end() if link else 0 :].partition(new)
    rest = word_set(_ARTICLE.sub(" ", f"{head} {tail}")) - {"one", "ones", "s"}
    one_each = list(dict.fromkeys(old))
    if len(one_each) > 1:
        follows = next(iter(tail.split()), "")
        around = (rf"\b{link['link']} (?:the )?" if link else "") + "%s" + (rf" {re.escape(follows)}\b" if follows else "")
        bound = bool(link or follows)
        one_each = [one for one in one_each if bound and re.search(around % re.escape(one), before, re.IGNORECASE)]
    plain = len(one_each) == 1 and rest <= word_set(before) and one_each[0].casefold() != new.casefold()
    return one_each[0] if plain else ""


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
