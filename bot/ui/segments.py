"""An article's text cut into blocks and segments with marks. Pure.

Offsets count code points, and a script in the browser counts UTF-16 units: so the cutting is done here, and the browser
only strings the pieces together. All segments in order, the breaks between the blocks and the marks of the headings give back
the text to the letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypedDict

from vectorstore.types import Span

Mark = Literal["cited", "against", "passage", "other", "found", "place"]
"""Words that support; that say something else; a passage as such; words of other footnotes; what nobody cited; a mere place."""
Kind = Literal["text", "heading"]
_PRIORITY: dict[Mark, int] = {"cited": 0, "against": 0, "found": 1, "other": 2, "passage": 3, "place": 4}

_HARD_WRAPPED = 120  # a text with blank lines and no longer line than this was wrapped by hand
_FULL_LINE = 40  # a wrapped line shorter than this was ended on purpose
_HEADING = re.compile(r"(#{1,6} +)\S")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span to be marked, and the footnote that it belongs to: its number (0 for none), and its place in the answer from 0."""

    span: Span
    mark: Mark
    n: int = 0
    at: int = -1


class Segment(TypedDict):
    """A run of text under one mark ("" for none), with the number and the place of its footnote."""

    text: str
    mark: str
    n: int
    at: int


class TextBlock(TypedDict):
    """A paragraph or a heading of an article, and its place among all of them, from 0."""

    at: int
    kind: Kind
    segments: list[Segment]


def blocks(text: str, highlights: Sequence[Highlight], *, headings: bool = True) -> list[TextBlock]:
    """The article's text as blocks of marked segments, nothing left out but the white space between blocks, and, with
    `headings`, the marks that make a line one in Markdown.
    """
    spans = _block_spans(text, headings)
    return [
        TextBlock(at=at, kind=kind, segments=[*_segments(text, start, end, highlights)])
        for at, (start, end, kind) in enumerate(spans)
    ]


def marked(found: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks that hold a mark: all that has to be sent to a browser which has the text already."""
    return [block for block in found if any(segment["mark"] for segment in block["segments"])]


def _block_spans(text: str, headings: bool) -> Iterator[tuple[int, int, Kind]]:
    at, fence = 0, ""
    for end in [*_breaks(text), len(text)]:
        if text[at:end].strip():
            start = at + len(text[at:end]) - len(text[at:end].lstrip("\r\n"))
            if mark := _FENCE.match(text, start, end):
                fence = "" if fence == mark[1] else fence or mark[1]
            # "# ..." inside a fence is a comment of some code, not a heading.
            heading = _HEADING.match(text, start, end) if headings and not fence else None
            yield heading.end(1) if heading else start, end, "heading" if heading else "text"
        at = end


def _breaks(text: str) -> Iterator[int]:
    """Offsets of the line ends at which a new block begins."""
    at = 0
    lines = text.split("\n")
    wrapped = "" in [line.strip() for line in lines[:-1]] and max(map(len, lines)) <= _HARD_WRAPPED
    for line, following in pairwise(lines):
        at += len(line)
        if not (wrapped and len(line) >= _FULL_LINE and following[:1].isalnum() and not _HEADING.match(line)):
            yield at
        at += 1


def _segments(text: str, start: int, end: int, highlights: Sequence[Highlight]) -> Iterator[Segment]:
    inside = [one for one in highlights if one.span[0] < end and start < one.span[1]]
    cuts = sorted({start, end, *(min(max(edge, start), end) for one in inside for edge in one.span)})
    for left, right in pairwise(cuts):
        over = [one for one in inside if one.span[0] <= left and right <= one.span[1]]
        top = min(over, key=lambda one: _PRIORITY[one.mark], default=None)
        mark, n, at = (top.mark, top.n, top.at) if top else ("", 0, -1)
        yield Segment(text=text[left:right], mark=mark, n=n, at=at)
