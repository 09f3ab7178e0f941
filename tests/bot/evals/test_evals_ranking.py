"""Metrics of a ranking against their definitions, worked out another way."""

from dataclasses import replace
from itertools import permutations
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab_runs import passage

from bot.evals.checks import meets
from bot.evals.ranking import ndcg_at, ranking, recall_at, reciprocal_rank
from bot.evals.records import ExpectedCitation

THINGS = 4
RANKINGS = st.lists(st.frozensets(st.integers(0, THINGS - 1), max_size=2), max_size=6)


def gains(found: list[frozenset[int]]) -> list[int]:
    """1 for a passage that brings something new."""
    return [int(not held <= frozenset[int]().union(*found[:at])) for at, held in enumerate(found)]


def dcg(values: list[int]) -> float:
    return sum(value * log(2) / log(rank + 2) for rank, value in enumerate(values))


@given(RANKINGS, st.integers(1, 8))
def test_recall_counts_each_wanted_thing_among_the_first_k(found: list[frozenset[int]], k: int) -> None:
    there = [any(thing in held for held in found[:k]) for thing in range(THINGS)]
    assert recall_at(found, THINGS, k) == sum(there) / THINGS


@given(RANKINGS)
def test_reciprocal_rank_is_one_over_the_place_of_the_first(found: list[frozenset[int]]) -> None:
    places = [place for place in range(1, len(found) + 1) if found[place - 1]]
    assert reciprocal_rank(found) == (1 / min(places) if places else 0)


@given(st.lists(st.one_of(st.none(), st.integers(0, THINGS - 1)), max_size=7), st.integers(1, 8))
def test_ndcg_of_single_things_is_the_textbook_formula(items: list[int | None], k: int) -> None:
    found = [frozenset[int]() if one is None else frozenset({one}) for one in items]
    # Each wanted thing is a relevant document, and a second copy of it is not: binary gains, ideal all at the top.
    ideal = dcg([1] * min(k, THINGS))
    assert ndcg_at(found, THINGS, k) == pytest.approx(dcg(gains(found)[:k]) / ideal)


@given(RANKINGS, st.integers(1, 8))
def test_ndcg_lies_between_nothing_and_all(found: list[frozenset[int]], k: int) -> None:
    value = ndcg_at(found, THINGS, k)
    assert -1e-9 <= value <= 1 + 1e-9
    assert (value == 0) == (not any(found[:k]))


def test_ndcg_is_highest_where_all_that_is_wanted_comes_first() -> None:
    items = [frozenset({0}), frozenset({1}), frozenset[int](), frozenset[int]()]
    best = max(permutations(items), key=lambda one: ndcg_at(one, 2, 4))
    assert set(best[:2]) == {frozenset({0}), frozenset({1})} and ndcg_at(best, 2, 4) == 1.0


def test_a_passage_that_has_two_things_at_once_at_the_top_is_ideal() -> None:
    assert ndcg_at([frozenset({0, 1}), frozenset()], 2, 8) == 1.0


def test_ndcg_of_an_example_worked_out_by_hand() -> None:
    # Found at ranks 2 and 4 of what is wanted, 3 things: (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/2).
    found = [frozenset[int](), frozenset({0}), frozenset({0}), frozenset({2})]
    assert ndcg_at(found, 3, 8) == pytest.approx(0.4981, abs=1e-4)


def test_passages_are_ranked_as_the_search_had_them() -> None:
    shuffled = [passage(1, "Low.", "low.md", score=0.1), passage(2, "High.", "high.md", score=0.9)]
    assert ranking([ExpectedCitation("high.md")], shuffled) == [frozenset({0}), frozenset()]


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (ExpectedCitation("a.md"), True),
        (ExpectedCitation("b.md"), False),
        (ExpectedCitation("copy.md"), True),
        (ExpectedCitation("a.md", "opened in 1932"), True),
        (ExpectedCitation("a.md", "OPENED\nin 1932"), True),
        (ExpectedCitation("a.md", "opened in 1933"), False),
    ],
)
def test_a_passage_meets_what_is_wanted_by_its_article_and_its_words(wanted: ExpectedCitation, met: bool) -> None:
    one = replace(passage(1, "It was opened  in 1932.", "a.md"), also=("copy.md",))
    assert meets(wanted, one) is met
