"""Feeds that are followed, on a site on loopback: what is new comes in, what is known is not asked for again."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.wiring import Service, open_service, watching
from bot.wiring.watched_intake import FeedReader, after_look, due_feeds
from bot.wiring.watched_places import FollowedFeed
from tests.site_server import Site, SiteAnswer, site
from tests.waiting import until

TEXT = "<p>The eels are back in the brook at Ner, and this time they stay for the whole summer.</p><p>Nobody counts them.</p>"


def feed(here: str, *names: str) -> SiteAnswer:
    items = "".join(
        f"<item><title>{name}</title><link>{here}/{name}</link><content:encoded><![CDATA[<h1>{name}</h1>{TEXT}]]>"
        "</content:encoded></item>"
        for name in names
    )
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ner</title>'
    headers = {"Content-Type": "application/rss+xml", "ETag": f'"{len(names)}"'}
    return SiteAnswer(body=f"{head}{items}</channel></rss>".encode(), headers=headers)


@pytest.fixture
def ner() -> Iterator[Site]:
    """A site with a feed of one article, which says where nothing is newer."""
    with site() as one:
        publish(one, "Eels")
        yield one


def publish(one: Site, *names: str) -> None:
    def answer(headers: Mapping[str, str]) -> SiteAnswer:
        new = feed(one.address, *names)
        return SiteAnswer(304, b"") if headers.get("If-None-Match") == new.headers["ETag"] else new

    one.pages["/feed.xml"] = answer


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(watching, "PAUSE", 0.1)
    made = open_service(Settings(home=tmp_path / "home", embedding="minilm", fetch_private="all"))
    yield made
    made.close()


def titles(service: Service) -> list[str]:
    return sorted(one.title for one in service.library.articles())


def test_a_feed_is_looked_at_when_it_is_followed(service: Service, ner: Site) -> None:
    batch = service.watching.follow_feed(f"{ner.address}/feed.xml")
    assert (len(batch.report.added), batch.feed) == (1, f"{ner.address}/feed.xml")
    assert titles(service) == ["Eels"]
    assert [one.url for one in service.watching.status().places.feeds] == [f"{ner.address}/feed.xml"]


def test_what_is_new_comes_in_at_the_next_look(service: Service, ner: Site) -> None:
    reader = FeedReader(service._engine, service.library)
    first = reader.look(FollowedFeed(f"{ner.address}/feed.xml"))
    publish(ner, "Eels", "Rain")
    second = reader.look(first.feed)
    assert (len(first.batch.report.added), len(second.batch.report.added)) == (1, 1)
    assert titles(service) == ["Eels", "Rain"]


def test_a_feed_in_which_nothing_is_newer_is_not_sent_again(service: Service, ner: Site) -> None:
    reader = FeedReader(service._engine, service.library)
    first = reader.look(FollowedFeed(f"{ner.address}/feed.xml"))
    again = reader.look(first.feed)
    assert ner.asked[-1][1]["If-None-Match"] == '"1"'
    assert not again.batch.has_news
    assert reader.look(again.feed).feed.said["etag"] == '"1"'


def test_an_article_of_several_that_is_new_is_counted_as_one(service: Service, ner: Site) -> None:
    ner.pages["/days.jsonl"] = SiteAnswer(body=days("It rained."), headers={"Content-Type": "application/x-ndjson"})
    reader = FeedReader(service._engine, service.library)
    first = reader.look(FollowedFeed(f"{ner.address}/days.jsonl"))
    ner.pages["/days.jsonl"] = SiteAnswer(
        body=days("It rained.", "It hailed."), headers={"Content-Type": "application/x-ndjson"}
    )
    second = reader.look(first.feed)
    assert (len(first.batch.report.added), len(second.batch.report.added)) == (1, 1)
    assert second.batch.report.changed == ()


def days(*texts: str) -> bytes:
    return "".join(
        json.dumps({"id": f"day-{at}", "title": f"Day {at}", "text": text}) + "\n" for at, text in enumerate(texts)
    ).encode()


def test_feeds_share_the_fetcher_that_knows_when_a_host_was_asked(service: Service, ner: Site) -> None:
    service.watching.follow_feed(f"{ner.address}/feed.xml")
    assert "127.0.0.1" in service._engine.fetcher()._asked


def test_a_feed_that_fails_says_why_and_is_waited_for_longer(service: Service, ner: Site) -> None:
    reader = FeedReader(service._engine, service.library)
    before = time.time()
    looked = reader.look(FollowedFeed(f"{ner.address}/nothing.xml", minutes=10))
    assert looked.feed.failure
    assert looked.feed.due - before > 1000
    assert [one.where for one in looked.batch.report.failed] == [f"{ner.address}/nothing.xml"]


def test_an_address_that_cannot_be_fetched_is_not_followed(service: Service, ner: Site) -> None:
    with pytest.raises(InputError):
        service.watching.follow_feed(f"{ner.address}/nothing.xml")
    assert service.watching.status().places.feeds == ()


def test_the_watcher_looks_at_a_feed_that_is_due(service: Service, ner: Site) -> None:
    url = f"{ner.address}/feed.xml"
    service.watching._file.add_feed(FollowedFeed(url))
    service.watching.start()
    until(lambda: [one.feed for one in service.watching.status().batches] == [url])
    assert titles(service) == ["Eels"]
    assert service.watching.status().places.feeds[0].due > 0


def test_an_article_that_was_deleted_does_not_come_back(service: Service, ner: Site) -> None:
    reader = FeedReader(service._engine, service.library)
    first = reader.look(FollowedFeed(f"{ner.address}/feed.xml"))
    service.library.delete(list(first.batch.report.added))
    reader.look(FollowedFeed(f"{ner.address}/feed.xml"))
    assert titles(service) == []


def test_the_longest_due_comes_first() -> None:
    feeds = [FollowedFeed("a", due=3), FollowedFeed("b", due=1), FollowedFeed("c", due=9)]
    assert [one.url for one in due_feeds(feeds, 5)] == ["b", "a"]


def test_a_look_that_went_well_ends_the_waiting() -> None:
    failed = after_look(FollowedFeed("a", minutes=10), 0, {}, "The server is down.")
    assert after_look(failed, 0, {}).due == 600


def test_the_jitter_is_a_tenth_to_each_side() -> None:
    feed = FollowedFeed("a", minutes=10)
    assert [after_look(feed, 0, {}, chance=chance).due for chance in (0, 1)] == [540, 660]
