"""The pages of a book, which are XHTML and nothing but content, -> blocks. Web pages are read elsewhere."""

from collections.abc import Iterator

from lxml import etree

from vectorstore.readers.containers import entity_text, local_name, stated_number
from vectorstore.readers.converted import OmittedParts, TableCell, item_blocks, table_blocks
from vectorstore.readers.document import DocumentBlock

MOST_COLUMNS = 100
"""Columns of a table, and columns that a cell may span."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = frozenset(
    ("head", "script", "style", "template", "nav", "svg", "math", "audio", "video", "object", "iframe", "rt", "rp")
)
_BLOCK_NAMES = (
    "html body address article aside blockquote caption dd details div dl dt fieldset figcaption figure footer header hr li "
    "main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split()) | frozenset(_HEADINGS)
_NOTE_TYPES = "footnote endnote rearnote footnotes endnotes rearnotes doc-footnote doc-endnote doc-endnotes"
_NOTES = frozenset(_NOTE_TYPES.split())
_TYPE = "{http://www.idpf.org/2007/ops}type"


class XhtmlBlocks:
    """Makes blocks of the pages of one book; alternative texts of pictures go into what is omitted.

    >>> root = etree.fromstring("<body><h1>Rain</h1><p>It <b>rained</b>.</p><ul><li>a</li><li>b</li></ul></body>")
    >>> [(block.kind, block.text) for block in XhtmlBlocks(OmittedParts()).blocks(root)]
    [('heading', 'Rain'), ('paragraph', 'It rained.'), ('item', 'a'), ('item', 'b')]
    """

    def __init__(self, omitted: OmittedParts) -> None:
        self._omitted = omitted
        self._groups = 0

    def blocks(self, root: etree._Element) -> Iterator[DocumentBlock]:
        """The blocks of one page in reading order."""
        body = next(root.iter("{*}body"), root)
        yield from self._blocks_in(body, DocumentBlock("paragraph"))

    def _blocks_in(self, node: etree._Element, like: DocumentBlock) -> Iterator[DocumentBlock]:
        """The blocks under a node; words that stand in no block of their own are one like `like`."""
        loose = [node.text or ""]
        for child in node:
            name = local_name(child)
            if name in _BLOCKS or (name not in _SKIPPED and _holds_blocks(child)):
                yield from _alike("".join(loose), like)
                loose = []
                yield from self._of_block(child, name, like)
            else:
                loose += self._words(child)
            loose.append(child.tail or "")
        yield from _alike("".join(loose), like)

    def _of_block(self, node: etree._Element, name: str, like: DocumentBlock) -> Iterator[DocumentBlock]:
        if name in _HEADINGS:
            yield DocumentBlock("heading", "".join(self._words(node)), level=_HEADINGS[name])
        elif name in ("ul", "ol"):
            yield from self._of_list(node, name, like)
        elif name == "table":
            yield from self._of_table(node)
        elif name == "pre":
            yield DocumentBlock("code", "".join(self._words(node)))
        elif name == "blockquote":
            yield from self._blocks_in(node, DocumentBlock("quote"))
        elif _NOTES & _types(node):
            yield from self._of_notes(node)
        else:
            yield from self._blocks_in(node, like)

    def _of_list(self, node: etree._Element, name: str, like: DocumentBlock) -> Iterator[DocumentBlock]:
        level = like.level + 1 if like.kind == "item" else 1
        if level == 1:
            self._groups += 1
        number = stated_number(node.get("start"), 1)
        for item in node.iterchildren("{*}li"):
            marker = f"{number}." if name == "ol" else ""
            number += 1
            yield from item_blocks(self._blocks_in(item, DocumentBlock("item", level=level, marker=marker, group=self._groups)))

    def _of_table(self, node: etree._Element) -> Iterator[DocumentBlock]:
        self._groups += 1
        for caption in node.iterchildren("{*}caption"):
            yield DocumentBlock("paragraph", "".join(self._words(caption)))
        grid: list[list[TableCell]] = []
        reaching: dict[int, tuple[int, TableCell]] = {}
        for row in _rows(node):
            cells, reaching = self._row(row, reaching)
            grid.append(cells)
        yield from table_blocks(grid, self._groups)

    def _row(
        self, row: etree._Element, reaching: dict[int, tuple[int, TableCell]]
    ) -> tuple[list[TableCell], dict[int, tuple[int, TableCell]]]:
        """The cells of a row, one for each column, and those that reach into the next row, by their columns."""
        cells: list[TableCell] = []
        below: dict[int, tuple[int, TableCell]] = {}

        def place(words: TableCell, rows: int) -> None:
            """Puts a cell into the next free column, and into the rows below that it reaches."""
            if rows > 1:
                below[len(cells)] = (rows - 1, words)
            cells.append(words)

        for cell in row.iterchildren("{*}td", "{*}th"):
            # The cells that reach down from the rows above have their columns already.
            while len(cells) in reaching:
                rows, words = reaching[len(cells)]
                place(words, rows)
            content = list(self._blocks_in(cell, DocumentBlock("paragraph")))
            for _ in range(min(_span(cell, "colspan"), MOST_COLUMNS - len(cells))):
                place(content, _span(cell, "rowspan"))
        while len(cells) in reaching:
            rows, words = reaching[len(cells)]
            place(words, rows)
        return cells, below

    def _of_notes(self, node: etree._Element) -> Iterator[DocumentBlock]:
        """Notes, of which the number that leads back to the text is the mark."""
        for block in self._blocks_in(node, DocumentBlock("note")):
            words = " ".join(block.text.split())
            mark, _, rest = words.partition(" ")
            number = mark.strip("[]().")
            if block.kind in ("note", "item") and number.isdecimal() and rest:
                yield DocumentBlock("note", rest, marker=number)
            elif block.kind == "item":
                yield DocumentBlock("note", words, marker=block.marker.rstrip("."))
            else:
                yield block

    def _words(self, node: etree._Element) -> Iterator[str]:
        """The words of what stands inside a line."""
        name = local_name(node)
        if not name:
            yield entity_text(node)
        elif name == "br":
            yield "\n"
        elif name == "img":
            self._omitted.add("image", node.get("alt", ""))
        elif name not in _SKIPPED:
            # In brackets, so that the number of a note is not taken for a number of the text.
            reference = "noteref" in _types(node) or "doc-noteref" in _types(node)
            words = node.text or ""
            inner = "".join([words, *(part for child in node for part in (*self._words(child), child.tail or ""))])
            yield f"[{inner.strip().strip('[]()')}]" if reference and inner.strip() else inner


def _alike(words: str, like: DocumentBlock) -> Iterator[DocumentBlock]:
    if words.strip():
        yield DocumentBlock(like.kind, words, level=like.level, marker=like.marker, group=like.group)


def _holds_blocks(node: etree._Element) -> bool:
    """Whether an element that belongs inside a line, such as a link, has blocks in it all the same."""
    return any(local_name(inner) in _BLOCKS for inner in node.iter(etree.Element) if inner is not node)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table itself, not those of tables in it."""
    for child in table.iterchildren(etree.Element):
        if local_name(child) == "tr":
            yield child
        elif local_name(child) in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("{*}tr")


def _types(node: etree._Element) -> set[str]:
    """What an element is said to be, in the words of EPUB and of ARIA."""
    # A page that is not XML was read as HTML, where the prefix is a part of the name.
    return {*node.get(_TYPE, "").split(), *node.get("role", "").split(), *node.get("epub:type", "").split()}


def _span(cell: etree._Element, name: str) -> int:
    return max(stated_number(cell.get(name), 1), 1)
