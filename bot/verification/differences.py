"""The words that a reason names, where they stand in the claim and in the passage; pure.

Whoever finds something that does not fit tells of it in a sentence, and sets the words in question between “ and ”, to the
letter: `The passage has “127” where the claim has “134”.` So they can be marked in both texts, also for answers that were kept
long ago, of which nothing but the sentence is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.types import Span

_NAMED = re.compile(r"“([^“”]{1,300})”")
# By what stands right before the quotation mark in the reasons of `pairing`, `cells`, `denials` and the others.
_OF_CLAIM = re.compile(r"(?:claim (?:has|says)|does not say|, not|^|^The words|[.!?]) $|^$")
_OF_PASSAGE = re.compile(r"(?<!claim )(?:has|says) $")
_BOTH_WAYS = "the other way round"


@dataclass(frozen=True, slots=True)
class DifferingWords:
    """Where the words in question stand in the text of the claim, and in that of the passage.

    >>> found = differing_words("The passage has “127” where the claim has “134”.", "Led by 134 men.", "It had 127 men.")
    >>> found.claim, found.passage
    (((7, 10),), ((7, 10),))
    """

    claim: tuple[Span, ...] = ()
    passage: tuple[Span, ...] = ()


def differing_words(reason: str, claim: str, passage: str) -> DifferingWords:
    """The words between “ and ” of a reason, in the text or texts that it says they belong to, in order."""
    mine, theirs = set[Span](), set[Span]()
    crossed = _BOTH_WAYS in reason
    for found in _NAMED.finditer(reason):
        before = reason[: found.start()]
        if crossed or not _OF_PASSAGE.search(before):
            mine.update(_places(found[1], claim))
        if crossed or not _OF_CLAIM.search(before):
            theirs.update(_places(found[1], passage))
    return DifferingWords(tuple(_outermost(mine)), tuple(_outermost(theirs)))


def _places(words: str, text: str) -> Iterator[Span]:
    """Wherever the words stand as such, in any case and over any white space: "12" is not found in "120" or "1.12"."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    # Digits go on over a point or a comma; scripts without blanks between words have no word's end to look for.
    before = r"(?<![\w])(?<!\d[.,])" if words[:1].isascii() else ""
    after = r"(?!\w)(?![.,]\d)" if words[-1:].isascii() else ""
    if pattern:
        yield from (match.span() for match in re.finditer(before + pattern + after, text, re.IGNORECASE))


def _outermost(spans: set[Span]) -> Iterator[Span]:
    """The spans in order, without those that lie within another one."""
    # Sorted by start, the longer first: a span that ends no later than an earlier one lies within it.
    end = 0
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if span[1] > end:
            yield span
            end = span[1]
