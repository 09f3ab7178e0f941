"""A web address -> the files of its articles: one page, or those that a feed or a sitemap names."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from vectorstore.errors import FetchError, ReadError
from vectorstore.fetching.fetcher import FetchedFile, Fetcher
from vectorstore.fetching.media import file_name
from vectorstore.readers.containers import local_name, parsed_xml
from vectorstore.readers.feeds import FeedEntry, parsed_feed
from vectorstore.readers.files import megabytes
from vectorstore.types import Failure

MOST_PAGES = 100
"""Pages that are fetched for one feed or sitemap."""
# Sitemaps that are fetched of those that a sitemap names.
MOST_SITEMAPS = 20

Skip = Callable[[str], bool]
"""Whether an address that a feed or a sitemap names is known already, and not to be fetched."""
MOST_UNPACKED = 60_000_000
"""Bytes of a sitemap that is unpacked; a sitemap may have 50 MB by its own rules."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses of pages, the newest first where it says when they changed, and of further sitemaps."""

    pages: Sequence[str]
    sitemaps: Sequence[str]


def fetched_articles(
    url: str,
    fetcher: Fetcher,
    known: Mapping[str, str] | None = None,
    most: int = MOST_PAGES,
    skip: Skip = lambda _: False,
) -> Iterator[FetchedFile | Failure]:
    """The files of the articles at an address, as they come, and a `Failure` for each that cannot be had.

    A feed's entries come with the text that they carry, or are fetched where they have only a summary; of a sitemap the newest
    `most` pages are fetched. A `FetchedFile` that is `unchanged` says that there is nothing new. Raises FetchError where the
    address itself cannot be fetched.

    >>> list(fetched_articles("https://site.example/feed.xml", Fetcher()))  # doctest: +SKIP
    [FetchedFile(url='https://site.example/rain', ...), ...]
    """
    yield from articles_named_by(fetcher.fetch(url, known), fetcher, most, skip)


def articles_named_by(
    first: FetchedFile, fetcher: Fetcher, most: int = MOST_PAGES, skip: Skip = lambda _: False
) -> Iterator[FetchedFile | Failure]:
    """As `fetched_articles`, for whoever has fetched the address already, as they keep what the server said of it."""
    # A sitemap may come packed.
    if first.unchanged or not first.name.endswith((".rss", ".atom", ".xml", ".gz")):
        yield first
        return
    try:
        yield from _followed(first, fetcher, most, skip)
    except ReadError as error:
        raise FetchError(f"{first.url}: {error.message}", "Give the address of an article, a feed or a sitemap.") from None


def _followed(first: FetchedFile, fetcher: Fetcher, most: int, skip: Skip) -> Iterator[FetchedFile | Failure]:
    if first.name.endswith((".rss", ".atom")):
        feed = parsed_feed(first.data)
        entries = [entry for entry in feed.entries if not (entry.address and skip(entry.address))]
        if len(entries) > most:
            yield Failure(first.url, f"The feed has {len(entries)} entries; the first {most} were taken.", True)
        for entry in entries[:most]:
            # An entry that carries its text needs no request of its own.
            yield _of_entry(entry, feed.language, first.url) if entry.html else _page(entry.address, fetcher)
        return
    addresses = [one for one in _pages(parsed_sitemap(first.data), fetcher) if not skip(one)]
    if len(addresses) > most:
        yield Failure(first.url, f"The sitemap names {len(addresses)} pages; the {most} that changed last were fetched.", True)
    for address in addresses[:most]:
        yield _page(address, fetcher)


def _of_entry(entry: FeedEntry, language: str, feed: str) -> FetchedFile:
    """The page that an entry makes, under its own address."""
    address = entry.address or feed
    return FetchedFile(
        address, file_name(address, ".html"), entry.as_page(language), "text/html", {"url": address, "feed": feed}
    )


def _page(address: str, fetcher: Fetcher) -> FetchedFile | Failure:
    try:
        found = fetcher.fetch(address)
    except FetchError as error:
        return Failure(address, error.message)
    # One step and no further: feeds that name feeds could be followed for ever.
    if found.name.endswith((".rss", ".atom", ".xml", ".gz")):
        return Failure(address, "The address leads to another feed or sitemap, which was not followed.")
    # What was asked for is the article's own address, whatever it redirects to.
    return replace(found, said={**found.said, "asked": address})


def _pages(sitemap: Sitemap, fetcher: Fetcher) -> Sequence[str]:
    """The pages of a sitemap and of those that it names, each once; one that fails is passed over."""
    pages = list(sitemap.pages)
    for address in sitemap.sitemaps[:MOST_SITEMAPS]:
        try:
            pages += parsed_sitemap(fetcher.fetch(address).data).pages
        except (FetchError, ReadError):
            continue
    return list(dict.fromkeys(pages))


def parsed_sitemap(data: bytes) -> Sitemap:
    """The addresses in a sitemap, which may be packed; raises `ReadError` where it is none.

    >>> parsed_sitemap(b"<urlset><url><loc>https://site.example/a</loc></url></urlset>").pages
    ['https://site.example/a']
    """
    root = parsed_xml(unpacked(data), "sitemap")
    if local_name(root) not in ("urlset", "sitemapindex"):
        raise ReadError("The file is no sitemap.")
    dated = [(_child(one, "lastmod"), _child(one, "loc")) for one in root if local_name(one) in ("url", "sitemap")]
    # Those without a date keep the order of the file, behind those with one.
    addresses = [address for _, address in sorted(dated, key=lambda pair: pair[0], reverse=True) if address]
    return Sitemap(addresses, []) if local_name(root) == "urlset" else Sitemap([], addresses)


def unpacked(data: bytes) -> bytes:
    """What a gzip file holds, within the limit; anything else as it is."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        # 47 (32 + 15) reads the header of gzip.
        found = zlib.decompressobj(wbits=47).decompress(data, MOST_UNPACKED + 1)
    except zlib.error:
        raise ReadError("The file is damaged: it cannot be unpacked.") from None
    if len(found) > MOST_UNPACKED:
        raise ReadError(f"The file has more than {megabytes(MOST_UNPACKED)} unpacked, which is the limit.")
    return found


def _child(node: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in node if local_name(child) == name), "")
