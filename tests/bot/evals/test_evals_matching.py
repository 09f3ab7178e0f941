"""Whether an answer holds the words that a case asks for."""

import pytest

from bot.evals.matching import holds, place, plain, within, word_count


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It opened in 1932.", "1932"),
        ("It opened in 1932 [1], by the king.", "1932, by the king"),
        ("the **iron** bridge", "iron bridge"),
        ("It is IRON", "iron"),
        ("the king’s bridge", "king's"),
        ("a café there", "Cafe"),
        ("in the autumn", "fall|autumn"),
        ("opened\n in  1932", "opened in 1932"),
        ("1932年に開通した", "1932"),
        ("橋は1932年に開通した", "開通"),
        ("It cost $3.", "$3"),
        ("Is it C++?", "C++"),
    ],
)
def test_words_that_stand_there(text: str, wanted: str) -> None:
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("number 19321", "1932"),
        ("some 3.5 million", "3"),
        ("some 1,932 people", "932"),
        ("the irony", "iron"),
        ("nothing", "|"),
        ("nothing", "one|two"),
        ("The first claim [7].", "7"),
    ],
)
def test_words_that_do_not_stand_there(text: str, wanted: str) -> None:
    assert not holds(text, wanted)


def test_a_number_may_end_a_sentence() -> None:
    assert holds("Of 3. And more.", "3")


def test_a_place_is_told_in_the_text_as_it_is() -> None:
    text = "It was Opened\n in 1932."
    found = place("opened in", text)
    assert found is not None and text[slice(*found)] == "Opened\n in"


def test_exactly_the_same_words_come_before_the_same_in_another_case() -> None:
    assert place("the", "The bridge, the river") == (12, 15)


def test_no_words_stand_in_every_passage() -> None:
    assert within("", "x") and not within("y", "x") and place("", "x") is None


def test_markers_and_marks_are_no_words() -> None:
    assert plain("So **it** is [1][2].") == "So it is."
    assert word_count("So **it** cost 1,000 dollars [1], the king's [12].") == 7
