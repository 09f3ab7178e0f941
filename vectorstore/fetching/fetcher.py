"""Fetches a page politely and safely: what a site forbids is not asked for, and nothing but public addresses is."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import httpcore
import httpx

from vectorstore.errors import FetchError
from vectorstore.fetching.media import file_name, file_suffix
from vectorstore.fetching.network import AddressRules, CheckedTransport, Resolver, lookup, web_address
from vectorstore.fetching.robots import AGENT, MOST_BYTES, RobotsFiles
from vectorstore.readers.files import megabytes
from vectorstore.readers.html.parsing import declared_charset, decode_page

_ACCEPT = (
    "text/html,application/xhtml+xml,application/pdf,application/rss+xml,application/atom+xml;q=0.9,text/*;q=0.8,*/*;q=0.5"
)
# Of these numbers, 304 is no redirect: it says that nothing has changed.
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_SAVE = "Open it in the browser, save the whole page, and ingest the saved file."
_SENTENCES = {
    401: ("{host} asks for a login before it shows the page (401).", _SAVE),
    402: ("{host} asks for a payment before it shows the page (402).", _SAVE),
    403: ("{host} does not let programs have the page (403).", _SAVE),
    404: ("There is no such page on {host} (404).", "Check the address."),
    406: ("{host} has the page in no form that can be read (406).", _SAVE),
    410: ("The page was taken off {host} (410).", "Look for it elsewhere."),
    429: ("{host} has been asked too often (429).", "Try again{later}."),
    451: ("{host} may not show the page here, for legal reasons (451).", "Look for it elsewhere."),
    503: ("{host} is overloaded or closed for maintenance (503).", "Try again{later}."),
}
# These pass by themselves, so that the address may be tried again.
_PASSES = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a fetch may take: bytes after decompression, seconds in all, redirects, and seconds between two requests."""

    bytes: int = 20_000_000
    seconds: float = 30.0
    redirects: int = 5
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file as a server gave it: `name` has the ending of its reader, and `url` is where it was found in the end.

    `said` is what to give as `known` when it is fetched again (etag, last_modified), with the address and the time. `unchanged`
    says that the server has nothing newer; then there are no data.
    """

    url: str
    name: str = ""
    data: bytes = b""
    media_type: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Received:
    url: httpx.URL
    status: int
    headers: httpx.Headers
    data: bytes


class Fetcher:
    """Fetches files; one for all threads, since it knows the rules of each host and when it was last asked.

    >>> fetched = Fetcher().fetch("https://site.example/news/1")  # doctest: +SKIP
    >>> fetched.name, fetched.media_type  # doctest: +SKIP
    ('site.example-news-1.html', 'text/html')
    """

    def __init__(
        self,
        rules: AddressRules | None = None,
        limits: FetchLimits | None = None,
        resolver: Resolver = lookup,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rules = rules or AddressRules()
        self._limits = limits or FetchLimits()
        self._resolver = resolver
        self._sleep = sleep
        self._robots = RobotsFiles(self._robots_file)
        self._asked: dict[str, float] = {}

    def fetch(self, url: str, known: Mapping[str, str] | None = None) -> FetchedFile:
        """The file at an address; raises FetchError with a sentence that says why there is none.

        `known` is what was said of it when it was fetched before: the server then sends it only if it has changed.
        """
        asked = {"If-None-Match": (known or {}).get("etag", ""), "If-Modified-Since": (known or {}).get("last_modified", "")}
        received = self._followed(web_address(url), {name: value for name, value in asked.items() if value}, True)
        found = str(received.url)
        # The time moves on although nothing else does: it says when the page was last looked at.
        if received.status == 304:
            return FetchedFile(found, said=dict(known or {}) | {"at": _now()}, unchanged=True)
        check_status(received.status, received.url.host, received.headers)
        media_type = received.headers.get("content-type", "")
        suffix = file_suffix(media_type, found, received.data)
        # An empty page is mostly a fault of the moment, so it may be tried again.
        if not received.data.strip():
            raise FetchError(f"{received.url.host} sent an empty page.", retryable=True)
        data = _in_utf8(received.data, media_type, suffix)
        return FetchedFile(
            found, file_name(found, suffix), data, media_type.partition(";")[0].strip().lower(), _said(received, url)
        )

    def _followed(self, url: httpx.URL, headers: Mapping[str, str], asks_robots: bool) -> _Received:
        """The answer at the end of the redirects, each of which is checked as the first address was."""
        # One deadline for all redirects together, or a chain of slow ones would take as many times as long.
        deadline = time.monotonic() + self._limits.seconds
        seen: set[httpx.URL] = set()
        for _ in range(self._limits.redirects + 1):
            # A redirect may lead to another host, which has rules of its own; robots.txt itself is asked for without asking.
            if asks_robots:
                self._robots.check(url)
                self._wait_for(url)
            received = self._received(url, headers, deadline, self._limits.bytes if asks_robots else MOST_BYTES)
            target = received.headers.get("location", "")
            if received.status not in _REDIRECTS or not target:
                return received
            seen.add(url)
            url = web_address(str(url.join(target)))
            if url in seen:
                raise FetchError(f"{url.host} redirects in a circle.", "Give the address of the article itself.")
        raise FetchError(
            f"{url.host} redirects more than {self._limits.redirects} times.", "Give the address of the article itself."
        )

    def _received(self, url: httpx.URL, headers: Mapping[str, str], deadline: float, most: int) -> _Received:
        """One answer, read as far as the limits allow."""
        transport = CheckedTransport(self._rules, self._resolver, deadline)
        try:
            with (
                # A proxy would do the lookups itself, and none of them could be checked.
                httpx.Client(transport=transport, headers=_headers(), trust_env=False, follow_redirects=False) as client,
                client.stream("GET", url, headers=dict(headers), timeout=self._limits.seconds) as response,
            ):
                data = b"" if response.status_code in _REDIRECTS else b"".join(_body(response, most))
                return _Received(url, response.status_code, response.headers, data)
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise FetchError(
                f"{url.host} was too slow: the page was not there after {self._limits.seconds:g} seconds.", retryable=True
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
            raise FetchError(f"{url.host} cannot be reached ({_reason(error)}).", retryable=True) from None

    def _robots_file(self, url: httpx.URL) -> tuple[int, bytes]:
        received = self._followed(url, {}, asks_robots=False)
        return received.status, received.data

    def _wait_for(self, url: httpx.URL) -> None:
        """Waits until the host may be asked again."""
        pause = max(self._limits.pause, self._robots.delay(url))
        now = time.monotonic()
        # A host that was not asked before may be asked at once.
        at = max(now, self._asked.get(url.host, -pause) + pause)
        # Noted before the wait, so that another thread that asks meanwhile gets the turn after this one.
        self._asked[url.host] = at
        if at > now:
            self._sleep(at - now)


def _body(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The body, unpacked no further than the limit: a small file may stand for gigabytes."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"{response.url.host} sent the page packed in a way that was not asked for ({coding}).")
    # 47 (32 + 15) reads the header of gzip and of zlib, whichever is there.
    unpacked = zlib.decompressobj(wbits=47) if "gzip" in coding else zlib.decompressobj() if coding == "deflate" else None
    count = 0
    for raw in response.iter_raw():
        try:
            # One byte more than may come, so that a file of exactly the limit is told from a larger one.
            data = unpacked.decompress(raw, most - count + 1) if unpacked else raw
        except zlib.error:
            raise FetchError(f"{response.url.host} sent a page that is packed wrongly.", retryable=True) from None
        count += len(data)
        if count > most:
            raise FetchError(f"The file has more than {megabytes(most)}, which is the limit.", "Save it, and ingest the file.")
        yield data


def _in_utf8(data: bytes, media_type: str, suffix: str) -> bytes:
    """A page or a text whose charset only the server's header knows, in UTF-8: its reader sees nothing but the file."""
    charset = media_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    if suffix not in (".html", ".txt", ".md", ".csv") or not charset or (suffix == ".html" and declared_charset(data)):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # The mark at the beginning says that it is UTF-8 now, whatever the page itself says below.
        return b"\xef\xbb\xbf" + decode_page(data, charset).encode("utf-8", "replace")
    return data


def _said(received: _Received, asked: str) -> dict[str, str]:
    """What the server said of the file."""
    found = {
        "etag": received.headers.get("etag", ""),
        "last_modified": received.headers.get("last-modified", ""),
        "media_type": received.headers.get("content-type", ""),
        "url": str(received.url),
        "asked": asked,
        "at": _now(),
    }
    return {name: value for name, value in found.items() if value}


def _headers() -> dict[str, str]:
    agent = f"{AGENT}/{version('footnote')} (fetches single articles for their reader)"
    return {"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate", "Accept-Language": "*"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__


def check_status(status: int, host: str, headers: Mapping[str, str]) -> None:
    """Raises FetchError, with a sentence and what to do, for every status but a success.

    >>> check_status(200, "site.example", {})
    >>> check_status(404, "site.example", {})
    Traceback (most recent call last):
    vectorstore.errors.FetchError: There is no such page on site.example (404).
    """
    if 200 <= status < 300:
        return
    seconds = headers.get("retry-after", "")
    later = f" in {seconds} seconds" if seconds.isdecimal() else " later"
    if status in _SENTENCES:
        sentence, help = _SENTENCES[status]
    elif status >= 500:
        sentence, help = f"{{host}} has failed on its side ({status}).", "Try again later."
    else:
        sentence, help = (
            f"{{host}} does not give the page ({status}).",
            "Check the address, or save the page and ingest the file.",
        )
    raise FetchError(sentence.format(host=host), help.format(later=later), retryable=status in _PASSES or status >= 500)
