"""A turn of the chat that is made a test case, and the way from it to the lab."""

from exchanges import asked
from fake_rooms import Rooms, answered, judge
from streamlit.testing.v1 import AppTest

from bot.evals.cases import load
from bot.ui.components.answer.view import AnswerContext, answer_data
from bot.ui.runs.test_cases import KeptCase


def script(service: "Rooms", conversation: str, turn: str, times: int) -> None:
    from typing import cast

    import streamlit as st

    from bot.ui.addresses import Address
    from bot.ui.runs.test_cases import keep_turn, kept_turn
    from bot.ui.state import ChatState
    from bot.wiring import Service

    state = ChatState()
    state.visit(cast("Service", service), Address(conversation, turn))
    for _ in range(times):
        keep_turn(state, service, turn)
    st.session_state["told"] = kept_turn(turn)


def kept(rooms: Rooms, conversation: str, turn: str, times: int = 1) -> KeptCase:
    app = AppTest.from_function(script, args=(rooms, conversation, turn, times), default_timeout=30).run()
    assert not app.exception
    told = app.session_state["told"]
    assert isinstance(told, KeptCase)
    return told


def test_a_turn_is_kept_with_its_reviews_and_told(rooms: Rooms) -> None:
    conversation, turn = answered(rooms.history(), "Why did ferries stay?", "supported")
    judge(rooms.history(), turn, "accepted")
    told = kept(rooms, conversation, turn)
    case = load(rooms.home / "cases" / "mine.yaml")[0]
    assert told == KeptCase(f"Kept as a test case: {case.id}", 1)
    assert (case.question, case.cites[0].words, case.abstain) == (
        "Why did ferries stay?",
        "Ferries stayed at their berths for nine days.",
        False,
    )


def test_twice_the_same_turn_is_one_case_and_told_twice(rooms: Rooms) -> None:
    conversation, turn = answered(rooms.history(), "Why?", "supported")
    assert kept(rooms, conversation, turn, 2).times == 2
    assert len(load(rooms.home / "cases" / "mine.yaml")) == 1


def test_what_keeps_it_from_being_kept_is_told(rooms: Rooms) -> None:
    conversation, turn = answered(rooms.history(), "Why?", "supported")
    (rooms.home / "cases").mkdir()
    (rooms.home / "cases" / "mine.yaml").write_text("- id: a\n  qestion: Why?\n")
    said = kept(rooms, conversation, turn).said
    assert said.startswith("Not kept: ") and "line 2" in said


def test_a_turn_that_is_gone_is_told(rooms: Rooms) -> None:
    conversation, _ = answered(rooms.history(), "Why?", "supported")
    assert kept(rooms, conversation, "0123").said.startswith("Not kept: This answer is not kept any more.")


def test_what_is_told_goes_with_the_answer() -> None:
    data = answer_data(asked("q"), AnswerContext(kept="Kept as a test case: a", kept_times=2))
    assert (data["case"], data["cases"]) == ("Kept as a test case: a", 2)
