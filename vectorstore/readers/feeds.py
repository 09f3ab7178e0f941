"""Feeds (RSS, Atom) -> the entries that carry their whole text, and the addresses of the others.

An entry that carries its whole text becomes a page of its own, so that it is read, and known again, as any page is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser

from vectorstore.errors import ReadError
from vectorstore.readers.files import is_web_address, megabytes, regular_size
from vectorstore.readers.html import article_of_page
from vectorstore.readers.html.parsing import parse_page
from vectorstore.types import Article, Failure

# Entries beyond this number are passed over.
MOST_ENTRIES = 1000
MOST_BYTES = 20_000_000
"""A larger feed is refused."""
WHOLE_TEXT = 120
"""An entry with as many words, or with a field that is meant for the whole text, is more than a summary."""

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed; `html` is its whole text, or "" where it has no more than a summary and an address."""

    address: str
    title: str = ""
    author: str = ""
    date: str = ""
    html: str = ""
    summary: str = ""

    def as_page(self, language: str = "") -> bytes:
        """The entry as a web page that states its title, author, date and address."""
        stated = (("author", self.author), ("date", self.date), ("og:title", self.title))
        meta = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in stated if value)
        link = f'<link rel="canonical" href="{escape(self.address)}">' if self.address else ""
        head = f'<meta charset="utf-8"><title>{escape(self.title)}</title>{meta}{link}'
        body = f"<body><article>{self.html}</article></body>"
        page = f'<!DOCTYPE html><html lang="{escape(language)}"><head>{head}</head>{body}</html>'
        return page.encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries, the newest first as it has them, with its own title and language."""

    title: str
    language: str
    entries: Sequence[FeedEntry]


def parsed_feed(data: bytes) -> Feed:
    """The entries of a feed; raises `ReadError` where it is none.

    >>> item = b"<item><title>Rain</title><link>https://site.example/rain</link></item>"
    >>> [entry.address for entry in parsed_feed(b"<rss version='2.0'><channel>" + item + b"</channel></rss>").entries]
    ['https://site.example/rain']
    """
    # Entities are declared at the top of a file, before its first element.
    if _ENTITY.search(data, 0, 200_000):
        raise ReadError("The feed declares XML entities, as only an attack does.")
    try:
        # Bytes as such may be taken for an address or for a file's name.
        found: Any = feedparser.parse(BytesIO(data))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # The library takes the file's word for its encoding, and whatever else stands in the first line.
        raise ReadError(f"The feed is broken: {str(error).partition(chr(10))[0] or type(error).__name__}.") from error
    if not found.get("version"):
        raise ReadError("The file is no feed: it is neither RSS nor Atom.")
    own = found.get("feed", {})
    entries = [_entry(one, own) for one in found.get("entries", [])[:MOST_ENTRIES]]
    return Feed(str(own.get("title", "")), str(own.get("language", "")), [one for one in entries if one.address or one.html])


def read_feed(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The articles of a feed; a `Failure` says how many entries have only a summary and an address.

    Raises `ReadError` for a file that is no feed, and for a sitemap, which has nothing but addresses.
    """
    data = _data(path, max_bytes)
    feed = parsed_feed(data)
    whole = [entry for entry in feed.entries if entry.html]
    for number, entry in enumerate(whole):
        name = where if not number else f"{where}#{number + 1}"
        try:
            yield from article_of_page(parse_page(entry.as_page(feed.language)), path, name)
        except ReadError as error:
            yield Failure(name, f"“{entry.title or entry.address}”: {error.message}")
    if short := len(feed.entries) - len(whole):
        reason = f"{short} of the feed's {len(feed.entries)} entries have only a summary; ingest the feed by its address."
        # Where nothing went in, it is an error and no note.
        if not whole:
            raise ReadError(reason)
        yield Failure(where, reason)
    if not feed.entries:
        raise ReadError("The feed has no entries.")


def _data(path: Path, max_bytes: int) -> bytes:
    """The file's bytes, if it can be a feed."""
    size = regular_size(path)
    if size > (most := min(max_bytes, MOST_BYTES)):
        raise ReadError(f"The file has {megabytes(size)}; the limit is {megabytes(most)}.")
    data = path.read_bytes()
    # The root element of a file stands in its first lines.
    if b"<urlset" in data[:2000] or b"<sitemapindex" in data[:2000]:
        raise ReadError("This is a sitemap, which has only addresses; ingest it by its own address.")
    return data


def _entry(one: Any, feed: Any) -> FeedEntry:
    """An entry by what it has of its fields."""
    contents = [str(part.get("value", "")) for part in one.get("content", [])]
    summary = str(one.get("summary", ""))
    # `content:encoded` and Atom's `content` are meant for the whole text; many sites put it into the summary.
    html = max(contents, key=len, default="") or (summary if len(_TAG.sub(" ", summary).split()) >= WHOLE_TEXT else "")
    names = [str(person.get("name", "")) for person in one.get("authors", []) if person.get("name")]
    return FeedEntry(
        address=_address(one),
        title=" ".join(_TAG.sub("", str(one.get("title", ""))).split()),
        author=", ".join(dict.fromkeys(names)) or str(one.get("author", "")) or str(feed.get("author", "")),
        # A date that feedparser does not understand is left to our own reader of dates.
        date=_day(one.get("published_parsed") or one.get("updated_parsed")) or str(one.get("published", "")),
        html=html,
        summary=_TAG.sub(" ", summary).strip(),
    )


def _address(one: Any) -> str:
    """Where the entry's article is."""
    # The id of an entry, RSS's `guid`, is often its address.
    links = [str(one.get("link", "")), str(one.get("id", ""))]
    return next((link for link in links if is_web_address(link)), "")


def _day(moment: struct_time | None) -> str:
    return f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}" if moment else ""
