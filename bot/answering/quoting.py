"""Answers in quotes mode: sentences of the articles, word for word, each with its footnote. No model is asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.steps.extract import Extract
from bot.answering.steps.quotations import Quotation
from bot.phrases import ENGLISH, say
from bot.types import Answer, Citation, Cited, Claim, Event, Token


def quoted(chosen: Extract, language: str = ENGLISH) -> "Written":
    """A lead, then a line for each quotation with its footnote. The words are the article's own: the verdict is "quoted".

    The lead says that what follows are quotations, not a written answer.
    """
    lead = say("lead", language)
    pieces, claims, citations = [lead], list[Claim](), list[Citation]()
    at = len(lead)
    for n, quotation in enumerate(chosen.quotations, 1):
        words = quotation.text
        # No quotation marks of ours: the words may hold some of their own, and the lead says what they are.
        piece = f"\n\n{words} [{n}]"
        start = at + len("\n\n")
        claims.append(Claim(words, start, start + len(words), "quoted", (n,)))
        citations.append(_citation(n, quotation))
        pieces.append(piece)
        at += len(piece)
    return Written(tuple(pieces), tuple(claims), tuple(citations))


@dataclass(frozen=True, slots=True)
class Written:
    """An answer's text in the pieces that it is streamed in, and what it claims; `citations[i]` goes before the piece i + 1."""

    pieces: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstained: bool = False

    def events(self) -> Iterator[Event]:
        """The pieces, each footnote just before the piece that carries its marker."""
        for at, piece in enumerate(self.pieces):
            if 0 < at <= len(self.citations):
                yield Cited(self.citations[at - 1])
            yield Token(piece)

    def answer(self) -> Answer:
        """The whole of it; the pipeline adds what it knows of the question and of the search."""
        return Answer(text="".join(self.pieces), abstained=self.abstained, claims=self.claims, citations=self.citations)


def _citation(n: int, quotation: Quotation) -> Citation:
    passage = quotation.passage
    return Citation(n, passage.article, passage.title, quotation.start, quotation.end, quotation.text, "quoted")
