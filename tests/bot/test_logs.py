"""Log lines: a JSON object each, with the request's id, and without any text unless that is asked for."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.logs import log_event, start_logging
from bot.request_context import RequestContext, request_scope
from bot.settings import load_settings

SECRET = "The bridge at Ner is to be sold"
log = logging.getLogger("bot.tests")


@pytest.fixture(autouse=True)
def _logging_ends() -> Iterator[None]:
    yield
    start_logging(load_settings(log="off"))


def logged(path: Path, **given: object) -> list[dict[str, object]]:
    """What is in the file after an event with a text, a message with arguments and an exception."""
    start_logging(load_settings(log="json", log_file=str(path), **given))
    with request_scope(RequestContext("http", "7f")):
        log_event(log, "answer", {"ms": 12.5}, {"question": SECRET})
        log.warning("no questions by the model: %s", SECRET)
        try:
            raise ValueError(SECRET)
        except ValueError:
            log.exception("the answer failed")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_event_has_the_request_the_door_and_its_facts(tmp_path: Path) -> None:
    event = logged(tmp_path / "log")[0]
    assert event.pop("time")
    assert event == {
        "level": "info",
        "logger": "bot.tests",
        "event": "answer",
        "request": "7f",
        "door": "http",
        "ms": 12.5,
    }


def test_no_text_is_logged_unless_it_is_asked_for(tmp_path: Path) -> None:
    events = logged(tmp_path / "log")
    assert SECRET not in json.dumps(events)
    assert events[2]["error"] == "ValueError"
    assert [SECRET in json.dumps(event) for event in logged(tmp_path / "texts", log_text=True)] == [True] * 3


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    logged(tmp_path / "logs" / "log")
    assert (tmp_path / "logs" / "log").stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    logged(path)
    path.rename(tmp_path / "old")
    log_event(log, "answer", {})
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1


def test_lines_for_people_are_one_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(load_settings(log="text"))
    log_event(log, "answer", {"ms": 12.5, "model": "a b\nc"})
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "info bot.tests answer door=" in line
    assert line.endswith(' ms=12.5 model="a b\\nc"\n')


def test_without_a_setting_nothing_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(load_settings())
    log_event(log, "answer", {"ms": 12.5})
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_LOG_FILE"):
        start_logging(load_settings(log="text", log_file=str(tmp_path)))


def test_an_event_is_not_printed_where_no_log_was_asked_for() -> None:
    # In a process of its own, as pytest listens to all logs of this one.
    program = "import logging; from bot.logs import log_event; log_event(logging.getLogger('bot'), 'answer', {}, level=40)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
