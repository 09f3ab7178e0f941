"""A page of a PDF -> runs of words on one baseline, the rules drawn on it, and how much of it is a picture.

The characters come from PDFium with their places. Coordinates are turned so that the text of the page is upright, and count in
points from the top left: `left` < `right`, and a smaller `base` is higher on the page.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pypdfium2 import PdfPage, PdfTextPage
from pypdfium2 import raw as pdfium

from vectorstore.readers.pdf.characters import HYPHENS, RTL_LETTER, decoded, reorder_lam_alef, turns_between

RAISED, LOWERED = "\ue0f0", "\ue0f1"
"""Marks around words that are set smaller and higher, such as the number of a footnote; blocks have none of them."""
SMALLER = 0.85
"""Words beside larger ones may be raised where their type has less than this part of the size."""
WIDE_GAP = 0.9
"""A gap of so many times the type size ends a run: it may be the gutter between columns or between the cells of a table."""
MAX_OBJECTS = 4000
"""Drawn objects of a page that are looked at; a map or a plot has many more."""

_SPACE = frozenset(map(ord, " \t\r\n\u00a0\u2002\u2003\u2009\u200a\u3000"))
# What the names of bold fonts have in them: `cmbx` is of TeX, `medi` of Ghostscript's Times.
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|medi\b|cmbx|-bd\b", re.I)
_MARKS_OF_NOTES = frozenset(map(ord, "0123456789*†‡§¹²³,"))
# Bit 19 of a font's flags, ForceBold (PDF 32000-1, table 123).
_FORCED_BOLD = 1 << 18


@dataclass(slots=True)
class TextRun:
    """Words on one baseline with no wide gap between them. `size` is that of the type, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool

    @property
    def top(self) -> float:
        """The height of capital letters."""
        return self.base - 0.75 * self.size

    @property
    def middle(self) -> float:
        """The height of the middle of small letters, by which a run lies beside another or in a strip."""
        return self.base - 0.3 * self.size

    @property
    def bottom(self) -> float:
        """A little below the baseline."""
        return self.base + 0.12 * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line that is drawn, from (x0, y0) to (x1, y1); level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether it lies, as the rule between two rows does."""
        return self.x1 - self.x0 > self.y1 - self.y0


@dataclass(slots=True)
class PageRuns:
    """What stands on a page. `sideways` are words set in another direction, `strange` is the share of letters that mean
    nothing.

    `pictured` is the part of the page that pictures cover, 0 to 1.
    """

    width: float
    height: float
    runs: list[TextRun] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    strange: float = 0.0
    pictured: float = 0.0


@dataclass(slots=True)
class _PlacedWord:
    """A word in the page's own coordinates, which count from the bottom left; `turn` is its direction in quarters."""

    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    bold: bool
    turn: int | None


class _TextStyle(NamedTuple):
    """The type size, the direction in quarters of a turn, None for one that is askew, and whether the font is bold."""

    size: float
    turn: int | None
    bold: bool


def page_runs(page: PdfPage) -> PageRuns:
    """Everything that is needed of a page; the lock has to be held."""
    text = page.get_textpage()
    try:
        words, strange = _words(text)
    finally:
        text.close()
    left, bottom, right, top = page.get_bbox()
    turns = Counter(word.turn for word in words for _ in word.text if word.turn is not None)
    # A page that is turned and whose text is turned back counts as upright; so does one of which both stand on their side.
    turn = turns.most_common(1)[0][0] if turns else (page.get_rotation() // 90) % 4
    frame = _Frame(left, bottom, right, top, turn)
    found = PageRuns(*frame.size, strange=strange)
    upright = [word for word in words if word.turn == turn and frame.holds(word)]
    found.sideways = _sideways([word for word in words if word.turn != turn])
    found.runs = _joined_on_lines(list(_runs(upright, frame)))
    found.rules, found.pictured = _drawn(page, frame)
    return found


class _Frame:
    """Turns the page's coordinates so that its text is upright, with (0, 0) at the top left."""

    def __init__(self, left: float, bottom: float, right: float, top: float, turn: int) -> None:
        self._box = (left, bottom, right, top)
        self._turn = turn
        width, height = right - left, top - bottom
        self.size = (height, width) if turn % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page, as it is once the text is upright."""
        left, bottom, right, top = self._box
        match self._turn:
            case 1:  # runs up the page
                return y - bottom, x - left
            case 2:
                return right - x, y - bottom
            case 3:
                return top - y, right - x
        return x - left, top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A rectangle as (left, top, right, bottom) once the text is upright."""
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def holds(self, word: _PlacedWord) -> bool:
        """Whether a word lies on what is shown of the page."""
        left, bottom, right, top = self._box
        x, y = word.origin
        return left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1


def _words(page: PdfTextPage) -> tuple[list[_PlacedWord], float]:
    """The words of a page in PDFium's order, and the share of letters that its fonts give no meaning to."""
    raw = page.raw
    codes = [pdfium.FPDFText_GetUnicode(raw, at) for at in range(pdfium.FPDFText_CountChars(raw))]
    words: list[_PlacedWord] = []
    start = strange = letters = 0
    reader = _CharacterReader(raw)
    reorder_lam_alef(codes, reader.is_one_glyph)
    # A blank behind the last character ends the last word.
    for at, code in enumerate([*codes, 32]):
        if code in _SPACE:
            if start < at:
                words += reader.words(codes, start, at)
            start = at + 1
            continue
        letters += 1
        # A font without a table of meanings gives no character, or one of the area for private use.
        strange += code in (0, 0xFFFD) or 0xE000 <= code <= 0xF8FF
        if code in HYPHENS:
            # PDFium puts the rest of a word right behind its hyphen, though it stands on the next line.
            words += reader.words(codes, start, at + 1)
            start = at + 1
    return words, strange / letters if letters else 0.0


class _CharacterReader:
    """Asks PDFium about the characters of one page; the structures that it fills are made once."""

    def __init__(self, raw: object) -> None:
        self._raw = raw
        self._rect = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium.FS_MATRIX()
        self._flags = ctypes.c_int()
        self._name = ctypes.create_string_buffer(128)
        self._styles: dict[int, _TextStyle] = {}

    def words(self, codes: list[int], start: int, end: int) -> Iterator[_PlacedWord]:
        """The word of the characters [start, end), in parts where its direction turns or its end is raised as a mark is."""
        bounds = [start, *(at for at in range(start + 1, end) if turns_between(codes[at - 1], codes[at])), end]
        for first, last in pairwise(bounds):
            yield from self._word(codes, first, last)

    def _word(self, codes: list[int], start: int, end: int) -> Iterator[_PlacedWord]:
        style = self._style(start)
        cut = self._raised_from(codes, start, end, style.size)
        if text := decoded(codes[start:cut]):
            yield _PlacedWord(text, self._box(start, cut), self._origin(start), style.size, style.bold, style.turn)
        if cut < end and (text := decoded(codes[cut:end])):
            style = self._style(cut)
            yield _PlacedWord(text, self._box(cut, end), self._origin(cut), style.size, style.bold, style.turn)

    def is_one_glyph(self, at: int) -> bool:
        """Whether a character and the next one are drawn as one, so that they have one place."""
        return self._box(at, at + 1) == self._box(at + 1, at + 2)

    def _raised_from(self, codes: list[int], start: int, end: int, size: float) -> int:
        """The character from which on a word is set smaller; its end where it is of one size."""
        cut = end
        while cut - 1 > start and codes[cut - 1] in _MARKS_OF_NOTES:
            cut -= 1
        # A word of figures alone is a number and not the mark of a note.
        if cut in (start, end):
            return end
        return cut if self._style(end - 1).size < SMALLER * size else end

    def _style(self, at: int) -> _TextStyle:
        """How a character is set. All characters of one drawn object are set alike, so PDFium is asked once for each."""
        drawn = ctypes.cast(pdfium.FPDFText_GetTextObject(self._raw, at), ctypes.c_void_p).value
        # A character that PDFium made up, such as a space, belongs to no drawn object.
        if drawn is None:
            return self._asked_style(at)
        if drawn not in self._styles:
            self._styles[drawn] = self._asked_style(at)
        return self._styles[drawn]

    def _asked_style(self, at: int) -> _TextStyle:
        size = pdfium.FPDFText_GetFontSize(self._raw, at)
        if not pdfium.FPDFText_GetMatrix(self._raw, at, self._matrix):
            return _TextStyle(size or 1.0, 0, self._bold(at))
        m = self._matrix
        # The size of the font is before the text matrix, which may stretch and turn it.
        scale = math.hypot(m.c, m.d) or 1.0
        angle = math.degrees(math.atan2(m.b, m.a)) % 360
        quarters = round(angle / 90)
        # Letters that lean or stand askew by less than this are read as if they did not.
        turn = quarters % 4 if abs(angle - quarters * 90) < 5 else None
        return _TextStyle(max(size * scale, 0.5), turn, self._bold(at))

    def _box(self, first: int, last: int) -> tuple[float, float, float, float]:
        """The rectangle around characters, by their first and their last."""
        boxes = []
        for at in (first, last - 1):
            pdfium.FPDFText_GetLooseCharBox(self._raw, at, self._rect)
            boxes.append((self._rect.left, self._rect.bottom, self._rect.right, self._rect.top))
        (a, b, c, d), (e, f, g, h) = boxes
        return min(a, e), min(b, f), max(c, g), max(d, h)

    def _origin(self, at: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._raw, at, self._x, self._y)
        return self._x.value, self._y.value

    def _bold(self, at: int) -> bool:
        """Whether the font is a bold one, by its weight, its flags or its name."""
        # From 600 on, "semibold", weights are bold.
        if pdfium.FPDFText_GetFontWeight(self._raw, at) >= 600:
            return True
        size = pdfium.FPDFText_GetFontInfo(self._raw, at, self._name, 128, self._flags)
        return bool(self._flags.value & _FORCED_BOLD) or (
            # A longer name than the buffer holds has not been written into it.
            0 < size <= 128 and bool(_BOLD.search(self._name.value.decode("latin-1")))
        )


def _runs(words: list[_PlacedWord], frame: _Frame) -> Iterator[TextRun]:
    """Words that follow each other on one baseline, in PDFium's order."""
    run: TextRun | None = None
    for word in words:
        left, _, right, _ = frame.box(*word.box)
        base = frame.point(*word.origin)[1]
        if run is not None and _goes_on(run, left, right, base, word):
            _append(run, word, left, right, base)
            continue
        if run is not None:
            yield run
        run = TextRun(word.text, left, right, base, word.size, word.bold)
    if run is not None:
        yield run


def _goes_on(run: TextRun, left: float, right: float, base: float, word: _PlacedWord) -> bool:
    """Whether a word stands right behind a run, on its baseline or raised beside it."""
    size = max(run.size, word.size)
    gap = left - run.right
    if _is_rtl(word.text):
        gap = run.left - right
    # Letters may overlap a little where they are set tight or slanted.
    if not -0.6 * size < gap < WIDE_GAP * size:
        return False
    if abs(base - run.base) < 0.2 * size:
        # Larger type than that, such as an initial over several lines, is no part of a line.
        return word.size < 1.6 * run.size and run.size < 1.6 * word.size
    return -0.1 * size < run.base - base < 0.7 * size and word.size < SMALLER * run.size and gap < 0.3 * size


def _append(run: TextRun, word: _PlacedWord, left: float, right: float, base: float) -> None:
    raised = run.base - base > 0.15 * run.size and word.size < SMALLER * run.size
    gap = run.left - right if _is_rtl(word.text) else left - run.right
    # PDFium parts a word from the raised number behind it, which has no gap in front.
    space = "" if gap < 0.12 * run.size and (raised or run.text.endswith(LOWERED)) else " "
    run.text += f"{RAISED}{word.text}{LOWERED}" if raised else space + word.text
    run.left, run.right = min(run.left, left), max(run.right, right)
    # One bold word does not make a line bold; a heading with one plain word is not bold either.
    run.bold = run.bold and word.bold


def _is_rtl(text: str) -> bool:
    return RTL_LETTER.search(text[:3]) is not None


def _joined_on_lines(runs: list[TextRun]) -> list[TextRun]:
    """Runs that stand next to each other on a line, whatever the order in which they were drawn; from the top down."""
    runs.sort(key=lambda run: (round(run.base), run.left))
    by_line: dict[int, list[TextRun]] = {}
    found: list[TextRun] = []
    for run in runs:
        key = round(run.base / 3)
        # Only runs of about the same height are compared, which keeps a page of thousands of words quick.
        near = [other for line in (key - 1, key, key + 1) for other in by_line.get(line, ())]
        if before := next((one for one in near if _touches(one, run)), None):
            _merge(before, run)
            continue
        by_line.setdefault(key, []).append(run)
        found.append(run)
    return found


def _touches(before: TextRun, run: TextRun) -> bool:
    size = max(before.size, run.size)
    level = abs(before.base - run.base) < 0.2 * size
    drop = before.base - run.base
    raised = 0.15 * before.size < drop < 0.7 * before.size and run.size < SMALLER * before.size and len(run.text) < 5
    gap = run.left - before.right
    return (level and -0.3 * size < gap < WIDE_GAP * size) or (raised and -0.3 * size < gap < 0.3 * size)


def _merge(before: TextRun, run: TextRun) -> None:
    raised = before.base - run.base > 0.15 * before.size and run.size < SMALLER * before.size
    gap = run.left - before.right
    space = "" if raised or gap < 0.12 * before.size else " "
    words = f"{RAISED}{run.text}{LOWERED}" if raised else run.text
    # On a line of Arabic or Hebrew what stands further right comes first, Latin names among its words as well.
    to_the_left = RTL_LETTER.search(run.text) or RTL_LETTER.search(before.text)
    first, last = (words, before.text) if to_the_left else (before.text, words)
    before.text = first + space + last
    before.right = max(before.right, run.right)
    before.bold = before.bold and run.bold
    before.size = max(before.size, run.size)


def _sideways(words: list[_PlacedWord]) -> list[str]:
    """What is set in another direction than the page, such as a stamp at the margin or a mark across it."""
    texts: list[str] = []
    turn: int | None = -1
    for word in words:
        if word.turn != turn:
            texts.append("")
            turn = word.turn
        texts[-1] += f" {word.text}"
    return [text.strip() for text in texts]


def _drawn(page: PdfPage, frame: _Frame) -> tuple[list[Rule], float]:
    """The rules on a page, and the part of it that pictures cover."""
    rules: list[Rule] = []
    covered = 0.0
    area = frame.size[0] * frame.size[1] or 1.0
    # Forms may hold forms; what lies in more than three of them is not looked at.
    for count, thing in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE), max_depth=3)):
        if count >= MAX_OBJECTS:
            break
        x0, y0, x1, y1 = frame.box(*thing.get_bounds())
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += max(0.0, min(x1, frame.size[0]) - max(x0, 0)) * max(0.0, min(y1, frame.size[1]) - max(y0, 0))
        # Thin and long: whatever is drawn otherwise is a frame, a plot or a letter.
        # Only level rules tell columns and rows apart, and a page of squared paper has thousands of the others.
        elif y1 - y0 < 3 and x1 - x0 > 15:
            rules.append(Rule(x0, y0, x1, y1))
    return rules, min(1.0, covered / area)
