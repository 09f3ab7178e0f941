"""Words and marks: what counts when a claim is held against a text, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.words import cleaned, is_eastern, stem, words


@given(st.text(max_size=80))
def test_a_cleaned_text_is_as_long_as_it_was(text: str) -> None:
    assert len(cleaned(text)) == len(text)


def test_words_have_their_places_and_stems() -> None:
    found = words("5 @,@ 000 men took 3.5 km.")
    assert [(word.text, word.stem) for word in found] == [
        ("5 @,@ 000", "5000"),
        ("men", "man"),
        ("took", "take"),
        ("3.5", "3.5"),
        ("km", "km"),
    ]


@pytest.mark.parametrize(("one", "other"), [("built", "building"), ("wrote", "written"), ("cities", "city"), ("1,000", "1000")])
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("text", "eastern"), [("橋は1931年に開通した", True), ("The bridge (橋) opened in 1931.", False)])
def test_scripts_without_blanks_are_told_apart(text: str, eastern: bool) -> None:
    assert is_eastern(text) is eastern


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organised", "organized"),
        ("colour", "color"),
        ("centres", "centers"),
        ("travelled", "traveled"),
        ("defence", "defense"),
    ],
)
def test_both_spellings_have_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)
