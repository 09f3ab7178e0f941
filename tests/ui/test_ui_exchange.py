from dataclasses import replace

from fake_pages import ARTICLES, PASSAGES, cite

from bot.types import Answer, Cited, Condensed, Done, Notice, Retrieved, Token, Turn
from bot.ui.exchange import Exchange, after, asked, history, searched_for, stopped

ONE = cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days.")
ANSWER = Answer(
    "How long?", "How long?", "Nine days [1].", False, 1.0, "model", (), (ONE,), PASSAGES, notes=("Told already.", "New.")
)


def exchange(*events: Condensed | Retrieved | Token | Cited | Notice | Done) -> Exchange:
    found = asked("How long?")
    for event in events:
        found = after(found, event)
    return found


def test_tokens_are_strung_together() -> None:
    assert exchange(Token("Nine "), Token("days")).text == "Nine days"


def test_a_footnote_is_known_before_its_marker_comes() -> None:
    assert exchange(Cited(ONE)).citation(1) == ONE


def test_done_puts_the_final_text_in_place() -> None:
    assert exchange(Token("Nine"), Done(ANSWER)).text == "Nine days [1]."


def test_a_note_that_was_a_notice_is_not_said_twice() -> None:
    assert exchange(Notice("Told already."), Done(ANSWER)).notices == ("Told already.", "New.")


def test_stopping_keeps_what_there_is() -> None:
    found = stopped(exchange(Token("Nine ")))
    assert (found.text, found.status) == ("Nine ", "stopped")


def test_a_passage_that_a_footnote_touches_is_not_listed_as_uncited() -> None:
    assert [passage.n for passage in exchange(Done(ANSWER)).uncited()] == [2, 3, 4, 5]


def test_the_searched_question_is_told_only_where_it_is_another() -> None:
    same, other = exchange(Condensed("how  LONG?")), exchange(Condensed("How long did the ferries stay?"))
    assert (searched_for(same), searched_for(other)) == ("", "How long did the ferries stay?")


def test_history_is_the_conversation_without_markers() -> None:
    assert history([exchange(Done(ANSWER))]) == (Turn("user", "How long?"), Turn("assistant", "Nine days."))


def test_history_keeps_brackets_that_are_no_footnotes() -> None:
    done = exchange(Done(replace(ANSWER, text="See [7].")))
    assert history([done])[-1].text == "See [7]."


def test_a_question_without_an_answer_is_still_part_of_the_history() -> None:
    assert history([asked("How long?")]) == (Turn("user", "How long?"),)
