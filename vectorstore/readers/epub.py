"""Electronic books (.epub) -> one article: the chapters in the order of the book, with what its package file states."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from vectorstore.errors import ReadError
from vectorstore.readers.containers import Container, local_name, open_container, parsed_xml
from vectorstore.readers.converted import OmittedParts, converted_article, stated_author, stated_day, stated_title
from vectorstore.readers.document import DocumentBlock
from vectorstore.readers.xhtml import XhtmlBlocks
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/epub+zip"
MAX_CHAPTER = 10_000_000
"""Bytes of one chapter: a whole book has about one million, and the tree of a chapter takes some thirty times its size."""

# Fonts are made unreadable with these, which is no protection of the words.
_OF_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
# The last is DTBook, the XML of talking books, which EPUB 2 allows.
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def read_epub(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The book as one article, its chapters under their headings, and without its table of contents."""
    with open_container(path) as container:
        _refuse_protected(container)
        book = EpubPackage(container)
        omitted = OmittedParts()
        blocks = book.blocks(omitted)
        yield from converted_article(path, where, blocks, book.properties(), omitted, MEDIA_TYPE, max_bytes)


def _refuse_protected(container: Container) -> None:
    """Refuses a book whose words are encrypted for the reading program of its shop."""
    root = container.xml("META-INF/encryption.xml")
    methods = [node.get("Algorithm", "") for node in root.iter("{*}EncryptionMethod")] if root is not None else []
    if any(method not in _OF_FONTS for method in methods):
        raise ReadError("The book is protected against copying (DRM), so that its words cannot be read here.")


class EpubPackage:
    """The package file of a book: what it states, its parts, and the order in which they are read."""

    def __init__(self, container: Container) -> None:
        """Raises `ReadError` where the book has no package file."""
        self._container = container
        root = container.xml("META-INF/container.xml")
        found = next(root.iter("{*}rootfile"), None) if root is not None else None
        self._name = found.get("full-path", "") if found is not None else _package_name(container)
        self._root = container.required_xml(self._name)
        self._items = {node.get("id", ""): node for node in self._root.iter("{*}item")}

    def properties(self) -> dict[str, str]:
        """Title, authors, date, language and publisher; translators apart from the authors."""
        metadata = next(self._root.iter("{*}metadata"), None)
        nodes = list(metadata.iter(etree.Element)) if metadata is not None else []
        # EPUB 3 gives a role in an element that refines another by its id, EPUB 2 in an attribute.
        roles = {node.get("refines", "").lstrip("#"): node.text for node in nodes if node.get("property") == "role"}
        # MARC's codes for authors and translators.
        people: dict[str, list[str]] = {"aut": [], "trl": []}
        for node in nodes:
            if local_name(node) in ("creator", "contributor"):
                # A contributor without a role may have done anything.
                usual = "aut" if local_name(node) == "creator" else ""
                role = _attribute(node, "role") or roles.get(node.get("id", ""), "") or usual
                people.setdefault(role, []).append("".join(node.itertext()))
        return {
            "title": stated_title(_first(nodes, "title")),
            "author": stated_author(";".join(people["aut"])),
            "translator": stated_author(";".join(people["trl"])),
            "date": stated_day(_first(nodes, "date")),
            "language": _first(nodes, "language").partition("-")[0],
            "publisher": _first(nodes, "publisher"),
        }

    def blocks(self, omitted: OmittedParts) -> Iterator[DocumentBlock]:
        """The blocks of the chapters in the order of the spine; one without a heading has its name in the table of contents."""
        labels = self._labels()
        reader = XhtmlBlocks(omitted)
        for item in self._spine():
            name = self._path(item.get("href", ""))
            root = self._page(name)
            if root is None:
                continue
            found = list(reader.blocks(root))
            has_heading = any(block.kind == "heading" and block.text.strip() for block in found)
            if not has_heading and name in labels and any(block.text.strip() for block in found):
                yield DocumentBlock("heading", labels[name])
            yield from found

    def _spine(self) -> Iterator[etree._Element]:
        """The parts of the book that are read, without its table of contents."""
        for reference in self._root.iter("{*}itemref"):
            item = self._items.get(reference.get("idref", ""))
            if item is not None and item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split():
                yield item

    def _page(self, name: str) -> etree._Element | None:
        """A chapter, also where it is not the XML that it should be."""
        data = self._container.bytes_of(name, MAX_CHAPTER)
        if not data:
            return None
        try:
            return parsed_xml(data, name)
        except ReadError:
            # What declares entities is refused; anything else is read as browsers do.
            if b"<!ENTITY" in data:
                raise
        parser = etree.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
        return etree.fromstring(data, parser)

    def _labels(self) -> dict[str, str]:
        """The names of the chapters by their files, from the table of contents of either version of the format."""
        labels: dict[str, str] = {}
        for item in self._items.values():
            is_nav = "nav" in item.get("properties", "").split()
            # EPUB 3 has its contents in a page of links (`nav`), EPUB 2 in an NCX file.
            if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
                continue
            place = self._path(item.get("href", ""))
            root = self._page(place)
            for target, label in _contents(root) if root is not None else ():
                # A chapter that the contents name several times, once for each section, is called by the first.
                labels.setdefault(_joined(place, target), label)
        return labels

    def _path(self, reference: str) -> str:
        return _joined(self._name, reference)


def _package_name(container: Container) -> str:
    """The package file of a book that does not say where it is."""
    return next((name for name in container.names() if name.endswith(".opf")), "content.opf")


def _contents(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Each address in a table of contents with its words."""
    for link in root.iter("{*}a"):
        if link.get("href"):
            yield link.get("href", ""), " ".join("".join(link.itertext()).split())
    for point in root.iter("{*}navPoint"):
        content = point.find("{*}content")
        label = point.find("{*}navLabel")
        if content is not None and label is not None:
            yield content.get("src", ""), " ".join("".join(label.itertext()).split())


def _joined(base: str, reference: str) -> str:
    """The name of the part that `reference` in the part `base` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(reference.partition("#")[0])))


def _first(nodes: list[etree._Element], name: str) -> str:
    return next((" ".join("".join(node.itertext()).split()) for node in nodes if local_name(node) == name), "")


def _attribute(node: etree._Element, name: str) -> str:
    """An attribute by its name in whatever namespace."""
    return next((str(value) for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name), "")
