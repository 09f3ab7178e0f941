"""Reads the rows of a table out of its runs of text and the rules that are drawn between them.

A cell may be of several lines. Where rules part the rows, all between two of them is one row; without rules, a line whose first
cell is empty continues the row above it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from vectorstore.readers.pdf.columns import Region
from vectorstore.readers.pdf.runs import Rule, TextRun

_SAME_LINE = 0.4
"""Of the type's size: baselines that are nearer to each other are one line, as those of raised and lowered figures are."""
_CELL_LEADING = 1.45
"""Of the type's size: lines of one cell are set closer than this; text is mostly set 1.2 apart, rows have more room."""
_LEADING_TOLERANCE = 1.15
"""How much farther apart than the closest lines of a table two lines of one cell may be: baselines are not exact."""


def table_rows(region: Region, rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    """The cells of each row, as many in each.

    >>> from vectorstore.readers.pdf.columns import Gutter
    >>> runs = (TextRun("Town", 50, 80, 100, 10, True), TextRun("Ships", 150, 180, 100, 10, True),
    ...         TextRun("Ner", 50, 70, 114, 10, False), TextRun("12", 150, 162, 114, 10, False))
    >>> table_rows(Region("table", runs, 50, 180, (Gutter(80, 150, 97, 111, 2),)), ())
    [('Town', 'Ships'), ('Ner', '12')]
    """
    borders = sorted(gutter.middle for gutter in region.gutters)
    lines = _table_lines(region.lines)
    rows: list[list[str]] = []
    leading = _cell_leading(lines)
    parting = _parting_heights(region, rules)
    above = 0.0
    for line in lines:
        cells = _cells(line, borders)
        base = line[0].base
        if rows and _continues_row(cells, above, base, leading, parting):
            rows[-1] = [f"{one} {more}".strip() for one, more in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        above = base
    return [tuple(row) for row in rows]


def _table_lines(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """Runs by their baselines, each line from left to right."""
    lines: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: run.base):
        if lines and run.base - lines[-1][0].base < _SAME_LINE * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.left) for line in lines]


def _cells(line: Sequence[TextRun], borders: Sequence[float]) -> list[str]:
    cells = [""] * (len(borders) + 1)
    for run in line:
        # What stretches over several columns belongs to the first of them.
        at = sum(border < run.left for border in borders)
        cells[at] = f"{cells[at]} {run.text}".strip()
    return cells


def _cell_leading(lines: Sequence[Sequence[TextRun]]) -> float:
    """How far apart the lines of one cell are: the smallest distance of two lines; 0 where no cell has two lines."""
    gaps = sorted(after[0].base - before[0].base for before, after in pairwise(lines))
    size = median(run.size for line in lines for run in line)
    return gaps[0] if gaps and gaps[0] < _CELL_LEADING * size else 0.0


def _parting_heights(region: Region, rules: Sequence[Rule]) -> list[float]:
    """The heights of the rules that part the rows of a table, ascending; none where they say nothing of its rows."""
    across = [rule.y0 for rule in rules if rule.level and rule.x0 < region.right and rule.x1 > region.left]
    inside = sorted(y for y in across if region.lines[0].base < y < region.lines[-1].base)
    # A single rule parts only the head from the rest.
    return inside if len({round(y) for y in inside}) >= 2 else []


def _continues_row(cells: Sequence[str], above: float, base: float, leading: float, parting: Sequence[float]) -> bool:
    """Whether a line belongs to the row of the line above it, whose baseline is `above`."""
    # Rules between the rows tell best which lines are of one row, so they are asked first.
    if parting:
        # A rule that nearly touches the upper line lies below it.
        at = bisect_right(parting, above - 1)
        return not (at < len(parting) and parting[at] < base)
    return not cells[0] and leading > 0 and base - above < _LEADING_TOLERANCE * leading
