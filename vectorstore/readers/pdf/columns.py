"""The runs of a page -> its regions in reading order: columns of lines, and tables; pure.

A gutter is a white strip with text on both sides over several lines. Where both sides are prose it parts columns, which are
read one after the other; where they are not, it parts the cells of a table (`tables.py`). What stretches over a gutter, such as
a headline over two columns, ends it, and is read before what stands below.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from vectorstore.readers.pdf.runs import WIDE_GAP, Rule, TextRun
from vectorstore.splitting.language import EASTERN_LETTER

PROSE_CHARACTERS = 17
"""Characters of a line of prose at least, on average; cells of a table have fewer."""
INDEX_LINES = 12
"""So many short lines on both sides, of much the same length, are columns of an index or a list, and no table."""
MAX_GUTTERS = 500
"""A page with more white strips than this is a drawing with labels; pages set in columns and tables have up to about 50."""
LINES_BESIDE = 3
"""A gutter between columns has text on both sides on so many lines at least."""

_BULLET = re.compile(r"[•‣◦▪·–—*-]\s|\(?\w{1,3}[.)]\s")
_LEADERS = re.compile(r"(?:\.\s?){4,}")
"""The dots of a list of contents."""
# Figures with their signs, as cells of a table have them.
_NUMERIC = re.compile(r"[\d\s.,:%+$€£()–-]*\d[\d\s.,:%+$€£()–-]*")


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip from `left` to `right`, beside text from `top` to `bottom`; `both` lines have text on either side of it."""

    left: float
    right: float
    top: float
    bottom: float
    both: int

    @property
    def middle(self) -> float:
        """Where a line that parts the sides would be drawn."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Region:
    """Text that is read in one go: the lines of a column, or those of a table whose `gutters` part its cells."""

    kind: Literal["column", "table"]
    lines: tuple[TextRun, ...]
    left: float
    right: float
    gutters: tuple[Gutter, ...] = ()


def reading_order(runs: Sequence[TextRun], rules: Sequence[Rule] = ()) -> list[Region]:
    """The regions of a page as they are to be read.

    >>> left = [TextRun("the left column says this", 50, 290, 100 + 12 * n, 10, False) for n in range(4)]
    >>> right = [TextRun("the right column says that", 310, 550, 100 + 12 * n, 10, False) for n in range(4)]
    >>> [region.lines[0].text for region in reading_order(left + right)]
    ['the left column says this', 'the right column says that']
    """
    return list(_regions(sorted(runs, key=lambda run: (run.base, run.left)), rules, depth=0))


def _regions(runs: Sequence[TextRun], rules: Sequence[Rule], depth: int) -> Iterator[Region]:
    if not runs:
        return
    found = gutters_of(runs)
    between = [gutter for gutter in found if _parts_columns(gutter, runs, rules)]
    # The depth is bounded, as a page may be made to be split very often.
    if between and depth < 12:
        # The tallest first: the others lie above it, below it or in one of its sides.
        main = max(between, key=lambda gutter: gutter.bottom - gutter.top)
        for part in _split(runs, main):
            yield from _regions(part, rules, depth + 1)
        return
    yield from _lines_and_tables(runs, found, rules)


def _split(runs: Sequence[TextRun], gutter: Gutter) -> list[list[TextRun]]:
    """What is above a gutter, left and right of it, and below it."""
    parts: list[list[TextRun]] = [[], [], [], []]
    for run in runs:
        if run.middle < gutter.top:
            parts[0].append(run)
        elif run.middle > gutter.bottom:
            parts[3].append(run)
        else:
            parts[1 if run.left < gutter.middle else 2].append(run)
    return parts


def gutters_of(runs: Sequence[TextRun]) -> list[Gutter]:
    """The white strips with text on both sides, each as high as it goes; none on a page that has over `MAX_GUTTERS`."""
    size = median(run.size for run in runs)
    # A little less than what ends a run, or rounding would lose the gutters that a run was ended for.
    least = WIDE_GAP * size * 0.95
    heights = _heights(runs)
    taken = _taken(runs, heights)
    found: list[Gutter] = []
    for at, y in enumerate(heights):
        for (_, left), (right, _) in zip(taken[at], taken[at][1:], strict=False):
            # A gap that lies in a gutter found further up is a part of that one.
            known = any(g.top <= y <= g.bottom and g.left < right and g.right > left for g in found)
            if right - left >= least and not known:
                found.append(_grown(at, left, right, least, heights, taken))
        # Each strip is held against all runs later, so thousands of both would take minutes for one page.
        if len(found) > MAX_GUTTERS:
            return []
    return [gutter for gutter in found if gutter.both > 1]


def _heights(runs: Sequence[TextRun]) -> list[float]:
    """The middle of each line, from the top down, each once."""
    heights: list[float] = []
    for y in sorted(run.middle for run in runs):
        # Points: what differs by less lies on one line.
        if not heights or y - heights[-1] > 1.5:
            heights.append(y)
    return heights


def _taken(runs: Sequence[TextRun], heights: Sequence[float]) -> list[list[tuple[float, float]]]:
    """The stretches that are not white at each height, from left to right."""
    spans: list[list[tuple[float, float]]] = [[] for _ in heights]
    for run in runs:
        for at in range(bisect_left(heights, run.top), bisect_right(heights, run.bottom)):
            spans[at].append((run.left, run.right))
    return [_merged(sorted(line)) for line in spans]


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap as one."""
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _grown(
    at: int, left: float, right: float, least: float, heights: Sequence[float], taken: Sequence[list[tuple[float, float]]]
) -> Gutter:
    """A gap of one line, followed up and down as long as it stays wide enough."""
    first = last = at
    both = 1
    # Down first, then up: the strip is as narrow as its narrowest line.
    for step in (1, -1):
        line = at + step
        while 0 <= line < len(heights):
            narrowed = _white(taken[line], left, right)
            if narrowed[1] - narrowed[0] < least:
                break
            left, right = narrowed
            beside = any(b <= left for _, b in taken[line]) and any(a >= right for a, _ in taken[line])
            both += beside
            first, last = min(first, line), max(last, line)
            line += step
    return Gutter(left, right, heights[first], heights[last], both)


def _white(taken: Sequence[tuple[float, float]], left: float, right: float) -> tuple[float, float]:
    """The widest part of [left, right] that is white on a line."""
    best, start = (left, left), left
    for a, b in taken:
        if b <= left or a >= right:
            continue
        if a - start > best[1] - best[0]:
            best = (start, a)
        start = max(start, b)
    return (start, right) if right - start > best[1] - best[0] else best


def _parts_columns(gutter: Gutter, runs: Sequence[TextRun], rules: Sequence[Rule]) -> bool:
    """Whether what stands on both sides is text to be read one side after the other."""
    beside = [run for run in runs if gutter.top <= run.middle <= gutter.bottom]
    # A point more, as the edges of a gutter and of its runs are rounded differently.
    sides = [run for run in beside if run.right <= gutter.left + 1], [run for run in beside if run.left >= gutter.right - 1]
    if not all(sides) or min(map(len, sides)) < 2:
        return False
    # Rules that run across the strip are those between the rows of a table.
    across = sum(rule.level and rule.x0 < gutter.left and rule.x1 > gutter.right for rule in _between(rules, gutter))
    if across >= 3:
        return False
    # Lists side by side have short lines, but are columns all the same.
    if all(sum(bool(_BULLET.match(run.text)) for run in side) >= 0.4 * len(side) for side in sides):
        return True
    # Two lines that happen to have a gap in the same place are no columns.
    if gutter.both < LINES_BESIDE:
        return False
    if all(_is_prose(side) for side in sides):
        # Three lines on both sides are few, so the strip must be a wide one.
        return gutter.both > LINES_BESIDE or gutter.right - gutter.left > 1.5 * runs[0].size
    return _is_index(gutter, *sides)


def _between(rules: Sequence[Rule], gutter: Gutter) -> Iterator[Rule]:
    return (rule for rule in rules if gutter.top - 20 < rule.y0 < gutter.bottom + 20)


def _is_prose(side: Sequence[TextRun]) -> bool:
    # A Chinese, Japanese or Korean character is as wide as two letters and counts as two.
    lengths = [len(run.text) + len(EASTERN_LETTER.findall(run.text)) for run in side]
    numbers = sum(bool(_NUMERIC.fullmatch(run.text)) for run in side)
    # A column in which a third of the lines are figures is one of a table.
    return sum(lengths) / len(side) >= PROSE_CHARACTERS and numbers < 0.3 * len(side)


def _is_index(gutter: Gutter, left: Sequence[TextRun], right: Sequence[TextRun]) -> bool:
    if gutter.both < INDEX_LINES or any(_NUMERIC.fullmatch(run.text) for run in (*left, *right)):
        return False
    one, other = (sum(len(run.text) for run in side) / len(side) for side in (left, right))
    # The lines of an index are about as long on both sides; those of names and values are not.
    return max(one, other) < 1.5 * min(one, other)


def _lines_and_tables(runs: Sequence[TextRun], gutters: Sequence[Gutter], rules: Sequence[Rule]) -> Iterator[Region]:
    """The lines of a column from the top down, with the tables among them."""
    tables = _tables(gutters, runs, rules)
    ends = [_last_place(table[0], runs) for table in tables]
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    waiting: list[TextRun] = []
    inside: dict[int, list[TextRun]] = {}
    for run in runs:
        at = next((n for n, table in enumerate(tables) if table[0].top - 1 <= run.middle <= table[0].bottom + 1), -1)
        if at < 0:
            waiting.append(run)
            continue
        if waiting:
            yield Region("column", tuple(whole_lines(waiting)), left, right)
            waiting = []
        inside.setdefault(at, []).append(run)
        if (run.base, run.left) >= ends[at]:
            yield Region("table", tuple(inside.pop(at)), left, right, tuple(tables[at]))
    if waiting:
        yield Region("column", tuple(whole_lines(waiting)), left, right)


def _last_place(table: Gutter, runs: Sequence[TextRun]) -> tuple[float, float]:
    """The base and the left of the last run of a table; those of its first lines come before."""
    return max((run.base, run.left) for run in runs if run.middle <= table.bottom + 1)


def _tables(gutters: Sequence[Gutter], runs: Sequence[TextRun], rules: Sequence[Rule]) -> list[list[Gutter]]:
    """The gutters of each table, the first as high as the table itself."""
    found: list[list[Gutter]] = []
    # The tallest gutter first, as it says how high the table is.
    for gutter in sorted((_trimmed(one, runs) for one in gutters), key=lambda one: one.top - one.bottom):
        if not _parts_cells(gutter, runs, rules):
            continue
        home = next((table for table in found if gutter.top <= table[0].bottom and table[0].top <= gutter.bottom), None)
        if home is None:
            found.append([gutter])
        elif not any(other.left < gutter.right and gutter.left < other.right for other in home):
            home.append(gutter)
    return sorted(found, key=lambda table: table[0].top)


def _trimmed(gutter: Gutter, runs: Sequence[TextRun]) -> Gutter:
    """A gutter without the lines at its ends that have text on one side only."""
    beside = [run for run in runs if gutter.top <= run.middle <= gutter.bottom]
    left = [run.middle for run in beside if run.right <= gutter.left + 1]
    right = sorted(run.middle for run in beside if run.left >= gutter.right - 1)
    # Cells of a row may lie a few points apart, as raised figures do.
    rows = [y for y in left if bisect_right(right, y - 3) < bisect_left(right, y + 3)]
    if not rows:
        return Gutter(gutter.left, gutter.right, gutter.top, gutter.top, 0)
    return Gutter(gutter.left, gutter.right, min(rows), max(rows), len(rows))


def _parts_cells(gutter: Gutter, runs: Sequence[TextRun], rules: Sequence[Rule]) -> bool:
    """Whether a white strip parts cells: over three rows, or over two that are ruled or stand far apart."""
    beside = [run for run in runs if gutter.top - 1 <= run.middle <= gutter.bottom + 1]
    # Dots lead from a heading to its page in a table of contents, which has no cells.
    if gutter.both < 2 or sum(bool(_LEADERS.search(run.text)) for run in beside) >= 0.4 * gutter.both:
        return False
    ruled = sum(rule.level and rule.x0 < gutter.left and rule.x1 > gutter.right for rule in _between(rules, gutter)) >= 2
    wide = gutter.right - gutter.left > 2.5 * median(run.size for run in runs)
    return gutter.both > 2 or ruled or wide


def whole_lines(runs: Sequence[TextRun]) -> list[TextRun]:
    """Runs on one baseline joined: no gutter lies between them."""
    lines: list[TextRun] = []
    # Runs on one line may differ by a part of a point.
    for run in sorted(runs, key=lambda run: (round(run.base), run.left)):
        before = lines[-1] if lines else None
        if before is not None and abs(before.base - run.base) < 0.25 * max(before.size, run.size):
            lines[-1] = joined(before, run)
        else:
            lines.append(run)
    return lines


def joined(before: TextRun, after: TextRun) -> TextRun:
    """Two runs as one, with a space between them."""
    first, second = (before, after) if before.left <= after.left else (after, before)
    size = before.size if len(before.text) >= len(after.text) else after.size
    left, right = min(before.left, after.left), max(before.right, after.right)
    return TextRun(f"{first.text} {second.text}", left, right, before.base, size, before.bold and after.bold)
