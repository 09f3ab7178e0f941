"""An answer as it grows with its events, and what can be asked of it."""

from dataclasses import replace

from bot.answering.streamed import after
from bot.types import (
    Answer,
    Attributed,
    Citation,
    Cited,
    Claim,
    Done,
    Event,
    Judged,
    Notice,
    Passage,
    Retraction,
    Retrieved,
    Token,
)

PASSAGES = tuple(Passage(n, f"{n}.md", "The harbour", "", "", 0, 40, "Nine days it took. " * 2, 1.0) for n in range(1, 4))
ONE = Citation(1, "1.md", "The harbour", 0, 9, "Nine days", "quoted")
ANSWER = Answer(
    "How long?", "How long?", "Nine days [1].", citations=(ONE,), passages=PASSAGES, notes=("Told already.", "New.")
)


def streamed(*events: Event) -> Answer:
    answer = Answer("How long?", mode="model", status="running")
    for event in events:
        answer = after(answer, event)
    return answer


def test_tokens_are_strung_together() -> None:
    assert streamed(Token("Nine "), Token("days")).text == "Nine days"


def test_a_footnote_is_known_before_its_marker_comes() -> None:
    assert streamed(Cited(ONE)).citation(0) == ONE


def test_done_puts_the_final_text_in_place() -> None:
    found = streamed(Retrieved(PASSAGES), Token("Nine"), Done(ANSWER))
    assert (found.text, found.status, found.searched) == ("Nine days [1].", "done", True)


def test_thoughts_that_passed_for_the_answer_are_taken_back() -> None:
    found = streamed(Retrieved(PASSAGES), Token("Okay. "), Cited(ONE), Retraction(), Token("Nine"))
    assert (found.text, found.citations, found.passages) == ("Nine", (), PASSAGES)


def test_a_note_that_was_a_notice_is_not_said_twice() -> None:
    found = streamed(Notice("Asking again."), Notice("Told already."), Done(ANSWER))
    assert found.notes == ("Asking again.", "Told already.", "New.")


def test_a_passage_that_a_footnote_touches_is_not_listed_as_uncited() -> None:
    assert [passage.n for passage in ANSWER.uncited()] == [2, 3]


def test_a_passage_cited_for_absent_words_is_cited_all_the_same() -> None:
    nothing = replace(ONE, end=0, quote="", verdict="not found")
    assert [passage.n for passage in replace(ANSWER, citations=(nothing,)).uncited()] == [2, 3]


def test_a_judged_footnote_takes_the_place_of_the_announced_one() -> None:
    told = replace(ONE, verdict=None)
    claim = Claim("Nine days", 0, 9, "quoted", (1,))
    found = streamed(Cited(told), Cited(told), Judged(claim, 1, (ONE,)))
    assert (found.citations, found.claims) == ((told, ONE), (claim,))


def test_a_footnote_that_was_found_stands_where_its_sentence_ended() -> None:
    two, found = replace(ONE, n=2), replace(ONE, found=True)
    now = streamed(Token("Nine days. They"), Cited(two), Token(" [2]"), Attributed(found, 0, 10, " [1]"))
    assert (now.text, now.citations) == ("Nine days. [1] They [2]", (found, two))


def test_beyond_the_last_there_is_no_footnote_source_or_anchor() -> None:
    assert (ANSWER.citation(1), ANSWER.better(0), ANSWER.anchor(0), ANSWER.passage(9)) == (None, None, None, None)
