"""Turns that put something in the place of a part of the turn before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.ellipsis import corrected, recast


@pytest.mark.parametrize(
    ("text", "before", "whole"),
    [
        ("And in 2019?", "How many leaders joined in 2018?", "How many leaders joined in 2019?"),
        ("in March?", "Who met in January?", "Who met in March?"),
        ("What about Japan?", "When did Taiwan adopt the law?", "When did Japan adopt the law?"),
        ("And Taiwan's?", "What is Japan's law?", "What is Taiwan's law?"),
        ("and in Okinawa?", "What did Yao say happened in Tokyo?", "What did Yao say happened in Okinawa?"),
        ("And Japanese workers?", "What did Musk say about Chinese workers?", "What did Musk say about Japanese workers?"),
        ("What about the second teaser?", "What does the first teaser say?", "What does the second teaser say?"),
        ("I mean the second one.", "What does the first teaser say?", "What does the second teaser say?"),
        ("Not Japan, Taiwan.", "What did Japan propose?", "What did Taiwan propose?"),
        ("No, I meant Taiwan.", "What did Japan propose?", "What did Taiwan propose?"),
        ("I meant the law, not the motion", "Who wants the motion?", "Who wants the law?"),
        ("Sorry, not the alliance but the meeting", "When was the alliance?", "When was the meeting?"),
    ],
)
def test_the_new_takes_the_place_of_its_counterpart(text: str, before: str, whole: str) -> None:
    assert recast(text, before) == whole


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("And in 2019?", "How many leaders joined?"),
        ("And in 2019?", "How many joined between 2016 and 2018?"),
        ("What about Biden?", "What did Musk tell the Financial Times?"),
        ("What about the price?", "When did Japan adopt the law?"),
        ("And why?", "When did Japan adopt the law?"),
        ("No, I meant the other one.", "What did Japan propose?"),
        ("Not bread, rice", "What did Japan propose?"),
        ("When did Taiwan adopt the law?", "When did Japan adopt the law?"),
        ("What about Japan?", "When did Japan adopt the law?"),
        ("And how did Biden answer it in Ukraine?", "When did Japan adopt the law?"),
    ],
)
def test_what_is_not_plain_is_left(text: str, before: str) -> None:
    assert recast(text, before) == ""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("No, I meant the other one.", "the other one"),
        ("I mean where the law stands", "where the law stands"),
        ("I meant to ask how to fly", "how to fly"),
        ("Is it not true?", ""),
        ("Nothing else.", ""),
    ],
)
def test_a_correction_says_what_is_right(text: str, right: str) -> None:
    assert corrected(text)[1] == right


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_turns_can_be_read(text: str, before: str) -> None:
    assert isinstance(recast(text, before), str)
