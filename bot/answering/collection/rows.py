"""Answers about the collection as text: rows with footnotes, quotations under titles. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.collection.catalog import ArticlePart
from bot.answering.collection.overview import CentralSentence
from bot.answering.quoting import AnswerPieces, FootnotedLine, footnoted_lines
from bot.types import Citation, Passage
from vectorstore.storage.records import ArticleSummary


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an answer: words of an article's own data, what is counted of it, and the place that its footnote opens.

    `heading` stands on a line of its own before the words.
    """

    words: str
    article: ArticleSummary
    place: ArticlePart
    counted: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class CollectionReply:
    """An answer about the collection or the program; `passages` are what a model is to write it from, where one writes."""

    written: AnswerPieces
    likeness: float
    passages: tuple[Passage, ...] = ()


def plain_text(*lines: str) -> AnswerPieces:
    """What the program says of itself or counts: no claim of an article, and no footnote."""
    return AnswerPieces(("\n\n".join(filter(None, lines)),))


def listing(lead: str, rows: Sequence[Row], tail: str = "") -> AnswerPieces:
    """The lead, a line for each row with its footnote, and what is to be said after them.

    The words of a row stand in its article or in what is stated of it, so their verdict is "quoted"; the lead claims nothing.
    """
    return footnoted_lines(lead, [_footnoted(n, row) for n, row in enumerate(rows, 1)], tail)


def _footnoted(n: int, row: Row) -> FootnotedLine:
    place = row.place
    citation = Citation(n, row.article.id, row.article.title, place.start, place.end, place.text, "quoted")
    return FootnotedLine(row.words, citation, f"{row.heading}\n\n" if row.heading else "", row.counted)


def known_of(article: ArticleSummary, *, first: str = "") -> str:
    """The article in a line: title, author and date as far as it states them, what was asked for before them."""
    parts = [part for part in (article.title, article.author, article.date) if part and part != first]
    line = " · ".join(" ".join(part.split()) for part in parts)
    return f"{first}: {line}" if first else line


def quotation(sentence: CentralSentence, article: ArticleSummary, heading: str = "") -> Row:
    """A central sentence as a row that quotes it."""
    return Row(sentence.text, article, ArticlePart(sentence.start, sentence.end, sentence.text), heading=heading)


def passages_of(rows: Sequence[tuple[CentralSentence, ArticleSummary]]) -> tuple[Passage, ...]:
    """The chunks of central sentences as passages to write from, each once, numbered from 1."""
    # Several sentences may stand in one chunk, which is sent once.
    chunks = {sentence.chunk.id: (sentence.chunk, article) for sentence, article in rows}
    return tuple(
        Passage(
            n=n,
            article=article.id,
            title=article.title,
            author=article.author,
            date=article.date,
            start=chunk.start,
            end=chunk.end,
            text=chunk.text,
            score=0.0,
            sentences=chunk.sentences,
            evidence=(0.0,) * len(chunk.sentences),
            source=article.source,
        )
        for n, (chunk, article) in enumerate(chunks.values(), 1)
    )
