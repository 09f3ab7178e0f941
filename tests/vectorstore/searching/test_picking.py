"""Picking the best of a part out of a ranking of the whole, against sorting the part."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.searching.picking import Hits, best, first_depth, members, picked

SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=60)


class Ranking:
    """A ranking of numbers from 0; keeps how deep it was looked into."""

    def __init__(self, scores: list[int]) -> None:
        self.pairs = best(np.arange(len(scores)), np.array(scores, np.float64), len(scores))
        self.depths: list[int] = []

    def ask(self, depth: int) -> Hits:
        self.depths.append(depth)
        some = self.pairs[:depth]
        return np.array([number for number, _ in some], np.int64), np.array([score for _, score in some], np.float64)


@given(SCORES, st.sets(st.integers(0, 80)), st.integers(1, 20))
def test_what_is_picked_is_the_best_of_the_part(scores: list[int], part: set[int], k: int) -> None:
    ranking = Ranking(scores)
    found = picked(ranking.ask, k, np.array(sorted(part), np.int64), len(scores))
    assert found is not None
    assert found[0].tolist() == [number for number, _ in ranking.pairs if number in part][:k]


def test_it_looks_deeper_until_there_are_enough() -> None:
    ranking = Ranking(list(range(1000, 0, -1)))
    found = picked(ranking.ask, 5, np.arange(500, 1000), 1000)
    assert found is not None
    assert found[0].tolist() == [500, 501, 502, 503, 504]
    assert ranking.depths == [14, 42, 126, 378, 1134]


def test_it_gives_up_rather_than_look_too_deep() -> None:
    ranking = Ranking(list(range(1000, 0, -1)))
    assert picked(ranking.ask, 5, np.arange(500, 1000), 1000, deepest=100) is None
    assert ranking.depths == [14, 42]


@pytest.mark.parametrize(("part", "depth"), [(1000, 134), (500, 267), (10, 1000), (0, 1000)])
def test_a_smaller_part_is_looked_for_deeper(part: int, depth: int) -> None:
    assert first_depth(100, part, 1000) == depth


@given(st.lists(st.integers(0, 50)), st.sets(st.integers(0, 50)))
def test_members_are_those_in_the_set(numbers: list[int], among: set[int]) -> None:
    found = members(np.array(numbers, np.int64), np.array(sorted(among), np.int64))
    assert found.tolist() == [number in among for number in numbers]


@given(SCORES, st.integers(0, 80))
def test_the_best_are_the_first_of_all_sorted_with_equals_by_number(scores: list[int], k: int) -> None:
    pairs = sorted(enumerate(map(float, scores)), key=lambda pair: (-pair[1], pair[0]))
    assert best(np.arange(len(scores)), np.array(scores, np.float64), k) == pairs[:k]
