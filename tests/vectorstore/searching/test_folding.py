"""Words as they are matched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.searching.folding import folded, terms


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Café Ångström", "cafe angstrom"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("the U.S. economy", "US economies"),
        ("China’s growth", "China growth"),
        ("O'Neill's", "o’neill"),
        ("1,000,000 people", "1000000 people"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("ﾊﾟｰﾃｨｰ", "パーティー"),
        ("مُحَمَّد", "محمد"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("компании", "компаний"),
        ("космический корабль", "космические корабли"),
        ("εταιρεία", "εταιρείες"),
        ("الشركة", "شركة"),
        ("أحمد", "احمد"),
        ("کتاب", "كتاب"),
        ("१२ लड़के", "12 लड़का"),
        ("٣٫٥ سنة ٢٠١٩", "2019 سنة"),
        ("ปี ๒๕๖๐", "2560"),
        ("ประเทศไทย", "ไทย"),
    ],
)
def test_ways_of_writing_one_thing_match(written: str, asked: str) -> None:
    words, grams = terms(asked, stop=True)
    assert (set(words) <= set(terms(written)[0]), set(grams) <= set(terms(written)[1])) == (True, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In the 1980s, 3.5% of 1,250.75", ["in", "the", "1980s", "3.5", "of", "1250.75"]),
        ("lists 1,2,3", ["list", "1", "2", "3"]),
        ("snake_case-words", ["snake", "case", "word"]),
        ("abc1 ab12cd 20th", ["abc1", "ab12cd", "20th"]),
        ("हिन्दी में समाचार", ["हिन्द", "म", "समाचार"]),
        ("... — !?", []),
    ],
)
def test_words_are_parted_sensibly(text: str, words: list[str]) -> None:
    assert terms(text)[0] == words


def test_chinese_is_single_characters_and_pairs() -> None:
    assert terms("met 鄧小平 in") == (["met", "in"], ["鄧小", "小平", "鄧", "小", "平"])


def test_a_question_asks_for_pairs_where_there_are_any() -> None:
    assert (terms("鄧小平", stop=True)[1], terms("鄧", stop=True)[1]) == (["鄧小", "小平"], ["鄧"])


def test_stop_words_go_when_other_words_are_there() -> None:
    assert terms("What is the growth?", stop=True)[0] == ["growth"]


def test_stop_words_stay_when_they_are_all() -> None:
    assert terms("What is it?", stop=True)[0] == ["what", "is", "it"]


@given(st.text())
def test_any_text_gives_terms_without_spaces(text: str) -> None:
    words, grams = terms(text)
    assert all(term and not any(character.isspace() for character in term) for term in words + grams)


@given(st.text())
def test_a_question_asks_for_nothing_that_its_own_text_lacks(text: str) -> None:
    asked, indexed = terms(text, stop=True), terms(text)
    assert set(asked[0]) <= set(indexed[0]) and set(asked[1]) <= set(indexed[1])


@given(st.text())
def test_composed_and_decomposed_letters_are_one(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))
