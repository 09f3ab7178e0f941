"""A date as people write it in front matter, in a JSON line or under a headline -> the ISO form, as far as it goes.

Dates inside a text are another matter: they are compared with each other, and `bot.reading.dates` reads them.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from babel import Locale
from dateutil import parser

LONGEST = 60
"""Characters of a date at most."""
_LANGUAGES = "de es fr it pt nl da sv nb fi pl cs ru uk tr id ca ro hu el"
_DOTTED = re.compile(r"[0-3]?\d\. ?[01]?\d\. ?(?:\d\d){1,2}\b")
_EASTERN = re.compile(r"(\d{4}) ?[年년](?: ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日號号일])?)?")
_WORD = re.compile(r"[^\W\d_]+")


def iso_date(stated: str) -> str:
    """A date as people write it -> `2021`, `2021-12` or `2021-12-23`, as far as it goes; "" when it is not understood.

    Without a year it is not understood. `03/04/2021` is the 4th of March, and `03.04.2021` the 3rd of April, since those who
    write points put the day first.
    """
    if not stated or len(stated) > LONGEST:
        return ""
    if re.fullmatch(r"[1-9]\d{3}", stated):
        return stated
    if eastern := _EASTERN.match(stated):
        return iso_date("-".join(part.zfill(2) for part in eastern.groups() if part))
    return _parsed(stated) or _parsed(_in_english(stated))


def _parsed(stated: str) -> str:
    try:
        # What the text leaves open comes from the default: where two defaults give two answers, it was left open.
        # dateutil fills in what is missing without saying so.
        one, other = (
            parser.parse(stated, default=default, ignoretz=True, dayfirst=_DOTTED.match(stated) is not None)
            for default in (datetime(1904, 1, 1), datetime(2005, 2, 2))
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return ""
    if one.year != other.year:
        return ""
    if one.month != other.month:
        return f"{one.year:04}"
    return f"{one.year:04}-{one.month:02}" if one.day != other.day else one.date().isoformat()


def _in_english(stated: str) -> str:
    """A date with the English name of its month, and without the small words around it; "" where it names none."""
    found = [month for word in _WORD.findall(stated.casefold()) if (month := _months().get(word))]
    numbers = re.findall(r"\d+", stated)
    return " ".join([*numbers[:-1], found[0], *numbers[-1:]]) if len(found) == 1 and numbers else ""


@cache
def _months() -> dict[str, str]:
    """The names of months in the languages that most articles are in, by the CLDR, with the English ones."""
    return dict(_named())


def _named() -> Iterator[tuple[str, str]]:
    english = Locale.parse("en").months["format"]["wide"]
    for months in (Locale.parse(language).months for language in _LANGUAGES.split()):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = months.get(context, {}).get(width, {})
                yield from (
                    (name.casefold().rstrip("."), str(english[n])) for n, name in names.items() if not name[0].isdigit()
                )
