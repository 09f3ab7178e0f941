"""Numbers in the words of other languages than English."""

import pytest

from bot.reading.worded import SPOKEN, worded


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "Es waren vierhundertsiebzehn Boote.", 417),
        ("fr", "Il y avait soixante-dix-huit bateaux.", 78),
        ("es", "Eran dos mil quinientos barcos.", 2500),
        ("it", "Erano quarantadue barche.", 42),
        ("pt", "Eram cento e doze barcos.", 112),
        ("nl", "Er waren zevenendertig boten.", 37),
    ],
)
def test_a_number_in_words_is_read_where_it_stands(language: str, text: str, value: int) -> None:
    (found,) = worded(text, language)
    assert found.value == value
    assert text[found.start : found.end] in text


@pytest.mark.parametrize("language", sorted(SPOKEN))
def test_figures_are_left_to_others(language: str) -> None:
    assert list(worded("1931", language)) == []


@pytest.mark.parametrize(
    ("language", "text"), [("de", "eine Frau"), ("es", "un barco"), ("es", "millones de personas"), ("en", "two boats")]
)
def test_articles_vague_crowds_and_english_are_no_such_numbers(language: str, text: str) -> None:
    assert list(worded(text, language)) == []
