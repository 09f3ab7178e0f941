"""What Footnote itself says, in each language that it speaks."""

import tomllib
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import bot.phrases
from bot.phrases import SPOKEN, reply_language, say
from bot.reading.questions import Asked
from bot.types import Question, Turn

FOLDER = Path(bot.phrases.__file__).parent
WORDS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_there_is_a_file_for_each_language() -> None:
    assert sorted(WORDS) == sorted(SPOKEN)


@pytest.mark.parametrize("language", SPOKEN)
def test_each_language_has_every_key_with_the_same_gaps(language: str) -> None:
    assert {key: gaps(text) for key, text in WORDS[language].items()} == {key: gaps(text) for key, text in WORDS["en"].items()}


@pytest.mark.parametrize("asked", get_args(Asked))
def test_each_kind_of_thing_that_may_be_missing_has_its_words(asked: str) -> None:
    assert say(f"unsaid.{asked}").startswith("The articles do not ")


def test_a_key_that_is_too_particular_falls_back() -> None:
    assert say("unsaid.place", "de") == say("unsaid", "de")


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("nonsense.at.all")


@pytest.mark.parametrize(("language", "number"), [("en", "1,204"), ("de", "1.204"), ("fr", "1\u202f204"), ("ja", "1,204")])
def test_numbers_are_written_as_the_language_does(language: str, number: str) -> None:
    assert number in say("searched", language, articles=1204)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who bought the company?", "en"),
        ("Wer hat die Firma gekauft?", "de"),
        ("¿Quién compró la empresa?", "es"),
        ("Qui a acheté l'entreprise ?", "fr"),
        ("誰が会社を買収しましたか。", "ja"),
        ("谁收购了这家公司？", "zh-Hans"),
        ("誰收購了這家公司？", "zh-Hant"),
        ("Кто купил эту компанию?", "en"),
        ("2019?", "en"),
    ],
)
def test_an_answer_is_in_the_language_of_the_question_or_in_english(text: str, language: str) -> None:
    assert reply_language(Question(text)) == language


def test_a_question_without_a_language_has_that_of_the_one_before() -> None:
    before = (Turn("user", "Wer hat die Firma gekauft?"), Turn("assistant", "Word for word from the articles:"))
    assert reply_language(Question("2019?", before)) == "de"
