"""Reads numbers: "127", "one hundred and twenty-seven", "1.4 million", "half", "a dozen", "3rd", "6½", "9 pm", "12万"; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Sort = Literal["", "percent", "money", "ordinal", "clock", "part"]
"""What a number is of: a bare one may be of any sort. A "part" is a half or a third, which is also a percentage."""

LONGEST = 24
"""Figures, or words, of a number at most; more are an identifier, or nonsense."""
_UNIT_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
_UNITS = {word: n for n, word in enumerate(_UNIT_WORDS.split())}
_TENS = {
    word: 10 * n for n, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
    "k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12, "lakh": 10**5, "crore": 10**7,
    "百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12, "만": 10**4, "억": 10**8,
}  # fmt: skip
_ORDINAL_WORDS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth"""
_LARGE_ORDINALS = {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "hundredth": 100, "thousandth": 1000}
_ORDINALS = {word: n for n, word in enumerate(_ORDINAL_WORDS.split(), 1)} | _LARGE_ORDINALS
_PARTS = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "1/3", "⅔": "2/3", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}
_HAN = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}

_WORDS = "|".join([*_UNITS, *_TENS])
_BIG = "hundred|thousand|million|billion|trillion|dozen"
_SMALL_OR_BIG = rf"(?:{_WORDS}|{_BIG})s?"
_SIGNS = "".join(_VULGAR)
_AND = "(?:(?<=hundred)|(?<=thousand)|(?<=million)) and "
_KINDS = {
    "clock": r"(?<![\d:.])\d{1,2}(?::\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?| ?[ap]\.?m\b\.?)(?![\d:])",
    "fraction": r"(?<![\d/])\d{1,2}/\d{1,3}(?![\d/])",
    "figures": (
        r"(?P<whole>\d{1,3}(?:(?:,| @,@ )\d{3})+(?!\d)|(?<!\d )\d{1,3}(?: \d{3})+(?! ?\d)|\d+)"
        rf"(?P<decimals>(?:\.| @\.@ )\d+)?(?P<vulgar> ?[{_SIGNS}])?"
        r"(?:(?P<nth>(?:st|nd|rd|th)\b)|"
        rf"(?P<scale>[ -]?(?:(?:{_BIG})s?|lakh|crore)\b|[ -]?(?:[kmb]n?|tn)\b|[百千万萬亿億兆만억]+))?"
    ),
    "vulgar_alone": rf"[{_SIGNS}]",
    "part": (
        r"\b(?:(?P<times>one|two|three|four|\d)[ -](?:hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)\b|"
        rf"(?:an? )?(?:third|quarter|fifth|tenth)(?= of\b)|(?:a )?hal(?:f|ves|ved|ving)\b(?! an? (?:{_BIG}))(?!-))"
    ),
    "ordinal": rf"\b(?:(?:{'|'.join(_TENS)})[ -])?(?:{'|'.join(_ORDINALS)})\b",
    "words": (
        rf"\b(?:(?:half an?|an?) (?=(?:{_BIG})\b)|(?={_SMALL_OR_BIG}\b)){_SMALL_OR_BIG}(?:(?:{_AND}|[ -]){_SMALL_OR_BIG}\b)*"
        r"(?P<more>(?: and a|-and-a) half\b)?(?!\w)"
    ),
    "han": "[〇零一二三四五六七八九十百千万萬亿億两兩]+",
}
_NUMBER = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"[$£€¥₹₩] ?$")
# A letter right after figures makes them part of a name ("3DS"), unless it is a measure's sign.
_CODE = re.compile(r"[A-Z]|[a-z][A-Z]")
_ATTACHED = re.compile(r"(?:[KMGT]B|[kMG]?W|[kMG]?Hz|V|C|F|K)\b")
# "second" as a time is no number.
_PER = re.compile(r"\b(?:per|each|every|a|one|split) $|/ ?$", re.I)
_COUNTED = frozenset("个個名人位年天日次家本种種件条條座台部万萬亿億倍岁歳代番回度号")
"""What follows a single Chinese figure that counts something; elsewhere it is mostly a part of a word."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at [start, end), as far as it can be told from itself: its sort is "", "ordinal", "clock" or "part"."""

    start: int
    end: int
    value: Decimal
    sort: Sort


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers in a cleaned text, in order; "one" only where a scale follows it."""
    for match in _NUMBER.finditer(text):
        if (read := _read(text, match)) is not None:
            yield Numeral(*match.span(), *read)


def _read(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """The value and the sort of a match, or None where it is no number after all."""
    kind = next(kind for kind in _KINDS if match[kind] is not None)
    plain = {"clock": _clock, "fraction": _fraction, "vulgar_alone": _vulgar_part, "words": _worded, "part": _part}
    if kind in plain:
        return plain[kind](match)
    return {"figures": _figured, "ordinal": _ordinal, "han": _counting}[kind](text, match)


def _clock(match: re.Match[str]) -> tuple[Decimal, Sort]:
    hours, *rest = re.findall(r"\d+", match.group())
    late = re.search(r"p\.?m", match.group(), re.I) and int(hours) < 12
    return Decimal(int(hours) + 12 * bool(late)) * 100 + Decimal(rest[0] if rest else 0), "clock"


def _fraction(match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    above, below = match.group().split("/")
    return (Decimal(above) / Decimal(below), "part") if int(below) else None


def _vulgar_part(match: re.Match[str]) -> tuple[Decimal, Sort]:
    return _vulgar(match.group()), "part"


def _figured(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 3]
    if (before.isalpha() and before.isascii()) or (_CODE.match(after) and not _ATTACHED.match(after + " ")):
        return None  # "X25", "3DS": part of a name
    whole = re.sub(r"[, @]", "", match["whole"])
    if len(whole) > LONGEST:
        return None
    value = Decimal(whole + re.sub(r"[ @]", "", match["decimals"] or ""))
    value += _vulgar(match["vulgar"].strip()) if match["vulgar"] else 0
    scale = (match["scale"] or "").strip(" -").casefold()
    if scale in ("m", "b", "t", "k", "bn", "mn", "tn", "kn") and not _scaled(text, match, scale):
        scale = ""
    for sign in [scale.rstrip("s")] if scale.isascii() else scale:
        value *= _SCALES.get(sign, 10**9 if sign == "b" else 1)
    return value, "ordinal" if match["nth"] else ""


def _scaled(text: str, match: re.Match[str], scale: str) -> bool:
    """Whether "m", "b" or "k" is a scale: after money, or where no measure has that sign ("5 m" is metres)."""
    return scale in ("bn", "mn", "tn") or _MONEY_BEFORE.search(text[max(0, match.start() - 2) : match.start()]) is not None


def _vulgar(sign: str) -> Decimal:
    above, _, below = _VULGAR[sign].partition("/")
    return Decimal(above) / Decimal(below) if below else Decimal(above)


def _worded(match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """A number in words."""
    tokens = re.findall(r"[a-z]+", match.group().casefold())
    half_of = tokens[:2] in (["half", "a"], ["half", "an"])
    body = [token for token in tokens[2 * half_of :] if token not in ("and", "half", "a", "an")]
    if len(body) > LONGEST or (body in (["one"], ["ones"]) and not match["more"]):
        return None
    if len(body) == 1 and body[0].removesuffix("s") in _SCALES and body[0].endswith("s"):
        return None  # "hundreds of places" counts nothing
    total, part = 0, 0
    for token in body:
        if scale := _SCALES.get(token.removesuffix("s")):
            part = max(part, 1) * scale
            total, part = (total + part, 0) if scale >= 1000 else (total, part)
        else:
            value = _UNITS.get(token, _TENS.get(token, 0))
            # "nineteen forty-five" is a year.
            part = part * 100 + value if 10 <= part <= 20 <= value + 10 else part + value
    return Decimal(total + part) / (2 if half_of else 1) + (Decimal("0.5") if match["more"] else 0), ""


def _ordinal(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """An ordinal; "second" as a time is none."""
    *tens, word = re.split(r"[ -]", match.group().casefold())
    before, after = text[max(0, match.start() - 7) : match.start()], text[match.end() : match.end() + 1]
    if word == "second" and not tens and (_PER.search(before) or after == "s"):
        return None
    return Decimal(_ORDINALS[word] + (_TENS[tens[0]] if tens else 0)), "ordinal"


def _part(match: re.Match[str]) -> tuple[Decimal, Sort]:
    """A half, a third of something, two thirds, three quarters."""
    word = re.split(r"[ -]", match.group().casefold())[-1]
    times = (match["times"] or "one").casefold()
    below = 2 if word.startswith("hal") else _PARTS[word]
    return Decimal(int(times) if times.isdigit() else _UNITS[times]) / Decimal(below), "part"


def _counting(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """A number in Chinese figures; a single one only where something is counted."""
    alone = len(match.group()) == 1 and text[match.end() : match.end() + 1] not in _COUNTED
    return None if alone or len(match.group()) > LONGEST else (_han(match.group()), "")


def _han(signs: str) -> Decimal:
    """A number in Chinese figures: 三百二十, 二〇一二, 三万五千."""
    if not re.search("[十百千万萬亿億]", signs):
        return Decimal(int("".join(str(_HAN[sign]) for sign in signs)))
    total, section, figure = 0, 0, 0
    for sign in signs:
        if sign in _HAN:
            figure = _HAN[sign]
        elif (scale := 10 if sign == "十" else _SCALES[sign]) < 10**4:
            section, figure = section + max(figure, 1) * scale, 0
        else:
            total, section, figure = total + max(section + figure, 1) * scale, 0, 0
    return Decimal(total + section + figure)
