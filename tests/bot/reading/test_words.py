"""Words and marks: what counts when a claim is held against a text, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.words import Word, cleaned, is_eastern, is_past, stem, verb_places, voice, words


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


def _named(word: Word) -> bool:
    return word.text in ("Ada", "Karl")


def _verbs(text: str) -> list[str]:
    found = words(text)
    return [found[n].text for n in verb_places(text, found, _named)]


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("The alliance urges the government to strengthen security.", ["urges", "strengthen"]),
        ("Ada gave Karl a key and told him.", ["gave", "told"]),
        ("A well-known law of the states.", []),
        ("The leaders of the towns are rich.", []),
        ("They have been holding the line.", ["holding"]),
    ],
)
def test_verbs_are_told_by_their_forms_and_neighbours(text: str, verbs: list[str]) -> None:
    assert _verbs(text) == verbs


@pytest.mark.parametrize(
    ("text", "verb", "wanted"),
    [
        ("Ada praised the workers.", "praised", "active"),
        ("The workers were praised by Ada.", "praised", "passive by"),
        ("The workers were praised in Oslo.", "praised", "passive"),
        ("A proposal reported in February.", "reported", ""),
        ("Ada asked for a chair.", "asked", "active"),
        ("It is Ada's praise of Karl.", "praise", "active"),
        ("They gave him a key.", "gave", "active"),
    ],
)
def test_a_verb_is_active_or_passive_or_that_is_left_open(text: str, verb: str, wanted: str) -> None:
    found = words(text)
    assert voice(text, found, next(n for n, one in enumerate(found) if one.text == verb), _named) == wanted


def test_what_was_done_has_a_form_of_its_own() -> None:
    assert [is_past(word) for word in words("took takes asked")] == [True, False, True]
