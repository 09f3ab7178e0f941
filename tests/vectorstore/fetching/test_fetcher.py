"""Fetching from a real server on loopback, which a setting allows."""

import threading

import httpx
import pytest

from tests.site_server import PAGE, Site, SiteAnswer, endless, site, zeros
from vectorstore.errors import FetchError
from vectorstore.fetching import AddressRules, Fetcher, FetchLimits

HERE = AddressRules.from_setting("127.0.0.1/32")
QUICK = FetchLimits(bytes=1_000_000, seconds=3, pause=0)


def fetcher(limits: FetchLimits = QUICK, rules: AddressRules = HERE) -> Fetcher:
    return Fetcher(rules, limits, sleep=lambda _: None)


def refusal(one: Site, path: str, limits: FetchLimits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher(limits).fetch(one.address + path)
    return caught.value


def test_a_page_comes_with_its_address_and_what_the_server_said() -> None:
    answer = SiteAnswer(headers={"ETag": '"1"', "Last-Modified": "Tue, 05 Mar 2024 08:00:00 GMT"})
    with site({"/news/rain": answer}) as one:
        found = fetcher().fetch(f"{one.address}/news/rain#top")
    assert (found.url, found.data, found.media_type) == (f"{one.address}/news/rain", PAGE, "text/html")
    assert found.name == "127.0.0.1-news-rain.html"
    assert found.said["etag"] == '"1"' and found.said["last_modified"].startswith("Tue")


def test_a_request_says_who_asks_and_no_cookie() -> None:
    with site({"/": SiteAnswer()}) as one:
        fetcher().fetch(one.address + "/")
    headers = one.asked[-1][1]
    assert headers["User-Agent"].startswith("Footnote/") and "Cookie" not in headers


def test_an_unchanged_page_is_not_sent_again() -> None:
    def answer(headers: object) -> SiteAnswer:
        return SiteAnswer(304, b"") if dict(headers).get("If-None-Match") == '"1"' else SiteAnswer(headers={"ETag": '"1"'})

    with site({"/a": answer}) as one:
        first = fetcher().fetch(one.address + "/a")
        again = fetcher().fetch(one.address + "/a", first.said)
    assert not first.unchanged and again.unchanged and again.said["etag"] == '"1"'


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"])
def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    with site({"/a": SiteAnswer(302, b"", {"Location": target})}) as one:
        assert "private network" in refusal(one, "/a").message


def test_a_redirect_out_of_the_web_is_refused() -> None:
    with site({"/a": SiteAnswer(302, b"", {"Location": "file:///etc/passwd"})}) as one:
        assert "only http and https" in refusal(one, "/a").message


def test_redirects_are_followed_to_where_the_page_is() -> None:
    pages = {
        "/a": SiteAnswer(301, b"", {"Location": "b"}),
        "/b": SiteAnswer(307, b"", {"Location": "/c?x=1"}),
        "/c?x=1": SiteAnswer(),
    }
    with site(dict(pages)) as one:
        assert fetcher().fetch(one.address + "/a").url == f"{one.address}/c?x=1"


def test_a_circle_of_redirects_ends() -> None:
    pages = {"/a": SiteAnswer(302, b"", {"Location": "/b"}), "/b": SiteAnswer(302, b"", {"Location": "/a"})}
    with site(dict(pages)) as one:
        assert "in a circle" in refusal(one, "/a").message


def test_a_long_chain_of_redirects_ends() -> None:
    pages = {f"/{n}": SiteAnswer(302, b"", {"Location": f"/{n + 1}"}) for n in range(20)}
    with site(dict(pages)) as one:
        assert "more than 5 times" in refusal(one, "/0").message
        assert len(one.paths()) == 6


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        # A second lookup of one connection would give another machine.
        return ["127.0.0.1"] if asked.count(host) <= 2 else ["10.0.0.1"]

    with site({"/a": SiteAnswer()}) as one:
        found = Fetcher(HERE, QUICK, resolver).fetch(f"http://news.example:{one.port}/a")
        assert found.data == PAGE and one.asked[-1][1]["Host"] == f"news.example:{one.port}"
        # One lookup for the rules of the site and one for the page: none is made twice.
        assert asked == ["news.example", "news.example"]
        with pytest.raises(FetchError, match="private network"):
            Fetcher(HERE, QUICK, resolver).fetch(f"http://news.example:{one.port}/a")
    assert one.paths() == ["/a"]


def test_loopback_is_refused_without_the_setting() -> None:
    with site({"/a": SiteAnswer()}) as one, pytest.raises(FetchError, match="private network"):
        fetcher(rules=AddressRules()).fetch(one.address + "/a")
    assert one.asked == []


def test_a_page_that_comes_a_byte_at_a_time_is_given_up() -> None:
    with site({"/a": SiteAnswer(pieces=endless(b"x"), pause=0.05)}) as one:
        error = refusal(one, "/a", FetchLimits(seconds=0.5, pause=0))
    assert "too slow" in error.message and error.retryable


def test_a_page_that_never_ends_is_cut_at_the_limit() -> None:
    with site({"/a": SiteAnswer(pieces=endless())}) as one:
        assert "more than 1.0 MB" in refusal(one, "/a").message


def test_a_small_file_that_unpacks_to_much_is_cut_at_the_limit() -> None:
    with site({"/a": SiteAnswer(body=zeros(60), headers={"Content-Encoding": "gzip"})}) as one:
        assert "more than 1.0 MB" in refusal(one, "/a").message


def test_a_packing_that_was_not_asked_for_is_refused() -> None:
    with site({"/a": SiteAnswer(headers={"Content-Encoding": "br"})}) as one:
        assert "not asked for" in refusal(one, "/a").message


@pytest.mark.parametrize(
    ("status", "said", "again"),
    [
        (401, "a login", False),
        (402, "a payment", False),
        (403, "does not let programs", False),
        (404, "no such page", False),
        (410, "taken off", False),
        (429, "asked too often", True),
        (500, "has failed on its side", True),
        (503, "overloaded", True),
        (418, "does not give the page", False),
    ],
)
def test_each_status_has_its_sentence(status: int, said: str, again: bool) -> None:
    with site({"/a": SiteAnswer(status, b"no")}) as one:
        error = refusal(one, "/a")
    assert said in error.message and error.retryable is again


def test_a_host_that_does_not_answer_is_said_to_be_so() -> None:
    with site() as one:
        address = one.address
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher().fetch(address)


def test_what_a_site_forbids_is_not_asked_for() -> None:
    robots = SiteAnswer(body=b"User-agent: Footnote\nDisallow: /private\n", headers={"Content-Type": "text/plain"})
    with site({"/robots.txt": robots, "/private": SiteAnswer(), "/free": SiteAnswer()}) as one:
        assert "asks programs not to" in refusal(one, "/private").message
        assert fetcher().fetch(one.address + "/free").data == PAGE
    assert one.paths() == ["/free"]


def test_a_site_whose_rules_fail_is_not_asked() -> None:
    with site({"/robots.txt": SiteAnswer(503, b""), "/a": SiteAnswer()}) as one:
        assert refusal(one, "/a").retryable
    assert one.paths() == []


def test_the_rules_of_a_site_are_asked_for_once() -> None:
    with site({"/a": SiteAnswer(), "/b": SiteAnswer()}) as one:
        own = fetcher()
        own.fetch(one.address + "/a")
        own.fetch(one.address + "/b")
    assert [path for path, _ in one.asked] == ["/robots.txt", "/a", "/b"]


def test_a_second_request_to_a_host_waits_as_the_site_wants() -> None:
    waited: list[float] = []
    robots = SiteAnswer(body=b"User-agent: *\nCrawl-delay: 7\n", headers={"Content-Type": "text/plain"})
    with site({"/robots.txt": robots, "/a": SiteAnswer()}) as one:
        own = Fetcher(HERE, QUICK, sleep=waited.append)
        own.fetch(one.address + "/a")
        own.fetch(one.address + "/a")
    assert len(waited) == 1 and 6 < waited[0] <= 7


@pytest.mark.parametrize(
    ("media_type", "path", "body", "suffix"),
    [
        ("application/pdf", "/x", b"%PDF-1.4", ".pdf"),
        ("application/octet-stream", "/report.docx", b"PK\x03\x04", ".docx"),
        ("application/octet-stream", "/old.doc", b"\xd0\xcf\x11\xe0", ".doc"),
        ("text/plain; charset=utf-8", "/notes.md", b"# Rain", ".md"),
        ("text/plain", "/notes", b"Rain", ".txt"),
        ("application/xml", "/feed", b'<?xml version="1.0"?>\n<rss version="2.0"></rss>', ".rss"),
        ("application/rss+xml", "/feed", b"<rss></rss>", ".rss"),
        ("text/xml", "/sitemap.xml", b"<urlset></urlset>", ".xml"),
        ("", "/x", b"<!doctype html><html></html>", ".html"),
    ],
)
def test_the_type_decides_the_reader(media_type: str, path: str, body: bytes, suffix: str) -> None:
    with site({path: SiteAnswer(body=body, headers={"Content-Type": media_type})}) as one:
        assert fetcher().fetch(one.address + path).name.endswith(suffix)


def test_a_picture_is_refused_with_a_sentence() -> None:
    with site({"/a": SiteAnswer(body=b"\x89PNG", headers={"Content-Type": "image/png"})}) as one:
        assert "a picture" in refusal(one, "/a").message


def test_a_charset_that_only_the_header_names_is_kept_with_the_page() -> None:
    page = "<html><body><p>Паром через Суру ходит с мая</p></body></html>".encode("koi8-r")
    with site({"/a": SiteAnswer(body=page, headers={"Content-Type": "text/html; charset=KOI8-R"})}) as one:
        assert "Паром" in fetcher().fetch(one.address + "/a").data.decode("utf-8-sig")


def test_threads_may_share_a_fetcher() -> None:
    found: list[httpx.URL | str] = []
    with site({f"/{n}": SiteAnswer() for n in range(6)}) as one:
        own = fetcher()
        threads = [threading.Thread(target=lambda n=n: found.append(own.fetch(f"{one.address}/{n}").url)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 6
