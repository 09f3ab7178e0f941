"""What Footnote itself says in an answer, in the language of the question where it has that language, else in English.

The words stand in one file a language beside this one, by key. `say("searched", "de", articles=1204)` gives "1.204 Artikel
wurden durchsucht."; whoever needs a new key adds it to each file.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.types import Question
from vectorstore.splitting.language import chinese_script, language_of_question
from vectorstore.text_cache import TEXTS, remembered

ENGLISH = "en"
SPOKEN = ("en", "de", "es", "fr", "ja", "zh-Hans", "zh-Hant")
"""The languages that there are words in, as BCP 47 tags."""


def say(key: str, language: str = ENGLISH, **values: str | int) -> str:
    """The words under `key` in a language of `SPOKEN`, with the values filled in; whole numbers are written as it writes them.

    Of a key that the language has not, the words of what stands before its last full stop: "unsaid" for "unsaid.place". Raises
    KeyError where there are none either.
    """
    words = _words(language)
    found = key
    while found not in words:
        found, _, last = found.rpartition(".")
        if not last or not found:
            raise KeyError(key)
    return words[found].format(**{name: _written(value, words["thousands"]) for name, value in values.items()})


def reply_language(question: Question) -> str:
    """The language of `SPOKEN` to answer in: that of the question or, where it tells none ("2019?"), of the one before it."""
    asked = [question.text, *(turn.text for turn in reversed(question.history) if turn.role == "user")]
    return next(filter(None, map(spoken_in, asked)), ENGLISH)


@remembered(TEXTS)
def spoken_in(text: str) -> str:
    """The language of `SPOKEN` for an answer to this text; "" where its language cannot be told."""
    code = language_of_question(text, (ENGLISH,))
    tag = chinese_script(text) if code == "zh" else code
    return tag if tag in SPOKEN or not tag else ENGLISH


def _written(value: str | int, separator: str) -> str:
    return value if isinstance(value, str) else f"{value:,}".replace(",", separator)


@cache
def _words(language: str) -> Mapping[str, str]:
    found: dict[str, str] = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return found
