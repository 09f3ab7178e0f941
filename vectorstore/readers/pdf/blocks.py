"""The regions of all pages -> the blocks of the document: headings by their type, paragraphs joined over pages, notes; pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.readers.document import DocumentBlock, DocumentPage, PageBreak
from vectorstore.readers.pdf.columns import Region
from vectorstore.readers.pdf.hyphens import Hyphens
from vectorstore.readers.pdf.lines import LineGroup, line_groups
from vectorstore.readers.pdf.runs import LOWERED, RAISED, Rule
from vectorstore.readers.pdf.tables import table_rows

LONGEST_HEADING = 180
"""Characters."""
LARGER = 1.12
"""Type of so many times the size of the running text is that of a heading."""

_RAISED = re.compile(f"{RAISED}([^{LOWERED}]*){LOWERED}")
_LEADERS = re.compile(r"(?:\.\s?){4,}")
_WORD = re.compile(r"\w")
_SPACES = re.compile(r"\s+")
# Words that begin so go on with a sentence.
_STARTS_IN_SENTENCE = re.compile(r"[a-zà-öø-ÿ]")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was read: its regions in reading order, the rules on it, and what a reader calls it."""

    page: DocumentPage
    regions: tuple[Region, ...]
    rules: tuple[Rule, ...]


@dataclass(slots=True)
class _Table:
    """The rows of a table, among the groups of lines."""

    rows: list[tuple[str, ...]]
    page: int


def document_blocks(pages: Sequence[ReadPage], outline: Sequence[tuple[int, str]] = ()) -> list[DocumentBlock]:
    """The blocks of a document in reading order; `outline` are its stated headings with their depth."""
    body = body_size(pages)
    hyphens = Hyphens(line.text for page in pages for region in page.regions for line in region.lines)
    parts = [part for at, page in enumerate(pages) for part in _parts(page, at, body)]
    return list(_BlockMaker(pages, body, hyphens, outline).blocks(_over_pages(parts)))


def body_size(pages: Sequence[ReadPage]) -> float:
    """The size of the type that most of the document is set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for region in page.regions:
            for line in region.lines:
                # By characters and in steps of half a point, as the type of one text differs by rounding.
                sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _parts(page: ReadPage, at: int, body: float) -> Iterator[LineGroup | _Table]:
    """What stands on a page, its notes last."""
    notes: list[LineGroup] = []
    # Only what is raised somewhere on the page can be the mark of a note at its foot.
    raised = {mark.strip("[]") for region in page.regions for line in region.lines for mark in _RAISED.findall(line.text)}
    for region in page.regions:
        if region.kind == "table":
            yield _Table(table_rows(region, page.rules), at)
            continue
        for group in line_groups(region, at, body, raised):
            if group.kind == "note":
                notes.append(group)
            else:
                yield group
    yield from notes


def _over_pages(parts: Sequence[LineGroup | _Table]) -> Iterator[LineGroup | _Table]:
    """The parts with each paragraph in one piece that goes on in the next column or on the next page, notes behind it."""
    open_group: LineGroup | None = None
    notes: list[LineGroup] = []
    for part in parts:
        if isinstance(part, LineGroup) and part.kind == "note":
            notes.append(part)
            continue
        # Notes at the foot stand between the two halves of a paragraph, so they wait until it has ended.
        if open_group is not None and isinstance(part, LineGroup) and _goes_on(open_group, part):
            # The page that the paragraph stands on so far: that of its last turn, else that of its beginning.
            if part.page != (open_group.pages[-1][1] if open_group.pages else open_group.page):
                open_group.pages.append((len(open_group.lines), part.page))
            open_group.lines += part.lines
            open_group.full = part.full
            continue
        if open_group is not None:
            yield open_group
        yield from notes
        notes = []
        open_group = part if isinstance(part, LineGroup) else None
        if open_group is None:
            yield part
    if open_group is not None:
        yield open_group
    yield from notes


def _goes_on(before: LineGroup, after: LineGroup) -> bool:
    """Whether a group at the top of a column or page goes on with the one before it."""
    last, first = before.lines[-1], after.lines[0]
    # Within one column the lines have been looked at already.
    moved = after.page != before.page or first.base < last.base
    # The type of one text differs by rounding.
    alike = abs(last.size - first.size) < 0.06 * last.size and last.bold == first.bold
    if not moved or not alike or after.kind != "paragraph" or before.kind not in ("paragraph", "item"):
        return False
    # Behind the end of a sentence nothing goes on; behind a line that left room, only what begins in mid-sentence does.
    if before.ends or not before.full:
        return bool(_STARTS_IN_SENTENCE.match(first.text)) and not before.ends
    return not after.indented or bool(_STARTS_IN_SENTENCE.match(first.text))


class _BlockMaker:
    """Makes blocks of groups, with the sizes of all headings known."""

    def __init__(self, pages: Sequence[ReadPage], body: float, hyphens: Hyphens, outline: Sequence[tuple[int, str]]) -> None:
        self._pages = pages
        self._body = body
        self._hyphens = hyphens
        self._stated = {_plain(title) for _, title in outline if _plain(title)}
        self._group = 0

    def blocks(self, parts: Iterator[LineGroup | _Table]) -> Iterator[DocumentBlock]:
        """The blocks in order."""
        known = list(parts)
        # By identity, as a group changes while it is read and so has no hash.
        headings = {
            id(part) for at, part in enumerate(known) if isinstance(part, LineGroup) and self._is_heading(part, known, at)
        }
        styles = [self._style(part) for part in known if isinstance(part, LineGroup) and id(part) in headings]
        # The larger the type, the higher the heading; bold comes before plain of the same size.
        levels = {style: min(at, 6) for at, style in enumerate(sorted(set(styles), reverse=True), start=1)}
        noted: defaultdict[int, set[str]] = defaultdict(set)
        for part in known:
            if isinstance(part, LineGroup) and part.kind == "note":
                noted[part.page].add(part.marker)
        before = ""
        for part in known:
            kind = "row" if isinstance(part, _Table) else part.kind
            # What stands between two lists parts them.
            if kind != before:
                self._group += 1
            before = kind
            if isinstance(part, _Table):
                self._group += 1
                page = self._pages[part.page].page
                cells = [tuple(_unraised(cell, set()) for cell in row) for row in part.rows]
                yield from (DocumentBlock("row", cells=row, group=self._group, page=page) for row in cells)
            elif id(part) in headings:
                yield self._heading(part, levels[self._style(part)])
            else:
                yield self._block(part, noted[part.page].union(*(noted[page] for _, page in part.pages)))

    def _is_heading(self, part: LineGroup, parts: Sequence[LineGroup | _Table], at: int) -> bool:
        text = part.text
        if part.kind != "paragraph" or len(text) > LONGEST_HEADING or len(part.lines) > 4 or not _WORD.search(text):
            return False
        if _LEADERS.search(text):
            return False
        if _plain(text) in self._stated:
            return True
        follows = at + 1 < len(parts)
        if part.size >= LARGER * self._body:
            # Over nothing there is no heading, but for the title of a page that has only that.
            return follows or at == 0
        # Bold type of the usual size: a short line over something, that no sentence ends.
        return follows and part.bold and len(part.lines) <= 2 and len(text) <= 120 and text[-1] not in ".,;:"

    def _style(self, part: LineGroup) -> tuple[float, bool]:
        return (round(part.size * 2) / 2, part.bold)

    def _heading(self, part: LineGroup, level: int) -> DocumentBlock:
        text = _unraised(self._joined(part)[0], set())
        return DocumentBlock("heading", text, level=level, page=self._pages[part.page].page)

    def _block(self, part: LineGroup, notes: set[str]) -> DocumentBlock:
        text, places = self._joined(part)
        page = self._pages[part.page].page
        breaks: list[PageBreak] = []
        for at, number in zip(places, (number for _, number in part.pages), strict=True):
            # Places count in the joined text, which loses blanks and marks below.
            start = len(_normal(_unraised(text[:at], notes)))
            breaks.append(PageBreak(start, self._pages[number].page))
        words = _normal(_unraised(text, notes))
        if part.kind == "note":
            return DocumentBlock("note", words, marker=part.marker, page=page, breaks=tuple(breaks))
        if part.kind == "item":
            return DocumentBlock("item", words, marker=part.marker, group=self._group, page=page, breaks=tuple(breaks))
        return DocumentBlock("paragraph", words, page=page, breaks=tuple(breaks))

    def _joined(self, part: LineGroup) -> tuple[str, list[int]]:
        """The lines as one text, and where in it each further page begins."""
        done: list[str] = []
        last, length = "", 0
        places: list[int] = []
        turns = {at for at, _ in part.pages}
        for at, line in enumerate(part.lines):
            if at in turns:
                places.append(length + len(last))
            # Only the line before is looked at, since a paragraph may have thousands of lines.
            both = self._hyphens.joined(last, line.text) if at else line.text
            seam = len(both) - len(line.text.lstrip())
            done.append(both[:seam])
            last, length = both[seam:], length + seam
        return "".join(done) + last, places


def _normal(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _plain(title: str) -> str:
    """A heading for comparing: without its number, its case and its signs."""
    return "".join(_WORD.findall(re.sub(r"^[\d.]{1,8}\s+", "", title.casefold())))


def _unraised(text: str, notes: set[str]) -> str:
    """Raised words as a reader would type them: the number of a note in brackets, an exponent as it is."""

    def typed(found: re.Match[str]) -> str:
        """The mark of a note in brackets, any other raised word as it is."""
        mark = found[1].strip("[]")
        return f"[{mark}]" if mark in notes else found[1]

    return _RAISED.sub(typed, text).replace(RAISED, "").replace(LOWERED, "").replace("\u00ad", "")
