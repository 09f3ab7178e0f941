"""A claim beside the sentences that it seems to rest on: what the checks of numbers, names and denials share; pure.

`align` lays it beside one sentence word by word: what stands in both, in order, and what stands in the place of what.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from bot.reading.dates import Date
from bot.reading.names import Name, same_name
from bot.reading.negations import Negation
from bot.reading.quantities import Quantity, Score
from bot.reading.words import Word, words
from bot.verification.statements import Fact, SourceText, Statement
from vectorstore.types import Span

Conflict = Literal["", "number", "denial", "other"]
"""How something of a claim conflicts with a passage: by a number or a date, by a denial, or otherwise; "" where it does not."""
Nearness = Callable[[Span, Span], float]
"""How like the claim's tokens in a span are to the likest of the source's tokens in another: a mean of cosines."""

LANDED = 0.93
"""A word of the claim is in another's place where that one has so much of the likeness that the whole sentence has for it.
Names in each other's place in the seen pairs: 0.96 to 1; others at most 0.88."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something of the claim that does not fit, told in a sentence: in conflict by its `kind`, or merely not there ("").

    It is found in the sentence number `at` of the source.
    """

    kind: Conflict
    reason: str
    at: int
    mine: Span | None = None
    """Where in the claim the words stand that do not fit, of a number or a date that differs."""
    theirs: Span | None = None
    """Where in the source the words stand that are in their place."""

    @property
    def conflict(self) -> bool:
        """Whether something else stands in the source, or the opposite."""
        return self.kind != ""


@dataclass(frozen=True)
class Pairing:
    """A claim with the sentences of a source that it seems to rest on, by number, the best one first."""

    claim: Statement
    source: SourceText
    chosen: tuple[int, ...]
    nearness: Nearness
    leads: tuple[Statement, ...] = ()
    """What stands over the sentences and counts with them: headings, the line before a list, a question, a speaker."""

    @property
    def near(self) -> list[Statement]:
        """The sentences."""
        return [self.source.sentences[i] for i in self.chosen]

    @cached_property
    def unclaimed(self) -> tuple[Name, ...]:
        """The names in the sentences that the claim has in no form."""
        stems = {word.stem for word in self.claim.words}
        return tuple(
            name
            for statement in self.near
            for name in statement.names
            if not any(same_name(name.text, one.text) for one in self.claim.names)
            and not all(word.stem in stems for word in words(name.text) if word.telling)
        )

    def conflict(
        self, theirs: Quantity | Date | Name | Word | Negation, mine: Quantity | Date | Name | Word, kind: Conflict = "other"
    ) -> Mismatch:
        """Something else stands in the source where the claim has this; a number or a date is a conflict of that kind."""
        # A conflict of numbers or dates turns the verdict red, which one of the kind "other" does not.
        if isinstance(mine, Quantity | Date):
            return self._instead("number", theirs, mine)
        return self._instead(kind, theirs, mine)

    def doubt(self, theirs: Quantity | Date, mine: Quantity | Date) -> Mismatch:
        """Something else stands in the source where the claim has this, though that may be of something else."""
        return self._instead("", theirs, mine)

    def _instead(self, kind: Conflict, theirs: Fact | Word | Negation, mine: Fact | Word) -> Mismatch:
        found = " ".join(self.source.text[theirs.start : theirs.end].split())
        reason = f"The passage has “{found}” where the claim has “{self._told(mine)}”."
        spans = (mine.start, mine.end), (theirs.start, theirs.end)
        return Mismatch(kind, reason, self.sentence_of(theirs.start), *spans)

    def swapped_score(self, theirs: Score, mine: Score) -> Mismatch:
        """A score that the source has the other way round."""
        told, found = self.claim.text[mine.start : mine.end], self.source.text[theirs.start : theirs.end]
        reason = f"The passage has “{found}” where the claim has “{told}”."
        spans = (mine.start, mine.end), (theirs.start, theirs.end)
        return Mismatch("number", reason, self.sentence_of(theirs.start), *spans)

    def lacking(self, mine: Quantity | Date | Name) -> Mismatch:
        """This is nowhere to be found."""
        return self.unsaid(f"“{self._told(mine)}” does not stand in the passage.")

    def unsaid(self, reason: str) -> Mismatch:
        """The sentences leave something of the claim open; told of the best of them, as no other place is known for it."""
        return Mismatch("", reason, self.chosen[0])

    def _told(self, mine: Quantity | Date | Name | Word) -> str:
        return " ".join(self.claim.text[mine.start : mine.end].split())

    def sentence_of(self, at: int) -> int:
        """The number of the sentence that this offset is in."""
        return next((n for n, one in enumerate(self.source.sentences) if one.start <= at < one.end), self.chosen[0])


def holds(statement: Statement, one: Quantity | Date) -> bool:
    """Whether a number or a date stands in a statement, in whatever form; a bare year also as a part of a date."""
    if isinstance(one, Date):
        years = (Date(q.start, q.end, int(q.value)) for q in statement.quantities if q.is_year)
        return any(other.implies(one) for other in (*statement.dates, *years))
    if any(one.same(other) or one.outlines(other) for other in (*statement.quantities, *statement.tacit)):
        return True
    # "In 1931" may be read as a number in one text and as a part of a date in the other.
    return not one.sort and any(one.value == date.year for date in statement.dates)


def stands(name: Name, one: Statement, given: Statement) -> bool:
    """Whether the name, or a part of it, stands in a sentence or in what is known of the article.

    Of "William White of the museum" the man must, and of "Bank of England" either word.
    """
    head = name.text.split(" of ")[0]
    own = head if " " in head else name.text
    if any(same_name(own, other.text) for other in (*one.names, *given.names)):
        return True
    stems = {word.stem for word in one.words}
    return any(word.stem in stems for word in words(own) if word.telling)


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
