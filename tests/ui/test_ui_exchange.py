"""Exchanges on the page: what was searched, and what a follow-up is read with."""

from dataclasses import replace

from exchanges import asked, done, now
from fake_pages import ARTICLES, PASSAGES, cite

from bot.conversation.history import Exchange
from bot.types import Answer, Condensed, Done, Event, Token, Turn
from bot.ui.exchange import history, searched_as_typed, searched_for, stopped

ONE = cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days.")
ANSWER = Answer(
    "How long?", "How long?", "Nine days [1].", False, 1.0, "model", (), (ONE,), PASSAGES, notes=("Told already.", "New.")
)


def exchange(*events: Event) -> Exchange:
    return now(asked("How long?"), *events)


def test_stopping_keeps_what_there_is() -> None:
    found = stopped(exchange(Token("Nine ")).answer)
    assert (found.text, found.status) == ("Nine ", "stopped")


def test_the_search_says_no_more_than_the_question_but_for_case_and_space() -> None:
    assert searched_as_typed(exchange(Condensed("how  LONG?")))


def test_a_search_that_says_more_is_told() -> None:
    found = exchange(Condensed("How long did the ferries stay?"))
    assert (searched_for(found), searched_as_typed(found)) == ("How long did the ferries stay?", False)


def test_as_long_as_the_search_is_not_known_there_is_none_to_edit() -> None:
    assert searched_for(asked("How long?")) == ""


def test_what_was_never_searched_is_not_told_as_a_search() -> None:
    asked_back = replace(ANSWER, query="Ferries. How long?", citations=(), passages=())
    assert searched_as_typed(exchange(Condensed("Ferries. How long?"), Done(asked_back)))


def test_a_search_in_the_readers_words_is_known_at_once() -> None:
    assert searched_for(asked("How long?", wanted="How many days?")) == "How many days?"


def test_history_is_the_conversation_without_markers() -> None:
    assert history([done(ANSWER)]) == (Turn("user", "How long?"), Turn("assistant", "Nine days."))


def test_history_has_the_corrected_search_in_place_of_the_question() -> None:
    assert history([asked("How long?", wanted="How many days?")]) == (Turn("user", "How many days?"),)


def test_history_keeps_brackets_that_are_no_footnotes() -> None:
    assert history([done(replace(ANSWER, text="See [7]."))])[-1].text == "See [7]."


def test_a_question_without_an_answer_is_still_part_of_the_history() -> None:
    assert history([asked("How long?")]) == (Turn("user", "How long?"),)
