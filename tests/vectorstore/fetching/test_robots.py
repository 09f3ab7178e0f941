"""The rules of hosts: what is remembered of them, and how much."""

import httpx

from vectorstore.fetching.robots import RobotsFiles


def test_the_rules_of_a_host_are_asked_for_once() -> None:
    asked: list[str] = []
    robots = RobotsFiles(lambda url: (asked.append(url.host), (404, b""))[1])
    for n in (1, 2, 3):
        robots.check(httpx.URL(f"https://site.example/{n}"))
    assert asked == ["site.example"]


def test_ever_new_hosts_with_large_files_do_not_fill_the_memory() -> None:
    asked: list[str] = []
    large = b"User-agent: *\nDisallow: /private/\n#" + b"x" * 450_000
    robots = RobotsFiles(lambda url: (asked.append(url.host), (200, large))[1])
    for n in range(6):
        robots.check(httpx.URL(f"https://{n}.site.example/"))
    robots.check(httpx.URL("https://5.site.example/"))
    robots.check(httpx.URL("https://0.site.example/"))
    # The last one is remembered, and the first one is asked again.
    assert asked == [f"{n}.site.example" for n in (0, 1, 2, 3, 4, 5, 0)]
