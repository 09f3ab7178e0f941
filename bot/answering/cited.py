"""Which footnotes belong to which claim of an answer, and which passage each of them lies in; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.types import Answer, Citation, Claim, Passage


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with its place `i` among the answer's, and the passage that its words stand in, if there is one."""

    i: int
    citation: Citation
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Group:
    """A claim with its citations; None for citations that no claim carries."""

    claim: Claim | None
    cited: tuple[Cited, ...]

    @property
    def stated(self) -> Claim | None:
        """The claim, unless it is the quotation itself, which need not be read twice."""
        quotes = [one.citation.quote for one in self.cited]
        return None if self.claim is None or quotes == [self.claim.text] else self.claim


def groups(answer: Answer) -> Iterator[Group]:
    """The claims in order, each with the citations that follow one another for it."""
    told = [Cited(i, citation, passage_of(answer, citation)) for i, citation in enumerate(answer.citations)]
    numbers = [citation.n for citation in answer.citations]
    at = 0
    for claim in answer.claims:
        wanted = list(claim.citations)
        # A number that stands with no words belongs to no claim, and the next claim's come after it.
        start = next((i for i in range(at, len(told)) if numbers[i : i + len(wanted)] == wanted), at)
        if wanted and start > at:
            yield Group(None, tuple(told[at:start]))
        start = start if wanted else at
        at = start + len(wanted)
        yield Group(claim, tuple(told[start:at]))
    if at < len(told):
        yield Group(None, tuple(told[at:]))


def passage_of(answer: Answer, citation: Citation) -> Passage | None:
    """The passage that the citation lies in, else one of the same article, which tells its author and date."""
    same = [passage for passage in answer.passages if passage.article == citation.article and citation.article]
    within = (passage for passage in same if passage.start <= citation.start and citation.end <= passage.end)
    return next(within, same[0] if same else None)
