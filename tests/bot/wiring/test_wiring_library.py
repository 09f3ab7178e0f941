"""The library of a real home: what comes in by which way, and what is told of it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.types import Question
from bot.wiring import Service, open_service
from tests.vectorstore.fake_encoder import write
from vectorstore.errors import FetchError
from vectorstore.types import IngestOutcome, IngestSource

RAIN = "It rained in Ner for a week, and the mill stood still."


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = open_service(Settings(home=tmp_path / "home", embedding="minilm"))
    yield opened
    opened.close()


def taken(service: Service, *sources: IngestSource) -> list[IngestOutcome]:
    return list(service.library.take_in(sources))


def test_a_dropped_file_is_kept_and_found(service: Service) -> None:
    (outcome,) = taken(service, service.library.uploaded("../rain.md", f"# Rain\n\n{RAIN}".encode()))
    assert (outcome.status, outcome.articles) == ("added", ("rain.md",))
    original = service.library.original("rain.md")
    assert original and original.read_text() == f"# Rain\n\n{RAIN}"
    assert service.library.search(Question("Where did it rain?"), 1).hits[0].article == "rain.md"
    assert service.library.articles()[0].origin == "upload:../rain.md"


def test_a_drop_twice_is_one_article_and_another_of_its_name_is_two(service: Service) -> None:
    one, other = (service.library.uploaded("a.txt", text.encode()) for text in (RAIN, "The harbour froze in 1931."))
    assert [outcome.status for outcome in taken(service, one, one)] == ["added", "unchanged"]
    assert [outcome.articles for outcome in taken(service, other, one, other)] == [
        ("a (2).txt",),
        ("a.txt",),
        ("a (2).txt",),
    ]


def test_a_pasted_text_has_its_title(service: Service) -> None:
    (outcome,) = taken(service, service.library.pasted("Rain: what now?", RAIN))
    article = service.library.article(outcome.articles[0])
    assert article and (article.id, article.title, article.origin) == (
        "Rain what now.txt",
        "Rain: what now?",
        "pasted:Rain: what now?",
    )


def test_a_failure_is_kept_until_it_succeeds(service: Service, tmp_path: Path) -> None:
    file = write(tmp_path / "in", {"a.jsonl": "{broken"}) / "a.jsonl"
    service.library.ingest([tmp_path / "in"], prune=False, rebuild=False, progress=None)
    (failure,) = service.library.failures()
    assert (failure.origin, failure.where) == (str(file), "a.jsonl, line 1")
    file.write_text('{"text": "It rained."}')
    assert [one.status for one in taken(service, failure.source)] == ["added"]
    assert service.library.failures() == []


def test_a_failure_can_be_dismissed(service: Service, tmp_path: Path) -> None:
    file = write(tmp_path / "in", {"a.txt": ""}) / "a.txt"
    assert [one.status for one in taken(service, IngestSource(file, "a.txt", str(file)))] == ["failed"]
    service.library.dismiss_failures([str(file)])
    assert service.library.failures() == []


def test_a_plan_says_what_an_ingest_would_do(service: Service, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"same.txt": RAIN, "moved.txt": "It froze.", "gone.txt": "It burnt.", "old.md": "Old."})
    service.library.ingest([folder], prune=False, rebuild=False, progress=None)
    (folder / "moved.txt").rename(folder / "there.txt")
    (folder / "gone.txt").unlink()
    write(folder, {"old.md": "Another text.", "new.md": "New.", "photo.xyz": ""})
    plan = service.library.plan([folder])
    assert plan.formats == {".txt": 2, ".md": 2}
    assert (plan.moved, plan.gone, [one.where for one in plan.skipped]) == (("moved.txt",), ("gone.txt",), ["photo.xyz"])
    names = [[Path(origin).name for origin in origins] for origins in (plan.new, plan.changed, plan.unchanged)]
    assert names == [["new.md"], ["old.md"], ["same.txt"]]


def test_a_plan_needs_no_index_and_makes_none(service: Service, tmp_path: Path) -> None:
    assert service.library.plan([write(tmp_path / "in", {"a.txt": RAIN})]).formats == {".txt": 1}
    assert not service.library.has_index()


def test_what_is_cancelled_is_told_and_not_there(service: Service) -> None:
    sources = [service.library.uploaded(f"{n}.txt", f"{RAIN} {n}".encode()) for n in range(3)]
    asked = iter([False, False, False, *[True] * 20])
    outcomes = list(service.library.take_in(sources, cancelled=lambda: next(asked)))
    assert [one.status for one in outcomes][-1] == "cancelled"
    there = {id for one in outcomes for id in one.articles}
    assert {one.id for one in service.library.articles()} == there


def test_copies_name_each_other(service: Service) -> None:
    taken(service, *(service.library.uploaded(name, RAIN.encode()) for name in ("a.txt", "b.txt")))
    assert (service.library.copies("a.txt"), service.library.copies("b.txt")) == (["b.txt"], ["a.txt"])


def test_articles_are_looked_up_by_all_of_their_words(service: Service) -> None:
    taken(service, service.library.pasted("One", "Über 100% Regen."), service.library.pasted("Two", RAIN))
    assert service.library.containing("über 100%") == ["One.txt"]
    assert service.library.containing("rained two") == ["Two.txt"]
    assert service.library.passages("One.txt") == [(0, 16)]


def test_what_came_from_no_address_is_not_fetched_again(service: Service) -> None:
    taken(service, service.library.pasted("One", RAIN))
    with pytest.raises(InputError, match="not read from a web address"):
        service.library.fetch_again("One.txt")


class Page(BaseHTTPRequestHandler):
    """Serves one page, with a mark by which it is known again."""

    text = RAIN

    def do_GET(self) -> None:
        here = self.path == "/rain" and self.headers.get("If-None-Match") != '"1"'
        self.send_response(200 if here else 304 if self.path == "/rain" else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("ETag", '"1"')
        self.end_headers()
        if here:
            self.wfile.write(self.text.encode())

    def log_message(self, format: str, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_page_is_fetched_kept_and_asked_for_again(tmp_path: Path, site: str) -> None:
    service = open_service(Settings(home=tmp_path / "home", embedding="minilm", fetch_private="127.0.0.0/8"))
    (outcome,) = taken(service, *service.library.fetched(f"{site}/rain"))
    (summary,) = service.library.articles()
    assert (outcome.status, summary.origin, summary.source) == ("added", f"{site}/rain", f"{site}/rain")
    original = service.library.original(summary.id)
    assert original and original.read_text() == RAIN
    assert service.library.fetch_again(summary.id) == []
    with pytest.raises(FetchError):
        service.library.fetched(f"{site}/gone")
    service.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_address_that_fails_keeps_nothing_else_out(tmp_path: Path, site: str) -> None:
    service = open_service(Settings(home=tmp_path / "home", embedding="minilm", fetch_private="127.0.0.0/8"))
    (tmp_path / "a.txt").write_text("The mill stands by the pond.")
    report = service.library.ingest(
        [tmp_path / "a.txt"], addresses=[f"{site}/gone", f"{site}/rain"], prune=False, rebuild=False, progress=None
    )
    assert (len(report.added), [one.where for one in report.failed]) == (2, [f"{site}/gone"])
    assert report.chunks == report.embedded == 2
    service.close()
