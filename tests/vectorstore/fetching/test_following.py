"""Feeds and sitemaps are followed to their articles."""

import gzip

import pytest

from tests.site_server import Site, SiteAnswer, site
from tests.vectorstore.fetching.test_fetcher import fetcher
from vectorstore.errors import FetchError, ReadError
from vectorstore.fetching import FetchedFile, fetched_articles
from vectorstore.fetching.following import parsed_sitemap
from vectorstore.types import Failure

WHOLE = "<p>The eels are back in the brook at Ner.</p><p>Nobody has counted them.</p>"


def feed(one: Site) -> SiteAnswer:
    items = (
        f"<item><title>Eels</title><link>{one.address}/eels</link><content:encoded><![CDATA[{WHOLE}]]></content:encoded></item>"
        f"<item><title>Rain</title><link>{one.address}/rain</link><description>It rained.</description></item>"
        f"<item><title>Gone</title><link>{one.address}/gone</link></item>"
    )
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ner</title>'
    return SiteAnswer(body=f"{head}{items}</channel></rss>".encode(), headers={"Content-Type": "application/rss+xml"})


def sitemap(*addresses: str, root: str = "urlset") -> bytes:
    kind = "url" if root == "urlset" else "sitemap"
    entries = "".join(
        f"<{kind}><loc>{address}</loc><lastmod>2024-01-{number + 1:02}</lastmod></{kind}>"
        for number, address in enumerate(addresses)
    )
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()


def test_a_page_is_one_file() -> None:
    with site({"/rain": SiteAnswer()}) as one:
        assert [type(found) for found in fetched_articles(one.address + "/rain", fetcher())] == [FetchedFile]


def test_a_feed_gives_whole_texts_and_fetches_the_others() -> None:
    with site({"/rain": SiteAnswer()}) as one:
        one.pages["/feed"] = feed(one)
        eels, rain, gone = fetched_articles(one.address + "/feed", fetcher())
    assert isinstance(eels, FetchedFile) and eels.url == f"{one.address}/eels" and b"Nobody has counted" in eels.data
    assert isinstance(rain, FetchedFile) and rain.url == f"{one.address}/rain"
    assert isinstance(gone, Failure) and "no such page" in gone.reason
    assert one.paths() == ["/feed", "/rain", "/gone"]


def test_what_is_known_of_a_feed_is_not_fetched_again() -> None:
    with site({"/rain": SiteAnswer()}) as one:
        one.pages["/feed"] = feed(one)
        found = list(fetched_articles(one.address + "/feed", fetcher(), skip=lambda url: not url.endswith("/rain")))
    assert [item.url for item in found if isinstance(item, FetchedFile)] == [f"{one.address}/rain"]


def test_of_a_sitemap_the_newest_pages_are_fetched_and_the_limit_said() -> None:
    with site({f"/{n}": SiteAnswer() for n in range(4)}) as one:
        body = gzip.compress(sitemap(*(f"{one.address}/{n}" for n in range(4))))
        one.pages["/sitemap.xml.gz"] = SiteAnswer(body=body, headers={"Content-Type": "application/gzip"})
        told, *pages = fetched_articles(one.address + "/sitemap.xml.gz", fetcher(), most=2)
    assert isinstance(told, Failure) and "names 4 pages; the 2 that changed last" in told.reason
    assert [page.url.rpartition("/")[2] for page in pages if isinstance(page, FetchedFile)] == ["3", "2"]


def test_an_index_of_sitemaps_is_followed() -> None:
    xml = {"Content-Type": "application/xml"}
    with site({"/a": SiteAnswer()}) as one:
        one.pages["/sitemap.xml"] = SiteAnswer(body=sitemap(f"{one.address}/news.xml", root="sitemapindex"), headers=xml)
        one.pages["/news.xml"] = SiteAnswer(body=sitemap(f"{one.address}/a"), headers=xml)
        found = list(fetched_articles(one.address + "/sitemap.xml", fetcher()))
    assert [item.url for item in found if isinstance(item, FetchedFile)] == [f"{one.address}/a"]


def test_xml_that_is_neither_is_said_to_be_so() -> None:
    answer = SiteAnswer(body=b"<inventory/>", headers={"Content-Type": "application/xml"})
    with site({"/x.xml": answer}) as one, pytest.raises(FetchError, match="no sitemap"):
        list(fetched_articles(one.address + "/x.xml", fetcher()))


def test_a_sitemap_with_entities_is_refused() -> None:
    with pytest.raises(ReadError, match="entities"):
        parsed_sitemap(b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>')
