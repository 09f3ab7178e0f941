"""Words that look like verbs, and whether they are active or passive."""

import pytest

from bot.reading.verbs import is_past, verb_places, voice
from bot.reading.words import Word, words


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
