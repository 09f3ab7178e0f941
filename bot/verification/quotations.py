"""Quotations: words in quotation marks, and where a text has wanted words as they stand; pure.

Everything keeps its offsets: what is found is a span of the text as it came.
"""

import re
from functools import lru_cache

from bot.reading.words import EASTERN, LINK, WORD, cleaned, plain_shapes
from vectorstore.types import Span

# Opening mark, closing mark; the words between are what somebody is said to have said.
_QUOTED = re.compile(
    r'"([^"]{2,}?)"|“([^”]{2,}?)”|„([^“”]{2,}?)[“”]|«\s*([^»]{2,}?)\s*»|「([^」]{2,}?)」|『([^』]{2,}?)』|'
    r"(?<![\w'’])[‘']([^‘’'\n]+(?:(?<=\w)[’'](?=\w)[^‘’'\n]+)*)[’'](?!\w)"
)
# "...", "(...)" and "[was]" mark what a writer left out of a quotation or put into it.
_ELISION = re.compile(r"\s*(?:\[[^\]]*\]|\(?\.\.\.\)?|…)\s*")
# What a model puts before a claim to say where it has it from; the source need not say so of itself.
_LEAD = re.compile(
    r"\s*(?:according to (?:the|this|that) (?:passages?|articles?|texts?|sources?|documents?|authors?|excerpts?|context),?|"
    r"(?:the|this|that) (?:passage|article|text|source|document|author|excerpt|writer|piece) (?:also )?"
    r"(?:says|states|notes|explains|mentions|reports|adds|claims|argues|points out|writes|tells us|indicates|observes),? that|"
    r"as (?:the|this) (?:passage|article|text|source|author) (?:says|states|notes|explains|reports|puts it),?)\s+",
    re.IGNORECASE,
)
# The mark that ends a sentence does not belong to the address before it.
_ADDRESS = re.compile(r"https?://[^\s()\[\]<>\"“”]*[^\s()\[\]<>\"“”.,;:!?]|\bwww\.[\w.-]+\w")


def without_lead(claim: str) -> str:
    """The claim without words before it that only say where it is from: "According to the passage, ..."."""
    lead = _LEAD.match(cleaned(claim))
    return claim[lead.end() :] if lead else claim


def quotations(text: str) -> list[Span]:
    """Spans of the words in quotation marks, without the marks; of one letter none.

    >>> quotations("He said “never” and left.")
    [(9, 14)]
    """
    # TeX's quotes, as many corpora have them; the blank keeps the length.
    plain = text.replace("``", ' "').replace("''", '" ')
    # Each pair of marks has its own group, of which one has matched.
    found = [next(match.span(n) for n in range(1, 8) if match.group(n) is not None) for match in _QUOTED.finditer(plain)]
    return [span for span in found if WORD.search(text, *span)]


def addresses(text: str) -> list[str]:
    """The web addresses in a text as it came."""
    return [match.group() for match in _ADDRESS.finditer(text)]


@lru_cache(maxsize=512)
def squeezed(text: str, links: bool) -> tuple[str, tuple[int, ...]]:
    """The text without what does not count when words are compared as they stand, and where each character is from.

    Blanks stay only between two words, so that "1986 ," is "1986,"; a link's address counts with `links`.
    """
    plain = (
        (plain_shapes(text) if links else cleaned(text))
        # Wikipedia corpora write "role @-@ playing" and "1 @,@ 500"; the blanks keep the length and are dropped below.
        .replace(" @-@ ", "-    ")
        .replace(" @,@ ", ",    ")
        .replace(" @.@ ", ".    ")
    )
    kept: list[str] = []
    places: list[int] = []
    for at, character in enumerate(plain.replace('"', "'")):
        if character != " ":
            # The blank is dropped in hindsight, when the next character tells that it parts no two words.
            if kept and kept[-1] == " " and not (character.isalnum() and kept[-2].isalnum()):
                kept.pop(), places.pop()
            kept.append(character)
            places.append(at)
        elif kept and kept[-1] != " ":
            kept.append(" ")
            places.append(at)
    return "".join(kept), tuple(places)


def find(wanted: str, text: str) -> Span | None:
    """Where the wanted words stand in the text as they are: a span of the text, or None.

    White space, the shape of quotes and dashes, the case of the first letter, the marks at both ends, footnote markers and
    emphasis do not count; words are whole.

    >>> find("it opened on 4 May", "At last **it** opened on 4 May 1931.")
    (10, 30)
    """
    # A claim with a link must have its address, too: "[guide](https://evil.example)" is not quoted from the real one.
    links = LINK.search(wanted) is not None
    needle = squeezed(wanted, links)[0].strip(" \"'.,;:!?。，；：！？-")
    haystack, places = squeezed(text, links)
    if not needle:
        return None
    # A sentence may be quoted from its middle, and a clause be made a sentence; all other capitals count.
    for variant in dict.fromkeys((needle, needle[0].lower() + needle[1:], needle[0].upper() + needle[1:])):
        at = haystack.find(variant)
        while at >= 0:
            end = at + len(variant)
            if _whole(haystack, at, end):
                return places[at], places[end - 1] + 1
            at = haystack.find(variant, at + 1)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word and no number is cut at either end; eastern scripts have no blanks between words."""
    return not (_joins(text[start - 1 : start], text[start]) or _joins(text[end - 1], text[end : end + 1])) and not (
        # "By 4" is not "by 4.5" nor "by 4%".
        text[end - 1].isdigit() and re.match(r"[.,]\d|%", text[end : end + 2])
    )


def _joins(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (EASTERN.match(left) or EASTERN.match(right))


def find_quotation(words_quoted: str, text: str) -> Span | None:
    """Where a quotation stands: whole, or its parts one after the other where it leaves something out ("...", "[the]")."""
    if whole := find(words_quoted, text):
        return whole
    parts = [part for part in _ELISION.split(words_quoted) if part and WORD.search(part)]
    # Marks of elision only at the ends leave one part, which must stand there whole.
    if len(parts) < 2:
        return find(parts[0], text) if parts else None
    start, at = -1, 0
    for part in parts:
        found = find(part, text[at:])
        if found is None:
            return None
        start = at + found[0] if start < 0 else start
        at += found[1]
    return start, at
