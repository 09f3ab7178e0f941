"""The rules of hosts: what is remembered of them, and how much."""

import httpx

from vectorstore.fetching.robots import RobotsFiles


class Site:
    """Gives the same file to whoever asks one of its hosts, and knows which were asked."""

    def __init__(self, status: int, data: bytes = b"") -> None:
        self._answer = status, data
        self.asked: list[str] = []

    def read(self, url: httpx.URL) -> tuple[int, bytes]:
        """The file of a host."""
        self.asked.append(url.host)
        return self._answer


def test_the_rules_of_a_host_are_asked_for_once() -> None:
    site = Site(404)
    robots = RobotsFiles(site.read)
    for n in (1, 2, 3):
        robots.check(httpx.URL(f"https://site.example/{n}"))
    assert site.asked == ["site.example"]


def test_ever_new_hosts_with_large_files_do_not_fill_the_memory() -> None:
    site = Site(200, b"User-agent: *\nDisallow: /private/\n#" + b"x" * 450_000)
    robots = RobotsFiles(site.read)
    # The host that was read last is remembered, and the first one is asked again.
    for n in (0, 1, 2, 3, 4, 5, 5, 0):
        robots.check(httpx.URL(f"https://{n}.site.example/"))
    assert site.asked == [f"{n}.site.example" for n in (0, 1, 2, 3, 4, 5, 0)]
