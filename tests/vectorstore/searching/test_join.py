"""Neighbouring chunks joined: every ranking of every corpus is parted into runs that keep to the rules."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.searching.join import join_neighbours
from vectorstore.storage.rows import StoredChunk

Place = tuple[str, int]

PLACES = [(article, ordinal) for article in "ab" for ordinal in range(8)]
RANKINGS = st.lists(st.sampled_from(PLACES), unique=True)
WITHIN, MOST = st.integers(0, 12), st.integers(1, 4)


def chunk(place: Place) -> StoredChunk:
    article, ordinal = place
    start = 10 * ordinal
    return StoredChunk(PLACES.index(place), article, ordinal, start, start + 9, "Nine long", ((start, start + 9),))


def joined(ranked: list[Place], within: int, most: int) -> list[list[Place]]:
    found = join_neighbours([chunk(place) for place in ranked], within, most)
    return [[(one.article_id, one.ordinal) for one in run] for run in found]


@given(RANKINGS, WITHIN, MOST)
def test_every_chunk_is_in_one_run(ranked: list[Place], within: int, most: int) -> None:
    assert sorted(place for run in joined(ranked, within, most) for place in run) == sorted(ranked)


@given(RANKINGS, WITHIN, MOST)
def test_a_run_stands_where_its_best_chunk_stood(ranked: list[Place], within: int, most: int) -> None:
    best = [min(ranked.index(place) for place in run) for run in joined(ranked, within, most)]
    assert best == sorted(best)


@given(RANKINGS, WITHIN, MOST)
def test_a_run_is_neighbours_of_one_article_in_reading_order(ranked: list[Place], within: int, most: int) -> None:
    pairs = [pair for run in joined(ranked, within, most) for pair in pairwise(run)]
    assert all(left[0] == right[0] and left[1] + 1 == right[1] for left, right in pairs)


@given(RANKINGS, WITHIN, MOST)
def test_no_run_is_longer_than_allowed(ranked: list[Place], within: int, most: int) -> None:
    assert all(1 <= len(run) <= most for run in joined(ranked, within, most))


@given(RANKINGS, WITHIN, MOST)
def test_what_is_ranked_below_the_window_stays_alone(ranked: list[Place], within: int, most: int) -> None:
    assert (
        joined(ranked, within, most)[-len(ranked[within:]) :] == [[place] for place in ranked[within:]] or not ranked[within:]
    )


@given(RANKINGS, WITHIN, MOST)
def test_the_runs_of_the_window_do_not_depend_on_what_follows(ranked: list[Place], within: int, most: int) -> None:
    alone = joined(ranked[:within], within, most)
    assert joined(ranked, within, most)[: len(alone)] == alone


def test_neighbours_are_joined_on_both_sides_of_the_best() -> None:
    assert joined([("a", 3), ("b", 4), ("a", 4), ("a", 2)], 4, 3) == [[("a", 2), ("a", 3), ("a", 4)], [("b", 4)]]


def test_a_full_run_takes_no_further_neighbour() -> None:
    assert joined([("a", 3), ("a", 4), ("a", 5)], 3, 2) == [[("a", 3), ("a", 4)], [("a", 5)]]


def test_chunks_with_one_between_them_are_apart() -> None:
    assert joined([("a", 1), ("a", 3)], 2, 3) == [[("a", 1)], [("a", 3)]]


def test_nothing_gives_nothing() -> None:
    assert join_neighbours([], 15, 3) == []
