"""Tables and lists of labelled values, read as records: a key, and values that each have a name; pure.

A Markdown table's rows come from the outline of the text. Columns that are only set apart by tabs, runs of blanks, bars or
semicolons are found here, and so are lines such as "Length: 412 m", of which the heading above them, or the first line, is the
key.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from vectorstore.splitting.blocks import ArticleBlock, Outline
from vectorstore.splitting.sentences import trimmed
from vectorstore.types import Span

LEAST_ROWS = 3
"""Lines with the same number of columns, the header among them, that make a table where nothing marks one."""
LONGEST_CELL = 60
"""Characters of a cell of such a table: longer ones are prose with blanks in it."""
LONGEST_VALUE = 80
"""Characters behind a label; a longer text is prose that begins with a label."""
NOWHERE: Span = (0, 0)
_BAR = re.compile(r"(?<!\\)\|")
# The surest come first: of delimiters with equally long runs `max` keeps the first. A comma with a blank behind it is prose.
_DELIMITERS = (re.compile(r"\t+"), _BAR, re.compile(r" {2,}"), re.compile(r" *; *"), re.compile(r",(?! )"))
_RULE = re.compile(r"[-=+|: \t]+")
_ENDED = re.compile(r"[.!?。！？][\"'”’)]*$")
# Words without figures, or words that end in one ("Finch 3"): a bare number, a date or a time is no name.
_NAME = re.compile(r"^\D*[^\W\d_]\D*|[^\W\d_].*\d$")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
# A label is short and has no sentence mark, and its colon is followed by a blank: "http://" is none.
_LABELLED = re.compile(
    r"[\s>]*(?:[-*+•‣◦▪·–—]\s+|\d{1,3}[.)]\s+)?(?:\*\*|__)?(?P<name>[^\W\d_][^\n:：.!?|*]{0,38}?)(?:\*\*|__)?\s?"
    r"[:：](?:\*\*|__)?[ \t]+(?P<value>[^\n]*\S)"
)


@dataclass(frozen=True, slots=True)
class Field:
    """A value, and the header or label that names it; spans of the text."""

    name: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table, or the values of one labelled list: the text in [start, end), and what its fields are about.

    `table` numbers the table or list, of which all records have the same names; `row` says that it is one line of a table.
    """

    table: int
    start: int
    end: int
    key: Span
    fields: tuple[Field, ...]
    row: bool


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a table, which names its columns and says nothing by itself."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """All records of a text, and the headers of its tables."""

    records: tuple[Record, ...] = ()
    headers: tuple[Header, ...] = ()


def tables(found: Outline) -> Tables:
    """The tables and labelled lists of a text.

    >>> from vectorstore.splitting.outline import outline
    >>> text = "Village\\tFounded\\nAal\\t1901\\nBek\\t1933\\n"
    >>> [(text[slice(*one.key)], text[slice(*one.fields[1].value)]) for one in tables(outline(text)).records]
    [('Aal', '1901'), ('Bek', '1933')]
    """
    marked = list(_marked(found))
    # Lines that are in a Markdown table are not read a second time for the shape of their columns.
    rows = [(row[0][0], row[-1][1]) for grid in marked for row in grid]
    grids = [*marked, *_columns(found.text, rows)]
    records = [record for n, grid in enumerate(grids) for record in _rows(found.text, n, grid)]
    # A line such as "Opened: 1931; closed: 1998" may be a row of a table already.
    covered = [(one.start, one.end) for one in records]
    listed = [one for one in _labelled(found, len(grids)) if not any(a <= one.start < b for a, b in covered)]
    headers = [Header(grid[0][0][0], grid[0][-1][1]) for grid in grids]
    return Tables((*records, *listed), tuple(headers))


Row = list[Span]
Grid = list[Row]


def _marked(found: Outline) -> Iterator[Grid]:
    """The cells of Markdown's tables, the header first."""
    # Each table is a group of the outline; -1 is the group of a block that is in none.
    of_tables = (one for one in found.blocks if one.kind in ("header", "row") and one.group != -1)
    for _, members in groupby(of_tables, key=lambda one: one.group):
        rows = [_cells(found.text, one.start, one.end, _BAR) for one in members]
        if len(rows) > 1:
            yield rows


def _columns(text: str, marked: Sequence[Span]) -> Iterator[Grid]:
    """The cells of tables that nothing but the shape of their lines marks."""
    # Lines that only draw the table ("+----+", "===") hold no cells.
    lines = [match.span() for match in _LINE.finditer(text) if not _RULE.fullmatch(match.group())]
    lines = [line for line in lines if not any(start < line[1] and line[0] < end for start, end in marked)]
    at = 0
    while at < len(lines):
        # The delimiter that holds for most lines from here on is the table's.
        run = max((_run(text, lines[at:], delimiter) for delimiter in _DELIMITERS), key=len)
        if len(run) >= LEAST_ROWS:
            yield run
        at += len(run) if len(run) >= LEAST_ROWS else 1


def _run(text: str, lines: Sequence[Span], delimiter: re.Pattern[str]) -> Grid:
    """The rows from the first line on that have as many cells as it has."""
    found: Grid = []
    before = -1
    for start, end in lines:
        row = _cells(text, start, end, delimiter)
        alike = 2 <= len(row) == len(found[0] if found else row)
        # An empty line ends a table.
        together = before < 0 or not text[before:start].count("\n\n")
        if not (alike and together) or any(_is_prose(text[a:b]) for a, b in row):
            break
        found.append(row)
        before = end
    return found


def _is_prose(cell: str) -> bool:
    return len(cell) > LONGEST_CELL or (len(cell.split()) > 2 and _ENDED.search(cell) is not None)


def _cells(text: str, start: int, end: int, delimiter: re.Pattern[str]) -> Row:
    """The spans of a line's cells; bars at its ends part nothing."""
    start, end = trimmed(text, start, end)
    if delimiter is _BAR:
        # A bool counts as 0 or 1: one bar at each end is taken off, and an escaped one stays.
        start += text[start] == "|"
        end -= end > start and text[end - 1] == "|" and text[end - 2] != "\\"
    # Start and end of each cell in turn, as the delimiter's own characters belong to none.
    edges = [start, *(edge for match in delimiter.finditer(text, start, end) for edge in match.span()), end]
    return [trimmed(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _rows(text: str, table: int, grid: Grid) -> Iterator[Record]:
    """The rows below a header, as records."""
    header, *rows = grid
    width = range(len(header))
    # A row may have fewer cells than the header.
    keys = [n for n in width if _tells_apart([text[slice(*row[n])] for row in rows if n < len(row)])]
    for row in rows:
        fields = tuple(Field(header[n], row[n]) for n in width if n < len(row))
        # Where no column tells the rows apart, the first cell has to do.
        key = row[keys[0]] if keys and keys[0] < len(row) else row[0]
        yield Record(table, row[0][0], max(end for _, end in row), key, fields, True)


def _tells_apart(cells: Sequence[str]) -> bool:
    """Whether the cells of a column can be what its rows are about: words, each of them once."""
    return len(set(cells)) == len(cells) and all(_NAME.search(cell) for cell in cells)


def _labelled(found: Outline, first: int) -> Iterator[Record]:
    """Runs of lines with a label and a value, as records; a label that comes again begins the next one."""
    lines = [(one, match) for one in found.blocks for match in _lines_of(found, one)]
    # One run has one heading and one item over it, so that all its values are about the same thing.
    for n, (_, run) in enumerate(groupby(lines, key=lambda each: (each[0].heading, _parent(found, each[0])))):
        members = list(run)
        parts: list[list[re.Match[str]]] = [[]]
        for _, match in members:
            if any(match["name"] == other["name"] for other in parts[-1]):
                parts.append([])
            parts[-1].append(match)
        # One labelled line by itself ("Note: ...") is prose.
        if len(members) > 1:
            yield from (_record(found, first + n, members[0][0], part, len(parts) > 1) for part in parts)


def _lines_of(found: Outline, block: ArticleBlock) -> Iterator[re.Match[str]]:
    """The labelled lines of a block, where all of its lines are."""
    if block.kind not in ("paragraph", "item"):
        return
    lines = [_LABELLED.fullmatch(found.text, *match.span()) for match in _LINE.finditer(found.text, block.start, block.end)]
    values = [match["value"] for match in lines if match]
    # One line that is prose makes the block prose.
    if len(values) == len(lines) and not any(len(value) > LONGEST_VALUE or _is_prose(value) for value in values):
        yield from (match for match in lines if match)


def _parent(found: Outline, block: ArticleBlock) -> int | None:
    """The item that a list stands below; None where it stands below none."""
    return block.lead if block.lead is not None and found.blocks[block.lead].kind == "item" else None


def _record(found: Outline, table: int, block: ArticleBlock, lines: Sequence[re.Match[str]], again: bool) -> Record:
    fields = tuple(Field(match.span("name"), match.span("value")) for match in lines)
    above = _parent(found, block)
    # The nearer of the two tells what the values are about: the item before the heading.
    above = block.heading if above is None else above
    opening = fields[0].value
    # "Model: Finch 3" opens a list that repeats its labels; the first value then names each record.
    named = opening if again or (above is None and _tells_apart([found.text[slice(*opening)]])) else NOWHERE
    key = named if named != NOWHERE or above is None else (found.blocks[above].start, found.blocks[above].end)
    return Record(table, lines[0].start(), lines[-1].end(), key, fields, False)
