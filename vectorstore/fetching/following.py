"""A web address -> the files of its articles: one page, or those that a feed or a sitemap names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from vectorstore.errors import FetchError, ReadError
from vectorstore.fetching.fetcher import FetchedFile, Fetcher
from vectorstore.fetching.media import file_name
from vectorstore.fetching.sitemaps import Sitemap, parsed_sitemap
from vectorstore.readers.feeds import FeedEntry, parsed_feed
from vectorstore.types import Failure

MOST_PAGES = 100
"""Pages that are fetched for one feed or sitemap."""
# Sitemaps that are fetched of those that a sitemap names.
MOST_SITEMAPS = 20

Skip = Callable[[str], bool]
"""Whether an address that a feed or a sitemap names is known already, and not to be fetched."""


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
