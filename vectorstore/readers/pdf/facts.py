"""Title, author and date of a PDF: from its XMP data and its information, held against what stands on the first page.

What a program writes there of itself is no title ("Microsoft Word - final2.doc"), and no author ("Admin").
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from lxml import etree

from vectorstore.readers.converted import stated_author, stated_day, stated_title
from vectorstore.readers.dates import iso_date
from vectorstore.readers.document import DocumentBlock

MAX_XMP = 400_000
"""Bytes of the description that are read."""
FIRST_BLOCKS = 14
"""So many blocks of the first page may tell a title or an author."""

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.S)
# PDF's own form of a date, `D:20210503093000+02'00'`, as far as it goes.
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_PROGRAM = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\s*[-–—:]|powerpoint|print(?:ing)?\b|untitled|unbenannt|document\d*$|dvi|slide \d|"
    r"title$|report$|layout \d|scan\b|scanned|image\b|temp|new |neu\b)",
    re.I,
)
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|dvi|tex|indd|qxp|qxd|odt|rtf|pptx?|xlsx?|html?|eps|ps|pages|txt|tif|jpe?g|png)\s*$", re.I
)
_ONLY_SIGNS = re.compile(r"[\W\d_]*")
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af)[:\s]\s*(.{3,80})$", re.I)
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.-]*|de|van|von|der|den|da|di|la|le|del|af|av)(?:\s+(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.-]*|de|van|von|der|den|da|di|la|le|del|af|av)){1,3}"
)
_NOBODY = frozenset(("anonymous", "unspecified", "(unspecified)", "(anonymous)", "untitled"))
_MARKS_OF_NAMES = re.compile(r"(?<=[^\W\d])(?:\[[\d*†‡§]+\]|[\d*†‡§]+)")
"""The marks of notes behind the names of authors."""
_LIST_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP_NS = "{http://ns.adobe.com/xap/1.0/}"
# The days of publication that publishers add; their namespace differs by its version.
_PRISM = ("{*}publicationDate", "{*}coverDate")


def stated_facts(information: Mapping[str, str], path: Path, blocks: Sequence[DocumentBlock]) -> dict[str, str]:
    """The fields that a PDF states of itself and that its first page bears out; "" where it does not."""
    xmp = _xmp(path)
    first = [block for block in blocks[:FIRST_BLOCKS] if block.page is None or block.page.number == 1]
    title = _title([xmp.get("title", ""), information.get("Title", "")], first, path)
    author = stated_author(_people(xmp.get("author", "") or information.get("Author", "")))
    return {
        "title": title,
        "author": author if _is_person(author) else _author_on_page(first),
        "date": xmp.get("published", "") or _date_on_page(first) or _day(xmp.get("created", ""), information),
        "language": xmp.get("language", ""),
        "keywords": _said(information.get("Keywords", "")),
        "subject": _said(information.get("Subject", "")),
    }


def _said(entry: str) -> str:
    """An entry of the information, but for what a program puts there where nobody says anything."""
    return "" if entry.casefold() in _NOBODY else entry


def _title(stated: Sequence[str], first: Sequence[DocumentBlock], path: Path) -> str:
    """A stated title that is one, else the largest heading of the first page, else ""."""
    largest = min((block for block in first if block.kind == "heading"), key=lambda block: block.level, default=None)
    shown = " ".join(block.text for block in first)
    for candidate in map(stated_title, stated):
        if _is_no_title(candidate, path):
            continue
        # A title left over from another document, or a working title, stands nowhere on the first page.
        if largest is None or _stands_in(candidate, shown) or _alike(candidate, largest.text):
            return candidate
    return largest.text if largest is not None else ""


def _is_no_title(title: str, path: Path) -> bool:
    return bool(
        len(title) < 3
        or _PROGRAM.match(title)
        or _FILE_NAME.search(title)
        or _ONLY_SIGNS.fullmatch(title)
        or title.casefold() == path.stem.casefold()
        # What was replaced shows that nobody knows the encoding of the title.
        or "\ufffd" in title
    )


def _stands_in(title: str, shown: str) -> bool:
    """Whether nearly all words of a title stand on the page."""
    words = re.findall(r"\w+", title.casefold())
    seen = set(re.findall(r"\w+", shown.casefold()))
    return bool(words) and sum(word in seen for word in words) >= 0.8 * len(words)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() > 0.6


def _people(names: str) -> str:
    """Names joined by semicolons, whether they were parted by commas, by "and" or by semicolons."""
    return re.sub(r"\s+(?:and|und|et|y|&)\s+", ";", names)


def _is_person(author: str) -> bool:
    return (
        bool(author)
        and author.casefold() not in _NOBODY
        and not _FILE_NAME.search(author)
        and not _ONLY_SIGNS.fullmatch(author)
        and "\ufffd" not in author
    )


def _author_on_page(first: Sequence[DocumentBlock]) -> str:
    """Whom the first page names: "By NAME", or a line of names right under the title."""
    for at, block in enumerate(first):
        text = block.text.strip()
        if block.kind in ("paragraph", "heading") and (found := _BY.match(text)) and _NAME.match(found[1]):
            return found[1].rstrip(". ")
        under = at and first[at - 1].kind == "heading" and first[at - 1].level == 1
        names = re.split(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b)\s*", _MARKS_OF_NAMES.sub("", text))
        if under and len(text) < 120 and all(_NAME.fullmatch(name.strip()) for name in names if name.strip()):
            return ", ".join(name.strip() for name in names if name.strip())
    return ""


def _date_on_page(first: Sequence[DocumentBlock]) -> str:
    """A date that stands alone on a line of the first page, as that of a letter or a report does."""
    for block in first[:8]:
        words = re.sub(
            r"^(?:published|posted|date|dated|datum|stand|veröffentlicht|publié)(?:\s+(?:on|am|le))?\s*:?\s+",
            "",
            block.text,
            flags=re.I,
        )
        if block.kind in ("paragraph", "heading") and 4 < len(words) < 40 and re.search(r"\d{4}", words):
            found = iso_date(words.strip(" .()"))
            # At least the month: a year alone may be of anything.
            if len(found) >= 7:
                return found
    return ""


def _day(created: str, information: Mapping[str, str]) -> str:
    """The day on which the file was made, the last resort."""
    if created:
        return stated_day(created)
    found = _DATE.match(information.get("CreationDate", ""))
    # The format is of 1993; an older date is that of a clock which was never set.
    if not found or not found[2] or found[1] < "1990":
        return ""
    return "-".join(part for part in found.groups() if part)


def _xmp(path: Path) -> dict[str, str]:
    """What the description in the file says; {} where there is none that is not packed."""
    with path.open("rb") as file:
        # The description may stand anywhere in a file, of which no more than this is read.
        data = file.read(64_000_000)
    # A program that changes a file may append a description, and the last one holds.
    packets = _XMP.findall(data)
    if not packets or len(packets[-1]) > MAX_XMP:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(packets[-1], parser)
    if root is None:
        return {}
    published = next((node.text or "" for name in _PRISM for node in root.iter(name)), "")
    return {
        "title": _of(root, f"{_DC}title"),
        "author": _of(root, f"{_DC}creator"),
        "language": _of(root, f"{_DC}language"),
        "created": _of(root, f"{_XMP_NS}CreateDate"),
        "published": published.strip(),
    }


def _of(root: etree._Element, name: str) -> str:
    """The words of a property: of its items, of itself, or of an attribute."""
    for node in root.iter(name):
        items = [item.text.strip() for item in node.iter(_LIST_ITEM) if item.text and item.text.strip()]
        return ";".join(items) if items else (node.text or "").strip()
    return next((value for node in root.iter() if (value := node.get(name))), "")
