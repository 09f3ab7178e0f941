"""A web page's bytes -> its text, whatever charset it claims, and its tree; pure."""

import codecs
import email.policy
import re
import unicodedata
from dataclasses import dataclass
from email.parser import BytesParser

from charset_normalizer import from_bytes
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from vectorstore.errors import ReadError
from vectorstore.readers.files import BYTE_ORDER_MARKS, megabytes

MAX_PAGE_BYTES = 20_000_000
"""A larger page is refused: its tree would take twenty times as much memory."""

_SAMPLE = 60_000
"""Bytes of a page by which its charset is judged."""
# What browsers take these names for (https://encoding.spec.whatwg.org/#names-and-labels).
_AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]+)", re.I)
_TAG = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_INLINE_DATA = re.compile(rb"(?<=[\"'(])data:[^\"')\s]{100,}")
_NO_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_XML_LINE = re.compile(r"\s*<\?xml[^>]*\?>")
# The mark that browsers leave in a page that they save, and that of the extension SingleFile.
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class WebPage:
    """The tree of a page, and the address that it was saved from, as far as the browser that saved it noted one."""

    root: HtmlElement
    saved_from: str = ""


def parse_page(data: bytes) -> WebPage:
    """The tree of a page; raises `ReadError` where there is none.

    >>> parse_page(b"<title>Caf\\xe9</title><p>A caf\\xe9 in Ner.").root.findtext(".//title")
    'Café'
    """
    if len(data) > MAX_PAGE_BYTES:
        raise ReadError(f"The page has {megabytes(len(data))}; the limit is {megabytes(MAX_PAGE_BYTES)}.")
    found = _SAVED_FROM.search(data, 0, 4000)
    # The pictures that are written into a saved page are most of its bytes, and nothing that is read.
    text = decode_page(_INLINE_DATA.sub(b"data:,", data))
    # The XML line may name another charset than the UTF-8 that the parser is given.
    text = _XML_LINE.sub("", _NO_HTML.sub("\ufffd", text), count=1)
    # Without `huge_tree` all that is nested deeper than 256 elements is lost, as it is in pages that never close a `font`.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        raise ReadError("The page is empty.") from None
    address = next((part for part in found.groups() if part), b"") if found else b""
    return WebPage(root, address.decode("ascii", "ignore"))


def page_in_mhtml(data: bytes) -> tuple[bytes, str]:
    """The page in an archive of one (`.mhtml`), in UTF-8 with a mark, and its address; `ReadError` where it holds none."""
    message = BytesParser(policy=email.policy.default).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            address = str(part.get("Content-Location", "") or message.get("Snapshot-Content-Location", ""))
            if isinstance(body, bytes):
                charset = part.get_content_charset() or ""
                # With a mark, so that `parse_page` does not ask the page for its charset again.
                return codecs.BOM_UTF8 + decode_page(body, charset).encode("utf-8", "replace"), address
    raise ReadError("The archive of a web page holds no page.")


def decode_page(data: bytes, stated: str = "") -> str:
    """The text of a page: by its mark, as UTF-8 if it is that, else as it claims where that can be true, else as it looks.

    `stated` is the charset that the server named. Bytes that are UTF-8 by chance are rare, and pages that are UTF-8 and say
    otherwise are not, so what a page claims is asked only after that.

    >>> decode_page("Café".encode("cp1252"), "iso-8859-1"), decode_page("Café".encode(), "iso-8859-1")
    ('Café', 'Café')
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    claimed = [name for name in (_known(stated), declared_charset(data)) if name]
    # This charset is written in bytes of ASCII alone, and would be taken for UTF-8 below.
    if b"\x1b$" in data[:_SAMPLE] and "iso2022_jp" in claimed:
        return data.decode("iso2022_jp", "replace")
    if name := _unmarked_utf16(data):
        return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # A claim that is true comes before a guess, and UTF-8 with a few faults before both.
        texts = [_nearly_utf8(data), *(_plausible(data, name) for name in claimed)]
    return next((text for text in texts if text is not None), None) or data.decode(_looks_like(data), "replace")


def declared_charset(data: bytes) -> str:
    """Python's name of the charset that a page claims in its first kilobytes; "" for none that is known, or UTF-8."""
    found = _DECLARED.search(data, 0, 4096)
    return _known((found[1] or found[2]).decode("ascii")) if found else ""


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label.strip().replace("x-sjis", "shift_jis")).name if label.strip() else ""
    except LookupError:
        return ""
    # A page that could be read as far as its claim to be UTF-16 is not.
    return "" if name.startswith("utf") else _AS_BROWSERS_DO.get(name, name)


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark, told by the zeros that stand beside each Latin letter of the markup."""
    # The markup at the head of a page is ASCII in any language, so about half of its bytes are zeros.
    head = data[:400]
    if len(head) < 20 or head.count(0) < 0.3 * len(head):
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few bytes of something else, such as a comment pasted in; these are read as Windows' Latin."""
    text = data.decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= character <= "\udcff" for character in text)
    foreign = sum(character >= "\x80" for character in text)
    # In another charset there is hardly a sequence that is UTF-8 by chance.
    if strange > 0.1 * foreign:
        return None
    return re.sub("[\udc80-\udcff]+", lambda run: run[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)


def _plausible(data: bytes, name: str) -> str | None:
    """The text in the charset that is claimed, or None where it cannot be that."""
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    # Other charsets refuse most bytes that are not in them; those of one byte a character take any.
    if not name.startswith(("cp125", "iso8859", "mac")):
        return text
    # A Latin text is mostly letters without accents; Cyrillic or Greek read as Latin is nothing but accents.
    letters = [one for one in _visible(data).decode(name, "replace") if one.isalpha()]
    latin = [one for one in letters if unicodedata.name(one, "").startswith("LATIN")]
    foreign = sum(one >= "\x80" for one in latin)
    return None if latin and foreign > 0.4 * len(letters) else text


def _looks_like(data: bytes) -> str:
    """The charset that the words between the tags look like; Windows' Latin where nothing can be told."""
    found = from_bytes(_visible(data)).best()
    return _AS_BROWSERS_DO.get(found.encoding, found.encoding) if found else "cp1252"


def _visible(data: bytes) -> bytes:
    # Tags and scripts may be most of a page, so more is read than is looked at in the end.
    return _TAG.sub(b" ", data[: 4 * _SAMPLE])[:_SAMPLE]
