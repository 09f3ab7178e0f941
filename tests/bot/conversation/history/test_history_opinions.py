"""Feedback and reviews, kept and filtered."""

import pytest
from making import ask, chat

from bot.conversation.history import History
from bot.errors import HistoryError


def test_feedback_is_kept_with_who_and_when(history: History) -> None:
    conversation, (turn,) = chat(history, "Why?")
    history.opinions.rate(turn, "missing source", "The 1988 report\nis better.\x00", " Ann ")
    found = history.conversation(conversation)
    assert found is not None
    said = found.feedback[turn]
    assert (said.verdict, said.note, said.who) == ("missing source", "The 1988 report\nis better.\ufffd", "Ann")
    assert said.at >= found.head.created


def test_the_last_word_counts(history: History) -> None:
    _, (turn,) = chat(history, "Why?")
    history.opinions.rate(turn, "useful")
    history.opinions.rate(turn, "wrong", "After all.")
    assert [(one.feedback.verdict, one.feedback.note) for one in history.opinions.ratings().items] == [("wrong", "After all.")]


def test_feedback_can_be_taken_back(history: History) -> None:
    _, (turn,) = chat(history, "Why?")
    history.opinions.rate(turn, "useful")
    history.opinions.rate(turn, None)
    assert history.opinions.ratings().items == ()


def test_feedback_is_filtered_by_verdict_and_conversation(history: History) -> None:
    one, (a, b) = chat(history, "One?", "Two?")
    _, (c,) = chat(history, "Three?")
    history.opinions.rate(a, "useful")
    history.opinions.rate(b, "wrong")
    history.opinions.rate(c, "wrong")
    wrong = history.opinions.ratings("wrong").items
    assert {(item.place.question, item.place.title, item.place.turn) for item in wrong} == {
        ("Two?", "One?", b),
        ("Three?", "Three?", c),
    }
    assert {item.place.turn for item in history.opinions.ratings(conversation=one).items} == {a, b}


def test_reviews_are_kept_by_citation(history: History) -> None:
    conversation, (turn,) = chat(history, "Why?")
    history.opinions.review(turn, 0, "accepted", who="Ann")
    history.opinions.review(turn, 2, "rejected", "Another bridge.")
    found = history.conversation(conversation)
    assert found is not None
    said = {citation: (review.decision, review.note, review.who) for citation, review in found.reviews[turn].items()}
    assert said == {0: ("accepted", "", "Ann"), 2: ("rejected", "Another bridge.", "")}


def test_a_note_alone_is_a_review_without_a_decision(history: History) -> None:
    _, (turn,) = chat(history, "Why?")
    history.opinions.review(turn, 0, "none", "To be looked at.")
    assert [item.review.note for item in history.opinions.reviews("none").items] == ["To be looked at."]


def test_a_review_can_be_taken_back(history: History) -> None:
    _, (turn,) = chat(history, "Why?")
    history.opinions.review(turn, 0, "rejected")
    history.opinions.review(turn, 0, "none", " ")
    assert history.opinions.reviews().items == ()


def test_reviews_are_filtered_by_decision_and_come_in_pages(history: History) -> None:
    _, (turn,) = chat(history, "Why?")
    for citation in range(5):
        history.opinions.review(turn, citation, "rejected" if citation % 2 else "accepted")
    accepted = history.opinions.reviews("accepted", limit=2)
    rest = history.opinions.reviews("accepted", limit=2, offset=2)
    assert sorted(item.citation for item in (*accepted.items, *rest.items)) == [0, 2, 4]
    assert (accepted.more, rest.more) == (True, False)


def test_what_is_said_of_a_deleted_conversation_is_left_out(history: History) -> None:
    conversation, (turn,) = chat(history, "Why?")
    history.opinions.review(turn, 0, "rejected")
    history.opinions.rate(turn, "wrong")
    history.delete(conversation)
    assert history.opinions.reviews().items == history.opinions.ratings().items == ()


def test_opinions_of_another_branch_are_kept(history: History) -> None:
    conversation, (first, second) = chat(history, "One?", "Two?")
    history.opinions.rate(second, "useful")
    ask(history, conversation, "Two, edited?", first)
    history.show(conversation, second)
    found = history.conversation(conversation)
    assert found is not None and set(found.feedback) == {second}


def test_nothing_can_be_said_of_what_is_not_there(history: History) -> None:
    with pytest.raises(HistoryError, match="not kept any more"):
        history.opinions.rate("nothing", "useful")
