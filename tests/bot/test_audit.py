"""The audit log: who changed what, one line a change, for its owner's eyes alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.audit import AuditLog
from bot.request_context import RequestContext, request_scope


def test_a_change_is_told_with_its_door_its_person_and_its_request(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path / "home")
    with request_scope(RequestContext("http", "7f", session="tab", person="ada@example.org")):
        audit.record("articles.delete", articles=["bridge.md"])
    (entry,) = audit.entries()
    assert entry.pop("time").endswith("Z")  # type: ignore[attr-defined]
    assert entry == {
        "door": "http",
        "who": "ada@example.org",
        "session": "tab",
        "request": "7f",
        "action": "articles.delete",
        "articles": ["bridge.md"],
    }


def test_only_its_owner_may_read_the_log(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path)
    audit.record("index.rebuild")
    assert audit.path.stat().st_mode & 0o777 == 0o600


def test_lines_of_many_threads_stay_whole(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path)
    names = [f"{number}-{'x' * 5000}" for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: audit.record("articles.remove", articles=[name]), names))
    assert sorted(str(entry["articles"]) for entry in audit.entries()) == sorted(str([name]) for name in names)


def test_a_line_that_was_cut_off_hides_no_other(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path)
    audit.path.write_text('{"action": "prompts.u\n', encoding="utf-8")
    audit.record("index.repair")
    assert [entry["action"] for entry in audit.entries()] == ["index.repair"]


def test_a_log_that_cannot_be_written_breaks_no_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    AuditLog(tmp_path).record("index.repair")
    assert [one.getMessage() for one in caplog.records] == ["a change could not be written to the audit log: Is a directory"]
