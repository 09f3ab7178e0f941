"""The footnotes of an answer: how one is made of what was judged, where the text names it, and whose claim it carries. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from bot.types import Answer, Checked, Citation, Claim, Passage
from vectorstore.readers.document import pages_label
from vectorstore.types import PageSpan

if TYPE_CHECKING:
    # The command line imports this module to print footnotes: `footnote --help` must not wait for the verifier.
    from bot.verification.judging import Judgement

PagesOf = Callable[[str], Sequence[PageSpan]]
"""An article's id -> where the pages of its original stand in its text."""

_MARKER = re.compile(r"\[(\d{1,4})\]")


def footnote(passage: Passage, judgement: "Judgement") -> Citation:
    """A footnote to exactly the words that bear on the claim; to the passage as such, and no words, where none do."""
    # The judgement counts from the passage's beginning, a citation from the article's.
    start, end = judgement.span or (0, 0)
    place = (passage.start + start, passage.start + end)
    words = passage.text[start:end]
    said = judgement.verdict, judgement.reason
    return Citation(passage.n, passage.article, passage.title, *place, words, *said, score=judgement.measured)


def with_page(citation: Citation, pages_of: PagesOf) -> Citation:
    """The footnote with the page on which its words stand, where its article has pages."""
    if not citation.article:
        return citation
    return replace(citation, page=pages_label(pages_of(citation.article), citation.start, citation.end))


def answer_with_pages(answer: Answer, pages_of: PagesOf) -> Answer:
    """The answer with the page of each of its footnotes, also of the better and the opposed ones."""
    # Several footnotes may lead into one article, whose pages are read once.
    once = cache(pages_of)
    claims = tuple(
        replace(
            claim,
            better=claim.better and with_page(claim.better, once),
            against=claim.against and with_page(claim.against, once),
        )
        for claim in answer.claims
    )
    return replace(answer, claims=claims, citations=tuple(with_page(one, once) for one in answer.citations))


def checked_with_pages(checked: Checked, pages_of: PagesOf) -> Checked:
    """A sentence of a draft with the pages of what was found for it."""
    return replace(
        checked,
        source=checked.source and with_page(checked.source, pages_of),
        against=checked.against and with_page(checked.against, pages_of),
    )


def markers(answer: Answer) -> Iterator[tuple[int, int, int]]:
    """Where the text names a footnote: its start and end there, and the citation's place `i`. Any other "[3]" is text.

    >>> one = Citation(1, "a.txt", "A", 0, 7, "In 1932", "supported")
    >>> list(markers(Answer("When?", text="In 1932 [1], see [7].", mode="model", citations=(one,))))
    [(8, 11, 0)]
    """
    if answer.markers and answer.mode == "model":
        yield from ((start, end, i) for i, (start, end) in enumerate(answer.markers[: len(answer.citations)]))
        return
    # An older answer. Footnotes follow one another in the text, so the next marker that counts is that of the next citation.
    i = 0
    for match in _MARKER.finditer(answer.text):
        if i == len(answer.citations):
            return
        if int(match[1]) == answer.citations[i].n and (answer.mode == "model" or _follows_quote(answer, i, match.start())):
            yield match.start(), match.end(), i
            i += 1


def _follows_quote(answer: Answer, i: int, at: int) -> bool:
    """Whether the words before are all of the quotation: it may hold a "[1]" of its own."""
    return answer.text[:at].rstrip(" ”").endswith(answer.citations[i].quote.rstrip(" ”"))


@dataclass(frozen=True, slots=True)
class PlacedCitation:
    """A citation with its place `i` among the answer's, and the passage that its words stand in, if there is one."""

    i: int
    citation: Citation
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class ClaimCitations:
    """A claim with the citations that follow one another for it; `claim` is None for citations that no claim carries."""

    claim: Claim | None
    cited: tuple[PlacedCitation, ...]

    @property
    def stated(self) -> Claim | None:
        """The claim, unless it is the quotation itself, which need not be read twice."""
        quotes = [one.citation.quote for one in self.cited]
        return None if self.claim is None or quotes == [self.claim.text] else self.claim


def groups(answer: Answer) -> Iterator[ClaimCitations]:
    """The claims in order, each with the citations that follow one another for it."""
    told = [PlacedCitation(i, citation, passage_of(answer, citation)) for i, citation in enumerate(answer.citations)]
    numbers = [citation.n for citation in answer.citations]
    at = 0
    for claim in answer.claims:
        wanted = list(claim.citations)
        # A number that stands with no words belongs to no claim, and the next claim's come after it.
        start = next((i for i in range(at, len(told)) if numbers[i : i + len(wanted)] == wanted), at)
        if wanted and start > at:
            yield ClaimCitations(None, tuple(told[at:start]))
        start = start if wanted else at
        at = start + len(wanted)
        yield ClaimCitations(claim, tuple(told[start:at]))
    # What is left at the end: a list of numbers behind the last sentence, or quotations without claims.
    if at < len(told):
        yield ClaimCitations(None, tuple(told[at:]))


def passage_of(answer: Answer, citation: Citation) -> Passage | None:
    """The passage that the citation lies in, else one of the same article, which tells its author and date."""
    # A footnote to no passage has no article, and must not be matched with one that has none either.
    same = [passage for passage in answer.passages if passage.article == citation.article and citation.article]
    within = (passage for passage in same if passage.start <= citation.start and citation.end <= passage.end)
    return next(within, same[0] if same else None)
