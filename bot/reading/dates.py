"""Finds the dates in a text, as years, months and days that can be compared; pure.

A date implies another that says less: 4 May 1931 implies May 1931, and not the other way round.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.types import Span

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBER_OF = {name[:3].casefold(): n for n, name in enumerate(MONTHS, 1)}
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|(?= ?\d)))"
_SHOUTED = rf"(?:{'|'.join([*(m.upper() for m in MONTHS), *(m.lower() for m in MONTHS if m not in ('March', 'May'))])})"
_M = rf"(?P<month>{_MONTH}|{_SHOUTED})"
_D = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%])"
_D2 = r"(?: ?(?:-|to|and|or) ?(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]))?"
_Y = r"(?P<year>[12]\d{3})(?!\d|[,.]\d)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d/-])(?P<year>[12]\d{3})-(?P<number>[01]\d)(?:-(?P<day>[0-3]\d))?(?![\d/-])",
        r"(?<![\d/.])(?P<day>[0-3]?\d)(?P<sep>[./])(?P<number>[0-3]?\d)(?P=sep)(?P<year>[12]\d{3})(?!\d)",
        r"(?P<year>[〇零一二三四五六七八九\d]{2,4}) ?年(?: ?(?P<number>[一二三四五六七八九十\d]{1,3}) ?月"
        r"(?: ?(?P<day>[一二三四五六七八九十\d]{1,3}) ?[日号號])?)?",
        r"(?P<number>[一二三四五六七八九十\d]{1,3}) ?月 ?(?P<day>[一二三四五六七八九十\d]{1,3}) ?[日号號]",
        rf"\b{_D}{_D2}(?: of)? {_M}(?: ?,? ?(?:in )?{_Y})?(?!\w)",
        rf"(?<!\w){_M} (?:the )?{_D}{_D2}(?: ?,? ?{_Y})?(?!\w)",
        rf"(?<!\w){_M}(?: ?,| of| in)? ?{_Y}(?!\w)",
        rf"(?<!\w)(?P<month>{_MONTH})(?!\w)",
        r"\b(?P<decade>(?:[12]\d)?\d0)(?:'?s)\b",
        r"\b(?:AD|A\.D\.) ?(?P<year>\d{1,4})\b|\b(?P<year2>\d{1,4}) ?(?P<era>BCE?|B\.C\.(?:E\.)?|CE|AD|A\.D\.)(?!\w)",
        rf"\b(?P<weekday>{_DAYS})(?=s?\b)",
    )
)
# "May" and "March" are also verbs, and "may" a name: alone they are months only where a time is told.
_AMBIGUOUS = re.compile(
    r"(?i:\b(?:in|on|by|of|from|to|since|until|till|between|early|mid|late|last|next|this|every|each|and|or)[ -])$"
)
_EAST = {sign: str(n % 10) for n, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}


@dataclass(frozen=True, slots=True)
class Date:
    """What a text says of a time, at [start, end): 0 or "" for what it leaves open. Years before Christ are below zero."""

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    decade: int = 0
    weekday: str = ""

    def implies(self, other: "Date") -> bool:
        """Whether all that the other says holds for this one."""
        mine = (self.year, self.month, self.day, self.decade, self.weekday)
        theirs = (other.year, other.month, other.day, other.decade, other.weekday)
        return all(not wanted or has == wanted for has, wanted in zip(mine, theirs, strict=True))

    def alike(self, other: "Date") -> bool:
        """Whether both tell the same kind of thing, so that one may stand in the other's place."""
        kinds = [(one.year or one.decade, one.month, one.day, one.weekday) for one in (self, other)]
        return any(mine and theirs for mine, theirs in zip(*kinds, strict=True))


@lru_cache(maxsize=4096)
def dates(text: str) -> tuple[Date, ...]:
    """The dates in a cleaned text, in order. A bare year is a number, and is found by `quantities`."""
    taken: list[Span] = []
    found: list[Date] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                made = _made(text, match)
                found += made
                taken += [match.span()] * bool(made)
    return tuple(sorted(found, key=lambda date: date.start))


def _made(text: str, match: re.Match[str]) -> list[Date]:
    """The date of a match; two where it names two days ("12-13 October"), none where it cannot be one."""
    parts = match.groupdict()
    month = _month(parts)
    day, year = _eastern(parts.get("day")), _eastern(parts.get("year") or parts.get("year2"))
    if parts.get("sep") and month > 12:
        month, day = day, month
    alone = parts.get("month") and not (day or year)
    if month > 12 or day > 31 or (alone and not _is_month(text, match)):
        return []
    if (parts.get("era") or "").startswith("B"):
        year = -year
    date = Date(*match.span(), year, month, day, int(parts.get("decade") or 0), parts.get("weekday") or "")
    if not parts.get("day2"):
        return [date]
    return [date, Date(*match.span(), year, month, int(parts["day2"]))]


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("month"):
        return _NUMBER_OF[name[:3].casefold()]
    return _eastern(parts.get("number"))


def _is_month(text: str, match: re.Match[str]) -> bool:
    if match.group() in ("May", "March", "August", "June", "April"):
        return _AMBIGUOUS.search(text[max(0, match.start() - 9) : match.start()]) is not None
    return True


def _eastern(text: str | None) -> int:
    """A number in figures or in Chinese ones, up to 99 or digit by digit."""
    if not text:
        return 0
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if ten:
        return int(_EAST.get(tens, "1")) * 10 + int(_EAST.get(units, "0"))
    return int("".join(_EAST.get(sign, sign) for sign in text) or 0)
