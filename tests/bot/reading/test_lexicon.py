"""The words of a language, from the CLDR and from our own list."""

import pytest

from bot.reading.lexicon import alternatives, lexicon, lexicon_of


@pytest.mark.parametrize(
    ("language", "month"), [("de", "märz"), ("es", "marzo"), ("fr", "mars"), ("pl", "marca"), ("ru", "марта"), ("tr", "mart")]
)
def test_a_language_has_its_own_months_beside_the_english_ones(language: str, month: str) -> None:
    assert (lexicon(language).months[month], lexicon(language).months["march"]) == (3, 3)


def test_a_word_that_two_languages_share_is_that_of_the_text() -> None:
    assert lexicon("de").scales["billion"] == 10**12
    assert lexicon("en").scales["billion"] == 10**9


def test_a_language_that_is_not_known_is_read_as_english() -> None:
    assert lexicon("qq") is lexicon("en")
    assert lexicon_of("...").language == "en"


def test_the_longest_of_several_words_is_found_first() -> None:
    assert alternatives(["point", "points of a score"]).startswith("points")
    assert alternatives([]) == "(?!)"
