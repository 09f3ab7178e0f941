"""What is said where the articles do not answer."""

import pytest

from bot.answering.quoting import NAMED, FailedSearch, abstention_text, occurrence_note, scope_notes
from bot.types import Passage, Question
from vectorstore.searching.vocabulary import Occurrences

PASSAGE = Passage(1, "a.md", "A", "", "", 0, 4, "Text", 1.0)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            Occurrences(1204, {"population": 0, "Okinawa": 3}),
            "1,204 articles were searched: “population” stands in none of them, “Okinawa” in 3.",
        ),
        (Occurrences(1204, {"Okinawa": 3}), "1,204 articles were searched: “Okinawa” stands in 3 of them."),
        (
            Occurrences(1, {"tower": 1, "owner": 0}),
            "One article was searched: “tower” stands in it, “owner” does not stand in it.",
        ),
        (Occurrences(5, {}), "5 articles were searched."),
        (Occurrences(5, foreign=True), "5 articles were searched. None of them is in the language of the question."),
        (Occurrences(1, {}), "One article was searched."),
        (Occurrences(0, {}), ""),
        (None, ""),
    ],
)
def test_the_words_are_told_with_the_articles_that_hold_them(found: Occurrences | None, said: str) -> None:
    assert occurrence_note(found) == said


def test_the_rarest_words_are_told_in_the_order_of_the_question() -> None:
    said = occurrence_note(Occurrences(90, {"people": 40, "Okinawa": 3, "many": 60, "census": 0, "island": 7}))
    assert [word for word in ("people", "Okinawa", "many", "census", "island") if word in said] == [
        "Okinawa",
        "census",
        "island",
    ]
    assert NAMED == 3


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("When was it?", "The articles do not say when."),
        ("How many are there?", "The articles do not give the number."),
        ("Who was it?", "The articles do not say who."),
        ("Why is it red?", "The articles do not say."),
    ],
)
def test_the_lead_says_what_is_missing(question: str, lead: str) -> None:
    assert abstention_text(Question(question), (), FailedSearch()).pieces == (lead,)


def test_what_is_near_is_told_from_what_is_far() -> None:
    near, far = (abstention_text(Question("Why?"), (PASSAGE,), FailedSearch(far=far)).pieces[0] for far in (False, True))
    assert near.endswith("\n\nThe nearest passages are below.")
    assert "Nothing was found that comes near" in far


def test_a_scope_is_told_with_an_article_outside_it_that_may_answer() -> None:
    assert scope_notes(FailedSearch(Occurrences(3), 1204, "The island")) == (
        "Only the 3 chosen articles of 1,204 were searched. Among the others, “The island” may answer the question.",
    )


def test_without_a_scope_there_is_nothing_to_note() -> None:
    assert scope_notes(FailedSearch(Occurrences(3))) == ()
