"""What a reader of HTML, PDF, Word or their like finds in a file -> the light Markdown that is stored, with its pages; pure.

A reader yields `DocumentBlock`s in reading order; `rendered` makes the text of them. One place decides how a heading, a list or
a table is written down, so that splitting, quotations and verdicts meet the same shapes whatever the format was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from vectorstore.readers.files import storable
from vectorstore.types import PageKind, PageSpan

DocumentBlockKind = Literal["heading", "paragraph", "item", "row", "quote", "turn", "note", "code"]
"""What a block is; "note" is a footnote or an endnote, "turn" what one speaker says."""

LEVELS = 6
"""The deepest level of a heading."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """The page, slide or time that blocks stand on; `number` counts from 1, `label` is what a reader is told of it."""

    kind: PageKind
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A block goes on on this page from the character `start` of its text, which then has no blanks to be taken out."""

    start: int
    page: DocumentPage


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A heading, a paragraph, an item, a row of a table and so on, as plain text without marks.

    `level` is that of a heading or an item, from 1. `cells` are those of a row, of which the first of a table names the
    columns; `marker` is "1." and its like for an item that is numbered, or a note's number; `speaker` who says a turn. `group`
    tells two tables or lists apart that follow on each other: the blocks of one have the same number. `breaks` are the places
    where a paragraph, an item or a note goes on on a further page.
    """

    kind: DocumentBlockKind
    text: str = ""
    level: int = 1
    cells: tuple[str, ...] = ()
    marker: str = ""
    speaker: str = ""
    group: int = 0
    page: DocumentPage | None = None
    breaks: tuple[PageBreak, ...] = ()


_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


def rendered(blocks: Iterable[DocumentBlock]) -> tuple[str, tuple[PageSpan, ...]]:
    """The text of a document, and where each of its pages stands in it; blocks without words are left out.

    >>> text, pages = rendered(
    ...     [
    ...         DocumentBlock("heading", "Harbours", level=1),
    ...         DocumentBlock("item", "ships"),
    ...         DocumentBlock("item", "cranes"),
    ...         DocumentBlock("row", cells=("Town", "Ships")),
    ...         DocumentBlock("row", cells=("Ner", "12")),
    ...     ]
    ... )
    >>> print(text)
    # Harbours
    <BLANKLINE>
    - ships
    - cranes
    <BLANKLINE>
    | Town | Ships |
    | --- | --- |
    | Ner | 12 |
    """
    parts: list[str] = []
    places: list[tuple[DocumentPage, int, int]] = []
    length = 0
    before: DocumentBlock | None = None
    for (kind, _), run in groupby(blocks, key=lambda block: (block.kind, block.group)):
        first = True
        for block in run:
            if not (words := _written(block)):
                continue
            # Lines of one list, table or talk stand together; everything else is parted by a blank line.
            gap = "" if before is None else "\n" if not first and kind in ("item", "row", "turn") else "\n\n"
            written = gap + words
            # The first row names the columns, and Markdown knows a table by the dashes under it.
            if kind == "row" and first:
                written += "\n" + _row(["---"] * len(block.cells))
            parts.append(written)
            start, length = length + len(gap), length + len(written)
            if block.page:
                places += _places(block, block.page, start, length)
            before, first = block, False
    return "".join(parts), _page_spans(places)


def _written(block: DocumentBlock) -> str:
    """The block as it stands in the text, on one line but for code; "" where it has no words."""
    if block.kind == "row":
        # A bar inside a cell would end it.
        return _row([_line(cell).replace("|", "\\|") for cell in block.cells]) if any(map(str.strip, block.cells)) else ""
    if block.kind == "code":
        # Code that holds a fence of backticks must not end its own.
        fence = "~~~" if "```" in block.text else "```"
        return f"{fence}\n{storable(block.text.strip(chr(10)))}\n{fence}" if block.text.strip() else ""
    words = _line(block.text)
    return _mark(block) + words if words else ""


def _mark(block: DocumentBlock) -> str:
    """What stands before the words of a block that is neither a row nor code."""
    match block.kind:
        case "heading":
            return "#" * min(max(block.level, 1), LEVELS) + " "
        case "item":
            return "  " * (max(block.level, 1) - 1) + (block.marker or "-") + " "
        case "quote":
            return "> "
        case "turn" if block.speaker:
            return f"{_line(block.speaker)}: "
        case "note" if block.marker:
            return f"[{block.marker}] "
    return ""


def _line(text: str) -> str:
    """Text on one line, each run of blanks one space, without what no database takes."""
    return storable(_SPACES.sub(" ", _BREAKS.sub(" ", text)).strip())


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _places(block: DocumentBlock, page: DocumentPage, start: int, end: int) -> Iterator[tuple[DocumentPage, int, int]]:
    """Where each page of a block stands in the text, of which the block takes [start, end)."""
    # Breaks count from the block's words, and its mark stands before these.
    shift = start + len(_mark(block))
    # A block that runs over several pages has a place on each of them.
    for part in block.breaks:
        turn = min(shift + part.start, end)
        if start < turn:
            yield page, start, turn
        page, start = part.page, turn
    yield page, start, end


def _page_spans(places: Sequence[tuple[DocumentPage, int, int]]) -> tuple[PageSpan, ...]:
    """The spans of the pages in the order of the text; a page that comes again, after another, has two."""
    spans: list[PageSpan] = []
    for page, group in groupby(places, key=lambda place: place[0]):
        found = list(group)
        spans.append(PageSpan(page.kind, page.label, page.number, found[0][1], found[-1][2]))
    return tuple(spans)


def page_at(pages: Sequence[PageSpan], start: int) -> PageSpan | None:
    """The page that the character at `start` stands on; None where the article has no pages, or none there."""
    return next((page for page in pages if page.start <= start < page.end), None)


def pages_label(pages: Sequence[PageSpan], start: int, end: int) -> str:
    """The pages that `text[start:end]` stands on, as a citation names them; "" where the article has none there.

    >>> pages_label([PageSpan("page", "3", 3, 0, 90), PageSpan("page", "4", 4, 90, 200)], 80, 120)
    'pp. 3–4'
    """
    first, last = page_at(pages, start), page_at(pages, max(start, end - 1))
    if first is None:
        return ""
    # For a slide or a moment, the first is where a reader begins to look; only pages are told as a range.
    if last is None or last.label == first.label or last.kind != "page":
        return page_label(first)
    return f"pp. {first.label}–{last.label}"


def page_label(page: PageSpan) -> str:
    """The page as a citation names it: "p. 3", "slide 4", "at 01:23".

    >>> page_label(PageSpan("page", "iv", 4, 0, 90)), page_label(PageSpan("time", "01:23", 2, 0, 90))
    ('p. iv', 'at 01:23')
    """
    return {"page": "p. ", "slide": "slide ", "time": "at "}[page.kind] + page.label
