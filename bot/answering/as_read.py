"""Words of an article as they are read: without the marks of Markdown around them, cells and rows set apart; pure.

What is quoted is kept to the letter, so that it can be found again. Where a person reads it, in an export or in what is copied,
a `**` or a `[text](address)` is no word of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.answering.cited import markers
from bot.answering.shown_lines import ShownLine, shown_lines
from bot.types import Answer
from vectorstore.types import Span

CELL, ROW = " · ", "; "
"""What stands between the cells of a row, and between the rows of a table where they are read on one line."""


_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """Words that are read; `within` says whether they stand in one of the spans that were asked for."""

    text: str
    within: bool = False


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a text as it is read: a paragraph, an item with its `sign`, or a row; `apart` by a blank line before it."""

    pieces: tuple[ReadPiece, ...]
    row: int = -1
    sign: str = ""
    apart: bool = False

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(piece.text for piece in self.pieces).strip()

    @property
    def signed(self) -> str:
        """The words behind their sign."""
        return f"{self.sign} {self.text}".strip()


def read_lines(text: str, spans: Sequence[Span] = ()) -> list[ReadLine]:
    r"""The lines of a text that have words.

    >>> [line.signed for line in read_lines("## Ice\n\n- **nine** days\n- [ten](https://a.example) nights")]
    ['Ice', '• nine days', '• ten nights']
    """
    found, end = list[ReadLine](), 0
    for shown in shown_lines(text):
        pieces = tuple(_pieces(text, shown, spans))
        if found and shown.row >= 0 and shown.row == found[-1].row:
            found[-1] = ReadLine((*found[-1].pieces, ReadPiece(CELL), *pieces), shown.row, "", found[-1].apart)
        elif shown.runs:
            found.append(ReadLine(pieces, shown.row, shown.sign, _BLANK_LINE.search(text, end, shown.start) is not None))
        end = shown.end
    return found


def read_text(text: str) -> str:
    """The text as it is read, its paragraphs apart as they were."""
    lines = read_lines(text)
    return "".join(("\n\n" if line.apart else "\n") * (n > 0) + line.signed for n, line in enumerate(lines))


def read_pieces(words: str, spans: Sequence[Span] = ()) -> Iterator[ReadPiece]:
    """The words on one line, without the signs of items."""
    row = -1
    for n, line in enumerate(read_lines(words, spans)):
        if n:
            yield ReadPiece(ROW if row >= 0 and line.row >= 0 else " ")
        yield from (ReadPiece(re.sub(r"\s+", " ", one.text), one.within) for one in line.pieces)
        row = line.row


def read_plain(words: str) -> str:
    r"""The words as a line of plain text.

    >>> read_plain("| year | days |\n|---|---|\n| 1931 | **nine** |")
    'year · days; 1931 · nine'
    """
    return "".join(piece.text for piece in read_pieces(words))


def read_quotations(answer: Answer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The lines of an answer that is made of quotations, each with the places, from 0, of the citations behind it."""
    at = 0
    for start, end, i in (*markers(answer), (len(answer.text), len(answer.text), -1)):
        lines = [line.signed for line in read_lines(answer.text[at:start])]
        cited = (i,) if i >= 0 else ()
        yield from ((line, ()) for line in lines[:-1])
        if lines or cited:
            yield lines[-1] if lines else "", cited
        at = end


def _pieces(text: str, shown: ShownLine, spans: Sequence[Span]) -> Iterator[ReadPiece]:
    for run in shown.runs:
        edges = (min(max(edge, run.start), run.end) for span in spans for edge in span)
        for left, right in pairwise(sorted({run.start, run.end, *edges})):
            yield ReadPiece(text[left:right], any(start <= left and right <= end for start, end in spans))
