"""A table of a page -> rows whose first names the columns; pure."""

from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from vectorstore.readers.document import DocumentBlock

# A page may state any number for one cell, and the cell is put into each column and row that it spans.
MOST_COLUMNS = 100
_MOST_ROWS = 1000
# Parts of a page that no cell with data holds.
_LAYOUT_BLOCKS = ("h1", "h2", "h3", "table", "form", "article", "nav", "section", "header", "footer")

CellReader = Callable[[HtmlElement], tuple[str, float]]
"""A cell -> its words on one line, and the share of them that is linked."""

Cells = list[tuple[str, float, bool]]
"""Words, the share of them that is linked, and whether the cell is a heading, for each column of a row."""


def is_layout(table: HtmlElement) -> bool:
    """Whether a table only lays out a page: it says so, has one row or one column, or whole parts of a page in its cells.

    >>> from lxml.html import fragment_fromstring
    >>> is_layout(fragment_fromstring("<table><tr><td>Menu<td><h1>Rain</h1>It rained.</table>"))
    True
    """
    if table.get("role") in ("presentation", "none"):
        return True
    rows = list(_rows(table))
    if len(rows) < 2 or max(len(_cells(row)) for row in rows) < 2:
        # One row under a heading row, or one column of numbers under a heading, would be a table all the same.
        return not (rows and any(cell.tag == "th" for row in rows for cell in _cells(row)))
    if any(cell.tag == "th" for row in rows for cell in _cells(row)):
        # The headline of a page stands in no table of data.
        return next(table.iter("h1"), None) is not None
    inside = table.iterdescendants(*_LAYOUT_BLOCKS)
    return next(inside, None) is not None or any(len(list(cell.iter("p"))) > 1 for row in rows for cell in _cells(row))


def table_blocks(table: HtmlElement, group: int, read: CellReader) -> Iterator[tuple[DocumentBlock, float]]:
    """The rows with the share of each that is linked; a table of names and values without a heading row is a list of items."""
    grid = _grid(table, read)
    if not grid:
        return
    if _is_of_pairs(grid):
        yield from _items(grid, group)
        return
    width = max(map(len, grid))
    heads = _heading_rows(grid)
    # A table is written down with one row of headings, so several become one.
    if heads > 1:
        grid[:heads] = [_joined(grid[:heads], width)]
    for row in grid:
        filled = row + [("", 0.0, False)] * (width - len(row))
        cells = tuple(words for words, _, _ in filled)
        yield DocumentBlock("row", cells=cells, group=group), _linked(filled)


def _grid(table: HtmlElement, read: CellReader) -> list[Cells]:
    """All rows, with a cell that spans several rows in each of them, since a row is read by itself."""
    grid: list[Cells] = []
    reaching: dict[int, tuple[int, tuple[str, float, bool]]] = {}
    for row in _rows(table):
        cells: Cells = []
        below: dict[int, tuple[int, tuple[str, float, bool]]] = {}
        # The None at the end lets cells from the rows above fill the columns behind the last cell.
        for cell in [*_cells(row), None]:
            while len(cells) in reaching:
                left, known = reaching[len(cells)]
                if left > 1:
                    below[len(cells)] = (left - 1, known)
                cells.append(known)
            if cell is None:
                break
            words, linked = read(cell)
            made = (words, linked, _is_heading(cell))
            head = made[2] or cell.getparent().getparent().tag == "thead"
            for at in range(min(_span(cell, "colspan"), MOST_COLUMNS - len(cells))):
                if _span(cell, "rowspan") > 1:
                    below[len(cells)] = (_span(cell, "rowspan") - 1, made)
                # A heading over several columns belongs to each of them; a value is said once.
                cells.append(made if head or not at else ("", 0.0, made[2]))
        reaching = below
        if any(words for words, _, _ in cells):
            grid.append(cells)
    return grid


def _is_of_pairs(grid: list[Cells]) -> bool:
    """Whether each row is a name and its value, and none says what the columns are."""
    pairs = [row for row in grid if len(row) == 2 and row[0][2] and not row[1][2]]
    return (
        # The pairs are the last rows; above them may stand the name and the picture of a box of facts.
        len(pairs) > 0 and len(pairs) >= len(grid) - 2 and all(len(row) <= 2 for row in grid) and pairs[0] is grid[-len(pairs)]
    )


def _items(grid: list[Cells], group: int) -> Iterator[tuple[DocumentBlock, float]]:
    for row in grid:
        words = list(dict.fromkeys(cell[0] for cell in row if cell[0]))
        text = ": ".join((words[0].rstrip(":"), " ".join(words[1:]))) if len(words) > 1 else " ".join(words)
        yield DocumentBlock("item", text, group=group), _linked(row)


def _heading_rows(grid: list[Cells]) -> int:
    """How many rows at the top are all headings."""
    count = 0
    for row in grid[:-1]:
        if not all(head or not words for words, _, head in row):
            break
        count += 1
    return count


def _joined(rows: list[Cells], width: int) -> Cells:
    """Heading rows as one: `2023` over `Ships` is "2023 Ships"."""
    joined: Cells = []
    for column in range(width):
        parts = dict.fromkeys(row[column][0] for row in rows if column < len(row) and row[column][0])
        joined.append((" ".join(parts), 0.0, True))
    return joined


def _linked(cells: Cells) -> float:
    count = sum(len(words) for words, _, _ in cells)
    return sum(len(words) * linked for words, linked, _ in cells) / max(1, count)


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of a table itself, not those of tables in it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return list(row.iterchildren("td", "th"))


def _is_heading(cell: HtmlElement) -> bool:
    """Whether a cell is a heading by its name, or because all of it is bold, as in tables that know no other."""
    if cell.tag == "th":
        return True
    bold = next(cell.iter("b", "strong"), None)
    return bold is not None and "".join(bold.itertext()).strip() == "".join(cell.itertext()).strip() != ""


def _span(cell: HtmlElement, name: str) -> int:
    stated = (cell.get(name) or "1").strip()
    most = MOST_COLUMNS if name == "colspan" else _MOST_ROWS
    return min(max(int(stated), 1), most) if stated.isdecimal() and len(stated) < 9 else 1
