"""What a language calls its months, weekdays, units and large numbers: the CLDR's, by Babel, and the lists in `languages/`.

The words of English are known in every text; those of another language where the text is in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError
from babel.units import format_unit

from bot.reading.units import MEASURES
from vectorstore.splitting.language import ENGLISH, language_of, language_of_question

_LANGUAGES = Path(__file__).with_name("languages")
_ZEROS = re.compile("0+")
_COUNTS = (1, 2, 5)
"""Numbers that take all forms of a noun that a language with several plurals has."""
_LEAST = 3
"""Shorter forms of a unit are signs, which `units` lists; in another language they are mostly words of something else."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, in small letters, with what they stand for; English ones among them."""

    language: str
    months: Mapping[str, int]
    short_months: Mapping[str, int]
    weekdays: Mapping[str, int]
    measures: Mapping[str, str]
    scales: Mapping[str, int]
    comma_decimal: bool
    """Whether "12,5" is twelve and a half there."""
    percent: Sequence[str]
    points: Sequence[str]
    minus: Sequence[str]
    multiples: Mapping[str, str]
    """Beginnings of verbs such as "doubled", with what they multiply by."""


@lru_cache(maxsize=4096)
def passage_language(text: str) -> str:
    """The language of a passage, "" where it cannot be told; remembered, as a verdict asks for it again and again."""
    return language_of(text)


@lru_cache(maxsize=4096)
def lexicon_of(text: str) -> Lexicon:
    """The lexicon of a text's language; the English one where it cannot be told."""
    # A text of a few words is too short for the first, which judges whole passages.
    return lexicon(passage_language(text) or language_of_question(text) or ENGLISH)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language by its ISO 639-1 code; the English one where the CLDR does not know it."""
    try:
        locales = [Locale.parse(ENGLISH), Locale.parse(language)]
    # Babel raises ValueError where the code itself is none, such as "".
    except (UnknownLocaleError, ValueError):
        return lexicon(ENGLISH)
    # `dict.fromkeys` has English once where the language is English.
    own = [_own(one) for one in dict.fromkeys((ENGLISH, language))]
    long = _merged(_named(one.months, "wide") for one in locales)
    short = _merged(_named(one.months, "abbreviated") for one in locales)
    return Lexicon(
        language,
        {word: n for word, n in long.items() if not word[0].isdigit()},
        # Eastern months are "1月", which the forms of dates read by themselves; "May" is long and short at once.
        {word.rstrip("."): n for word, n in short.items() if word not in long and not word[0].isdigit()}
        | _merged(one.get("short_months", {}) for one in own),
        _merged(_named(one.days, "wide") for one in locales),
        _merged(map(_measures, locales)),
        _merged(map(_scales, locales)) | _merged(one.get("scales", {}) for one in own),
        locales[1].number_symbols["latn"]["decimal"] == ",",
        [word for one in own for word in one["percent"]],
        [word for one in own for word in one["points"]],
        [word for one in own for word in one["minus"]],
        _merged(one["multiples"] for one in own),
    )


def alternatives(words: Iterator[str] | Sequence[str] | Mapping[str, object]) -> str:
    """A pattern for any of these words, the longest first; one that matches nothing where there are none."""
    # A regular expression takes the first alternative that fits: "thousands" must come before "thousand".
    found = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in found) or r"(?!)"


def _merged(tables: Iterator[Mapping[str, Any]]) -> dict[str, Any]:
    return {word: value for table in tables for word, value in table.items()}


def _named(contexts: Mapping[str, Mapping[str, Mapping[int, str]]], width: str) -> dict[str, int]:
    """Months or days by their names, inside a date and alone, which some languages tell apart."""
    # Russian has "май" alone and "мая" within a date.
    kinds = [contexts[context][width] for context in ("stand-alone", "format") if width in contexts.get(context, {})]
    return {name.casefold(): n for kind in kinds for n, name in kind.items()}


def _measures(locale: Locale) -> dict[str, str]:
    """The long forms of the units that `units` knows, of one and of several, in the CLDR's spelling."""
    known = ((name, one.cldr) for name, one in MEASURES.items() if one.cldr)
    forms = ((_form(cldr, n, locale), name) for name, cldr in known for n in _COUNTS)
    # A short form in an eastern script is a whole word.
    return {form: name for form, name in forms if len(form) >= _LEAST or (form and not form.isascii())}


def _form(unit: str, n: int, locale: Locale) -> str:
    # Babel only formats whole amounts ("5 Kilometer"), so the number is taken out again.
    return " ".join(format_unit(n, unit, "long", locale=locale).replace(str(n), "").split()).casefold()


def _scales(locale: Locale) -> dict[str, int]:
    """Words such as "million" and "Mio.", by what they stand for."""
    found: dict[str, int] = {}
    for width in ("short", "long"):
        for kinds in locale.compact_decimal_formats.get(width, {}).values():
            for size, pattern in kinds.items():
                # A pattern reads "0 Mio'.'": zeros for the digits, and marks in quotes.
                text = str(getattr(pattern, "pattern", pattern)).replace("'", "").replace("\u00a0", " ")
                word = _ZEROS.sub("", text).strip().casefold()
                zeros = _ZEROS.search(text)
                if zeros and (len(word) > 1 or (word and not word.isascii())) and str(size).isdigit():
                    # "00 million" stands for tens of millions: each zero beyond the first is a place of the number itself.
                    found[word] = int(size) // 10 ** (len(zeros.group()) - 1)
    return found


@cache
def _own(language: str) -> dict[str, Any]:
    """What the CLDR does not hold."""
    empty: dict[str, Any] = {"percent": [], "points": [], "minus": [], "multiples": {}}
    return empty | word_lists(language)


@cache
def word_lists(language: str) -> dict[str, Any]:
    """All word lists of a language, by name, as its file in `languages/` has them; none where there is no such file."""
    file = _LANGUAGES / f"{language}.yaml"
    # The code may be one that was guessed from a text, so that most have no file.
    return dict(yaml.safe_load(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def listed(name: str) -> frozenset[str]:
    """The words of an English list, each once."""
    return frozenset(str(word_lists(ENGLISH)[name]).split())


def groups(name: str, separator: str) -> tuple[tuple[str, ...], ...]:
    """The lines of an English list, each cut at a separator into what belongs together."""
    lines: list[str] = word_lists(ENGLISH)[name]
    return tuple(tuple(part.strip() for part in line.split(separator)) for line in lines)
