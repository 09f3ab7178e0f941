"""Word files (.docx) -> one article: all that a reader sees on the page, and what was changed, said beside it or hidden apart.

The parts are read as XML, not by python-docx: footnotes, text boxes, tracked changes and the numbers of lists are not to be had
from it, and it would hold every picture of the file in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from vectorstore.errors import ReadError
from vectorstore.readers.containers import begins_with_ole, local_name, open_container, stated_number
from vectorstore.readers.converted import OmittedParts, TableCell, converted_article, table_blocks
from vectorstore.readers.document import DocumentBlock, DocumentPage
from vectorstore.readers.opc import OfficePackage
from vectorstore.readers.rtf import begins_with_rtf, read_rtf
from vectorstore.readers.word_styles import TITLE, VAL, W, WordLists, WordStyles, roman
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_COLUMNS = 63
"""Columns that a table of Word may have; a cell that claims to span more is that of a damaged file."""

# Elements that are read through. Of these, `ins` and `moveTo` hold what was inserted while changes were tracked.
_WRAPPERS = frozenset(("ins", "moveTo", "customXml", "sdtContent", "smartTag"))
_DELETED = frozenset(("del", "moveFrom"))
# Properties, the codes of fields, what was deleted, and the small reading beside a Chinese character (`rt`).
_PASSED_OVER = frozenset(("pPr", "rPr", "instrText", "delText", "rt", "sdtPr", "sdtEndPr"))
_CHARACTERS = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-"}
_QUOTES = frozenset(("quote", "intense quote", "block text"))
# A switch that states no value is on.
_OFF = ("0", "false", "off")


def read_word(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The document as one article; comments, deleted words, headers and footers are in `omitted`.

    Inserted words are kept and deleted ones left out. Pages are told only where the file's own count of pages bears them out.
    """
    with open_container(path) as container:
        package = OfficePackage(container)
        omitted = OmittedParts()
        story = WordStory(package, omitted)
        blocks = story.blocks()
        stated = package.properties()
    # The title on the page is surer than the property, which a copied file keeps from the one that it was copied from.
    stated["title"] = story.title or stated["title"]
    yield from converted_article(path, where, blocks, stated, omitted, MEDIA_TYPE, max_bytes)


def read_old_word(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """A `.doc`, which is often RTF or .docx by another name; the format of old Word itself is refused with a sentence."""
    if begins_with_rtf(path):
        yield from read_rtf(path, where, max_bytes)
    elif begins_with_ole(path):
        raise ReadError("This is the format of old Word (.doc), which is not read here. Open it and save it as .docx.")
    else:
        yield from read_word(path, where, max_bytes)


@dataclass(slots=True)
class _Paragraph:
    """What a paragraph holds: its words, and what hangs on it. `page` is where its first word stands."""

    words: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[DocumentBlock] = field(default_factory=list)
    page: DocumentPage | None = None


class WordStory:
    """Reads the body of one file, once: `blocks()` first, after which `title` is that of its title paragraph, if it has one."""

    def __init__(self, package: OfficePackage, omitted: OmittedParts) -> None:
        """What is not in the text goes into `omitted`; raises `ReadError` where the package has no document."""
        self._root = package.main_xml("word/document.xml")
        self._package = package
        self._omitted = omitted
        self._styles = WordStyles(package.related_xml(package.main, "styles"))
        self._lists = WordLists(package.related_xml(package.main, "numbering"))
        self._notes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        self._note_counts = {"footnote": 0, "endnote": 0}
        self._endnotes: list[DocumentBlock] = []
        # Two counts of the pages so far: by the breaks that Word noted as it last laid the text out, and by the author's own.
        self._laid_out, self._set_by_hand = 1, 1
        # Words of a paragraph whose end was deleted: they belong to the next one.
        self._carried: list[str] = []
        self._tables = 0
        self.title = ""

    def blocks(self) -> list[DocumentBlock]:
        """The blocks of the body with its notes; comments, headers and footers go into what is omitted."""
        body = self._root.find(f"{W}body")
        found = list(self._blocks_in(body)) if body is not None else []
        self._leave_out_margins()
        return self._with_true_pages(found + self._endnotes)

    def _blocks_in(self, parent: etree._Element) -> Iterator[DocumentBlock]:
        """The blocks of the body, of a cell, of a box or of a note."""
        for child in parent.iterchildren(etree.Element):
            name = local_name(child)
            if name == "p":
                yield from self._of_paragraph(child)
            elif name == "tbl":
                yield from self._of_table(child)
            elif name == "sdt":
                yield from self._of_control(child)
            elif name in _WRAPPERS:
                yield from self._blocks_in(child)
            elif name in _DELETED:
                self._omitted.add("deleted text", _plain(child))

    def _of_control(self, node: etree._Element) -> Iterator[DocumentBlock]:
        """What a content control holds, unless it is a table of contents or waits to be filled in."""
        gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(VAL) == "Table of Contents":
            self._omitted.add("contents", _plain(node))
        elif not _is_placeholder(node):
            for content in node.iterchildren(f"{W}sdtContent"):
                yield from self._blocks_in(content)

    def _of_paragraph(self, node: etree._Element) -> Iterator[DocumentBlock]:
        properties = node.find(f"{W}pPr")
        if properties is not None and _is_on(properties.find(f"{W}pageBreakBefore")):
            self._set_by_hand += 1
        paragraph = _Paragraph(self._carried)
        self._carried = []
        self._read(node, paragraph)
        self._omitted.add("deleted text", "".join(paragraph.deleted))
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self._carried = paragraph.words
        elif block := self._block("".join(paragraph.words).strip(), properties):
            yield replace(block, page=paragraph.page or self._page())
        yield from paragraph.notes
        for box in paragraph.boxes:
            yield from self._blocks_in(box)
        section = properties.find(f"{W}sectPr") if properties is not None else None
        # A section begins on a new page, unless it is a continuous one.
        if section is not None and _value(section.find(f"{W}type")) != "continuous":
            self._set_by_hand += 1

    def _block(self, text: str, properties: etree._Element | None) -> DocumentBlock | None:
        """A paragraph's words as what its style and its list make of them; None for a line of the table of contents."""
        style = _value(properties.find(f"{W}pStyle")) if properties is not None else ""
        name = self._styles.name(style)
        # The styles of Word for the lines of a table of contents are "toc 1" to "toc 9".
        if name.startswith("toc ") and name[4:].isdigit():
            self._omitted.add("contents", text)
            return None
        marker, depth = self._list_marker(style, properties)
        level = self._heading_level(style, properties)
        if level == TITLE:
            self.title = self.title or text
            return DocumentBlock("heading", text)
        if level is not None:
            # Under a title of the document, its chapters are a level lower.
            # The number that Word draws before a heading is part of what its reader sees.
            words = f"{marker} {text}" if text and marker not in ("", "-") else text
            return DocumentBlock("heading", words, level=level + bool(self.title))
        if marker:
            return DocumentBlock("item", text, level=depth + 1, marker="" if marker == "-" else marker)
        return DocumentBlock("quote" if name in _QUOTES else "paragraph", text)

    def _heading_level(self, style: str, properties: etree._Element | None) -> int | None:
        """The level of a heading: what the paragraph says itself counts more than its style."""
        own = _value(properties.find(f"{W}outlineLvl")) if properties is not None else ""
        if own.isdecimal():
            # Outline levels count from 0, and 9 is that of the text.
            return int(own) + 1 if int(own) < 9 else None
        return self._styles.heading_level(style)

    def _list_marker(self, style: str, properties: etree._Element | None) -> tuple[str, int]:
        """What stands before an item, and its level from 0; "" where the paragraph is none."""
        list_id, level = self._styles.list_of(style)
        own = properties.find(f"{W}numPr") if properties is not None else None
        if own is not None:
            list_id = _value(own.find(f"{W}numId")) or list_id
            level = _value(own.find(f"{W}ilvl")) or level
        depth = stated_number(level)
        # The list of number 0 takes a paragraph out of the list of its style.
        return (self._lists.marker(list_id, depth), depth) if list_id not in ("", "0") else ("", 0)

    def _read(self, node: etree._Element, into: _Paragraph) -> None:
        """Collects the words under a node, and what hangs on them."""
        for child in node.iterchildren(etree.Element):
            name = local_name(child)
            if name == "t":
                self._add(child.text or "", into)
            elif name in _CHARACTERS:
                into.words.append(_CHARACTERS[name])
            elif name in ("br", "lastRenderedPageBreak"):
                self._break(child, name, into)
            elif name in _DELETED:
                into.deleted.append(_plain(child))
            elif name in ("footnoteReference", "endnoteReference"):
                self._add_note(child, name.removesuffix("Reference"), into)
            elif name == "txbxContent":
                into.boxes.append(child)
            # The properties of a drawing hold its alternative text.
            elif name == "docPr":
                self._omitted.add("image", child.get("descr", ""))
            elif name == "AlternateContent":
                # The same thing twice, for new and for old programs.
                self._read(next(child.iterchildren("{*}Choice", "{*}Fallback"), child), into)
            elif name == "r" and _is_hidden(child):
                self._omitted.add("hidden text", _plain(child))
            elif name not in _PASSED_OVER and not (name == "sdt" and _is_placeholder(child)):
                self._read(child, into)

    def _add(self, words: str, into: _Paragraph) -> None:
        into.words.append(words)
        if into.page is None and words.strip():
            into.page = self._page()

    def _break(self, node: etree._Element, name: str, into: _Paragraph) -> None:
        if name == "lastRenderedPageBreak":
            self._laid_out += 1
        elif node.get(f"{W}type") == "page":
            self._set_by_hand += 1
        # Where Word began a new page as it laid the text out, no line of it ends.
        into.words.append("\n" if name == "br" else "")

    def _add_note(self, reference: etree._Element, kind: str, into: _Paragraph) -> None:
        """Puts a note's number where it is called, and keeps the note: a footnote for after the paragraph, or for the end."""
        # Taken out of the notes, so that one that calls itself is read once.
        note = self._notes[kind].pop(reference.get(f"{W}id", ""), None)
        if note is None:
            return
        marker = ""
        # A mark of the author's own stands in the text instead of a number, and the note is not counted.
        if reference.get(f"{W}customMarkFollows") in (None, *_OFF):
            self._note_counts[kind] += 1
            number = self._note_counts[kind]
            marker = str(number) if kind == "footnote" else roman(number)
            into.words.append(f"[{marker}]")
        words = " ".join(block.text or ", ".join(block.cells) for block in self._blocks_in(note))
        block = DocumentBlock("note", words, marker=marker, page=self._page() if kind == "footnote" else None)
        (into.notes if kind == "footnote" else self._endnotes).append(block)

    def _notes_of(self, kind: str) -> dict[str, etree._Element]:
        """The notes of a kind by their ids, without the lines that part them from the text."""
        root = self._package.related_xml(self._package.main, f"{kind}s")
        nodes = root.iterchildren(f"{W}{kind}") if root is not None else ()
        return {node.get(f"{W}id", ""): node for node in nodes if node.get(f"{W}type", "normal") == "normal"}

    def _of_table(self, node: etree._Element) -> Iterator[DocumentBlock]:
        self._tables += 1
        group, notes = self._tables, list[DocumentBlock]()
        grid: list[list[TableCell]] = []
        for row in _children_named(node, "tr"):
            # A row that was deleted while changes were tracked.
            if row.find(f"{W}trPr/{W}del") is not None:
                self._omitted.add("deleted text", _plain(row))
            else:
                grid.append(self._row(row, grid[-1] if grid else [], notes))
        yield from table_blocks(grid, group)
        yield from notes

    def _row(self, node: etree._Element, above: Sequence[TableCell], notes: list[DocumentBlock]) -> list[TableCell]:
        """The cells of a row, one for each column that they span; what is merged with the row above is that cell again."""
        # The columns that a row leaves empty on its left.
        row: list[TableCell] = [[] for _ in range(_columns(node.find(f"{W}trPr/{W}gridBefore"), 0))]
        for cell in _children_named(node, "tc"):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            # A cell that does not restart the merging is the one above it.
            if merged is not None and merged.get(VAL) != "restart" and len(row) < len(above):
                content = above[len(row)]
            else:
                blocks = list(self._blocks_in(cell))
                notes += [block for block in blocks if block.kind == "note"]
                content = [block for block in blocks if block.kind != "note"]
            row += [content] * _columns(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
        return row

    def _leave_out_margins(self) -> None:
        """Keeps comments, headers and footers apart from the text."""
        main = self._package.main
        for reason, kind in (("running head", "header"), ("running foot", "footer")):
            for part in self._package.related(main, kind):
                root = self._package.xml(part)
                self._omitted.add(reason, _plain(root) if root is not None else "")
        comments = self._package.related_xml(main, "comments")
        for comment in comments.iterchildren(f"{W}comment") if comments is not None else ():
            author, words = comment.get(f"{W}author", ""), _plain(comment)
            self._omitted.add("comment", f"{author}: {words}" if author else words)

    def _page(self) -> DocumentPage:
        # The second count travels in the label until the end.
        """Both counts of the page that is being read; which of them is true is known at the end."""
        return DocumentPage("page", self._laid_out, str(self._set_by_hand))

    def _with_true_pages(self, blocks: Sequence[DocumentBlock]) -> list[DocumentBlock]:
        """The blocks with the pages by the count that the file's own number of pages bears out, or without pages."""
        pages = self._package.page_count()
        # A single page needs no number; where neither count is the file's own, both may be wrong.
        if pages < 2 or pages not in (self._laid_out, self._set_by_hand):
            return [replace(block, page=None) for block in blocks]
        by_layout = self._laid_out == pages
        return [replace(block, page=_true_page(block.page, by_layout)) for block in blocks]


def _true_page(page: DocumentPage | None, by_layout: bool) -> DocumentPage | None:
    if page is None:
        return None
    number = page.number if by_layout else int(page.label)
    return DocumentPage("page", number, str(number))


def _children_named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those in controls or among insertions."""
    for child in node.iterchildren(etree.Element):
        if local_name(child) == name:
            yield child
        elif local_name(child) == "sdt" or local_name(child) in _WRAPPERS:
            yield from _children_named(child, name)


def _columns(node: etree._Element | None, otherwise: int) -> int:
    stated = _value(node)
    return min(int(stated), MOST_COLUMNS) if stated.isdecimal() else otherwise


def _plain(node: etree._Element) -> str:
    """All words under a node, deleted ones too, with a blank between paragraphs."""
    return "".join(
        (found.text or "") if local_name(found) in ("t", "delText") else " "
        for found in node.iter(f"{W}t", f"{W}delText", f"{W}p", f"{W}tab", f"{W}br", f"{W}tc")
    ).strip()


def _value(node: etree._Element | None) -> str:
    return node.get(VAL, "") if node is not None else ""


def _is_on(node: etree._Element | None) -> bool:
    return node is not None and node.get(VAL) not in _OFF


def _is_hidden(run: etree._Element) -> bool:
    return _is_on(run.find(f"{W}rPr/{W}vanish"))


def _is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows only what is to be filled in."""
    return _is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr"))
