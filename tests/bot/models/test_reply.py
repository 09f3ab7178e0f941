"""What a model thinks aloud before its answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.reply import ThinkTagFilter


def shown(*pieces: str) -> list[str]:
    thoughts = ThinkTagFilter()
    return [thoughts.without(piece) for piece in pieces]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["It", " opened."], ["It", " opened."]),
        (["<think>Hm.</think>It"], ["It"]),
        (["<th", "ink>Hm.</th", "ink>", "\n\n", "It", " opened."], ["", "", "", "", "It", " opened."]),
        (["\n<think>", "Hm.", "</think> It"], ["", "", "It"]),
        (["<", "b> is a tag"], ["", "<b> is a tag"]),
        (["It says ", "<think>", "so."], ["It says ", "<think>", "so."]),
        (["<think>It never ends"], [""]),
        (["", "  ", "It"], ["", "", "  It"]),
    ],
)
def test_only_thoughts_at_the_head_are_taken_out(pieces: list[str], expected: list[str]) -> None:
    assert shown(*pieces) == expected


@given(st.text(), st.lists(st.integers(0, 40)))
def test_an_answer_without_thoughts_is_whole_however_it_is_cut(text: str, cuts: list[int]) -> None:
    text = f"It {text}"
    places = [0, *sorted(cuts), len(text)]
    assert "".join(shown(*(text[start:end] for start, end in pairwise(places)))) == text[: max(places)]
