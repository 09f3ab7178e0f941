"""A session and the history behind it: what is kept comes back, branch by branch."""

from pathlib import Path

from fake_pages import FakePages
from settling import settle

from bot.errors import HistoryError
from bot.types import Problem
from bot.ui.addresses import Address
from bot.ui.exchange import SourceTarget
from bot.ui.spending import spent_text
from bot.ui.state import DRAWN, GONE, ChatState
from tests.waiting import until


def told(service: FakePages, *questions: str) -> ChatState:
    """A conversation in which every question has been answered."""
    state = ChatState()
    for question in questions:
        state.ask(service, question)
        settle(state)
    return state


def visited(service: FakePages, address: Address) -> ChatState:
    """A new session that follows an address."""
    state = ChatState()
    state.visit(service, address)
    return state


def test_a_conversation_comes_back_as_it_was(service: FakePages) -> None:
    state = told(service, "How long?", "Please fail", "Something invented")
    again = visited(service, Address(state.conversation))
    assert again.exchanges == state.exchanges
    assert spent_text(again.spent) == spent_text(state.spent)


def test_it_is_listed_under_its_first_question(service: FakePages) -> None:
    state = told(service, "How long?", "And the reserve?")
    (head,) = service.history().conversations().items
    assert (head.id, head.title, head.turns) == (state.conversation, "How long?", 2)


def test_an_edited_question_leaves_the_first_one_in_a_branch_of_its_own(service: FakePages) -> None:
    state = told(service, "How long?", "And the reserve?", "And then?")
    before = list(state.exchanges)
    state.edit(service, before[1].id, "And the council?")
    settle(state)
    assert [one.asked.question for one in state.exchanges] == ["How long?", "And the council?"]
    state.branch(service, state.branches[state.exchanges[1].id][0])
    assert state.exchanges == before


def test_a_branch_knows_the_others_when_it_comes_back(service: FakePages) -> None:
    state = told(service, "How long?")
    first = state.exchanges[0].id
    state.answer_again(service, first)
    settle(state)
    second = state.exchanges[0].id
    assert visited(service, Address(state.conversation)).branches == {second: (first, second)}


def test_an_address_of_a_turn_in_another_branch_shows_that_branch(service: FakePages) -> None:
    state = told(service, "How long?", "And the reserve?")
    old = state.exchanges[1]
    state.edit(service, old.id, "And the council?")
    settle(state)
    again = visited(service, Address(state.conversation, old.id))
    assert (again.exchanges[1], again.target) == (old, old.id)


def test_an_address_of_a_footnote_opens_it(service: FakePages) -> None:
    state = told(service, "How long?")
    id = state.exchanges[0].id
    assert visited(service, Address(state.conversation, id, 2)).opened == SourceTarget("citation", id, 1)


def test_the_end_of_a_long_conversation_is_drawn_first(service: FakePages) -> None:
    state = told(service, *(f"Question {n}?" for n in range(DRAWN + 3)))
    again = visited(service, Address(state.conversation))
    assert again.first == 3
    again.earlier()
    assert again.first == 0


def test_a_turn_that_an_address_names_is_drawn(service: FakePages) -> None:
    state = told(service, *(f"Question {n}?" for n in range(DRAWN + 3)))
    assert visited(service, Address(state.conversation, state.exchanges[1].id)).first == 1


def test_a_conversation_that_is_not_there_is_told(service: FakePages) -> None:
    state = visited(service, Address("abc"))
    assert (state.fault, state.exchanges, state.conversation) == (GONE, [], "")


def test_a_deleted_conversation_is_not_opened(service: FakePages) -> None:
    state = told(service, "How long?")
    service.history().delete(state.conversation)
    assert visited(service, Address(state.conversation)).fault == GONE


def test_a_turn_that_is_not_there_is_told(service: FakePages) -> None:
    state = told(service, "How long?")
    assert visited(service, Address(state.conversation, "abc")).fault == Problem(
        "This conversation is not kept any more.", "Begin a new one."
    )


def test_where_nothing_can_be_kept_the_answer_comes_all_the_same() -> None:
    state = told(FakePages(kept=HistoryError("The disk is full.", "Make room on it.")), "How long?")
    assert state.exchanges[0].answer.status == "done"
    assert state.fault == Problem("This conversation is not kept: The disk is full.", "Make room on it.")


def test_a_new_chat_lets_the_answer_on_its_way_be_completed(tmp_path: Path) -> None:
    service = FakePages(home=tmp_path, delay=0.02)
    state = ChatState()
    state.ask(service, "How long?")
    running, conversation = state.running, state.conversation
    state.clear()
    assert running is not None
    assert running.join(10)
    assert visited(service, Address(conversation)).exchanges[0].answer.status == "done"


def test_a_page_that_is_loaded_again_goes_on_with_the_answer_on_its_way(tmp_path: Path) -> None:
    service = FakePages(home=tmp_path, delay=0.02)
    state = ChatState()
    state.ask(service, "Slow please")
    again = visited(service, Address(state.conversation))
    assert (again.busy(state.exchanges[0].id), again.exchanges[0].answer.status) == (True, "running")
    again.stop()
    assert state.running is not None
    assert state.running.exchange.answer.status == "stopped"


def test_feedback_is_kept_and_taken_back(service: FakePages) -> None:
    state = told(service, "How long?")
    id = state.exchanges[0].id
    state.rate(service, id, "missing source", " Where is the minute book? ")
    kept = visited(service, Address(state.conversation)).feedback[id]
    assert (kept.verdict, kept.note) == ("missing source", "Where is the minute book?")
    state.rate(service, id, None, "")
    assert visited(service, Address(state.conversation)).feedback == state.feedback == {}


def test_a_review_is_kept_with_who_made_it(service: FakePages) -> None:
    state = told(service, "How long?")
    id = state.exchanges[0].id
    state.review(service, id, 1, "rejected", "Another winter.", "Ada")
    kept = visited(service, Address(state.conversation)).reviews[id][1]
    assert (kept.decision, kept.note, kept.who) == ("rejected", "Another winter.", "Ada")


def test_a_review_of_a_footnote_that_is_not_there_is_not_kept(service: FakePages) -> None:
    state = told(service, "How long?")
    state.review(service, state.exchanges[0].id, 7, "accepted", "", "")
    assert visited(service, Address(state.conversation)).reviews == {}


def test_a_review_begins_with_the_first_undecided_footnote(service: FakePages) -> None:
    state = told(service, "How long?")
    id = state.exchanges[0].id
    state.review(service, id, 0, "accepted", "", "")
    state.begin_review(id)
    assert state.opened == SourceTarget("citation", id, 1)


def test_a_review_leaves_out_what_names_no_place(service: FakePages) -> None:
    state = told(service, "Something invented")
    id = state.exchanges[0].id
    for at in (0, 1):
        state.review(service, id, at, "accepted", "", "")
    state.begin_review(id)
    assert state.opened == SourceTarget("citation", id, 0)


def test_a_comparison_without_the_passage_changes_nothing_kept(service: FakePages) -> None:
    state = told(service, "Before?", "How long?")
    id = state.exchanges[1].id
    state.compare(service, id, 0)
    ablated = state.ablations[id]
    until(lambda: not ablated.advance())
    asked = service.asked[-1]
    assert [(part.article, part.start) for part in asked.without] == [("harbour.md", 0)]
    assert [turn.text for turn in asked.history if turn.role == "user"] == ["Before?"]
    assert ablated.exchange.answer.status == "done"
    assert len(visited(service, Address(state.conversation)).exchanges) == 2


def test_a_footnote_that_names_no_passage_has_nothing_to_do_without(service: FakePages) -> None:
    state = told(service, "Something invented")
    state.compare(service, state.exchanges[0].id, 2)
    assert state.ablations == {}
