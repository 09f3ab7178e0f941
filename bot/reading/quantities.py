"""Finds the numbers in a text as quantities that can be compared: of money, of a hundred, in a unit, or roughly; pure.

Dates are found first (`dates`), and what they cover holds no number; a bare year is a number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from bot.reading.dates import dates
from bot.reading.numerals import Numeral, Sort, numerals

_CURRENCY = r"(?:US|A|C|HK|NZ)?[$£€¥₹₩]|(?:USD|EUR|GBP|CHF|JPY|Rs\.?) ?"
_BEFORE_MONEY = re.compile(rf"(?:{_CURRENCY}) ?\(?$")
_AFTER_MONEY = re.compile(
    r" ?(?:[$£€¥₹₩元円원]|(?:US |U\.S\. |American |Canadian |Australian )?"
    r"(?:dollars?|cents?|pounds?(?! of)|euros?|yen|yuan|rupees?|francs?|USD|EUR|GBP)\b)",
    re.IGNORECASE,
)
_SIGNS = {
    "$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee", "₩": "won", "元": "yuan", "円": "yen", "원": "won",
    "usd": "dollar", "eur": "euro", "gbp": "pound", "chf": "franc", "jpy": "yen", "rs": "rupee",
}  # fmt: skip
_PERCENT = re.compile(r" ?(?:%|％|per ?cents?\b|percent(?:age)?(?: points?)?\b|pct\b|퍼센트|パーセント)", re.I)
_RANGE = re.compile(r" ?(?:-|to|and|or|bis) ?$")
_MEASURES = {
    "km": "km|kilomet(?:re|er)s?", "mile": "miles?|mi", "metre": "m|met(?:re|er)s?", "cm": "cm|centimet(?:re|er)s?",
    "mm": "mm|millimet(?:re|er)s?", "foot": "ft|foot|feet", "inch": "in\\.|inch(?:es)?", "yard": "yards?|yd",
    "kg": "kg|kilo(?:gram(?:me)?)?s?", "gram": "g|gram(?:me)?s?", "pound": "lbs?|pounds? of", "ton": "t|tons?|tonnes?",
    "second": "s|secs?|seconds?", "minute": "mins?|minutes?", "hour": "h|hrs?|hours?", "day": "days?", "week": "weeks?",
    "month": "months?", "year": "years?|yrs?", "decade": "decades?", "century": "centur(?:y|ies)",
    "hectare": "ha|hectares?", "acre": "acres?", "litre": "l|lit(?:re|er)s?", "gallon": "gallons?", "celsius": "°C",
    "fahrenheit": "°F", "watt": "W", "kilowatt": "kW|kilowatts?", "megawatt": "MW|megawatts?",
    "kb": "KB|kilobytes?", "mb": "MB|megabytes?", "gb": "GB|gigabytes?", "tb": "TB|terabytes?",
}  # fmt: skip
_MEASURE = re.compile(
    r"[ -]?(?:(?P<square>square |sq\.? ?|cubic )?(?:"
    + "|".join(f"(?P<{name}>{forms})" for name, forms in _MEASURES.items())
    + r"))(?![\w²³])"
)
# What makes a number in the claim no more than an outline of the one in the source.
_HEDGE = re.compile(
    r"\b(?P<above>more than|over|above|at least|upwards? of|in excess of|exceed(?:s|ed|ing)?|greater than|"
    r"no (?:fewer|less) than)|"
    r"\b(?P<below>less than|fewer than|under|below|at most|up to|just under|no more than)|"
    r"\b(?P<near>about|around|roughly|approximately|approx\.|some|circa|c\.|ca\.|nearly|almost|close to|an estimated)|[~≈]",
    re.IGNORECASE,
)
_EXACT = Decimal("0.0005")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at [start, end): its value, its sort, its currency or measure where one stands by it, and how it hedges."""

    start: int
    end: int
    value: Decimal
    sort: Sort = ""
    unit: str = ""
    hedge: str = ""

    @property
    def is_year(self) -> bool:
        """Whether it may be a year: four figures with nothing beside them."""
        bare = not self.sort and not self.unit and self.value == int(self.value)
        return bare and 1000 <= self.value < 2100 and self.end - self.start <= 4

    @property
    def _share(self) -> Decimal:
        return self.value / 100 if self.sort == "percent" else self.value

    def same(self, other: "Quantity") -> bool:
        """Whether both are the same number, of sorts and units that do not exclude each other."""
        if self.sort == "part" or other.sort == "part":
            # Half and 50 percent are the same, and half an hour is 0.5 of one.
            return abs(self._share - other._share) < _EXACT
        if self.value != other.value:
            return False
        sorts = {self.sort, other.sort} - {""}
        units = {self.unit, other.unit} - {""}
        return len(sorts) < 2 and len(units) < 2

    def outlines(self, other: "Quantity") -> bool:
        """Whether this number, which says that it is rough ("about 40", "more than half"), is the other one rounded."""
        if not self.hedge or other.hedge or {self.sort, other.sort} - {"", "part", "percent", "money"}:
            return False
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if self.sort == "part" and other.sort == "percent":
            share, exact = self.value * 100, other.value
            return {"above": share < exact <= share + 15, "below": share - 15 <= exact < share}.get(
                self.hedge, abs(share - exact) <= 5
            )
        if (self.sort == "percent") != (other.sort == "percent") or _figures(self.value) >= _figures(other.value):
            return False
        how = {"above": ROUND_FLOOR, "below": ROUND_CEILING}.get(self.hedge, ROUND_HALF_EVEN)
        step = Decimal(1).scaleb(other.value.adjusted() - _figures(self.value) + 1)
        return self.value == (other.value / step).quantize(Decimal(1), how) * step


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers in a cleaned text, in order."""
    times = dates(text)
    free = [one for one in numerals(text) if not any(date.start < one.end and one.start < date.end for date in times)]
    return tuple(_years(text, _ranges(text, [_made(text, one) for one in free])))


def _made(text: str, one: Numeral) -> Quantity:
    """A number with what stands beside it."""
    before, after = text[max(0, one.start - 24) : one.start], text[one.end : one.end + 24]
    hedges = list(_HEDGE.finditer(before))
    hedge = (hedges[-1].lastgroup or "near") if hedges and len(before) - hedges[-1].end() <= 6 else ""
    plain = Quantity(one.start, one.end, one.value, one.sort, "", hedge)
    if one.sort in ("", "part") and (percent := _PERCENT.match(after)):
        return replace(plain, end=one.end + percent.end(), sort="percent")
    if one.sort:
        return plain
    if sign := _money(before, after):
        return replace(plain, sort="money", unit=sign)
    measure = _MEASURE.match(after)
    return replace(plain, unit=f"{(measure['square'] or '')[:2]}{measure.lastgroup}") if measure else plain


def _money(before: str, after: str) -> str:
    """The currency beside a number, "" for none."""
    found = _BEFORE_MONEY.search(before)
    sign = found.group().strip(" (") if found else (match.group().strip() if (match := _AFTER_MONEY.match(after)) else "")
    if not sign:
        return ""
    return _SIGNS.get(sign[-1], _SIGNS.get(sign.casefold().rstrip("."), sign.split()[-1].casefold().removesuffix("s")))


def _ranges(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """In "27-30%" and "5 to 7 km" the first number is of the second one's sort and unit too."""
    for one, after in zip(found, [*found[1:], None], strict=False):
        between = text[one.end : after.start] if after else "."
        bare = not one.sort and not one.unit and not one.is_year
        if after and bare and _RANGE.fullmatch(between) and after.sort in ("percent", "", "money"):
            value = one.value * _scale_of(text[after.start : after.end]) if one.value < 1000 else one.value
            yield Quantity(one.start, one.end, value if value < after.value else one.value, after.sort, after.unit, one.hedge)
        else:
            yield one


def _scale_of(text: str) -> int:
    """The scale that a number ends with: a million in "169 million"."""
    return next((scale for word, scale in _SCALES.items() if text.endswith(word)), 1)


def _years(text: str, found: Iterator[Quantity]) -> Iterator[Quantity]:
    """In "1914-18" and "1922–6" the second year is written out."""
    last: Quantity | None = None
    for one in found:
        shift = 100 if one.end - one.start == 2 else 10
        joined = last and not one.sort and text[last.end : one.start] in ("-", "/")
        if last and joined and last.is_year and text[one.start : one.end].isdigit() and last.value % shift < one.value < shift:
            yield Quantity(one.start, one.end, last.value // shift * shift + one.value)
        else:
            yield one
        last = one


def _figures(value: Decimal) -> int:
    """How many significant figures a number has."""
    return len(value.normalize().as_tuple().digits)
