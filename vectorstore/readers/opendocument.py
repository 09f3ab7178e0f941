"""OpenDocument texts (.odt) -> one article, with deleted words, comments, headers and footers apart."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from vectorstore.errors import ReadError
from vectorstore.readers.containers import Container, local_name, open_container, stated_number
from vectorstore.readers.converted import (
    OmittedParts,
    TableCell,
    converted_article,
    item_blocks,
    stated_author,
    stated_day,
    stated_title,
    table_blocks,
)
from vectorstore.readers.document import DocumentBlock
from vectorstore.readers.word_styles import number_in_format
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
MOST_COLUMNS = 256
"""Columns of a table at most: a file can state any number for one cell."""

_PREFIX = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE, _OFFICE = (f"{{{_PREFIX}{name}:1.0}}" for name in ("text", "table", "style", "office"))
# Elements whose words are not on the page, or are read apart, as a note's number and a picture's description are.
_NO_WORDS = "tracked-changes sequence-decls variable-decls user-field-decls forms note-citation ruby-text title desc"
_PASSED_OVER = frozenset(_NO_WORDS.split())
_INDEXES = frozenset(("table-of-content", "alphabetical-index", "illustration-index", "table-index", "user-index"))
# Blanks in a row, tabs and line ends are elements, since XML does not keep them.
_CHARACTERS = {"s": " ", "tab": " ", "line-break": "\n"}
# The letter by which OpenDocument calls a form of numbers -> the name of it in Word, as `number_in_format` wants it.
_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class _NumberFormat:
    """How the items of one level of a list are numbered."""

    before: str
    format: str
    after: str

    def marker(self, number: int) -> str:
        """The number as it stands before the item."""
        return self.before + number_in_format(number, _FORMATS.get(self.format, "decimal")) + self.after


def read_opendocument(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The document as one article; deleted words, comments, headers and footers are in `omitted`."""
    with open_container(path) as container:
        _refuse_encrypted(container)
        omitted = OmittedParts()
        story = OpenDocumentStory(container, omitted)
        blocks = story.blocks()
        stated = _properties(container)
    # A file that was copied from another keeps that one's title among its properties; the one on the page is surer.
    stated["title"] = story.title or stated["title"]
    yield from converted_article(path, where, blocks, stated, omitted, MEDIA_TYPE, max_bytes)


def _refuse_encrypted(container: Container) -> None:
    manifest = container.xml("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise ReadError("The file is protected with a password. Open it, save it without the password, then ingest it again.")


def _properties(container: Container) -> dict[str, str]:
    root = container.xml("meta.xml")
    found = {local_name(node): node.text or "" for node in root.iter(etree.Element)} if root is not None else {}
    return {
        "title": stated_title(found.get("title", "")),
        # The initial creator wrote it; the creator only saved it last.
        "author": stated_author(found.get("initial-creator", "")) or stated_author(found.get("creator", "")),
        "date": stated_day(found.get("creation-date", "") or found.get("date", "")),
        "language": found.get("language", ""),
    }


class OpenDocumentStory:
    """Reads the text of one file, once: `blocks()` first, after which `title` is that of its title paragraph, if it has one."""

    def __init__(self, container: Container, omitted: OmittedParts) -> None:
        """What is not in the text goes into `omitted`; raises `ReadError` where the file has no content."""
        self._root = container.required_xml("content.xml")
        self._omitted = omitted
        styles = container.xml("styles.xml")
        self._roots = [self._root] if styles is None else [styles, self._root]
        self._parents = {
            style.get(f"{_STYLE}name", ""): style.get(f"{_STYLE}parent-style-name", "")
            for root in self._roots
            for style in root.iter(f"{_STYLE}style")
        }
        self._formats = {key: form for root in self._roots for key, form in _number_formats(root)}
        # The last number of each list style at each level, for lists that go on counting.
        self._counts: dict[tuple[str, int], int] = {}
        self._notes: list[DocumentBlock] = []
        self._endnotes: list[DocumentBlock] = []
        self._boxes: list[etree._Element] = []
        self._groups = 0
        self.title = ""

    def blocks(self) -> list[DocumentBlock]:
        """The blocks of the body with its notes; what was deleted, comments and margins go into what is omitted."""
        body = next(self._root.iter(f"{_OFFICE}text"), None)
        if body is None:
            raise ReadError("The file holds no text document; of OpenDocument files, only texts (.odt) are read.")
        self._leave_out(body)
        return [*self._blocks_in(body), *self._endnotes]

    def _blocks_in(self, parent: etree._Element) -> Iterator[DocumentBlock]:
        """The blocks of the body, of a section, of a cell or of a box."""
        for child in parent.iterchildren(etree.Element):
            name = local_name(child)
            if name in ("p", "h"):
                yield from self._of_paragraph(child, name)
            elif name == "list":
                self._groups += 1
                yield from self._of_list(child, self._groups, 1, child.get(f"{_TEXT}style-name", ""))
            elif name == "table":
                self._groups += 1
                yield from self._of_table(child, self._groups)
            elif name in _INDEXES:
                self._omitted.add("contents", _plain(child))
            elif name not in _PASSED_OVER:
                self._omit_description(child)
                yield from self._blocks_in(child)

    def _of_paragraph(self, node: etree._Element, name: str) -> Iterator[DocumentBlock]:
        text = "".join(self._words(node)).strip()
        styles = list(self._chain(node.get(f"{_TEXT}style-name", "")))
        if name == "h":
            depth = stated_number(node.get(f"{_TEXT}outline-level"), 1)
            # Under a title of the document, its headings are a level lower.
            yield DocumentBlock("heading", text, level=depth + bool(self.title))
        elif "Title" in styles:
            self.title = self.title or text
            yield DocumentBlock("heading", text)
        else:
            yield DocumentBlock("quote" if "Quotations" in styles else "paragraph", text)
        yield from self._hanging()

    def _hanging(self) -> Iterator[DocumentBlock]:
        """The footnotes and the boxes that the last paragraph called."""
        notes, self._notes = self._notes, []
        boxes, self._boxes = self._boxes, []
        yield from notes
        for box in boxes:
            yield from self._blocks_in(box)

    def _of_list(self, node: etree._Element, group: int, level: int, style: str) -> Iterator[DocumentBlock]:
        """The items of a list: the paragraphs of each, with its number where the list has any."""
        key = (style, level)
        # `continue-list` names a list by its id; that is taken to be the last one of the same style and level.
        goes_on = node.get(f"{_TEXT}continue-numbering") == "true" or node.get(f"{_TEXT}continue-list")
        number = self._counts.get(key, 0) if goes_on else 0
        for item in node.iterchildren(f"{_TEXT}list-item", f"{_TEXT}list-header"):
            number = stated_number(item.get(f"{_TEXT}start-value")) or number + 1
            marker = self._formats[key].marker(number) if key in self._formats else ""
            like = DocumentBlock("item", level=level, marker=marker, group=group)
            yield from item_blocks(self._of_item(item, like, style))
        self._counts[key] = number

    def _of_item(self, item: etree._Element, like: DocumentBlock, style: str) -> Iterator[DocumentBlock]:
        for child in item.iterchildren(f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list"):
            if local_name(child) == "list":
                yield from self._of_list(child, like.group, like.level + 1, child.get(f"{_TEXT}style-name") or style)
            elif local_name(child) == "h":
                yield from self._of_paragraph(child, "h")
            else:
                yield replace(like, text="".join(self._words(child)))
                yield from self._hanging()

    def _of_table(self, node: etree._Element, group: int) -> Iterator[DocumentBlock]:
        grid: list[list[TableCell]] = []
        notes: list[DocumentBlock] = []
        reaching: dict[int, tuple[int, TableCell]] = {}
        for row in _rows(node):
            cells, reaching = self._cells(row, reaching, notes)
            grid.append(cells)
        yield from table_blocks(grid, group)
        yield from notes

    def _cells(
        self, row: etree._Element, reaching: dict[int, tuple[int, TableCell]], notes: list[DocumentBlock]
    ) -> tuple[list[TableCell], dict[int, tuple[int, TableCell]]]:
        """The cells of a row, where a covered one is what covers it, and those that reach into the next row, by their columns.

        `reaching` are those of the row before: how many rows they cover from here on, and what stands in them.
        """
        cells: list[TableCell] = []
        below: dict[int, tuple[int, TableCell]] = {}
        content: TableCell = []
        rows, until = 1, 0
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            covered = local_name(cell) != "table-cell"
            if not covered:
                blocks = list(self._blocks_in(cell))
                # A note that a cell calls stands under the table, and not in the cell.
                notes += [block for block in blocks if block.kind == "note"]
                content = [block for block in blocks if block.kind != "note"]
                rows = stated_number(cell.get(f"{_TABLE}number-rows-spanned")) or 1
                until = len(cells) + (stated_number(cell.get(f"{_TABLE}number-columns-spanned")) or 1)
            times = stated_number(cell.get(f"{_TABLE}number-columns-repeated")) or 1
            for at in range(len(cells), min(len(cells) + times, MOST_COLUMNS)):
                from_above = covered and at >= until
                # A covered cell that nothing covers is one of a damaged file, and is empty.
                left, words = reaching.get(at, (1, [])) if from_above else (rows, content)
                cells.append(words)
                if left > 1:
                    below[at] = (left - 1, words)
        return cells, below

    def _words(self, node: etree._Element) -> Iterator[str]:
        """The words under a node, with the number of each note where it is called."""
        yield node.text or ""
        for child in node.iterchildren(etree.Element):
            yield from self._inline(child, local_name(child))
            yield child.tail or ""

    def _inline(self, child: etree._Element, name: str) -> Iterator[str]:
        """What an element among the words of a paragraph adds to them; a box or a comment nothing, but it is kept."""
        if name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name == "note":
            yield self._note(child)
        elif name == "annotation":
            self._omitted.add("comment", _plain(child))
        elif name == "text-box":
            self._boxes.append(child)
        elif name not in _PASSED_OVER:
            self._omit_description(child)
            yield from self._words(child)

    def _omit_description(self, frame: etree._Element) -> None:
        """Keeps apart what a picture is said to show."""
        for part in frame.iterchildren("{*}title", "{*}desc"):
            self._omitted.add("image", part.text or "")

    def _note(self, node: etree._Element) -> str:
        """Keeps a note for after the paragraph, or for the end of the text, and gives the mark by which it is called."""
        mark = "".join(part.text or "" for part in node.iterchildren(f"{_TEXT}note-citation"))
        body = node.find(f"{_TEXT}note-body")
        words = " ".join("".join(self._words(part)) for part in body.iter(f"{_TEXT}p")) if body is not None else ""
        at_end = node.get(f"{_TEXT}note-class") == "endnote"
        (self._endnotes if at_end else self._notes).append(DocumentBlock("note", words, marker=mark))
        return f"[{mark}]" if mark else ""

    def _chain(self, style: str) -> Iterator[str]:
        """The style and those that it goes on from; each once, as a damaged file may lead in a circle."""
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            style = self._parents.get(style, "")

    def _leave_out(self, body: etree._Element) -> None:
        """Keeps what was deleted, headers and footers apart from the text."""
        for deletion in body.iter(f"{_TEXT}deletion"):
            self._omitted.add("deleted text", _plain(deletion))
        for root in self._roots:
            for reason, kind in (("running head", "header"), ("running foot", "footer")):
                # The left-hand pages and the first page may have heads of their own.
                for margin in root.iter(*(f"{_STYLE}{kind}{which}" for which in ("", "-left", "-first"))):
                    self._omitted.add(reason, _plain(margin))


def _number_formats(root: etree._Element) -> Iterator[tuple[tuple[str, int], _NumberFormat]]:
    """The numbered levels of the list styles, by the name of the style and the level."""
    for style in root.iter(f"{_TEXT}list-style"):
        for level in style.iterchildren(f"{_TEXT}list-level-style-number"):
            name, form = style.get(f"{_STYLE}name", ""), level.get(f"{_STYLE}num-format", "")
            before, after = level.get(f"{_STYLE}num-prefix", ""), level.get(f"{_STYLE}num-suffix", "")
            if form:
                yield (name, stated_number(level.get(f"{_TEXT}level"))), _NumberFormat(before, form, after)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, also those in groups and in its head; a row that is repeated comes once."""
    for child in table.iterchildren(etree.Element):
        name = local_name(child)
        if name == "table-row":
            yield child
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _plain(node: etree._Element) -> str:
    """The words of all paragraphs under a node."""
    return " ".join("".join(found.itertext()) for found in node.iter(f"{_TEXT}p", f"{_TEXT}h"))
