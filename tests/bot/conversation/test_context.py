"""Whether a question is searched with the turns before it or alone."""

import pytest

from bot.conversation.condense import COMPLETE
from bot.conversation.context import asking, searched
from vectorstore.searching.search import Query, SearchResult
from vectorstore.types import Hit, Stage

BEFORE = "Who built the bridge?"


def found(chunk: int, fit: float) -> Hit:
    return Hit("a.md", 0, 4, "Text", 1.0, {"passage": Stage(1, fit)}, chunk, 0, ((0, 4),), (fit,))


class Search:
    """Finds chunk 1 for a question with the turns before it, and `alone` for a question by itself."""

    def __init__(self, *alone: Hit) -> None:
        self._alone = alone
        self.asked: list[Query] = []

    def __call__(self, query: Query, _k: int) -> SearchResult:
        self.asked.append(query)
        return SearchResult((found(1, 0.5),) if query.before else self._alone, {})


@pytest.mark.parametrize(
    ("alone", "dropped"),
    [
        ((found(2, 0.7),), True),
        ((found(2, 0.7), found(1, 0.3)), True),
        ((found(2, 0.55),), False),
        ((found(2, 0.7), found(1, 0.68)), False),
        ((found(1, 0.45),), False),
        ((), False),
    ],
)
def test_the_turns_before_are_dropped_where_they_lead_away_from_what_fits_better(alone: tuple[Hit, ...], dropped: bool) -> None:
    reading = searched(Search(*alone), Query("What is the capital of France?", BEFORE, weight=COMPLETE), 5)
    assert (reading.query.before == "") is dropped


def test_the_turns_before_are_dropped_where_they_add_nothing() -> None:
    query = Query("What is the capital of France?", BEFORE, weight=COMPLETE)
    assert searched(Search(found(1, 0.6)), query, 5).query == Query("What is the capital of France?")


def test_a_question_alone_is_searched_once() -> None:
    search = Search(found(2, 0.7))
    reading = searched(search, Query("What is the capital of France?"), 5)
    assert (len(search.asked), reading.alone) == (1, None)


@pytest.mark.parametrize("text", ["What does it want?", "And him?", "Regional differences"])
def test_what_does_not_stand_by_itself_is_never_searched_alone(text: str) -> None:
    search = Search(found(2, 0.9))
    assert searched(search, Query(text, BEFORE), 5).query.before == BEFORE
    assert len(search.asked) == 1


def test_what_a_complete_question_finds_alone_is_told_beside_what_it_finds_in_context() -> None:
    query = Query("What is the capital of France?", BEFORE, weight=COMPLETE)
    reading = searched(Search(found(1, 0.4)), query, 5)
    assert (reading.query, reading.alone) == (query, SearchResult((found(1, 0.4),), {}))


def test_a_question_that_seems_to_lean_may_turn_out_to_be_whole() -> None:
    reading = searched(Search(found(2, 0.9)), Query("What do fossils have that ctenophores have not?", BEFORE), 5)
    assert reading.query.before == ""


@pytest.mark.parametrize(
    ("text", "before", "asked"),
    [
        (
            "We have a fern. Its soil is dry. When should I water it?",
            "We have a fern. Its soil is dry.",
            "When should I water it?",
        ),
        ("I study maps. What is the capital of France?", "I study maps.", "What is the capital of France?"),
    ],
)
def test_the_sentence_that_asks_is_told_from_those_before_it(text: str, before: str, asked: str) -> None:
    narrow = asking(Query(text))
    assert narrow is not None
    assert (narrow.before, narrow.text, narrow.shown) == (before, asked, text)


@pytest.mark.parametrize("text", ["What is the capital of France?", "Why? I ask for a friend.", "the U.S. capital", ""])
def test_a_question_of_one_sentence_or_that_asks_first_stays_whole(text: str) -> None:
    assert asking(Query(text)) is None
