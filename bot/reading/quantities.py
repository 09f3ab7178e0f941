"""Finds the numbers in a text as quantities that can be compared: of money, of a hundred, in a unit, or roughly; pure.

Dates are found first (`dates`), and what they cover holds no number; a bare year is a number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from itertools import product

from bot.reading.dates import dates
from bot.reading.lexicon import Lexicon, alternatives, lexicon, lexicon_of
from bot.reading.numerals import Numeral, Sort, numerals, worded
from bot.reading.units import MEASURES, agree, currency, dimension, hundredths, in_least

_RANGE = re.compile(r" ?(?:-|to|and|or|bis|à|a|al|~|～|から|至|到) ?$", re.I)
# What makes a number in the claim no more than an outline of the one in the source.
_HEDGE = re.compile(
    r"\b(?P<above>more than|over|above|at least|upwards? of|in excess of|exceed(?:s|ed|ing)?|greater than|"
    r"no (?:fewer|less) than)|"
    r"\b(?P<below>less than|fewer than|under|below|at most|up to|just under|no more than)|"
    r"\b(?P<near>about|around|roughly|approximately|approx\.|some|circa|c\.|ca\.|nearly|almost|close to|an estimated)|[~≈]",
    re.IGNORECASE,
)
_FALLING = re.compile(
    r"\b(?:fell|fall(?:s|en|ing)?|dropp?(?:s|ed|ing)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|shr[aiu]nk(?:s|ing)?|los[st]e?s?|"
    r"losing|contract(?:s|ed|ing|ion)|down|deficit|reduc(?:e|es|ed|tion)|cut|cuts|slid|plung(?:ed|es)|below)\b",
    re.IGNORECASE,
)
_BELOW_ZERO = re.compile(r" (?:below zero|below freezing|below 0|unter Null|bajo cero|sous zéro|sotto zero)\b", re.IGNORECASE)
_AND_A_HALF = re.compile(r" and a (half|quarter)\b| y media\b| et demie?\b| e mezzo\b| e meia\b", re.IGNORECASE)
_TOGETHER = re.compile(r",? ?(?:and |und |y |et |e )?", re.IGNORECASE)
# A third is 33.3 percent in most texts: shares are compared to a twentieth of a percent.
_EXACT = Decimal("0.0005")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_EVERY = Decimal(100)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at [start, end): its value, its sort, its currency or measure where one stands by it, and how it hedges.

    `others` are what it may also mean ("12.500"). One that is `tacit` ("an hour") may be what another text's number means, and
    is not itself a number that a text would have to hold.
    """

    start: int
    end: int
    value: Decimal
    sort: Sort = ""
    unit: str = ""
    hedge: str = ""
    others: tuple[Decimal, ...] = ()
    tacit: bool = False

    @property
    def values(self) -> tuple[Decimal, ...]:
        """All that it may mean, the likeliest first."""
        return (self.value, *self.others)

    @property
    def is_year(self) -> bool:
        """Whether it may be a year: four figures with nothing beside them."""
        bare = not self.sort and not self.unit and self.value == int(self.value)
        # Four characters at most: "2,000" is no year, and neither is "two thousand".
        return bare and 1000 <= self.value < 2100 and self.end - self.start <= 4

    @property
    def _share(self) -> Decimal:
        return self.value / _EVERY if self.sort == "percent" else self.value

    def same(self, other: "Quantity") -> bool:
        """Whether both may be the same number, of sorts and units that do not exclude each other."""
        sorts = {self.sort, other.sort}
        # Parts first, since they are compared by their share and not by their value.
        if "part" in sorts and sorts <= {"part", "percent", "times", ""}:
            # Half and 50 percent are the same, and half an hour is 0.5 of one.
            return abs(self._share - other._share) < _EXACT and agree(self.unit, other.unit)
        if sorts == {"times", "percent"}:
            return Decimal("0.5") == self._share == other._share  # halved
        # 3.10 and 3.1 are different versions, but the same number.
        if sorts == {"version"}:
            return self.value == other.value
        if "times" in sorts and sorts != {"times"}:
            return False
        # "5%" is not "$5" and "the 5th" not "5%"; a bare number may be of any sort.
        if len(sorts - {"", "version"}) > 1:
            return False
        return any(_equal(one, self.unit, two, other.unit) for one, two in product(self.values, other.values))

    def comparable(self, other: "Quantity") -> bool:
        """Whether one number could have been written in the other's place."""
        sorts = {self.sort, other.sort}
        if self.is_year != other.is_year or (sorts & {"ordinal", "clock", "version"} and len(sorts) > 1):
            return False
        if self.unit and other.unit and not agree(self.unit, other.unit) and dimension(self.unit) != dimension(other.unit):
            # Sums in two currencies stand in each other's place; "40 metres" and "60 tonnes" do not.
            return "money" in sorts and len(sorts) == 1
        return len(sorts) == 1 or "" in sorts or sorts <= {"part", "percent", "points", "times"}

    def outlines(self, other: "Quantity") -> bool:
        """Whether this number, which says that it is rough ("about 40", "more than half"), is the other one rounded."""
        # Two rough numbers that differ outline nothing: "more than 31 million" and "over 37 million".
        if not self.hedge or other.hedge or {self.sort, other.sort} - {"", "part", "percent", "money"}:
            return False
        if not agree(self.unit, other.unit):
            return False
        if self.sort == "part" and other.sort == "percent":
            share, exact = self.value * 100, other.value
            # "More than half" is said of 56 percent, and no longer of 80.
            return {"above": share < exact <= share + 15, "below": share - 15 <= exact < share}.get(
                self.hedge, abs(share - exact) <= 5
            )
        # An outline has fewer figures than what it rounds.
        if (self.sort == "percent") != (other.sort == "percent") or figures_of(self.value) >= figures_of(other.value):
            return False
        return rounded(other.value, figures_of(self.value), self.hedge) == self.value


def rounded(value: Decimal, figures: int, hedge: str = "") -> Decimal:
    """A number with so many significant figures: the next one below for "above" it, above for "below" it, else the nearest."""
    how = {"above": ROUND_FLOOR, "below": ROUND_CEILING}.get(hedge, ROUND_HALF_EVEN)
    # The place of the last figure that is kept: 10 for 1,234 with three figures.
    step = Decimal(1).scaleb(value.adjusted() - figures + 1)
    return (value / step).quantize(Decimal(1), how) * step


def figures_of(value: Decimal) -> int:
    """How many significant figures a number has."""
    return len(value.normalize().as_tuple().digits)


def _equal(one: Decimal, unit: str, two: Decimal, other: str) -> bool:
    if agree(unit, other):
        return one == two
    return in_least(one, unit) == in_least(two, other)


def quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """The numbers in a cleaned text, in order; the language is read from the text where it is not given.

    >>> [(one.value, one.sort, one.unit) for one in quantities("Half of the 12,500 guests walked 3 km.")]
    [(Decimal('0.5'), 'part', ''), (Decimal('12500'), '', ''), (Decimal('3'), '', 'km')]
    """
    return _found(text, language or lexicon_of(text).language)


@lru_cache(maxsize=4096)
def _found(text: str, language: str) -> tuple[Quantity, ...]:
    words = lexicon(language)
    # A date covers its numbers first: the 4 and the 1931 of "4 May 1931" are no quantities.
    # A mark for each character that is read already: to compare spans with each other took seconds for a thousand dates.
    taken = bytearray(len(text))
    for date in dates(text, words.language):
        taken[date.start : date.end] = b"x" * (date.end - date.start)
    found: list[Quantity] = []
    single = list(_single(text, words))
    made = (
        _made(text, one, words) for one in sorted([*numerals(text, words.language), *worded(text, words.language)], key=_place)
    )
    # "An hour and a half" before the half in it, and "an hour" only where nothing else is said of it.
    for one in (*(each for each in single if not each.tacit), *made, *single):
        if not any(taken[one.start : one.end]):
            found.append(one)
            taken[one.start : one.end] = b"x" * (one.end - one.start)
    return tuple(_together(text, _years(text, _ranges(text, sorted(found, key=_place)))))


def _place(one: Numeral | Quantity) -> int:
    return one.start


def _made(text: str, one: Numeral, words: Lexicon) -> Quantity:
    """A number with what stands beside it."""
    # No more of the text is looked at: to search all of it for each number would take time with the square.
    before, after = text[max(0, one.start - 24) : one.start], text[one.end : one.end + 28]
    hedges = list(_HEDGE.finditer(before))
    # The last hedge before the number counts, if hardly anything stands between.
    hedge = (hedges[-1].lastgroup or "near") if hedges and len(before) - hedges[-1].end() <= 6 else ""
    plain = Quantity(one.start, one.end, one.value, one.sort, "", hedge, one.others)
    # A percentage is looked for first, as the word behind it ("percent of the dollars") may look like a unit.
    if one.sort in ("", "part") and (share := _share(plain, after, words)):
        return _falling(text, share)
    if one.sort not in ("", "part"):
        return plain
    if one.sort == "" and (unit := currency(before, after)):
        return _falling(text, replace(plain, sort="money", unit=unit))
    # "40 cents" may be told as 0.40 of the currency.
    if one.sort == "" and hundredths(after):
        return replace(plain, sort="money", others=(*plain.others, one.value / _EVERY))
    return _measured(text, plain, words)


def _share(plain: Quantity, after: str, words: Lexicon) -> Quantity | None:
    """A percentage, percentage points or a part of a thousand; None where the number is none of them."""
    if match := _points(words.language).match(after):
        word = match["points"].casefold()
        # The word lists mark basis points, a hundredth of a point, with "/100".
        below = _EVERY if f"{word}/100" in {each.casefold() for each in words.points} else Decimal(1)
        value, others = plain.value / below, tuple(each / below for each in plain.others)
        return replace(plain, end=plain.end + match.end(), sort="points", value=value, others=others)
    if match := _percent(words.language).match(after):
        return replace(plain, end=plain.end + match.end(), sort="percent")
    if match := _PER_MILLE.match(after):
        # Kept as percent, so that 4‰ and 0.4% compare.
        return replace(plain, end=plain.end + match.end(), sort="percent", value=plain.value / 10, others=())
    return None


_PER_MILLE = re.compile(r" ?(?:‰|per ?mill?e?\b|promille\b|pour mille\b|por mil\b)", re.IGNORECASE)


@cache
def _points(language: str) -> re.Pattern[str]:
    words = alternatives([word.removesuffix("/100") for word in lexicon(language).points])
    return re.compile(rf"(?: of)?(?: an?)?[ -]?(?P<points>{words})(?![^\W\d_\u3040-\u9fff\uac00-\ud7af])", re.IGNORECASE)


@cache
def _percent(language: str) -> re.Pattern[str]:
    return re.compile(rf" ?(?:[%％]|-?(?:{alternatives(lexicon(language).percent)})(?![^\W\d_\u3040-\u9fff]))", re.IGNORECASE)


@cache
def _unit(language: str) -> re.Pattern[str]:
    """The units behind a number; signs such as "m" and "MB" as they are written, words in any case."""
    forms = _forms(language)
    # "MB" and "mb", "m" and "M" differ, so signs are matched as they are written.
    signs = [form for form in forms if form != form.casefold() or (len(form) < 3 and form.isascii()) or form[0] in "°℃℉"]
    words = [form for form in forms if form not in signs and form.isascii()]
    # Behind a unit in an eastern script the next character may follow at once.
    other = [form for form in forms if form not in signs and not form.isascii()]
    return re.compile(
        rf"(?: of)?(?: an?)?[ -]?(?P<square>square |sq\.? ?|cubic )?(?P<unit>(?:{alternatives(signs)})(?![\w²³/])|"
        rf"(?i:{alternatives(words)})(?![\w²³])|(?i:{alternatives(other)})(?![^\W\d_\u3040-\u9fff\uac00-\ud7af]))"
    )


@cache
def _forms(language: str) -> dict[str, str]:
    """The forms of units, each with the unit's name."""
    own = {form: name for name, measure in MEASURES.items() for form in measure.forms}
    return dict(lexicon(language).measures) | own


def _unit_of(form: str, language: str) -> str:
    forms = _forms(language)
    return forms.get(form) or forms.get(form.casefold(), "")


def _measured(text: str, plain: Quantity, words: Lexicon) -> Quantity:
    """A number with the unit behind it, and with a half or a quarter of that: "an hour and a half"."""
    match = _unit(words.language).match(text, plain.end)
    if match is None:
        return plain
    # What stands between number and unit, such as "of a".
    loose = match.group()[: match.start("unit") - match.start()].strip(" -")
    name = _unit_of(match["unit"].replace("° ", "°"), words.language)
    # "Three of a kilometre" is no amount, "half of a kilometre" is one.
    if loose in ("of", "of a", "of an", "a", "an") and plain.sort != "part":
        return plain
    if match["square"]:
        kind = "cubic" if match["square"] == "cubic " else "square"
        name = f"{kind} {name}"
    values = list(plain.values)
    if below := _BELOW_ZERO.match(text, match.end()):
        return replace(plain, end=below.end(), value=-values[0], unit=name)
    if more := _AND_A_HALF.match(text, match.end()):
        extra = Decimal("0.25" if more[1] == "quarter" else "0.5")
        return replace(plain, end=more.end(), value=values[0] + extra, sort="", unit=name, others=())
    # "Half an hour" is 0.5 hours, an amount and no longer a share.
    sort: Sort = "" if plain.sort == "part" and loose else plain.sort
    return replace(plain, value=values[0], unit=name, sort=sort, others=tuple(values[1:]))


def _falling(text: str, one: Quantity) -> Quantity:
    """A share or a sum that falls, which another text may give with a minus: "shrank by 2%" is a growth of -2%."""
    # About six words back, as in "fell by an estimated 2%".
    falls = _FALLING.search(text, max(0, one.start - 36), one.start)
    return replace(one, others=(*one.others, -one.value)) if falls and one.value > 0 else one


def _single(text: str, words: Lexicon) -> Iterator[Quantity]:
    """ "An hour", which another text may call 60 minutes, and "an hour and a half"."""
    for match in _one_of(words.language).finditer(text):
        name = _unit_of(match["unit"], words.language)
        if more := _AND_A_HALF.match(text, match.end()):
            extra = Decimal("0.25" if more[1] == "quarter" else "0.5")
            yield Quantity(match.start(), more.end(), 1 + extra, "", name)
        else:
            yield Quantity(*match.span(), Decimal(1), "", name, tacit=True)


@cache
def _one_of(language: str) -> re.Pattern[str]:
    names = {
        name for name, one in MEASURES.items() if one.dimension in ("time", "years", "metric length", "metric mass", "tonne")
    }
    # "A m" and "an h" are no amounts.
    forms = [form for form, name in _forms(language).items() if name in names and len(form) > 2]
    article = "an?|one|eine?r?|una?|une|um|uma|een"
    return re.compile(
        # "Half an hour" is read as a part, "5 times a day" as a rate, and "of a kilometre" behind a part.
        rf"(?<![\w-])(?<!half )(?<!times )(?<!of )(?:{article}) (?P<unit>{alternatives(forms)})(?!\w)",
        re.IGNORECASE,
    )


def _together(text: str, found: Iterator[Quantity]) -> Iterator[Quantity]:
    """An hour and 30 minutes, 5 feet 11 inches: one amount told in two units."""
    last: Quantity | None = None
    for one in found:
        if last and _continues(text, last, one):
            factor = MEASURES[one.unit].factor / MEASURES[last.unit].factor
            # "An hour and 30 minutes" is told, though "an hour" alone is only meant.
            last = replace(last, end=one.end, value=last.value + one.value * factor, tacit=False)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def _continues(text: str, one: Quantity, after: Quantity) -> bool:
    """Whether a number goes on in a smaller unit of the same kind."""
    if not one.unit or not after.unit or dimension(one.unit) != dimension(after.unit) or one.unit not in MEASURES:
        return False
    between = text[one.end : after.start]
    # A number ends before its unit, so the unit is taken off what stands between; "an hour" has its unit within.
    gap = between if one.tacit else re.sub(r"^[ -]?[\w.]+", "", between, count=1)
    smaller = MEASURES[after.unit].factor < MEASURES[one.unit].factor
    return smaller and _TOGETHER.fullmatch(gap) is not None and dimension(one.unit) in ("time", "length", "mass")


def _ranges(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """In "27-30%" and "5 to 7 km" the first number is of the second one's sort and unit too."""
    for one, after in zip(found, [*found[1:], None], strict=False):
        between = text[one.end : after.start] if after else "."
        # A first number with a unit of its own needs none from the second.
        bare = not one.sort and not one.unit and not one.is_year
        if after and bare and _RANGE.fullmatch(between) and after.sort in ("percent", "points", "", "money"):
            value = one.value * _scale_of(text[after.start : after.end]) if one.value < 1000 else one.value
            # In "5 to 7 million" the 5 is of millions too, unless it would then be more than the second.
            value = value if value < after.value else one.value
            yield Quantity(one.start, one.end, value, after.sort, after.unit, one.hedge, one.others)
        else:
            yield one


def _scale_of(text: str) -> int:
    """The scale that a number ends with: a million in "169 million"."""
    return next((scale for word, scale in _SCALES.items() if text.endswith(word)), 1)


def _years(text: str, found: Iterator[Quantity]) -> Iterator[Quantity]:
    """In "1914-18" and "1922–6" the second year is written out."""
    last: Quantity | None = None
    for one in found:
        # "1922–6" has one figure to replace, "1914-18" two.
        shift = 100 if one.end - one.start == 2 else 10
        joined = last and not one.sort and text[last.end : one.start] in ("-", "/")
        if last and joined and last.is_year and text[one.start : one.end].isdigit() and last.value % shift < one.value < shift:
            yield Quantity(one.start, one.end, last.value // shift * shift + one.value)
        else:
            yield one
        last = one


_SCORE = re.compile(
    r"(?<![\w.,:/-])(\d{1,3})(?: ?- ?|:| to )(\d{1,3})"
    r"(?![\w%:/]|[-.,]\d| ?(?:%|percent|per cent|years?|days?|[ap]\.?m\b))"
)
_LOST = re.compile(
    r"\b(?:lost|lose|loses|losing|loss|beaten|defeated by|defeat to|fell|verlor(?:en)?|perdi[óo]|perdu|perse)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Score:
    """Two figures at [start, end), in their order; `lost` is whether the text tells it from the loser's side."""

    start: int
    end: int
    first: int
    second: int
    lost: bool


@lru_cache(maxsize=4096)
def scores(text: str) -> tuple[Score, ...]:
    """The scores in a cleaned text; a range has the same form, and is one that only ever rises."""
    lost = _LOST.search(text) is not None
    return tuple(Score(*match.span(), int(match[1]), int(match[2]), lost) for match in _SCORE.finditer(text))
