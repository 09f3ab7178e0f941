"""What is asked of a home leaves its mark: limits hold in the parts that act, and logs and the audit log tell of it."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import InputError, LimitReached
from bot.logs import start_logging
from bot.request_context import RequestContext, request_scope
from bot.settings import load_settings
from bot.types import Question
from bot.wiring import Service, open_service

ASKED = Question("When was the Japan-Taiwan Co-prosperity Leader Alliance launched?")
DRAFT = "The alliance was launched in Tokyo.\n"
TAB = RequestContext("page", "7f", session="tab")


@pytest.fixture(scope="module")
def logged_home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A copy of the index of `seeds/` whose log is in its folder, and whose limits are low."""
    home = Path(shutil.copytree(seeds_home, tmp_path_factory.mktemp("logged") / "home"))
    settings = load_settings(
        home=home,
        log="json",
        log_file=str(home / "log"),
        model="quotes",
        longest_question=100,
        largest_upload=1,
        requests_a_minute=3,
        uploads_an_hour=2,
        answers_at_once=1,
    )
    start_logging(settings)
    opened = open_service(settings)
    yield opened
    opened.close()
    start_logging(load_settings())


def lines(service: Service, event: str) -> list[dict[str, object]]:
    """The lines of the log about an event."""
    path = service._engine.home.path / "log"
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line["event"] == event]


def changes(service: Service) -> list[dict[str, object]]:
    """The lines of the audit log."""
    text = (service._engine.home.path / "audit.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_an_answer_is_logged_with_its_stages_and_without_its_text(logged_home: Service) -> None:
    with request_scope(RequestContext("http", "7f")):
        list(logged_home.chat.stream(ASKED))
    line = lines(logged_home, "answer")[-1]
    assert (line["request"], line["door"], line["mode"], line["chars"]) == ("7f", "http", "quotes", len(ASKED.text))
    assert {"search", "extract", "total"} < line["stages_ms"].keys()  # type: ignore[attr-defined]
    assert "Co-prosperity" not in json.dumps(line)


def test_an_answer_that_is_let_go_gives_its_place_back(logged_home: Service) -> None:
    events = logged_home.chat.stream(ASKED)
    next(events)
    events.close()  # type: ignore[attr-defined]  # a generator in truth
    assert lines(logged_home, "answer")[-1]["failure"] == "let go"
    assert list(logged_home.chat.stream(ASKED))


def test_a_check_is_logged_with_its_verdicts(logged_home: Service) -> None:
    found = list(logged_home.drafts.check(DRAFT))
    assert lines(logged_home, "check")[-1]["verdicts"] == {found[0].verdict: 1}


def test_a_question_that_is_too_long_reaches_no_search(logged_home: Service) -> None:
    for ask in (logged_home.chat.stream, lambda question: logged_home.library.search(question, 1)):
        with pytest.raises(InputError, match="101 characters"):
            ask(Question("x" * 101))  # type: ignore[operator]


def test_one_tab_that_asks_too_often_is_told_so(logged_home: Service) -> None:
    with request_scope(TAB):
        for _ in range(3):
            logged_home.library.search(ASKED, 1)
        with pytest.raises(LimitReached):
            logged_home.chat.stream(ASKED)
    assert lines(logged_home, "search")[-1]["hits"] == 1


def test_uploads_are_limited_by_size_and_by_number(logged_home: Service) -> None:
    with request_scope(TAB):
        with pytest.raises(InputError):
            logged_home.library.uploaded("long.txt", b"x" * 1_000_001)
        logged_home.library.uploaded("short.txt", b"x")
        logged_home.library.pasted("Short", "x")
        with pytest.raises(LimitReached, match="2 files"):
            logged_home.library.pasted("Short", "x")


def test_changes_of_articles_are_told_without_what_was_typed(logged_home: Service) -> None:
    (id, *_) = (article.id for article in logged_home.library.articles())
    with request_scope(TAB):
        logged_home.library.edit(id, {"title": "A secret title"})
        logged_home.library.archive([id], True)
        logged_home.library.archive([id], False)
    told = changes(logged_home)[-3:]
    assert [entry["action"] for entry in told] == ["articles.edit", "articles.archive", "articles.unarchive"]
    assert all((entry["door"], entry["session"], entry["articles"]) == ("page", "tab", [id]) for entry in told)
    assert told[0]["fields"] == ["title"]
    assert "secret" not in json.dumps(told)


def test_an_ingest_tells_what_it_has_changed(logged_home: Service, tmp_path: Path) -> None:
    (tmp_path / "ner.txt").write_text("The bridge at Ner opened on 4 May 1931.", encoding="utf-8")
    for _ in range(2):
        logged_home.library.ingest([tmp_path], prune=False, rebuild=False, progress=None)
    logged_home.library.remove(["ner.txt"])
    added, removed = changes(logged_home)[-2:]
    assert (added["action"], added["added"]) == ("articles.ingest", ["ner.txt"])
    assert (removed["action"], removed["articles"]) == ("articles.remove", ["ner.txt"])
    assert lines(logged_home, "ingest")[0]["added"] == 1


def test_doctor_finds_nothing_wrong_with_a_home_that_has_these_files(logged_home: Service) -> None:
    logging.getLogger("bot").info("a line")
    assert all(finding.ok for finding in logged_home.library.diagnose())
