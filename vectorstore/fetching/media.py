"""What a fetched file is, told by its type, its name and its first bytes; pure."""

import re
from urllib.parse import unquote, urlsplit

from vectorstore.errors import FetchError
from vectorstore.readers import SUFFIXES

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "multipart/related": ".mhtml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/rdf+xml": ".rss",
}
# Servers that do not know a file's type send it as one of these; its name and its first bytes know more.
_VAGUE = frozenset(("", "application/octet-stream", "binary/octet-stream", "text/plain", "application/xml", "text/xml"))
_KINDS = {"image": "a picture", "audio": "a sound recording", "video": "a film", "font": "a font"}
_NAMED = frozenset(SUFFIXES)
# The name of the first element, behind an XML line, comments and a document type.
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype[^>]*>\s*)*<(?:\w+:)?(\w+)", re.IGNORECASE | re.DOTALL)
# RSS 1.0 is RDF, with `rdf:RDF` around it all.
_ROOTS = {b"rss": ".rss", b"rdf": ".rss", b"feed": ".atom", b"html": ".html", b"urlset": ".xml", b"sitemapindex": ".xml"}
_NO_NAME = re.compile(r"[^\w.-]+")


def file_suffix(media_type: str, url: str, data: bytes) -> str:
    """The ending that tells which reader a file is for; FetchError where there is none for it.

    >>> file_suffix("application/octet-stream", "https://site.example/report", b"%PDF-1.7")
    '.pdf'
    """
    kind = media_type.partition(";")[0].strip().lower()
    # A type that says something is believed; else the first bytes count before the name.
    if kind not in _VAGUE and kind in _SUFFIXES:
        return _SUFFIXES[kind]
    if found := _by_content(data):
        return found
    named = re.search(r"\.\w{2,6}$", urlsplit(url).path.lower())
    if named and named[0] in _NAMED:
        return named[0]
    if kind in ("text/plain", "") and b"\x00" not in data[:2000]:
        return ".txt"
    what = _KINDS.get(kind.partition("/")[0], f"a file of the type {kind or 'unknown'}")
    raise FetchError(f"The address leads to {what}, in which no text can be read.", "Give the address of an article.")


def _by_content(data: bytes) -> str:
    """The ending by a file's first bytes, "" where they tell nothing."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    # Only sitemaps are fetched packed.
    if data.startswith(b"\x1f\x8b"):
        return ".gz"
    head = data[:4000].removeprefix(b"\xef\xbb\xbf")
    found = _ROOT.match(head)
    return _ROOTS.get(found[1].lower(), "") if found else ""


def file_name(url: str, suffix: str) -> str:
    """A name for a file from its address: the host and the path, which a person recognises.

    >>> file_name("https://www.coast.example/news/new-pier.html?id=3", ".html")
    'coast.example-news-new-pier-id-3.html'
    """
    parts = urlsplit(url)
    path = re.sub(r"\.\w{2,6}$", "", unquote(parts.path)) if parts.path.lower().endswith(tuple(_NAMED)) else unquote(parts.path)
    host = (parts.hostname or "").removeprefix("www.")
    words = (_NO_NAME.sub("-", one).strip("-") for one in (host, path, unquote(parts.query)))
    return "-".join(one for one in words if one)[:120].rstrip("-.") + suffix
