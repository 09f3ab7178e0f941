"""How the index stands: the look in a thread of its own, what is told of it, and the mending."""

import json
import time
from pathlib import Path
from typing import TypedDict

import pytest
from fake_rooms import WRONG, Rooms
from streamlit.testing.v1 import AppTest

from bot.ui.components.health.view import HealthData, health_data
from bot.ui.health_check import UNEXPECTED, HealthState
from vectorstore.errors import IndexBusy


class Drawn(TypedDict):
    """What the component was given; only what the tests look at."""

    doing: str
    summary: str
    facts: list[dict[str, str]]


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path)


def looked(rooms: Rooms, state: HealthState | None = None, *, mend: bool = False) -> tuple[HealthState, HealthData]:
    """A desk after a look that is over, and what is drawn of it."""
    state = state or HealthState()
    state.look(rooms, mend=mend)
    assert state.looking is not None and state.looking.join(20)
    assert not state.advance()
    return state, health_data(state)


def told(data: HealthData) -> str:
    assert data["problem"] is not None
    return "".join(piece["text"] for piece in data["problem"]["message"])


def test_before_the_first_look_nothing_is_claimed() -> None:
    data = health_data(HealthState())
    assert (data["summary"], data["tone"], data["findings"], data["at"]) == ("", "", [], "")


def test_what_is_right_is_said_in_words(rooms: Rooms) -> None:
    _, data = looked(rooms)
    assert (data["summary"], data["tone"], data["mend"]) == ("Everything is as it should be", "good", False)
    assert [(one["name"], one["said"]) for one in data["findings"]] == [("Catalog", "In order"), ("Index of words", "In order")]


def test_what_is_wrong_is_told_with_what_to_do(rooms: Rooms) -> None:
    rooms.findings = WRONG
    _, data = looked(rooms)
    assert (data["summary"], data["tone"], data["mend"]) == ("1 of 2 things is not as it should be", "bad", True)
    assert data["findings"][1]["help"][1] == {"text": "footnote doctor --repair", "code": True}


def test_facts_and_settings_come_along(rooms: Rooms) -> None:
    _, data = looked(rooms)
    assert data["facts"][1] == {"name": "Home folder", "value": "/<b>home</b>"}
    assert data["settings"] == [{"name": "OPENAI_API_KEY", "value": "set, never shown"}]


def test_a_mending_tells_what_it_mended(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state, _ = looked(rooms)
    _, data = looked(rooms, state, mend=True)
    assert (data["result"], data["mend"]) == ("Mended: Index of words.", False)


def test_a_mending_that_mends_nothing_says_so(rooms: Rooms) -> None:
    rooms.findings = rooms.mended = WRONG
    state, _ = looked(rooms)
    _, data = looked(rooms, state, mend=True)
    assert data["result"].startswith("Nothing could be mended here.") and data["mend"]


def test_a_mending_that_fails_leaves_what_was_found_and_can_be_tried_again(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state, _ = looked(rooms)
    rooms.trouble = IndexBusy("Another footnote is writing.")
    _, data = looked(rooms, state, mend=True)
    assert (told(data), data["mend"], len(data["findings"])) == ("Another footnote is writing.", True, 2)


def test_another_look_forgets_the_result_of_the_mending(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state, _ = looked(rooms)
    looked(rooms, state, mend=True)
    assert looked(rooms, state)[1]["result"] == ""


def test_an_index_that_cannot_be_looked_at_is_told_and_the_facts_stay(rooms: Rooms) -> None:
    rooms.trouble = IndexBusy("Another footnote is writing.")
    _, data = looked(rooms)
    assert (data["summary"], told(data)) == ("The index could not be looked at", "Another footnote is writing.")
    assert data["facts"]


def test_a_bug_is_a_sentence_too(rooms: Rooms) -> None:
    rooms.trouble = ZeroDivisionError("a bug")
    assert told(looked(rooms)[1]) == UNEXPECTED.message


def test_one_look_at_a_time(rooms: Rooms) -> None:
    rooms.delay = 0.2
    state = HealthState()
    state.look(rooms)
    state.look(rooms, mend=True)
    assert state.looking is not None and state.looking.join(20)
    assert rooms.looks == ["diagnose"]


def test_what_was_found_stays_in_sight_while_it_is_looked_at_again(rooms: Rooms) -> None:
    state, before = looked(rooms)
    rooms.delay = 0.2
    state.look(rooms)
    data = health_data(state)
    assert (data["doing"], data["findings"]) == ("looking", before["findings"])
    assert data["summary"] == "Looking at the index"


def test_a_page_that_is_opened_again_looks_again_after_a_while_only(rooms: Rooms) -> None:
    state, _ = looked(rooms)
    state.open(rooms)
    assert state.looking is None
    state.ended -= 60
    state.open(rooms)
    assert state.looking is not None and state.looking.join(20)


def test_the_page_looks_when_it_is_opened_and_then_tells(rooms: Rooms) -> None:
    rooms.delay = 0.2
    at = AppTest.from_function(_page, kwargs={"service": rooms}, default_timeout=30).run()
    assert at.title[0].value == "Health"
    assert drawn(at)["doing"] == "looking"
    end = time.monotonic() + 20
    while drawn(at)["doing"] and time.monotonic() < end:
        time.sleep(0.05)
        at.run()
    assert (drawn(at)["summary"], rooms.looks) == ("Everything is as it should be", ["diagnose"])


def drawn(at: AppTest) -> Drawn:
    (component,) = at.get("bidi_component")
    found: Drawn = json.loads(component.proto.json)
    return found


def _page(service: "Rooms") -> None:
    from bot.ui.pages.health import page

    page(service)
