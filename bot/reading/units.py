"""Units that numbers are told in, and currencies, and which amounts in different ones are the same; pure.

Two units are of one dimension only where the one is an exact and certain number of the other: an hour is 60 minutes, while a
month is no number of days, and a ton may be of 2,000 pounds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit: its dimension, how many of the dimension's least it is, its name in the CLDR, and its signs and English forms."""

    dimension: str
    factor: Decimal
    cldr: str
    forms: tuple[str, ...]


def _measure(dimension: str, factor: str, cldr: str, forms: str) -> Measure:
    return Measure(dimension, Decimal(factor), cldr, tuple(forms.split("|")))


MEASURES: Mapping[str, Measure] = {
    "km": _measure("metric length", "1000", "length-kilometer", "km|kms|kilometre|kilometres"),
    "metre": _measure("metric length", "1", "length-meter", "m|metre|metres"),
    "cm": _measure("metric length", "0.01", "length-centimeter", "cm|centimetre|centimetres"),
    "mm": _measure("metric length", "0.001", "length-millimeter", "mm|millimetre|millimetres"),
    "mile": _measure("length", "63360", "", "mile|miles|mi"),
    "yard": _measure("length", "36", "", "yard|yards|yd"),
    "foot": _measure("length", "12", "", "ft|foot|feet"),
    "inch": _measure("length", "1", "", "in.|inch|inches"),
    "tonne": _measure("metric mass", "1000", "mass-tonne", "tonne|tonnes"),
    "ton": _measure("ton", "1", "", "t|ton|tons"),
    "kg": _measure("metric mass", "1", "mass-kilogram", "kg|kgs|kilo|kilos|kilogramme|kilogrammes"),
    "gram": _measure("metric mass", "0.001", "mass-gram", "g|gramme|grammes"),
    "mg": _measure("metric mass", "0.000001", "mass-milligram", "mg|milligramme|milligrammes"),
    "pound": _measure("mass", "16", "", "lb|lbs|pound of|pounds of"),
    "ounce": _measure("mass", "1", "", "oz|ounce|ounces"),
    "second": _measure("time", "1", "duration-second", "s|sec|secs|second|seconds"),
    "minute": _measure("time", "60", "duration-minute", "min|mins|minute|minutes"),
    "hour": _measure("time", "3600", "duration-hour", "h|hr|hrs|hour|hours"),
    "day": _measure("time", "86400", "duration-day", "day|days"),
    "week": _measure("time", "604800", "duration-week", "week|weeks"),
    # Months and years are a dimension of their own: no month is a certain number of days.
    "month": _measure("years", "1", "duration-month", "month|months"),
    "year": _measure("years", "12", "duration-year", "year|years|yr|yrs"),
    "decade": _measure("years", "120", "duration-decade", "decade|decades"),
    "century": _measure("years", "1200", "duration-century", "century|centuries"),
    "hectare": _measure("metric area", "10000", "area-hectare", "ha|hectare|hectares"),
    "square km": _measure("metric area", "1000000", "area-square-kilometer", "km²|km2|sq km"),
    "square metre": _measure("metric area", "1", "area-square-meter", "m²|m2|sq m"),
    "acre": _measure("acre", "1", "", "acre|acres"),
    "litre": _measure("volume", "1", "volume-liter", "l|litre|litres|liter|liters"),
    "ml": _measure("volume", "0.001", "volume-milliliter", "ml|millilitre|millilitres"),
    "gallon": _measure("gallon", "1", "", "gallon|gallons"),
    "celsius": _measure("celsius", "1", "temperature-celsius", "°C|° C|℃|degree celsius|degrees celsius|degrees c|celsius"),
    "fahrenheit": _measure("fahrenheit", "1", "temperature-fahrenheit", "°F|° F|℉|degrees fahrenheit|fahrenheit"),
    "degree": _measure("degree", "1", "temperature-generic", "°|degree|degrees"),
    "watt": _measure("power", "1", "power-watt", "W|watt|watts"),
    "kilowatt": _measure("power", "1000", "power-kilowatt", "kW|kilowatt|kilowatts"),
    "megawatt": _measure("power", "1000000", "power-megawatt", "MW|megawatt|megawatts"),
    "gigawatt": _measure("power", "1000000000", "power-gigawatt", "GW|gigawatt|gigawatts"),
    # A megabyte is 1,000 or 1,024 kilobytes, depending on who writes.
    "kb": _measure("kb", "1", "", "KB|kilobyte|kilobytes"),
    "mb": _measure("mb", "1", "", "MB|megabyte|megabytes"),
    "gb": _measure("gb", "1", "", "GB|gigabyte|gigabytes"),
    "tb": _measure("tb", "1", "", "TB|terabyte|terabytes"),
    "kmh": _measure("kmh", "1", "speed-kilometer-per-hour", "km/h|kph|km per hour"),
    "mph": _measure("mph", "1", "", "mph|miles per hour|miles an hour"),
}
"""A foot is a number of metres too, but nobody rounds the same way in both: "6 feet" and "1.83 m" are not compared."""

_LOOSE = {"ton": ("tonne",), "degree": ("celsius", "fahrenheit"), "¥": ("yen", "yuan")}
"""Units that leave open which of others they are."""


def agree(one: str, other: str) -> bool:
    """Whether two units may be the same: equal, one of them not told, or the one more exact ("dollar", "australian dollar").

    >>> agree("dollar", "canadian dollar"), agree("yen", "yuan"), agree("km", "")
    (True, False, True)
    """
    if one == other or not one or not other:
        return True
    if other in _LOOSE.get(one, ()) or one in _LOOSE.get(other, ()):
        return True
    # "Square metre" ends with "metre" and is no kind of it.
    return one.endswith(f" {other}") or other.endswith(f" {one}") if "square" not in one + other else False


def in_least(value: Decimal, unit: str) -> tuple[str, Decimal]:
    """An amount in the least unit of its dimension, with that dimension; where the unit has none, as it is."""
    measure = MEASURES.get(unit)
    return (measure.dimension, value * measure.factor) if measure else (unit, value)


def dimension(unit: str) -> str:
    """What a unit measures, the same word for all that can be exactly converted; the unit itself where nothing can."""
    return MEASURES[unit].dimension if unit in MEASURES else unit


# "¥" stays open between yen and yuan, and "$" between all dollars.
_CODES = {
    "usd": "us dollar", "us$": "us dollar", "cad": "canadian dollar", "c$": "canadian dollar", "aud": "australian dollar",
    "a$": "australian dollar", "hk$": "hong kong dollar", "nz$": "new zealand dollar", "s$": "singapore dollar",
    "sgd": "singapore dollar", "nt$": "taiwan dollar", "r$": "real", "$": "dollar", "£": "pound", "gbp": "british pound",
    "€": "euro", "eur": "euro", "¥": "¥", "￥": "¥", "jpy": "yen", "cny": "yuan", "rmb": "yuan", "₹": "rupee", "inr": "rupee",
    "rs": "rupee", "₩": "won", "krw": "won", "chf": "franc", "sfr": "franc", "₽": "rouble", "rub": "rouble", "₺": "lira",
    "zł": "zloty", "pln": "zloty", "元": "yuan", "円": "yen", "원": "won", "美元": "us dollar", "ドル": "dollar",
    "欧元": "euro", "歐元": "euro", "ユーロ": "euro", "sek": "krona", "nok": "krone", "dkk": "krone",
    "mxn": "peso", "brl": "real",
}  # fmt: skip
_NOUNS = {
    "dollar": "dollar", "dólar": "dollar", "dólares": "dollar", "dollaro": "dollar", "dollari": "dollar", "buck": "dollar",
    "pound": "pound", "pfund": "pound", "libra": "pound", "livre sterling": "pound", "euro": "euro", "yen": "yen",
    "yuan": "yuan", "renminbi": "yuan", "rupee": "rupee", "franc": "franc", "franken": "franc", "franco": "franc",
    "peso": "peso",
    "ruble": "rouble", "rouble": "rouble", "lira": "lira", "zloty": "zloty", "krona": "krona", "krone": "krone",
    "real": "real", "reais": "real", "won": "won",
}  # fmt: skip
# An empty value adds nothing: "Swiss francs" are the francs of `_NOUNS`.
_WHOSE = {
    "us": "us", "u.s.": "us", "american": "us", "canadian": "canadian", "australian": "australian", "british": "british",
    "hong kong": "hong kong", "new zealand": "new zealand", "singapore": "singapore", "singaporean": "singapore",
    "taiwan": "taiwan", "egyptian": "egyptian", "mexican": "mexican", "swiss": "", "japanese": "", "chinese": "", "indian": "",
}  # fmt: skip


def _any(words: dict[str, str]) -> str:
    # The longest first, or "us$" would be read as "$".
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BEFORE = re.compile(rf"(?<!\w)({_any(_CODES)})\.? ?[(-]?$", re.IGNORECASE)
_AFTER = re.compile(
    rf" ?(?:(?P<code>{_any({code: '' for code in _CODES if len(code) != 2 or not code.isascii()})})(?![\w])|"
    rf"(?:(?P<whose>{_any(_WHOSE)}) )?(?P<noun>{_any(_NOUNS)})s?\b(?! of\b)|(?P<east>美元|[円元원]|ドル|ユーロ))",
    re.IGNORECASE,
)
_PART_OF = re.compile(r" ?(?:cents?|pence)\b(?! of)", re.IGNORECASE)
REACH = 24
"""Characters before and after a number in which its currency stands."""


def currency(before: str, after: str) -> str:
    """The currency beside a number, "" for none."""
    if found := _BEFORE.search(before[-REACH:]):
        return _CODES[found.group(1).casefold()]
    match = _AFTER.match(after)
    if match and match["noun"]:
        whose = _WHOSE.get((match["whose"] or "").casefold(), "")
        return f"{whose} {_NOUNS[match['noun'].casefold()]}".strip()
    return _CODES[(match["code"] or match["east"]).casefold()] if match else ""


def hundredths(after: str) -> bool:
    """Whether cents or pence follow a number."""
    return _PART_OF.match(after) is not None
