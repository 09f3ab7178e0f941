"""A date as people and programs write it in front matter, in a table or under a headline -> the ISO form, as far as it goes.

Dates inside a text are another matter: they are compared with each other, and `bot.reading.dates` reads them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from dateutil import parser

LONGEST = 100
"""Characters of a date at most."""
LONGEST_CODE = 35
"""Characters of a language's code at most: RFC 5646 wants room for so many, and pages state whatever they like."""
_LANGUAGES = "de es fr it pt nl da sv nb fi pl cs ru uk tr id ca ro hu el"
# 03.05.2021 or 3. 5. 21, in which dateutil would take the first number for the month.
_DOTTED = re.compile(r"[0-3]?\d\. ?[01]?\d\. ?(?:\d\d){1,2}\b")
# 2021年5月3日, 2021년 5월 3일, or only the year and the month.
_EASTERN = re.compile(r"(\d{4}) ?[年년](?: ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日號号일])?)?")
_WORD = re.compile(r"[^\W\d_]+")
# Seconds, milliseconds or microseconds since 1970. A day without separators, 20210503, has eight figures and is none of them.
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{13}|\d{16}")
# 3/4/2021 or 03.04.21; the second separator must be the first one again.
_NUMERIC = re.compile(r"(\d{1,2})([/.-]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?!\d)")
_LABEL = re.compile(r"(?:published|posted|created|updated|date|on)\b(?:\s+(?:on|at))?\s*:?\s*", re.IGNORECASE)
# The day at the head of a timestamp, whatever stands behind it.
_ISO = re.compile(r"([12]\d{3})-(\d\d)-(\d\d)(?=$|[T\s_,+-])")
# What may stand behind a date and says nothing of the day: the name of a zone, a time as it is said, a time to read.
_CLUTTER = re.compile(
    r"\s*(?:\([^)]*\)|\[[^\]]*\])|\s*[·|•].*$|(?<=\d)(?:st|nd|rd|th)\b|\b\d{1,2}(?::\d\d){1,2}(?:\.\d+)?\s*(?:[ap]\.?m\.?\b|uhr\b)?"
    r"|\b\d{1,2}\s?(?:h\s?\d\d|uhr|[ap]\.?m\.?)\b|\bat\b(?=\s*$)|\b(?:gmt|utc)(?:[+-]\d{1,4})?\b",
    re.IGNORECASE,
)

DateOrder = Literal["", "day", "month"]
"""Which stands first in 03/04/2021, where that is known."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date in ISO 8601, "" where it was not understood; `doubt` is the order that was taken where it may be the other one."""

    date: str
    doubt: DateOrder = ""


def iso_date(stated: str) -> str:
    """A date as people write it -> `2021`, `2021-12` or `2021-12-23`, as far as it goes; "" when it is not understood.

    Without a year it is not understood. `03/04/2021` is the 4th of March, and `03.04.2021` the 3rd of April, since those who
    write points put the day first. `read_date` asks the language first.

    >>> iso_date("May 3, 2021"), iso_date("Mai 2021"), iso_date("2021"), iso_date("3 May")
    ('2021-05-03', '2021-05', '2021', '')
    """
    return read_date(stated).date


def read_date(stated: str, language: str = "", order: DateOrder = "") -> DateReading:
    """The date that is stated in an article of this language (a code such as "de" or "en-GB", "" if unknown).

    Seconds and milliseconds since 1970 are dates in UTC; of a date with a time the day is the one that is written. `order` is
    what a whole column of dates has told of the order of day and month.

    >>> read_date("03/04/2021", "de"), read_date("03/04/2021", "en")
    (DateReading(date='2021-04-03', doubt=''), DateReading(date='2021-03-04', doubt='month'))
    """
    plain = " ".join(stated.split())
    if not plain or len(plain) > LONGEST:
        return DateReading("")
    if _EPOCH.fullmatch(plain):
        return DateReading(_of_epoch(plain))
    if found := _NUMERIC.match(plain):
        known = language if len(language) <= LONGEST_CODE else ""
        return _of_numbers(found, *((order, True) if order else _usual_order(known, found[2])))
    return DateReading(_in_words(plain))


def order_of(stated: list[str]) -> DateOrder:
    """The order of day and month that the dates of one source show, "" where none shows it or they differ.

    >>> order_of(["03/04/2021", "25/12/2021"])
    'day'
    """
    found = {_shown_order(match) for one in stated if (match := _NUMERIC.match(one.strip()))} - {""}
    return found.pop() if len(found) == 1 else ""


def _shown_order(found: re.Match[str]) -> DateOrder:
    first, second = int(found[1]), int(found[3])
    return "day" if first > 12 >= second else "month" if second > 12 >= first else ""


def _of_numbers(found: re.Match[str], order: DateOrder, known: bool) -> DateReading:
    """The date of two numbers and a year; in doubt where both may be the month and it is not `known` which is."""
    order = _shown_order(found) or order
    day, month = (found[1], found[3]) if order == "day" else (found[3], found[1])
    # As POSIX and Python's `%y` read two figures: 69 to 99 are of the last century.
    year = found[4] if len(found[4]) == 4 else f"{'19' if int(found[4]) > 68 else '20'}{found[4]}"
    try:
        whole = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return DateReading("")
    # 05/05/2021 is one day in either order.
    either = not _shown_order(found) and found[1].lstrip("0") != found[3].lstrip("0")
    return DateReading(whole, order if either and not known else "")


# Not all languages that were ever stated: what pages make up would be kept, too.
@lru_cache(maxsize=512)
def _usual_order(language: str, separator: str) -> tuple[DateOrder, bool]:
    """Which of day and month comes first in a language, and whether all who write it agree."""
    if separator == ".":
        return "day", True
    try:
        locale = Locale.parse(language.replace("-", "_")) if language else None
    except (ValueError, UnknownLocaleError):
        locale = None
    if locale is None:
        return "month", False
    pattern = str(locale.date_formats["short"].pattern)
    # Where a language puts the year first (Swedish, Chinese), a date that ends with it is foreign: the day is taken first, in
    # doubt.
    # The English of one country says which; English alone may be that of London or of Chicago.
    agreed = not pattern.startswith("y") and (locale.language != "en" or locale.territory is not None)
    return ("day" if pattern.index("d") < pattern.index("M") or pattern.startswith("y") else "month"), agreed


def _of_epoch(stated: str) -> str:
    """The day in UTC of seconds, milliseconds or microseconds since 1970; "" where they are no time of the last decades."""
    number = float(stated)
    digits = len(stated.partition(".")[0].lstrip("-"))
    seconds = number / {13: 1e3, 16: 1e6}.get(digits, 1)
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    # A number of any other year only happens to have so many figures, such as an id.
    return day.date().isoformat() if 1971 <= day.year <= 2100 else ""


def _in_words(stated: str) -> str:
    """A date that is not two numbers and a year."""
    if re.fullmatch(r"[1-9]\d{3}", stated):
        return stated
    if eastern := _EASTERN.match(stated):
        return _in_words("-".join(part.zfill(2) for part in eastern.groups() if part))
    bare = _CLUTTER.sub(" ", _LABEL.sub("", stated, count=1) if _LABEL.match(stated) else stated).strip(" ,")
    iso = _ISO.match(stated)
    # From the strictest reading to the loosest, since a loose one drops words that a strict one may need.
    return (_parsed(iso[0]) if iso else "") or _parsed(stated) or _parsed(bare) or _parsed(_in_english(bare))


def _parsed(stated: str) -> str:
    try:
        # dateutil fills in what is missing and does not say so: where two defaults give two answers, the text left it open.
        # Without zones: the day is the one that is written, wherever it is read.
        one, other = (
            parser.parse(stated, default=default, ignoretz=True, dayfirst=_DOTTED.match(stated) is not None)
            for default in (datetime(1904, 1, 1), datetime(2005, 2, 2))
        )
    # dateutil raises each of these for one or another text that is no date.
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
    # The month goes before the last number, the year: "3. kesäkuuta 2021" becomes "3 June 2021".
    return " ".join([*numbers[:-1], found[0], *numbers[-1:]]) if len(found) == 1 and numbers else ""


@cache
def _months() -> dict[str, str]:
    """The names of months in the languages that most articles are in, by the CLDR, with the English ones."""
    return dict(_named())


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, or short for it, in a language that most articles are in.

    >>> is_month("March"), is_month("févr."), is_month("Marc")
    (True, True, False)
    """
    name = word.casefold().rstrip(".")
    return name in _months() or any(name in names for names in _english_months())


@cache
def _english_months() -> tuple[frozenset[str], ...]:
    widths = Locale.parse("en").months["format"]
    return tuple(frozenset(name.casefold() for name in widths[width].values()) for width in ("wide", "abbreviated"))


def _named() -> Iterator[tuple[str, str]]:
    english = Locale.parse("en").months["format"]["wide"]
    for months in (Locale.parse(language).months for language in _LANGUAGES.split()):
        # Slavic languages decline a month beside a day ("мая") and not when it stands alone ("май").
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = months.get(context, {}).get(width, {})
                yield from ((name.casefold().rstrip("."), str(english[n])) for n, name in names.items())
