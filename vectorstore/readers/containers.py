"""Files that are zip archives inside (.docx, .odt, .epub, .pptx): their parts and the XML in them, read within limits.

A few kilobytes of zip can stand for gigabytes, and a few lines of XML, too. Nothing here trusts what a file says of itself:
each part is refused by its size and its ratio before it is unpacked, all parts together have a budget, only the method that
can be unpacked piece by piece is accepted, and XML that declares entities is refused.
"""

import mmap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from html.entities import html5
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from vectorstore.errors import ReadError
from vectorstore.readers.files import megabytes, printable, regular_size

MAX_PART = 30_000_000
"""Bytes of one part, unpacked: the tree of so much XML takes about ten times as much memory."""
MAX_PARTS = 60_000_000
"""Bytes of all parts that are read of one file, unpacked."""
MAX_RATIO = 200
"""How many times its packed size a part may have; text comes to 20, and the worst that zip can do is 1,032."""
SMALL = 1_000_000
"""Bytes up to which the ratio does not matter: empty tables pack well, too."""
ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What `zipfile` raises for a damaged archive."""

# The first bytes of Microsoft's compound file, the container of .doc, .xls and .ppt.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The name of the stream in which a compound file holds a protected .docx; names in it are in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# The strict variant of Office files has the same elements in other namespaces.
_STRICT = {
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/presentationml/main": b"http://schemas.openxmlformats.org/presentationml/2006/main",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}


class Container:
    """The parts of an open file, by their names: `container.xml("word/document.xml")`.

    >>> from io import BytesIO
    >>> packed = BytesIO()
    >>> with ZipFile(packed, "w") as file:
    ...     file.writestr("word/document.xml", "<document><p>It rained.</p></document>")
    >>> container = Container(ZipFile(packed))
    >>> container.required_xml("Word/document.xml").findtext("p")
    'It rained.'
    """

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self._left = MAX_PARTS
        # Office compares names without regard to case, and some programs write the separator of Windows.
        self._members = {member.filename.replace("\\", "/").lower(): member for member in file.infolist()}

    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._members)

    def bytes_of(self, name: str, limit: int = MAX_PART) -> bytes | None:
        """The part unpacked; None where there is none, and `ReadError` where it is too large, packed too well or damaged."""
        member = self._members.get(name.lower().lstrip("/"))
        if member is None:
            return None
        if problem := packing_problem(member, min(limit, self._left)):
            raise ReadError(f"A part of the file, {printable(name)}, {problem}.")
        self._left -= member.file_size
        try:
            return self._file.read(member)
        except ZIP_ERRORS:
            raise ReadError(f"A part of the file, {printable(name)}, is damaged.") from None

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part; None where there is no such part, and `ReadError` as for `bytes_of` and `parsed_xml`."""
        data = self.bytes_of(name)
        return None if data is None else parsed_xml(data, name)

    def required_xml(self, name: str) -> etree._Element:
        """The root of a part without which the file is none of its kind."""
        root = self.xml(name)
        if root is None:
            raise ReadError(f"The file is damaged, or of another kind than its name says: it has no part {printable(name)}.")
        return root


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """Opens the parts of a file; raises `ReadError` where it is encrypted, of an old format, damaged or no such file."""
    if not regular_size(path):
        raise ReadError("The file is empty.")
    if begins_with_ole(path):
        raise ReadError(_ole_problem(path))
    try:
        file = ZipFile(path)
    except ZIP_ERRORS:
        raise ReadError(f"The file is damaged, or is no {printable(path.suffix)} file: it cannot be opened.") from None
    with file:
        yield Container(file)


def begins_with_ole(path: Path) -> bool:
    """Whether the file is in the container of old Office files, which protected new ones are put into as well."""
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def packing_problem(member: ZipInfo, limit: int) -> str:
    """Why a member of a zip is not unpacked, as the end of a sentence whose subject it is; "" where it may be."""
    if member.flag_bits & 1:
        return "is protected with a password"
    # The other methods unpack whole blocks at once, however large these turn out to be.
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is packed by a method that is not read here"
    if member.file_size > limit:
        return f"has {megabytes(member.file_size)} unpacked; the limit is {megabytes(limit)}"
    if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        return f"unpacks to more than {MAX_RATIO} times its size, as only a zip bomb does"
    return ""


def parsed_xml(data: bytes, name: str) -> etree._Element:
    """The root of XML, with no entity resolved and nothing fetched; `ReadError` where it is broken or declares entities."""
    # Replaced in the bytes, so that the readers of Office files need one set of names.
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    # Entities stay in the tree as nodes, and lxml's own limits on depth and size hold.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # libxml2 stops by itself at entities that expand without end, before their declarations can be counted below.
        if "entit" in str(error).lower() and b"<!ENTITY" in data:
            raise ReadError(_entities(name)) from None
        raise ReadError(f"A part of the file, {printable(name)}, is damaged ({str(error).splitlines()[0]}).") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ReadError(_entities(name))
    return root


def local_name(node: etree._Element) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def stated_number(stated: str | None, otherwise: int = 0) -> int:
    """The number that an attribute states; `otherwise` where it states none.

    >>> stated_number("3"), stated_number("three"), stated_number(None, 1)
    (3, 0, 1)
    """
    return int(stated) if stated and stated.isdecimal() else otherwise


def entity_text(node: etree._Element) -> str:
    """The characters that a named entity of HTML stands for, as a parser that resolves none leaves it; "" for another node."""
    return html5.get(f"{node.name};", "") if isinstance(node, etree._Entity) and node.name else ""


def _entities(name: str) -> str:
    return f"A part of the file, {printable(name)}, declares XML entities, as only an attack does."


def _ole_problem(path: Path) -> str:
    # Mapped, as the name may stand anywhere in a file of any size.
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        encrypted = data.find(_ENCRYPTED) >= 0
    if encrypted:
        return "The file is protected with a password. Open it, save it without the password, then ingest it again."
    return "The file is in an old format of Office that is not read here. Save it as .docx or .pptx."
