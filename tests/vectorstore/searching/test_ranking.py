"""The arithmetic of the ranking: fusion against numpy, the best of a part against sorting it, and neighbours joined."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vectorstore.searching.ranking import RankedArrays, best, best_among, fuse, join_neighbours, ranked, with_ranks, zscores
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Stage

VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=20)
STAGES = st.lists(st.tuples(*[st.integers(-50, 50).map(float)] * 2), min_size=3, max_size=15)


def by_number(values: list[float]) -> dict[int, float]:
    return dict(enumerate(values))


def test_zscores_are_numpys() -> None:
    values = [0.3, 0.9, 0.31, -2.0]
    wanted = (np.array(values) - np.mean(values)) / np.std(values)
    assert zscores(values) == pytest.approx(wanted)


@given(VALUES)
def test_zscores_have_mean_zero_and_deviation_one_unless_all_are_equal(values: list[float]) -> None:
    made = zscores(values)
    assert made.mean() == pytest.approx(0, abs=1e-9)
    assert made.std() == pytest.approx(float(len(set(values)) > 1))


@pytest.mark.parametrize("values", [[], [4.0], [2.0, 2.0, 2.0], [0.1 + 0.2, 0.3]])
def test_values_that_do_not_differ_get_zeros(values: list[float]) -> None:
    assert zscores(values).tolist() == [0.0] * len(values)


def test_fused_scores_are_the_weighted_sums_of_zscores() -> None:
    dense, lexical = {1: 0.9, 2: 0.5, 3: 0.1}, {1: 0.0, 2: 7.0, 3: 2.0}
    made = fuse([(dense, 1.0), (lexical, 2.0)], [1, 2, 3])
    wanted = zscores([0.9, 0.5, 0.1]) + 2 * zscores([0.0, 7.0, 2.0])
    assert list(made.values()) == pytest.approx(wanted)


def test_a_candidate_that_a_stage_does_not_know_counts_there_as_zero() -> None:
    assert fuse([({1: 5.0, 2: 3.0}, 1.0)], [1, 2, 3]) == fuse([({1: 5.0, 2: 3.0, 3: 0.0}, 1.0)], [1, 2, 3])


def test_what_is_no_candidate_plays_no_part() -> None:
    assert fuse([({1: 5.0, 2: 3.0, 9: 1000.0}, 1.0)], [1, 2]) == fuse([({1: 5.0, 2: 3.0}, 1.0)], [1, 2])


def test_no_candidates_give_no_scores() -> None:
    assert fuse([({1: 5.0}, 1.0)], []) == {}


def test_no_stages_give_zeros() -> None:
    assert fuse([], [4, 5]) == {4: 0.0, 5: 0.0}


@given(STAGES, st.floats(0.01, 100), st.floats(-100, 100))
def test_a_stage_may_count_on_any_scale_from_any_zero(rows: list[tuple[float, float]], scale: float, zero: float) -> None:
    one, other = [row[0] for row in rows], [row[1] for row in rows]
    assume(len(set(one)) > 1)
    before = fuse([(by_number(one), 1.0), (by_number(other), 2.0)], range(len(rows)))
    moved = [scale * value + zero for value in one]
    after = fuse([(by_number(moved), 1.0), (by_number(other), 2.0)], range(len(rows)))
    assert list(after.values()) == pytest.approx(list(before.values()), abs=1e-6)


@given(STAGES)
def test_a_better_score_at_one_stage_never_lowers_the_candidate(rows: list[tuple[float, float]]) -> None:
    one, other = [row[0] for row in rows], [row[1] for row in rows]
    assume(len(set(one)) > 1)
    made = fuse([(by_number(one), 1.0), (by_number([other[0]] * len(rows)), 1.0)], range(len(rows)))
    best = max(range(len(rows)), key=lambda n: one[n])
    assert made[best] == max(made.values())


def test_equals_come_in_the_order_of_their_numbers() -> None:
    assert ranked({9: 1.0, 3: 2.0, 7: 1.0, 1: 1.0}) == [3, 1, 7, 9]


@given(st.dictionaries(st.integers(0, 50), st.sampled_from([0.0, 0.5, 1.0])))
def test_the_order_does_not_depend_on_how_the_scores_came_in(scores: dict[int, float]) -> None:
    assert ranked(dict(reversed(scores.items()))) == ranked(scores)


def test_ranks_count_from_one_and_keep_the_scores() -> None:
    assert with_ranks({4: 0.25, 8: 0.75}) == {8: Stage(1, 0.75), 4: Stage(2, 0.25)}


SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=60)


class Whole:
    """A ranking of numbers from 0; keeps how deep it was looked into."""

    def __init__(self, scores: list[int]) -> None:
        self.pairs = best(np.arange(len(scores)), np.array(scores, np.float64), len(scores))
        self.depths: list[int] = []

    def ask(self, depth: int) -> RankedArrays:
        self.depths.append(depth)
        some = self.pairs[:depth]
        return np.array([number for number, _ in some], np.int64), np.array([score for _, score in some], np.float64)


@given(SCORES, st.sets(st.integers(0, 80)), st.integers(1, 20))
def test_what_is_picked_is_the_best_of_the_part(scores: list[int], part: set[int], k: int) -> None:
    ranking = Whole(scores)
    found = best_among(ranking.ask, k, np.array(sorted(part), np.int64), len(scores))
    assert found is not None
    assert found[0].tolist() == [number for number, _ in ranking.pairs if number in part][:k]


def test_it_looks_deeper_until_there_are_enough() -> None:
    ranking = Whole(list(range(1000, 0, -1)))
    found = best_among(ranking.ask, 5, np.arange(500, 1000), 1000)
    assert found is not None
    assert found[0].tolist() == [500, 501, 502, 503, 504]
    assert ranking.depths == [14, 42, 126, 378, 1134]


def test_it_gives_up_rather_than_look_too_deep() -> None:
    ranking = Whole(list(range(1000, 0, -1)))
    assert best_among(ranking.ask, 5, np.arange(500, 1000), 1000, deepest=100) is None
    assert ranking.depths == [14, 42]


@given(SCORES, st.integers(0, 80))
def test_the_best_are_the_first_of_all_sorted_with_equals_by_number(scores: list[int], k: int) -> None:
    pairs = sorted(enumerate(map(float, scores)), key=lambda pair: (-pair[1], pair[0]))
    assert best(np.arange(len(scores)), np.array(scores, np.float64), k) == pairs[:k]


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
