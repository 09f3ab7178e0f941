"""The lines of a column -> groups of lines that are one paragraph, heading, item or note; pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from vectorstore.readers.pdf.columns import Region
from vectorstore.readers.pdf.runs import LOWERED, RAISED, TextRun

# A bullet, or "1.", "(a)", "iv)", before words.
_MARKER = re.compile(r"([•‣◦▪●○■□⁃∙·➢✓–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)", re.I)
# The number or the sign of a note, raised or not, in brackets or not.
_NOTE = re.compile(rf"{RAISED}?(\d{{1,3}}|[*†‡§]{{1,3}}|\[\d{{1,3}}\]){LOWERED}?[.)]?\s*(?=\S)")
# The end of a sentence, with closing marks and the number of a note behind it.
_ENDS = re.compile(r"[.!?:…。！？：][\"'”’»)\]]*\s*(?:" + RAISED + r"[^" + LOWERED + r"]*" + LOWERED + r")?$")
# A line of a table of contents: dots that lead to the number of a page.
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]+\W*$")


@dataclass(slots=True)
class LineGroup:
    """Lines that belong together. `full` tells that the last of them fills its column, so that the text may go on elsewhere."""

    lines: list[TextRun]
    page: int
    kind: str = "paragraph"
    marker: str = ""
    full: bool = False
    indented: bool = False
    pages: list[tuple[int, int]] = field(default_factory=list)
    """(the place of the first line of a further page in `lines`, the page)"""

    @property
    def size(self) -> float:
        """The type size of most of it."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def text(self) -> str:
        """Its words as they stand, for looking at them."""
        return " ".join(line.text for line in self.lines)

    @property
    def ends(self) -> bool:
        """Whether a sentence ends with it."""
        return bool(_ENDS.search(self.lines[-1].text))


def line_groups(region: Region, page: int, body: float, raised: Collection[str] = ()) -> list[LineGroup]:
    """The groups of a column; `body` is the type size of the document's running text, `raised` what is raised on the page."""
    lines = region.lines
    if not lines:
        return []
    notes = _notes_from(lines, body, raised)
    text = list(_grouped(lines[:notes], page))
    return text + list(_noted(lines[notes:], page))


def _notes_from(lines: Sequence[TextRun], body: float, raised: Collection[str]) -> int:
    """The line from which on a column is footnotes in smaller type; their number where it has none."""
    first = len(lines)
    # From the foot upwards, as long as the type is plainly smaller than that of the text.
    while first and lines[first - 1].size <= 0.93 * body:
        first -= 1
    # Small type at the foot that begins with no mark is a caption or an imprint, and a number that is raised nowhere is none.
    while first < len(lines) and not _is_note(lines[first].text, raised):
        first += 1
    return first


def _is_note(text: str, raised: Collection[str]) -> bool:
    """Whether a line begins with the mark of a note: a raised one, or one that is raised in the text above."""
    mark = _NOTE.match(text)
    return mark is not None and (text.startswith(RAISED) or mark[1].strip("[]") in raised)


def _noted(lines: Sequence[TextRun], page: int) -> Iterator[LineGroup]:
    """Footnotes, each from its mark to the next."""
    group: LineGroup | None = None
    left = min((line.left for line in lines), default=0.0)
    for line in lines:
        mark = _NOTE.match(line.text)
        # A number within a note, such as a year at the start of its second line, begins no new one.
        if mark and (group is None or line.text.startswith(RAISED) or line.left < left + 0.8 * line.size):
            if group is not None:
                yield group
            rest = TextRun(line.text[mark.end() :], line.left, line.right, line.base, line.size, line.bold)
            group = LineGroup([rest], page, "note", mark[1].strip("[]"))
        elif group is not None:
            group.lines.append(line)
    if group is not None:
        yield group


def _grouped(lines: Sequence[TextRun], page: int) -> Iterator[LineGroup]:
    """Paragraphs, items and what may be headings."""
    if not lines:
        return
    column = _ColumnShape(lines)
    group: LineGroup | None = None
    for at, line in enumerate(lines):
        mark = _MARKER.match(line.text)
        if group is not None and not _begins(column, lines, at, group, bool(mark)):
            group.lines.append(line)
            group.full = column.is_full(line)
            continue
        if group is not None:
            yield group
        group = LineGroup([line], page, full=column.is_full(line), indented=column.is_indented(line))
        if mark and _is_item(lines, at, mark[1]):
            rest = TextRun(line.text[mark.end() :], line.left, line.right, line.base, line.size, line.bold)
            group.lines, group.kind = [rest], "item"
            group.marker = mark[1] if mark[1][-1] in ".)" else ""
    if group is not None:
        yield group


def _is_item(lines: Sequence[TextRun], at: int, marker: str) -> bool:
    """Whether a line with a mark is an item: a bullet always, a number or letter where another such line is near."""
    if marker[-1] not in ".)":
        return True
    # "3. Results" in bold is a heading, and a line that happens to begin with "a." is none of a list.
    near = [one for one in lines[max(0, at - 8) : at + 9] if one is not lines[at]]
    return not lines[at].bold and any((other := _MARKER.match(one.text)) and other[1][-1] == marker[-1] for one in near)


def _begins(column: "_ColumnShape", lines: Sequence[TextRun], at: int, group: LineGroup, marked: bool) -> bool:
    """Whether a line begins something new."""
    line, before = lines[at], lines[at - 1]
    gap = line.base - before.base
    other_style = abs(line.size - before.size) > 0.08 * before.size or line.bold != before.bold
    # Type of one size differs by rounding: a twelfth is another style, a seventh another size for certain.
    other_size = abs(line.size - before.size) > 0.15 * before.size
    # A line of one or two words may be bold or small without being anything of its own.
    if other_style and (len(line.text) > 12 or other_size or gap > 1.3 * column.leading):
        return True
    if marked and (line.left < before.left + 0.5 * line.size or group.kind == "item" or _ENDS.search(before.text)):
        return True
    # In the middle of a column of text, larger type than most of it is that of a heading.
    heading = max(line.size, before.size) > 1.15 * column.size
    # A line of a table of contents goes on nowhere; one that stands higher than the last begins another column.
    if _LEADERS.search(before.text) or gap < -1 or gap > column.widest(line, heading=heading):
        return True
    if heading or line.text[:1].islower() or before.text.endswith("-"):
        return False
    return column.is_short(before, line) or column.turns(before, line, group)


class _ColumnShape:
    """How the lines of a column usually lie: their leading, their edges, and whether first lines or the others are indented."""

    def __init__(self, lines: Sequence[TextRun]) -> None:
        ordered = sorted(lines, key=lambda line: line.left)
        self.size = median(line.size for line in lines)
        # Not the outermost line, which may stick out, but that of nine in ten.
        self.right = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
        self.left = ordered[0].left
        # Larger gaps, such as those around a picture, are no measure of the leading.
        gaps = [b.base - a.base for a, b in pairwise(lines) if 0 < b.base - a.base < 2.6 * a.size]
        self.leading = min(median(gaps), 2.2 * self.size) if gaps else 1.2 * self.size
        # Lines of one paragraph are set closer than one and a half of their size, as a rule.
        close = [gap for gap in gaps if gap < 1.45 * self.size]
        # Where most lines are paragraphs of their own, the gaps between these are the usual ones.
        if len(close) >= 0.2 * len(gaps) and close:
            self.leading = min(self.leading, median(close))
        starts = [line for line in lines if line.left < self.left + 0.5 * line.size]
        # In a hanging paragraph the first line stands out, so most lines begin further in.
        self.hanging = len(lines) > 3 and len(starts) < 0.45 * len(lines)

    def widest(self, line: TextRun, *, heading: bool) -> float:
        """How far a line may be from the one before it and go on with it; the lines of a heading stand further apart."""
        return 1.75 * line.size if heading else max(1.3 * self.leading, self.leading + 0.35 * line.size)

    def is_full(self, line: TextRun) -> bool:
        """Whether a line reaches the right edge."""
        # Lines that are not justified end before the edge by a short word or less.
        return self.right - line.right < 2.5 * line.size

    def is_indented(self, line: TextRun) -> bool:
        """Whether a line begins to the right of the column's edge."""
        return line.left > self.left + 0.6 * line.size

    def is_short(self, before: TextRun, line: TextRun) -> bool:
        """Whether the first word of a line would have fitted on the line before it, so that somebody broke it on purpose."""
        first = line.text.split(" ", 1)[0]
        # The word's part of the width of its line, near enough without asking for each letter.
        word = (line.right - line.left) * len(first) / max(1, len(line.text))
        # A first word wider than eight times its size, such as an address, counts as one of that width.
        room = self.right - before.right
        return room > min(word, 8 * line.size) + 1.2 * line.size and (
            bool(_ENDS.search(before.text)) or room > 0.3 * (self.right - self.left)
        )

    def turns(self, before: TextRun, line: TextRun, group: LineGroup) -> bool:
        """Whether a line is indented as the first of a paragraph is, or stands out where the others hang."""
        # An item ends with a line that stands left of its words.
        if group.kind == "item":
            return line.left < group.lines[0].left - 0.3 * line.size
        shift = line.left - before.left
        if self.hanging:
            return shift < -0.6 * line.size
        return 0.6 * line.size < shift < 6 * line.size and bool(_ENDS.search(before.text) or self.is_indented(line))
