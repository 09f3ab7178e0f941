"""Lays a claim beside a sentence word by word: what stands in both, in order, and what stands in the place of what; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.reading.words import Word

MATCH, INSTEAD, LEFT_OUT, ADDED = 2.0, -0.6, -0.25, -1.0
"""What a word in both texts is worth, one in another's place, one of the source that the claim leaves out, one that it adds.
A word in another's place costs less than leaving out and adding: "24" stands where "11" stood, though it comes again later."""
LONGEST = 400
"""Words of a claim or a sentence that are laid beside each other: more would take seconds, and no claim has them."""
BEYOND = 2
"""At an end of the claim, so many words more of the source than of the claim may stand in the place of the claim's."""
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the two texts part: the claim's words, and the source's in the same place. Either side may be empty."""

    claim: tuple[Word, ...]
    source: tuple[Word, ...]
    open: Literal["", "before", "after"] = ""
    """At an end of the claim, where the source goes on: before or after it."""

    def claim_has(self, start: int) -> bool:
        """Whether one of the claim's words here begins at this offset."""
        return any(word.start == start for word in self.claim)

    def source_has(self, start: int) -> bool:
        """Whether one of the source's words here begins at this offset."""
        return any(word.start == start for word in self.source)


@dataclass(frozen=True, slots=True)
class Alignment:
    """`share` of the claim's words stand in the source in the same order; `gaps` are what does not match.

    `loose` are the stems of all words that do not match, of the claim and of the source: what is in both was only moved.
    """

    share: float
    gaps: tuple[Gap, ...]
    loose: tuple[frozenset[str], frozenset[str]]
    first: int | None = None
    """Where the source begins to say the claim from its first word on; None where it has not that word."""


def share(claim: Sequence[Word], source: Sequence[Word]) -> float:
    """About which share of the claim's words stand in the source in the same order; quick, and never too high."""
    if max(len(claim), len(source)) > LONGEST:
        return 0.0
    # Its blocks are a common subsequence, though not always the longest: hence "never too high".
    matcher = SequenceMatcher(None, [word.stem for word in claim], [word.stem for word in source], autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(claim))


def align(claim: Sequence[Word], source: Sequence[Word]) -> Alignment:
    """The claim laid along the source in the best way; the source may begin before it and go on after it.

    >>> from bot.reading.words import words
    >>> found = align(words("The bridge at Ner opened"), words("The bridge at Oss opened"))
    >>> found.share, [(gap.claim[0].text, gap.source[0].text) for gap in found.gaps]
    (0.8, [('Ner', 'Oss')])
    """
    # The table below has as many cells as the product of both lengths.
    claim, source = claim[:LONGEST], source[:LONGEST]
    pairs = _pairs(claim, source)
    gaps = tuple(gap for gap in _gaps(claim, source, pairs) if gap.claim or gap.source)
    mine, theirs = ({pair[side] for pair in pairs} for side in (0, 1))
    loose = (
        frozenset(word.stem for n, word in enumerate(claim) if n not in mine),
        frozenset(word.stem for n, word in enumerate(source) if n not in theirs),
    )
    first = source[pairs[0][1]].start if pairs and pairs[0][0] == 0 else None
    return Alignment(len(pairs) / max(1, len(claim)), gaps, loose, first)


def _pairs(claim: Sequence[Word], source: Sequence[Word]) -> Pairs:
    """The numbers of the words that match, by dynamic programming (Needleman and Wunsch 1970, with free ends in the source)."""
    width = len(source)
    # Zeros: the claim may begin anywhere in the source without paying for what it skips.
    rows = [[0.0] * (width + 1)]
    for i, mine in enumerate(claim, start=1):
        above, row = rows[-1], [i * ADDED]
        for j, theirs in enumerate(source):
            step = above[j] + (MATCH if mine.stem == theirs.stem else INSTEAD)
            row.append(max(step, above[j + 1] + ADDED, row[j] + LEFT_OUT))
        rows.append(row)
    return _back(claim, source, rows)


def _back(claim: Sequence[Word], source: Sequence[Word], rows: Sequence[Sequence[float]]) -> Pairs:
    """The way back through the table of scores, from its best end."""
    # It may also end anywhere.
    i, j = len(claim), max(range(len(source) + 1), key=lambda at: rows[-1][at])
    found: Pairs = []
    while i and j:
        same = claim[i - 1].stem == source[j - 1].stem
        # Each sum is built as on the way there, so that the floats compare equal.
        if rows[i][j] == rows[i - 1][j - 1] + (MATCH if same else INSTEAD):
            i, j = i - 1, j - 1
            if same:
                found.append((i, j))
        elif rows[i][j] == rows[i - 1][j] + ADDED:
            i -= 1
        else:
            j -= 1
    return found[::-1]


def _gaps(claim: Sequence[Word], source: Sequence[Word], pairs: Pairs) -> Iterator[Gap]:
    here = there = 0
    for i, j in [*pairs, (len(claim), len(source))]:
        mine, theirs = tuple(claim[here:i]), tuple(source[there:j])
        # A word at the claim's end may face a few more of the source: "to Oss", "to Ner and then".
        room = len(mine) + BEYOND if mine else 0
        if here == 0 and len(theirs) > room:
            yield Gap(mine, theirs[len(theirs) - room :], "before")
        elif i == len(claim) and len(theirs) > room:
            yield Gap(mine, theirs[:room], "after")
        else:
            yield Gap(mine, theirs)
        here, there = i + 1, j + 1
