"""Slides (.pptx) -> one article, each slide a page of it: title, text, tables and the speaker's notes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from vectorstore.readers.containers import local_name, open_container
from vectorstore.readers.converted import OmittedParts, TableCell, converted_article, table_blocks
from vectorstore.readers.document import DocumentBlock, DocumentPage
from vectorstore.readers.opc import RELATION_ID, OfficePackage
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
# The attribute by which a frame names the part with the data of its diagram (SmartArt).
_DATA_OF_DIAGRAM = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
# `ctrTitle` is the title of an opening slide, and so of the whole.
_TITLES = {"ctrTitle": 1, "title": 2}
# The number of the slide, its footer, its date and its header.
_MARGINS = frozenset(("sldNum", "ftr", "dt", "hdr"))
# A placeholder that states no type holds the content of the slide.
_BODIES = frozenset(("body", "obj", ""))


def read_slides(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The slides as one article with a page for each; hidden slides, comments and footers are in `omitted`."""
    with open_container(path) as container:
        package = OfficePackage(container)
        omitted = OmittedParts()
        blocks = list(_blocks(package, omitted))
        stated = package.properties()
    yield from converted_article(path, where, blocks, stated, omitted, MEDIA_TYPE, max_bytes)


def _blocks(package: OfficePackage, omitted: OmittedParts) -> Iterator[DocumentBlock]:
    """The blocks of all slides in the order in which they are shown."""
    slides = package.main_xml("ppt/presentation.xml").iterfind(f"{_P}sldIdLst/{_P}sldId")
    for number, slide in enumerate(slides, start=1):
        part = package.related_by_id(package.main, slide.get(RELATION_ID))
        root = package.xml(part)
        if root is None:
            continue
        # The groups of a slide lie apart from those of the next: none has a thousand shapes.
        blocks = list(SlideBlocks(package, part, omitted, number * 1000).blocks(root))
        if root.get("show") in ("0", "false"):
            omitted.add("hidden slide", " ".join(block.text or ", ".join(block.cells) for block in blocks))
            continue
        page = DocumentPage("slide", number, str(number))
        yield from (replace(block, page=page) for block in blocks)


class SlideBlocks:
    """Makes blocks of one slide: `SlideBlocks(package, part, omitted, 0).blocks(root)`."""

    def __init__(self, package: OfficePackage, part: str, omitted: OmittedParts, group: int) -> None:
        """`part` is the slide's name in the package; its lists and tables are numbered from `group` on."""
        self._package = package
        self._part = part
        self._omitted = omitted
        self._group = group

    def blocks(self, root: etree._Element) -> Iterator[DocumentBlock]:
        """The title first, the rest as it lies on the slide from back to front, and the speaker's notes."""
        tree = root.find(f"{_P}cSld/{_P}spTree")
        found = list(self._of_shapes(tree)) if tree is not None else []
        # The order is stable, so only the title moves.
        yield from sorted(found, key=lambda block: block.kind != "heading")
        yield from self._speaker_notes()
        comments = self._package.related_xml(self._part, "comments")
        for comment in comments.iter("{*}text") if comments is not None else ():
            self._omitted.add("comment", comment.text or "")

    def _of_shapes(self, tree: etree._Element) -> Iterator[DocumentBlock]:
        for shape in tree.iterchildren(etree.Element):
            name = local_name(shape)
            self._group += 1
            if name == "sp":
                yield from self._of_text(shape)
            elif name == "grpSp":
                yield from self._of_shapes(shape)
            elif name == "AlternateContent":
                # The same thing twice, for new and for old programs.
                yield from self._of_shapes(next(shape.iterchildren("{*}Choice", "{*}Fallback"), shape))
            elif name == "graphicFrame":
                yield from self._of_frame(shape)
            elif name == "pic":
                self._omitted.add("image", _description(shape))

    def _of_text(self, shape: etree._Element) -> Iterator[DocumentBlock]:
        placeholder = next(shape.iter(f"{_P}ph"), None)
        # A shape that fills no placeholder is a text box, in which paragraphs have no bullets of their own accord.
        kind = placeholder.get("type", "") if placeholder is not None else "box"
        paragraphs = list(shape.iter(f"{_A}p"))
        if kind in _TITLES:
            yield DocumentBlock("heading", " ".join(map(_words, paragraphs)), level=_TITLES[kind])
        elif kind in _MARGINS:
            self._omitted.add("running foot", " ".join(map(_words, paragraphs)))
        else:
            yield from self._of_paragraphs(paragraphs, kind in _BODIES)

    def _of_paragraphs(self, paragraphs: list[etree._Element], bulleted: bool) -> Iterator[DocumentBlock]:
        """Paragraphs of a shape; those of a slide's body have bullets unless they say that they have none."""
        numbers: dict[int, int] = {}
        for paragraph in paragraphs:
            text, properties = _words(paragraph), paragraph.find(f"{_A}pPr")
            level = int(properties.get("lvl", "0")) if properties is not None else 0
            marks = {local_name(mark) for mark in properties} if properties is not None else set()
            if "buNone" in marks or not (bulleted or marks & {"buChar", "buAutoNum", "buBlip"}):
                yield DocumentBlock("paragraph", text)
                continue
            # An item begins the lists below it anew.
            numbers = {at: count for at, count in numbers.items() if at <= level}
            marker = ""
            if "buAutoNum" in marks and text.strip():
                numbers[level] = numbers.get(level, 0) + 1
                marker = f"{numbers[level]}."
            yield DocumentBlock("item", text, level=level + 1, marker=marker, group=self._group)

    def _of_frame(self, frame: etree._Element) -> Iterator[DocumentBlock]:
        """A table, or the words of a diagram."""
        self._omitted.add("image", _description(frame))
        for table in frame.iter(f"{_A}tbl"):
            grid: list[list[TableCell]] = []
            for row in table.iterchildren(f"{_A}tr"):
                grid.append(_cells(row, grid[-1] if grid else []))
            yield from table_blocks(grid, self._group)
        # The words of a diagram stand in a part of their own, which is named here.
        for diagram in frame.iter("{*}relIds"):
            data = self._package.xml(self._package.related_by_id(self._part, diagram.get(_DATA_OF_DIAGRAM)))
            for paragraph in data.iter(f"{_A}p") if data is not None else ():
                yield DocumentBlock("item", _words(paragraph), group=self._group)

    def _speaker_notes(self) -> Iterator[DocumentBlock]:
        root = self._package.related_xml(self._part, "notesSlide")
        for shape in root.iter(f"{_P}sp") if root is not None else ():
            # A page of notes shows the slide and its number, too; the notes themselves are its body.
            placeholder = next(shape.iter(f"{_P}ph"), None)
            if placeholder is not None and placeholder.get("type") == "body":
                yield from (DocumentBlock("note", _words(paragraph)) for paragraph in shape.iter(f"{_A}p"))


def _cells(row: etree._Element, above: list[TableCell]) -> list[TableCell]:
    """The cells of a row; one that is merged with that on its left or above it is that cell again."""
    cells: list[TableCell] = []
    for cell in row.iterchildren(f"{_A}tc"):
        if cell.get("hMerge") in ("1", "true") and cells:
            cells.append(cells[-1])
        elif cell.get("vMerge") in ("1", "true") and len(cells) < len(above):
            cells.append(above[len(cells)])
        else:
            cells.append([DocumentBlock("paragraph", _words(paragraph)) for paragraph in cell.iter(f"{_A}p")])
    return cells


def _words(paragraph: etree._Element) -> str:
    """The words of a paragraph; a break in a line is a blank."""
    return "".join(
        (node.text or "") if local_name(node) == "t" else " " for node in paragraph.iter(f"{_A}t", f"{_A}br", f"{_A}tab")
    )


def _description(shape: etree._Element) -> str:
    """What a picture is said to show."""
    return next((node.get("descr", "") for node in shape.iter(f"{_P}cNvPr")), "")
