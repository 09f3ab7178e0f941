from dataclasses import replace

from fake_pages import ARTICLES, PASSAGES, cite

from bot.types import Answer, Attributed, Cited, Claim, Condensed, Done, Judged, Notice, Retrieved, Token, Trouble, Turn
from bot.ui.exchange import (
    Exchange,
    Problem,
    after,
    asked,
    history,
    markers,
    searched_as_typed,
    searched_for,
    stopped,
)

ONE = cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days.")
ANSWER = Answer(
    "How long?", "How long?", "Nine days [1].", False, 1.0, "model", (), (ONE,), PASSAGES, notes=("Told already.", "New.")
)


def exchange(*events: Condensed | Retrieved | Token | Cited | Attributed | Judged | Notice | Done) -> Exchange:
    found = asked("How long?")
    for event in events:
        found = after(found, event)
    return found


def test_tokens_are_strung_together() -> None:
    assert exchange(Token("Nine "), Token("days")).text == "Nine days"


def test_a_footnote_is_known_before_its_marker_comes() -> None:
    assert exchange(Cited(ONE)).citation(0) == ONE


def test_done_puts_the_final_text_in_place() -> None:
    assert exchange(Token("Nine"), Done(ANSWER)).text == "Nine days [1]."


def test_a_note_that_was_a_notice_is_not_said_twice() -> None:
    assert exchange(Notice("Told already."), Done(ANSWER)).notices == ("Told already.", "New.")


def test_stopping_keeps_what_there_is() -> None:
    found = stopped(exchange(Token("Nine ")))
    assert (found.text, found.status) == ("Nine ", "stopped")


def test_a_passage_that_a_footnote_touches_is_not_listed_as_uncited() -> None:
    assert [passage.n for passage in exchange(Done(ANSWER)).uncited()] == [2, 3, 4, 5]


def test_a_judged_footnote_takes_the_place_of_the_announced_one() -> None:
    told = replace(ONE, verdict=None)
    claim = Claim("Nine days", 0, 9, "quoted", (1,))
    found = exchange(Cited(told), Cited(told), Judged(claim, 1, (ONE,)))
    assert (found.citations, found.claims) == ((told, ONE), (claim,))


def test_a_footnote_that_was_found_stands_where_its_sentence_ended() -> None:
    two, found = replace(ONE, n=2), replace(ONE, found=True)
    now = exchange(Token("Nine days. They"), Cited(two), Token(" [2]"), Attributed(found, 0, 10, " [1]"))
    assert (now.text, now.citations) == ("Nine days. [1] They [2]", (found, two))
    assert markers(now.text, now.citations) == [((11, 14), 0), ((20, 23), 1)]


def test_markers_are_footnotes_in_order_and_other_numbers_are_text() -> None:
    two = replace(ONE, n=2)
    assert markers("In [2019] one [1], [3] two [2], one again [1]. [4]", (ONE, two, ONE)) == [
        ((14, 17), 0),
        ((27, 30), 1),
        ((42, 45), 2),
    ]


def test_a_passage_cited_for_absent_words_is_cited_all_the_same() -> None:
    nothing = replace(ONE, start=PASSAGES[0].start, end=PASSAGES[0].start, quote="", verdict="not found")
    assert 1 not in [passage.n for passage in exchange(Done(replace(ANSWER, citations=(nothing,)))).uncited()]


def test_an_answer_that_is_not_whole_tells_why_and_keeps_its_text() -> None:
    found = exchange(Done(replace(ANSWER, trouble=Trouble("It broke off.", "Ask again.", True))))
    assert (found.text, found.trouble) == ("Nine days [1].", Problem("It broke off.", "Ask again.", again=True))


def test_a_claim_without_a_better_source_has_none() -> None:
    assert exchange(Done(ANSWER)).better(0) is None


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
    assert history([exchange(Done(ANSWER))]) == (Turn("user", "How long?"), Turn("assistant", "Nine days."))


def test_history_has_the_corrected_search_in_place_of_the_question() -> None:
    assert history([asked("How long?", wanted="How many days?")]) == (Turn("user", "How many days?"),)


def test_history_keeps_brackets_that_are_no_footnotes() -> None:
    done = exchange(Done(replace(ANSWER, text="See [7].")))
    assert history([done])[-1].text == "See [7]."


def test_a_question_without_an_answer_is_still_part_of_the_history() -> None:
    assert history([asked("How long?")]) == (Turn("user", "How long?"),)
