"""Finds the dates in a text, as years, months and days that can be compared; pure.

A date implies another that says less: 4 May 1931 implies May 1931, and not the other way round. "03/04/2021" may be of March or
of April, and is compared as either. Names of months and weekdays are those of English and of the text's own language.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.reading.lexicon import Lexicon, alternatives, lexicon, lexicon_of
from vectorstore.types import Span

_TENS_WORDS = """
    twenties thirties forties fifties sixties seventies eighties nineties"""
_TENS = {word: 10 * n for n, word in enumerate(_TENS_WORDS.split(), 2)}
_ORDINAL_WORDS = ("first", "second", "third", "fourth")
_CENTURY_WORDS = """
    tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    twenty-first"""
_CENTURIES = {word: n for n, word in enumerate(_CENTURY_WORDS.split(), 10)}
_ROMAN = {"XII": 12, "XIII": 13, "XIV": 14, "XV": 15, "XVI": 16, "XVII": 17, "XVIII": 18, "XIX": 19, "XX": 20, "XXI": 21}
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|ª|\.)?(?![\d:%])"
_SECOND_DAY = r"(?: ?(?:-|to|and|or|bis|al) ?(?P<day2>[0-3]?\d)(?:st|nd|rd|th|\.)?(?![\d:%]))?"
_FULL_YEAR = r"(?P<year>[12]\d{3})(?!\d|[,.]\d)"
_OF_THE_MONTH = r"(?: of| de| del| di| do)?"
_HAN = "〇零一二三四五六七八九十"
_QUARTER = (
    rf"(?:Q ?(?P<quarter>[1-4])|(?P<quarter2>[1-4])Q|"
    rf"(?P<quarter3>{'|'.join(_ORDINAL_WORDS)}|[1-4](?:st|nd|rd|th))[ -]quarter)"
)
_FISCAL = r"(?:FY ?'?|(?:fiscal|financial)(?: year)? (?:of )?)"
_FORMS = (
    # 2021-03-04, 2021/3/4
    r"(?<![\d/.-])(?P<year>[12]\d{3})(?P<sep>[-/.])(?P<number>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)(?![\d/]|-\d)",
    # 2021-03
    r"(?<![\d/-])(?P<year>[12]\d{3})-(?P<number>[01]\d)(?![\d/-])",
    # 04.05.1931, 03/04/2021: the same separator twice tells a date from a fraction or a version.
    r"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<sep>[./-])(?P<number>[0-3]?\d)(?P=sep)(?P<year>[12]\d{3})(?!\d)",
    # 2021年3月4日, 二〇二一年三月; but 年間 is a span of years and 年代 a decade.
    rf"(?P<year>[{_HAN}\d]{{2,4}}) ?年(?![間间代])"
    rf"(?: ?(?P<number>[{_HAN}\d]{{1,3}}) ?月(?: ?(?P<day>[{_HAN}\d]{{1,3}}) ?[日号號])?)?",
    # 3月4日
    rf"(?P<number>[{_HAN}\d]{{1,3}}) ?月 ?(?P<day>[{_HAN}\d]{{1,3}}) ?[日号號]",
    # 2021년 3월 4일
    r"(?P<year>\d{4})년(?: ?(?P<number>\d{1,2})월(?: ?(?P<day>\d{1,2})일)?)?",
    # 4-May-1931, 05/Feb/19
    r"(?<![\w-])(?P<day>[0-3]?\d)(?P<sep>[-/. ])(?P<month>%(any)s)\.?(?P=sep)(?:(?P<year>[12]\d{3})|(?P<short>\d\d))(?![\w-])",
    # 4 May 1931, 12-13 October, el 4 de mayo de 1931
    rf"\b{_DAY}{_SECOND_DAY}{_OF_THE_MONTH} ?(?P<month>%(months)s)(?: ?,? ?(?:in |de |del )?{_FULL_YEAR})?(?!\w)",
    # May 4th, 1931
    rf"(?<!\w)(?P<month>%(months)s) (?:the )?{_DAY}{_SECOND_DAY}(?: ?,? ?{_FULL_YEAR})?(?!\w)",
    # May 1931, Sept. 1931, mayo de 1931
    rf"(?<!\w)(?P<month>%(any)s)(?:[.,]? ?,?| of| in| de| del|-|\.) ?{_FULL_YEAR}(?!\w)",
    # fiscal year 2019, FY19
    rf"(?<!\w){_FISCAL}(?P<year>[12]\d{{3}})(?:[-/](?:\d{{4}}|\d\d))?(?!\w)|(?<!\w)FY ?'?(?P<short>\d\d)(?![\w/-])",
    # Q2 1931, the second quarter of 1931, 1931-Q2
    rf"(?<!\w){_QUARTER}(?:,?(?: of)? (?:{_FISCAL})?{_FULL_YEAR}|(?= of the year))(?!\w)|"
    rf"(?<!\w)(?P<year2>[12]\d{{3}})[ -]?Q(?P<quarter4>[1-4])(?!\w)",
    # the 19th century, siglo XIX, 19世紀, 19. Jahrhundert
    rf"\b(?:(?P<century>\d{{1,2}})(?:st|nd|rd|th)|(?P<century2>{'|'.join(_CENTURIES)}))[- ]century\b|"
    rf"\b(?:siglo|XXe|secolo|século) (?P<roman>{'|'.join(_ROMAN)})\b|(?P<century3>\d\d) ?世[紀纪]|"
    r"(?P<century4>\d\d)\. Jahrhundert",
    # the 1930s, the '30s, die 30er Jahre, 1930年代; the thirties
    r"(?<![\d.,])'?(?P<decade>(?:[12]\d)?\d0)(?:'?s|er(?= Jahre)|年代)(?!\w)|\b(?P<tens>%(tens)s)\b",
    # October
    r"(?<!\w)(?P<month>%(sure)s)(?!\w)",
    # AD 79, 45 BC
    r"\b(?:AD|A\.D\.) ?(?P<year>\d{1,4})\b|\b(?P<year2>\d{1,4}) ?(?P<era>BCE?|B\.C\.(?:E\.)?|CE|AD|A\.D\.)(?!\w)",
    # Sunday, Sundays
    r"(?<!\w)(?P<weekday>%(weekdays)s)(?=s?(?!\w))",
)
# "May" and "March" are also verbs, and "may" a name: alone they are months only where a time is told.
_AMBIGUOUS = re.compile(
    r"(?i:\b(?:in|on|by|of|from|to|since|until|till|between|early|mid|late|last|next|this|every|each|and|or)[ -])$"
)
_OF_A_TIME = re.compile(
    r"(?i:\b(?:in|im|on|am|ab|seit|bis|by|of|from|since|until|en|desde|hasta|de|dès|depuis|dal|da|em|sinds|tot)) $"
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OTHER_WORDS = frozenset({"may", "march", "mar", "set", "ago", "out", "dom", "sat", "sun"})
"""Names of months and days that in small letters are another word, of their own language or of English."""
_ENGLISH_WORDS = frozenset(["may", "march", "august", "june", "april"])
_CHINESE_DIGITS = {sign: str(n % 10) for n, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}


RECENT = 50
"""Years of two figures from this one on are of the last century."""


@dataclass(frozen=True, slots=True)
class Date:
    """What a text says of a time, at [start, end): 0 or "" for what it leaves open. Years before Christ are below zero.

    `swapped` is whether its day and month may be the other way round.
    """

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    decade: int = 0
    weekday: str = ""
    century: int = 0
    quarter: int = 0
    swapped: bool = False

    def implies(self, other: "Date") -> bool:
        """Whether all that the other says holds for this one."""
        # Month and day are compared below, as "03/04" has two readings.
        mine, theirs = ((one.year, one.weekday) for one in (self, other))
        return (
            all(not wanted or has == wanted for has, wanted in zip(mine, theirs, strict=True))
            and any(self._on(*day, *other_day) for day in self._days() for other_day in other._days())
            and self._in_period(other)
        )

    def alike(self, other: "Date") -> bool:
        """Whether both tell the same kind of thing, so that one may stand in the other's place."""
        kinds = [
            (one.year or one.decade or one.century, one.month or one.quarter, one.day, one.weekday) for one in (self, other)
        ]
        return any(mine and theirs for mine, theirs in zip(*kinds, strict=True))

    def overlaps(self, other: "Date") -> bool:
        """Whether one of the two holds the other, so that they do not exclude each other: "1994" and "the 1990s"."""
        return self.implies(other) or other.implies(self)

    def _days(self) -> tuple[tuple[int, int], ...]:
        """Month and day as they may be read."""
        return ((self.month, self.day), (self.day, self.month)) if self.swapped else ((self.month, self.day),)

    @staticmethod
    def _on(month: int, day: int, other_month: int, other_day: int) -> bool:
        return other_month in (0, month) and other_day in (0, day)

    def _in_period(self, other: "Date") -> bool:
        """Whether this lies in the other's decade, century and quarter."""
        return (
            self._in_decade(other.decade)
            and (not other.century or other.century in self._centuries())
            # May is month 5, and (5 + 2) // 3 is its quarter, the second; month 0 gives quarter 0.
            and other.quarter in (0, self.quarter, (self.month + 2) // 3)
        )

    def _in_decade(self, decade: int) -> bool:
        """Whether this lies in a decade: "the 90s" are those of any century, and "the 1800s" may be all of one."""
        mine = self.decade or self.year // 10 * 10
        if not decade or not mine:
            return not decade
        # A decade below 100 is one without its century.
        same = mine % 100 == decade % 100 if min(mine, decade) < 100 else mine == decade
        # "The 1800s" is the decade or the whole century.
        return same or (decade >= 1000 and decade % 100 == 0 and decade // 100 + 1 in self._centuries())

    def _centuries(self) -> set[int]:
        """The centuries that this may lie in: 1900 is of the 19th, strictly, and of the 20th for most."""
        first = self.year or self.decade
        return {(first + 99) // 100, first // 100 + 1} if first >= 100 else {self.century}


def dates(text: str, language: str | None = None) -> tuple[Date, ...]:
    """The dates in a cleaned text, in order. A bare year is a number, and is found by `quantities`.

    >>> [(one.year, one.month, one.day) for one in dates("It ran from 4 May 1931 to June.")]
    [(1931, 5, 4), (0, 6, 0)]
    """
    return _dates_in(text, language or lexicon_of(text).language)


@lru_cache(maxsize=4096)
def _dates_in(text: str, language: str) -> tuple[Date, ...]:
    words = lexicon(language)
    taken: list[Span] = []
    found: list[Date] = []
    # The fuller forms come first, and what they cover is taken: "4 May 1931" is not found again as "May 1931".
    for pattern in _patterns(words.language):
        for match in pattern.finditer(text):
            if not _is_taken(taken, match.span()) and (made := list(_dates_of(text, match, words))):
                found += made
                insort(taken, match.span())
    return tuple(sorted(found, key=lambda date: date.start))


def _is_taken(taken: list[Span], span: Span) -> bool:
    """Whether a span overlaps one of these, which are in order and do not overlap each other."""
    # Only the last that begins before its end can: to look at all of them took seconds for a table of a thousand dates.
    before = bisect_left(taken, (span[1], 0))
    return before > 0 and taken[before - 1][1] > span[0]


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """The forms with the names of months and days that this language writes."""
    words = lexicon(language)
    long, short = _spellings(words.months), _spellings(words.short_months)
    own = {
        "any": alternatives([*long, *short, *words.short_months]),
        # Short ones only with a full stop or a figure behind them: "Mar", "Set" and "ago" are words.
        "months": f"(?:{alternatives(long)}|(?:{alternatives(short)})(?:\\.|(?= ?\\d)))",
        "sure": f"(?:{alternatives(_spellings(words.months, alone=True))}|(?:{alternatives(short)})\\.)",
        "weekdays": alternatives(_spellings(words.weekdays, alone=True)),
        "tens": alternatives(_TENS),
    }
    names = {key: value.replace("%", "%%") for key, value in own.items()}
    return tuple(re.compile(form % names) for form in _percent_doubled(_FORMS))


def _percent_doubled(forms: tuple[str, ...]) -> Iterator[str]:
    """The forms with their own percent signs doubled, for names to be put into them."""
    yield from (re.sub(r"%(?!\()", "%%", form) for form in forms)


def _spellings(names: Mapping[str, int], alone: bool = False) -> list[str]:
    """Names as they may be written: with a capital letter, in capitals, and small where that is not another word."""
    words = _OTHER_WORDS | ({"mai"} if alone else set())
    small = [name for name in names if name not in words]
    return [*small, *(name.capitalize() for name in names), *(name.upper() for name in names)]


def _dates_of(text: str, match: re.Match[str], words: Lexicon) -> Iterator[Date]:
    """The date of a match; two where it names two days ("12-13 October"), none where it cannot be one."""
    parts = match.groupdict()
    month, day = _month(parts, words), _number_of(parts.get("day"))
    year = _number_of(parts.get("year") or parts.get("year2")) or _short_year(parts)
    numbers = bool(parts.get("sep")) and bool(parts.get("number"))
    # American "12/23/2019" has the month first; a second number above 12 can only be the day.
    if numbers and match.start("day") < match.start("number") and month > 12:
        month, day = day, month
    # "May" alone may be a verb or a name, so what stands before it must tell of a time.
    alone = parts.get("month") and not (day or year)
    if month > 12 or day > 31 or (alone and not _is_month(text, match, words)):
        return
    if (parts.get("era") or "").startswith("B"):
        year = -year
    # A point parts day and month in that order only; and of 5/5 it makes no difference.
    slashed = numbers and match.start("day") < match.start("number") and parts["sep"] != "." and day <= 12 and day != month
    weekday = words.weekdays.get((parts.get("weekday") or "").casefold())
    date = Date(
        *match.span(), year, month, day, _decade(parts), "" if weekday is None else WEEKDAYS[weekday], _century(parts),
        _quarter(parts), bool(slashed),
    )  # fmt: skip
    yield date
    if parts.get("day2"):
        yield replace(date, day=int(parts["day2"]))


def _short_year(parts: dict[str, str | None]) -> int:
    """The year of "FY19"; of "5-Feb-19" too."""
    short = parts.get("short") or ""
    return (1900 if int(short) >= RECENT else 2000) + int(short) if short else 0


def _decade(parts: dict[str, str | None]) -> int:
    return int(parts.get("decade") or 0) or _TENS.get(parts.get("tens") or "", 0)


def _century(parts: dict[str, str | None]) -> int:
    if word := parts.get("century2"):
        return _CENTURIES[word]
    if roman := parts.get("roman"):
        return _ROMAN[roman]
    return int(parts.get("century") or parts.get("century3") or parts.get("century4") or 0)


def _quarter(parts: dict[str, str | None]) -> int:
    if word := parts.get("quarter3"):
        return _ORDINAL_WORDS.index(word) + 1 if word in _ORDINAL_WORDS else int(word[0])
    return int(parts.get("quarter") or parts.get("quarter2") or parts.get("quarter4") or 0)


def _month(parts: dict[str, str | None], words: Lexicon) -> int:
    if name := parts.get("month"):
        plain = name.casefold().rstrip(".")
        return words.months.get(plain) or words.short_months.get(plain, 0)
    return _number_of(parts.get("number"))


def _is_month(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """Whether a month's name that stands alone is meant as one."""
    before = text[max(0, match.start() - 9) : match.start()]
    plain = match.group().casefold().rstrip(".")
    # In capitals, as in a table's "MAY", it is a month.
    if plain in _ENGLISH_WORDS and words.language == "en" and not match.group().isupper():
        return _AMBIGUOUS.search(before) is not None
    # A name that English has is a month wherever it stands; one that only another language has may be another word there.
    return plain in lexicon("en").months or _OF_A_TIME.search(before) is not None


def _number_of(text: str | None) -> int:
    """A number in figures or in Chinese ones, up to 99 or digit by digit."""
    if not text:
        return 0
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if ten:
        # 十二 is 12 and 二十 is 20: nothing before the ten is a one, nothing behind it a zero.
        return int(_CHINESE_DIGITS.get(tens, "1")) * 10 + int(_CHINESE_DIGITS.get(units, "0"))
    return int("".join(_CHINESE_DIGITS.get(sign, sign) for sign in text) or 0)
