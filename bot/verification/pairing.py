"""A claim beside the sentences that it seems to rest on: what the checks of numbers, names and denials share; pure."""

from collections.abc import Callable
from dataclasses import dataclass
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
