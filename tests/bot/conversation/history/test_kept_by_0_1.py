"""What version 0.1 of Footnote wrote is read: `kept_by_0_1.json` holds rows and lines as that version left them."""

import json
from pathlib import Path
from typing import Any

import pytest
from making import TEXT
from sqlalchemy import insert

from bot.conversation.history import Exchange, History, schema
from bot.conversation.history.rows import answer_from
from bot.evals.store import RunStore
from bot.serialization import from_json, to_json
from bot.types import Answer, Problem

KEPT = json.loads(Path(__file__).with_name("kept_by_0_1.json").read_text(encoding="utf-8"))
QUESTION = "When was the bridge opened?"


def turn(history: History, name: str) -> Exchange:
    """The turn of this name, written into the database as version 0.1 did, and read as it is read now."""
    row = next(one for one in KEPT["turns"] if one["name"] == name)
    values = {key: row[key] for key in ("status", "model", "question", "outcome")}
    conversation = history.create(QUESTION)
    with history._database.writing() as connection:
        numbers = {"depth": 1, "owner": history._locks.id, "asked": 0}
        connection.execute(insert(schema.turns).values(id="turn", conversation=conversation, parent="", **numbers, **values))
    found = history.turn("turn")
    assert found is not None
    return found


def test_a_written_answer_has_all_that_was_kept(history: History) -> None:
    found = turn(history, "written")
    asked, answer = found.asked, found.answer
    assert (asked.wanted, asked.scope.until, asked.kept) == ("bridge opened", "1999-12", ("bridge.txt", "A. N."))
    assert (answer.searched, answer.query, answer.text) == (True, QUESTION, "It was opened in 1932. [1]")
    assert (answer.notes, answer.offered) == (("Asking again.", "A note."), ("How long is it?",))
    assert answer.anchors[0] is not None and answer.anchors[0].quote == TEXT[:30]
    claim = answer.claims[0]
    assert claim.better and claim.opinion and claim.against
    assert (claim.verdict, claim.better.score, claim.opinion.margin, claim.against.verdict) == ("check", 0.75, -1.25, "denied")


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [
        ("quoted", "done", f"Quotations:\n\n{TEXT[:30]} [1]"),
        ("other text than its answer", "done", "What was shown. [1]"),
        ("abstained", "done", "The articles do not say."),
        ("running", "running", "It was op"),
        ("begun", "running", ""),
        ("stopped", "stopped", "It was opened in 1932. [1]"),
        ("failed", "failed", ""),
        ("any character", "stopped", "\x00 \ud800 \u2028 “ß” 🙂"),
        ("of a newer version", "stopped", "It was opened in 1932. [1]"),
    ],
)
def test_a_turn_has_its_status_and_its_text(history: History, name: str, status: str, text: str) -> None:
    found = turn(history, name)
    assert (found.answer.status, found.answer.text) == (status, text)


@pytest.mark.parametrize(
    ("name", "mode", "model"),
    [
        ("written", "model", "openai:m"),
        ("quoted", "quotes", ""),
        ("stopped", "model", "openai:m"),
        ("stopped quotations", "quotes", ""),
        ("failed quotations", "quotes", ""),
    ],
)
def test_who_wrote_an_answer_is_known(history: History, name: str, mode: str, model: str) -> None:
    found = turn(history, name).answer
    assert (found.question, found.mode, found.model) == (QUESTION, mode, model)


def test_an_answer_that_broke_off_is_complete_and_not_whole(history: History) -> None:
    found = turn(history, "broken off").answer
    assert (found.complete, found.whole, found.trouble) == (True, False, Problem("It broke.", "Ask again.", True))


def test_an_answer_that_is_kept_again_is_the_same(history: History) -> None:
    for row in KEPT["turns"]:
        answer = answer_from(row["outcome"], row["status"], QUESTION, row["model"])
        assert from_json(Answer, to_json(answer)) == answer


def test_why_a_turn_has_no_answer_is_kept(history: History) -> None:
    assert turn(history, "failed").answer.trouble == Problem("The server is away.", "Start it.", True, quotable=True)


def test_verdicts_are_read_under_the_names_that_they_have_now(history: History) -> None:
    answer = turn(history, "former verdicts").answer
    claim = answer.claims[0]
    assert claim.better and claim.against
    verdicts = (answer.citations[0].verdict, claim.verdict, claim.better.verdict, claim.against.verdict)
    assert verdicts == ("not found", "check", "not found", "check")


def test_an_evaluation_is_read(tmp_path: Path) -> None:
    kept: dict[str, Any] = KEPT["evals"]
    (tmp_path / "ab12cd34").mkdir()
    (tmp_path / "ab12cd34" / "run.json").write_text(kept["run"], encoding="utf-8")
    (tmp_path / "ab12cd34" / "results.jsonl").write_text("\n".join(kept["lines"]) + "\n", encoding="utf-8")
    (tmp_path / "cache" / "aa").mkdir(parents=True)
    (tmp_path / "cache" / "aa" / "bb.json").write_text(kept["answer"], encoding="utf-8")
    store = RunStore(tmp_path)
    run, held, cached = store.load("last"), store.held("last"), store.answer("aabb")
    assert [(one.case, one.outcome) for one in run.results] == [("bridge", "done"), ("tower", "failed"), ("well", "failed")]
    assert (held["tower"].query, [one.n for one in held["tower"].passages], "well" in held) == ("the query", [1], False)
    assert cached is not None and cached.answer.claims[0].verdict == "check"
