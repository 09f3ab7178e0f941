import pytest
from fake_pages import FakePages
from settling import settle

from bot.types import Turn
from bot.ui.addresses import Address
from bot.ui.exchange import SourceTarget
from bot.ui.scoping import ScopePart
from bot.ui.spending import spent_text
from bot.ui.state import ChatState
from tests.waiting import until
from vectorstore.types import EVERYWHERE, Scope

HARBOUR = Scope(("harbour.md",), since="2024")
TITLES = {"harbour.md": "The harbour"}


@pytest.fixture
def state(service: FakePages) -> ChatState:
    """A conversation of three turns, all of them answered."""
    state = ChatState()
    for question in ("How long?", "And the reserve?", "Who says so?"):
        state.ask(service, question)
        settle(state)
    return state


def test_an_edited_search_begins_a_branch_in_its_place(state: ChatState, service: FakePages) -> None:
    before = list(state.exchanges)
    state.search_again(service, before[1].id, " How large is the reserve? ")
    settle(state)
    again = state.exchanges[1]
    assert (again.asked.question, again.answer.query, again.answer.status) == (
        "And the reserve?",
        "How large is the reserve?",
        "done",
    )
    assert state.exchanges == [before[0], again]
    assert state.branches == {again.id: (before[1].id, again.id)}


def test_an_edited_search_is_asked_with_what_was_said_before_it(state: ChatState, service: FakePages) -> None:
    state.search_again(service, state.exchanges[1].id, "How large is the reserve?")
    asked = service.asked[-1]
    assert (asked.text, asked.searched) == ("And the reserve?", "How large is the reserve?")
    assert [turn.text for turn in asked.history if turn.role == "user"] == ["How long?"]


def test_a_follow_up_is_read_with_the_search_that_the_reader_put_right(state: ChatState, service: FakePages) -> None:
    state.search_again(service, state.exchanges[2].id, "Who says that it lasted eleven days?")
    settle(state)
    state.ask(service, "And when?")
    assert [turn for turn in service.asked[-1].history if turn.role == "user"][-1] == Turn(
        "user", "Who says that it lasted eleven days?"
    )


def test_an_edited_search_stops_another_answer_and_keeps_what_it_has() -> None:
    slow = FakePages(delay=0.02)
    state = ChatState()
    state.ask(slow, "How long?")
    settle(state)
    state.ask(slow, "Slow please")
    until(lambda: not state.advance() or state.exchanges[1].answer.text)
    running = state.exchanges[1].id
    state.search_again(slow, state.exchanges[0].id, "How long did they stay?")
    settle(state)
    stopped = slow.history().turn(running)
    assert [one.answer.status for one in state.exchanges] == ["done"]
    assert stopped is not None
    assert (stopped.answer.status, bool(stopped.answer.text)) == ("stopped", True)


@pytest.mark.parametrize(("turn", "wanted"), [("this one", "  "), ("no such turn", "words")])
def test_an_edit_of_nothing_changes_nothing(state: ChatState, service: FakePages, turn: str, wanted: str) -> None:
    before = list(state.exchanges)
    state.search_again(service, before[0].id if turn == "this one" else turn, wanted)
    assert (state.exchanges, state.running) == (before, None)


def test_the_open_source_of_a_turn_that_is_answered_anew_is_closed(state: ChatState, service: FakePages) -> None:
    state.opened = SourceTarget("citation", state.exchanges[1].id, 1)
    state.search_again(service, state.exchanges[1].id, "How large is the reserve?")
    assert state.opened is None


def test_the_open_source_of_another_turn_stays(state: ChatState, service: FakePages) -> None:
    state.opened = SourceTarget("citation", state.exchanges[0].id, 1)
    state.search_again(service, state.exchanges[1].id, "How large is the reserve?")
    assert state.opened is not None


def test_whether_a_second_opinion_is_wanted_goes_with_the_question(state: ChatState, service: FakePages) -> None:
    state.second_opinion = True
    state.ask(service, "How long?")
    assert service.asked[-1].second_opinion is True


def test_the_scope_goes_with_the_question_and_stays_with_its_answer(state: ChatState, service: FakePages) -> None:
    state.keep_to(HARBOUR, TITLES)
    state.ask(service, "And now?")
    state.widen()
    assert service.asked[-1].scope == state.exchanges[-1].asked.scope == HARBOUR
    assert state.exchanges[-1].asked.kept == ("The harbour", "since 2024")


def test_an_edited_search_keeps_to_the_scope_of_its_turn(state: ChatState, service: FakePages) -> None:
    state.keep_to(HARBOUR, TITLES)
    state.search_again(service, state.exchanges[0].id, "How long did they stay?")
    assert service.asked[-1].scope == EVERYWHERE


def test_a_question_may_be_asked_of_all_articles_in_its_place(state: ChatState, service: FakePages) -> None:
    state.keep_to(HARBOUR, TITLES)
    state.ask(service, "How many ferries?")
    id = state.exchanges[-1].id
    state.search_everywhere(service, id)
    again = state.exchanges[-1]
    assert (service.asked[-1].text, service.asked[-1].scope, again.asked.kept) == ("How many ferries?", EVERYWHERE, ())
    assert state.branches[again.id] == (id, again.id)
    assert state.scope == HARBOUR


def test_one_part_of_the_scope_is_dropped() -> None:
    state = ChatState()
    state.keep_to(HARBOUR, TITLES)
    state.widen("since", "2024")
    assert (state.scope, state.parts) == (Scope(("harbour.md",)), (ScopePart("articles", "harbour.md", "The harbour"),))


def test_a_part_that_is_not_there_is_not_dropped() -> None:
    state = ChatState()
    state.keep_to(HARBOUR, TITLES)
    state.widen("authors", "Nobody")
    assert state.scope == HARBOUR


def test_a_new_chat_keeps_the_scope_that_is_in_sight(state: ChatState) -> None:
    state.keep_to(HARBOUR, TITLES)
    state.clear()
    assert (state.exchanges, state.scope) == ([], HARBOUR)


def test_an_answer_that_is_tried_again_takes_the_place_of_the_first(state: ChatState, service: FakePages) -> None:
    before = state.exchanges[2]
    state.model = "some-model"
    state.answer_again(service, before.id)
    settle(state)
    again = state.exchanges[2]
    assert (again.asked, service.asked[-1].model, len(state.exchanges)) == (before.asked, "some-model", 3)


def test_quotations_in_the_place_of_a_model_are_for_that_turn_alone(state: ChatState, service: FakePages) -> None:
    state.model = "some-model"
    state.answer_again(service, state.exchanges[2].id, "quotes")
    settle(state)
    state.ask(service, "And now?")
    assert [question.model for question in service.asked[-2:]] == ["quotes", "some-model"]


def test_trying_again_keeps_the_search_that_the_reader_put_right(state: ChatState, service: FakePages) -> None:
    state.search_again(service, state.exchanges[1].id, "How large is the reserve?")
    settle(state)
    state.answer_again(service, state.exchanges[1].id)
    assert service.asked[-1].searched == "How large is the reserve?"


def test_what_is_tried_again_is_paid_for_twice() -> None:
    service, state = FakePages(name="some-model"), ChatState()
    state.ask(service, "How long?")
    settle(state)
    state.answer_again(service, state.exchanges[0].id)
    settle(state)
    assert spent_text(state.spent) == "This conversation: 2,000 tokens in, 100 out, about $0.0020."


def test_a_page_that_is_loaded_again_keeps_to_what_was_asked_of_last(service: FakePages) -> None:
    state = ChatState()
    state.keep_to(HARBOUR, TITLES)
    state.ask(service, "How long?")
    settle(state)
    again = ChatState()
    again.visit(service, Address(state.conversation))
    assert again.scope == HARBOUR
    assert [part.field for part in again.parts] == ["articles", "since"]


def test_another_branch_leaves_the_scope_as_the_reader_has_set_it(service: FakePages) -> None:
    state = ChatState()
    state.keep_to(HARBOUR, TITLES)
    state.ask(service, "How long?")
    settle(state)
    state.address = Address(state.conversation)
    state.widen()
    state.branch(service, state.exchanges[0].id)
    assert state.scope == EVERYWHERE
