"""What sites ask of programs in their `robots.txt`, remembered for each host."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from vectorstore.errors import FetchError

AGENT = "Footnote"
KEPT_FOR = 3600.0
"""Seconds after which a host's rules are asked for again."""
MOST_BYTES = 500_000
"""So much of a host's `robots.txt` is read."""
KEPT_BYTES = 2_000_000
"""Of all hosts' files together so much is remembered: a page may redirect to ever new hosts of its owner's."""
# Bytes that a host without a file counts for.
_ENTRY = 500
# Seconds: a longer delay than this is not kept to.
LONGEST_DELAY = 30.0

RobotsReader = Callable[[httpx.URL], tuple[int, bytes]]
"""The address of a `robots.txt` -> the status and the bytes, or a `FetchError`."""


@dataclass(frozen=True, slots=True)
class _HostRules:
    rules: Protego | None
    status: int
    until: float
    size: int


class RobotsFiles:
    """Asks each host once for its rules; threads may share it, and then may ask twice.

    >>> robots = RobotsFiles(lambda url: (200, b"User-agent: *\\nDisallow: /private/"))
    >>> robots.check(httpx.URL("https://site.example/news"))
    >>> robots.check(httpx.URL("https://site.example/private/1"))
    Traceback (most recent call last):
    vectorstore.errors.FetchError: The site asks programs not to fetch this page (https://site.example/robots.txt).
    """

    def __init__(self, read: RobotsReader) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._hosts: dict[str, _HostRules] = {}

    def check(self, url: httpx.URL) -> None:
        """Raises FetchError where the host's rules forbid the page, or where they cannot be told because it fails."""
        host = self._host(url)
        # By RFC 9309 a site without rules allows everything, and one that fails to say which forbids everything.
        if host.status >= 500:
            raise FetchError(
                f"The site {url.host} does not say now what programs may fetch: its robots.txt answers {host.status}.",
                "Try again later, or save the page and ingest the file.",
                retryable=True,
            )
        if host.rules and not host.rules.can_fetch(str(url), AGENT):
            raise FetchError(
                f"The site asks programs not to fetch this page ({_place(url)}).",
                "Open it in the browser, save the page, and ingest the file.",
            )

    def delay(self, url: httpx.URL) -> float:
        """Seconds that the host wants between two requests; 0 where it says nothing."""
        host = self._host(url)
        stated = host.rules.crawl_delay(AGENT) if host.rules else None
        return min(float(stated or 0), LONGEST_DELAY)

    def _host(self, url: httpx.URL) -> _HostRules:
        place = _place(url)
        known = self._hosts.get(place)
        if known and time.monotonic() < known.until:
            return known
        status, data = self._read(httpx.URL(place))
        data = data[:MOST_BYTES]
        # RFC 9309 asks for 500 KiB at least to be read; what comes after is not looked at.
        rules = Protego.parse(data.decode("utf-8", "replace")) if status < 300 else None
        # A failure is not remembered for long, since it may be over in a moment.
        until = time.monotonic() + (KEPT_FOR if status < 500 else 60)
        found = _HostRules(rules, status, until, _ENTRY + len(place) + (len(data) if rules else 0))
        self._keep(place, found)
        return found

    def _keep(self, place: str, found: _HostRules) -> None:
        """Remembers a host's rules, and lets go of those that were read longest ago."""
        with self._lock:
            self._hosts.pop(place, None)
            self._hosts[place] = found
            room = KEPT_BYTES - sum(one.size for one in self._hosts.values())
            for old in list(self._hosts)[:-1]:
                if room >= 0:
                    break
                room += self._hosts.pop(old).size


def _place(url: httpx.URL) -> str:
    return str(url.copy_with(raw_path=b"/robots.txt"))
