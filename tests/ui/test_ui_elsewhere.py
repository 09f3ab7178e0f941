import pytest
from fake_pages import FakePages
from settling import settle

from bot.ui.addresses import Address
from bot.ui.elsewhere import turns_added
from bot.ui.state import ChatState


def asked(state: ChatState, service: FakePages, question: str) -> None:
    state.ask(service, question)
    settle(state)


@pytest.fixture
def here(service: FakePages) -> ChatState:
    """A conversation with one answer."""
    state = ChatState()
    asked(state, service, "How long?")
    return state


@pytest.fixture
def other(here: ChatState, service: FakePages) -> ChatState:
    """Another window on it, which has asked a question more."""
    state = ChatState()
    state.visit(service, Address(here.conversation))
    asked(state, service, "And the reserve?")
    return state


def questions(state: ChatState) -> list[str]:
    return [one.asked.question for one in state.exchanges]


@pytest.mark.usefixtures("other")
def test_a_question_past_what_was_added_waits(here: ChatState, service: FakePages) -> None:
    asked(here, service, "Who says so?")
    assert (here.elsewhere.added, here.elsewhere.waits, questions(here)) == (1, "Who says so?", ["How long?"])


@pytest.mark.usefixtures("other")
def test_a_question_sent_again_is_asked_in_a_branch_of_its_own(here: ChatState, service: FakePages) -> None:
    asked(here, service, "Who says so?")
    asked(here, service, "Who says so?")
    assert (here.elsewhere.added, questions(here)) == (0, ["How long?", "Who says so?"])
    kept = service.history().conversation(here.conversation)
    assert kept is not None
    assert len(kept.branches[here.exchanges[1].id]) == 2


@pytest.mark.usefixtures("other")
def test_what_was_added_is_loaded_and_gone_on_with(here: ChatState, service: FakePages) -> None:
    here.look_elsewhere(service)
    here.load_added(service)
    asked(here, service, "Who says so?")
    assert questions(here) == ["How long?", "And the reserve?", "Who says so?"]


def test_nothing_was_added_where_this_window_asked_last(other: ChatState, service: FakePages) -> None:
    assert turns_added(service.history(), other.conversation, other.exchanges) == 0


def test_an_edit_in_another_window_holds_up_nothing(here: ChatState, other: ChatState, service: FakePages) -> None:
    other.edit(service, here.exchanges[0].id, "How long was it?")
    settle(other)
    asked(here, service, "Who says so?")
    assert questions(here) == ["How long?", "Who says so?"]


@pytest.mark.usefixtures("other")
def test_a_deleted_conversation_holds_up_nothing(here: ChatState, service: FakePages) -> None:
    service.history().delete(here.conversation)
    assert turns_added(service.history(), here.conversation, here.exchanges) == 0
