"""The list of conversations: what it shows, and what it does for what the browser tells it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bot.conversation.history import AskedQuestion, History
from bot.types import Answer
from bot.ui.components.conversations import MOST, STEP, ListCallbacks, ListState, data
from bot.ui.components.conversations.view import DRAFTS, marked


@dataclass
class Noted:
    """A page that writes down what the list asks of it."""

    calls: list[tuple[str, ...]] = field(default_factory=list)

    def callbacks(self) -> ListCallbacks:
        """What the list is given."""
        return ListCallbacks(
            open=lambda id, turn: self.calls.append(("open", id, turn)),
            new=lambda: self.calls.append(("new",)),
            deleted=lambda id: self.calls.append(("deleted", id)),
        )


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def state() -> ListState:
    return ListState()


@pytest.fixture
def page() -> Noted:
    return Noted()


def kept(history: History, question: str, answer: str = "Because.") -> str:
    id = history.create(question)
    history.save(history.begin(id, AskedQuestion(question)), Answer(question, text=answer))
    return id


def broken(folder: Path) -> None:
    """Leaves a history without one of its tables."""
    with sqlite3.connect(folder / "history.sqlite") as connection:
        connection.execute("drop table turn_texts")
        connection.execute("drop table conversations")


def told(*acts: tuple[str, str, str], words: str = "", limit: int = STEP, first: int = 1) -> dict[str, object]:
    numbered = enumerate(acts, first)
    named = [{"serial": serial, "kind": kind, "id": id, "text": text} for serial, (kind, id, text) in numbered]
    return {"words": words, "limit": limit, "acts": named}


def titles(state: ListState, history: History) -> list[str]:
    return [row["title"] for row in data(state, history, "")["rows"]]


def test_the_last_asked_in_stands_first_with_its_questions_counted(history: History, state: ListState) -> None:
    kept(history, "Why is the bridge closed?")
    second = kept(history, "Who built it?")
    turn = history.begin(second, AskedQuestion("And when?"), parent=history.conversation(second).head.leaf)  # type: ignore[union-attr]
    history.save(turn, Answer("When?", text="In 1932."))
    rows = data(state, history, "")["rows"]
    assert [(row["title"], row["size"]) for row in rows] == [
        ("Who built it?", "2 questions"),
        ("Why is the bridge closed?", "1 question"),
    ]


def test_the_time_is_told_with_its_zone(history: History, state: ListState) -> None:
    kept(history, "Why?")
    assert data(state, history, "")["rows"][0]["changed"].endswith("+00:00")


def test_a_search_finds_an_answer_and_marks_the_words_in_their_excerpt(history: History, state: ListState, page: Noted) -> None:
    kept(history, "Why?", "The STRASSE was closed.")
    kept(history, "Who?", "Nobody.")
    state.take(told(words="straße"), history, "", page.callbacks())
    (row,) = data(state, history, "")["rows"]
    assert [(run["text"], run["mark"]) for run in row["excerpt"]] == [
        ("The ", False),
        ("STRASSE", True),
        (" was closed.", False),
    ]
    assert row["turn"] == history.conversation(row["id"]).head.leaf  # type: ignore[union-attr]


def test_words_are_marked_wherever_they_stand() -> None:
    found = marked("Fire, fire and FIREWOOD", "fire")
    assert [run["text"] for run in found if run["mark"]] == ["Fire", "fire", "FIRE"]


def test_marking_loses_no_character() -> None:
    text = "Straße ist STRASSE <b>ss</b>"
    assert "".join(run["text"] for run in marked(text, "SS")) == text


def test_without_words_nothing_is_marked() -> None:
    assert marked("Fire", "  ") == [{"text": "Fire", "mark": False}]


def test_a_long_list_comes_in_parts(history: History, state: ListState, page: Noted) -> None:
    for number in range(STEP + 5):
        kept(history, f"Question {number}?")
    assert (len(titles(state, history)), data(state, history, "")["more"]) == (STEP, True)
    state.take(told(limit=2 * STEP), history, "", page.callbacks())
    assert (len(titles(state, history)), data(state, history, "")["more"]) == (STEP + 5, False)


def test_a_browser_cannot_ask_for_a_list_without_end(history: History, state: ListState, page: Noted) -> None:
    state.take(told(limit=10**9), history, "", page.callbacks())
    assert state.limit == MOST


def test_a_conversation_is_opened_at_the_turn_that_was_found(history: History, state: ListState, page: Noted) -> None:
    state.take(told(("open", "c1", "t2")), history, "", page.callbacks())
    assert (page.calls, state.rerun) == ([("open", "c1", "t2")], True)


def test_a_new_chat_is_the_pages_to_begin(history: History, state: ListState, page: Noted) -> None:
    state.take(told(("new", "", "")), history, "c1", page.callbacks())
    assert (page.calls, state.rerun) == ([("new",)], True)


def test_a_conversation_is_renamed(history: History, state: ListState, page: Noted) -> None:
    id = kept(history, "Why?")
    state.take(told(("rename", id, "The bridge")), history, "", page.callbacks())
    assert (titles(state, history), page.calls, state.rerun) == (["The bridge"], [], False)


def test_the_page_is_drawn_again_when_its_own_conversation_is_renamed(history: History, state: ListState, page: Noted) -> None:
    id = kept(history, "Why?")
    state.take(told(("rename", id, "The bridge")), history, id, page.callbacks())
    assert state.rerun


def test_another_conversation_is_deleted_and_had_back_without_the_page(history: History, state: ListState, page: Noted) -> None:
    id = kept(history, "Why?")
    state.take(told(("delete", id, "")), history, "other", page.callbacks())
    assert titles(state, history) == []
    state.take(told(("restore", id, ""), first=2), history, "other", page.callbacks())
    assert (titles(state, history), page.calls, state.rerun) == (["Why?"], [], False)


def test_the_one_that_is_shown_leaves_a_new_chat_and_comes_back_open(history: History, state: ListState, page: Noted) -> None:
    id = kept(history, "Why?")
    state.take(told(("delete", id, "")), history, id, page.callbacks())
    state.take(told(("restore", id, ""), first=2), history, "", page.callbacks())
    assert page.calls == [("deleted", id), ("open", id, "")]


def test_what_is_told_twice_is_done_once(history: History, state: ListState, page: Noted) -> None:
    state.take(told(("new", "", "")), history, "", page.callbacks())
    state.take(told(("new", "", ""), ("open", "c1", "")), history, "", page.callbacks())
    assert page.calls == [("new",), ("open", "c1", "")]


def test_clicks_that_travel_together_are_all_done(history: History, state: ListState, page: Noted) -> None:
    ids = [kept(history, f"Question {number}?") for number in range(3)]
    state.take(told(*(("delete", id, "") for id in ids[:2])), history, "", page.callbacks())
    assert [row["id"] for row in data(state, history, "")["rows"]] == ids[2:]


@pytest.mark.parametrize("sent", [None, "x", {}, {"acts": "x"}, {"acts": [{"serial": "1"}, 3]}, told(("burn", "c1", ""))])
def test_what_makes_no_sense_does_nothing(history: History, state: ListState, page: Noted, sent: object) -> None:
    state.take(sent, history, "", page.callbacks())
    assert (page.calls, state.rerun, state.problem, state.words) == ([], False, None, "")


def test_a_history_that_fails_is_told_in_place_of_the_list(history: History, state: ListState, tmp_path: Path) -> None:
    broken(tmp_path)
    told = data(state, history, "")
    assert told["problem"] is not None and told["rows"] == []


def test_a_deletion_that_fails_is_told_and_not_tried_for_ever(
    history: History, state: ListState, page: Noted, tmp_path: Path
) -> None:
    broken(tmp_path)
    state.take(told(("delete", "c1", ""), ("new", "", "")), history, "c1", page.callbacks())
    assert state.problem is not None
    assert (state.done, page.calls) == (1, [])


def test_a_conversation_that_is_gone_by_now_is_told(history: History, state: ListState, page: Noted) -> None:
    state.take(told(("rename", "gone", "x")), history, "", page.callbacks())
    assert data(state, history, "")["problem"] is not None


def test_the_list_is_drawn_with_the_current_one_named(history: History) -> None:
    id = kept(history, "Why <b>now</b>?")
    at = AppTest.from_function(_drawn, kwargs={"history": history, "current": id}, default_timeout=30).run()
    (component,) = at.get("bidi_component")
    drawn = json.loads(component.proto.json)
    assert (drawn["current"], [row["title"] for row in drawn["rows"]]) == (id, ["Why <b>now</b>?"])


def _drawn(history: "History", current: str) -> None:
    from bot.ui.components.conversations import ListCallbacks, conversations

    conversations(history, current, ListCallbacks(open=print, new=print, deleted=print))


def test_drafts_are_listed_with_their_sentences_counted(history: History, state: ListState) -> None:
    history.drafts.begin("a1", "The bridge is closed.", sentences=[((0, 21), None)])
    history.drafts.begin("b2", "# Another draft")
    history.drafts.end("a1", 1, "done")
    rows = data(state, history.drafts, "a1", DRAFTS)["rows"]
    assert [(row["title"], row["size"], row["turn"]) for row in rows] == [
        ("Another draft", "Being checked", ""),
        ("The bridge is closed", "1 sentence", ""),
    ]


def test_a_draft_is_renamed_deleted_and_restored_from_its_list(history: History, state: ListState, page: Noted) -> None:
    history.drafts.begin("a1", "The bridge is closed.")
    state.take(told(("rename", "a1", "My study"), ("delete", "a1", "")), history.drafts, "a1", page.callbacks())
    assert history.drafts.draft("a1") is None
    state.take(told(("restore", "a1", ""), first=3), history.drafts, "", page.callbacks())
    assert [match.head.title for match in history.drafts.search().items] == ["My study"]
    assert page.calls == [("deleted", "a1"), ("open", "a1", "")]
