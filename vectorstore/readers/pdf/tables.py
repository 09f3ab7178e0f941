"""The lines of a table -> its rows; pure. Lines of one cell are joined: between two rules, or where the first cell is empty."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from vectorstore.readers.pdf.columns import Region
from vectorstore.readers.pdf.runs import Rule, TextRun


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
    last: float | None = None
    leading = _leading(lines)
    level = [rule.y0 for rule in rules if rule.level and rule.x0 < region.right and rule.x1 > region.left]
    # Rules between the rows tell best which lines are of one row, so they are asked first.
    inside = sorted(y for y in level if region.lines[0].base < y < region.lines[-1].base)
    ruled = len({round(y) for y in inside}) >= 2
    for line in lines:
        cells = _cells(line, borders)
        base = line[0].base
        close = not cells[0] and leading > 0 and last is not None and base - last < 1.15 * leading
        if rows and last is not None and (not _ruled_between(inside, last, base) if ruled else close):
            rows[-1] = [f"{one} {more}".strip() for one, more in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        last = base
    return [tuple(row) for row in rows]


def _table_lines(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """Runs by their baselines, each line from left to right."""
    lines: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: run.base):
        if lines and run.base - lines[-1][0].base < 0.4 * run.size:
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


def _leading(lines: Sequence[Sequence[TextRun]]) -> float:
    """How far apart the lines of one cell are: the least common distance of lines."""
    gaps = sorted(after[0].base - before[0].base for before, after in pairwise(lines))
    size = median(run.size for line in lines for run in line)
    # A table whose closest lines are this far apart has no cell of two lines.
    return gaps[0] if gaps and gaps[0] < 1.45 * size else 0.0


def _ruled_between(heights: Sequence[float], last: float, base: float) -> bool:
    """Whether one of the rules at `heights`, from the top down, parts a line from the one above it."""
    # A rule that nearly touches the upper line lies below it.
    at = bisect_right(heights, last - 1)
    return at < len(heights) and heights[at] < base
