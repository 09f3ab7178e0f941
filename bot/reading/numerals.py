"""Reads numbers: "127", "12.500", "one hundred and twenty-seven", "1.5m people", "half", "3rd", "6½", "9 pm", "12万"; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from text_to_num import find_numbers

from bot.reading.figures import FIGURES, LONGEST, readings, version
from bot.reading.lexicon import Lexicon, alternatives, lexicon, lexicon_of

Sort = Literal["", "percent", "points", "money", "ordinal", "clock", "part", "times", "version"]
"""What a number is of: a bare one may be of any sort. A "part" is a half or a third, which is also a percentage; "points" are
percentage points, and "times" is how often something is multiplied ("doubled")."""

_UNIT_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
_UNITS = {word: n for n, word in enumerate(_UNIT_WORDS.split())}
_TENS = {
    word: 10 * n for n, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_EASTERN = {
    "百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12, "천": 10**3, "만": 10**4,
    "억": 10**8,
}  # fmt: skip
_MYRIADS = "".join(_EASTERN)
_LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9}
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
# "Two and three" are two numbers, "two hundred and three" is one.
_AND = "(?:(?<=hundred)|(?<=thousand)|(?<=million)) and "
# "Twice a day" multiplies nothing; "twice as many" does.
_MORE = "as|more|the size|higher|larger|bigger|greater|faster|longer|better|that"
# The order matters: at one place the first kind that matches is taken, so "9:30" is no figure 9 and "1/2" none of 1.
_KINDS = {
    "clock": r"(?<![\d:.])\d{1,2}(?::\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?| ?[ap]\.?m\b\.?)(?![\d:])",
    "fraction": r"(?<![\d/])\d{1,2}/\d{1,3}(?![\d/])",
    "times": (
        rf"\b(?:(?P<fold>\d+|{_WORDS})-?fold\b|twice(?= (?:{_MORE})\b)|(?P<often>\d+|{_WORDS}) times (?=(?:{_MORE})\b)|"
        r"(?P<verb>%(verbs)s)\w*)"
    ),
    "figures": (
        rf"(?P<digits>{FIGURES})(?P<vulgar> ?[{_SIGNS}])?"
        rf"(?:(?P<nth>(?:st|nd|rd|th|er|ère|ème)\b)|(?P<scale>[ -]?(?:%(scales)s)(?!\w)|[kmb]\b|[{_MYRIADS}]+))?"
    ),
    "vulgar_alone": rf"[{_SIGNS}]",
    "part": (
        r"\b(?:(?P<count>one|two|three|four|\d)[ -](?:hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)\b|"
        rf"(?:an? )?(?:third|quarter|fifth|tenth)(?= of\b)|(?:a )?hal(?:f|ves)\b(?! an? (?:{_BIG}))(?!-))|一半|半数|半分"
    ),
    "ordinal": rf"\b(?:(?:{'|'.join(_TENS)})[ -])?(?:{'|'.join(_ORDINALS)})\b",
    "words": (
        rf"\b(?:(?:half an?|an?) (?=(?:{_BIG})\b)|(?={_SMALL_OR_BIG}\b)){_SMALL_OR_BIG}(?:(?:{_AND}|[ -]){_SMALL_OR_BIG}\b)*"
        r"(?P<more>(?: and a|-and-a) (?:half|quarter)\b)?(?!\w)"
    ),
    "han": "(?P<hundredths>百分之)?[〇零一二三四五六七八九十百千万萬亿億两兩]+(?P<tenths>[成割])?",
}
_MONEY_BEFORE = re.compile(r"[$£€¥₹₩] ?$")
# A letter right after figures makes them part of a name ("3DS"), unless it is a measure's sign.
_CODE = re.compile(r"[A-Z]|[a-z][A-Z]")
_ATTACHED = re.compile(r"(?:[KMGT]B|[kMG]?W|[kMG]?Hz|V|C|F|K)\b")
# "second" as a time is no number.
_PER = re.compile(r"\b(?:per|each|every|a|one|split) $|/ ?$", re.I)
_COUNTED = frozenset("个個名人位年天日次家本种種件条條座台部万萬亿億倍岁歳代番回度号成割")
"""What follows a single Chinese figure that counts something; elsewhere it is mostly a part of a word."""
# "5m people", but "5m", "5m high", "5m of rope": metres.
_COUNTS_NEXT = re.compile(
    r" (?!(?:tall|high|long|wide|deep|thick|away|apart|above|below|over|under|from|in|of|at|to|by|and|or|on|for|with|the|a|"
    r"race|sprint|relay|freestyle|butterfly|hurdles|dash|pool|run)\b)[a-z]",
    re.I,
)
_VERSION_WORD = re.compile(r"\b(?:v|ver\.?|version|release|rev\.?|firmware) ?$", re.I)
_NAMED_VERSION = re.compile(
    r"(?<![\w.-])(?!About|Around|Over|Under|Only|Some|Nearly|Almost|At|In|The|With|From|By|Just|Between|To|Of|Than|For|And|But|"
    r"Since|After|Before|Rs|On|As|Is|Was)[A-Z][\w+#-]*[a-z] $"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at [start, end), as far as it can be told from itself; `others` are what its shape may mean beside `value`."""

    start: int
    end: int
    value: Decimal
    sort: Sort
    others: tuple[Decimal, ...] = ()


def numerals(text: str, language: str | None = None) -> Iterator[Numeral]:
    """The numbers in a cleaned text, in order; "one" only where a scale follows it. The language is read from the text."""
    words = lexicon(language) if language else lexicon_of(text)
    for match in _numeral_pattern(words.language).finditer(text):
        yield from _numerals_of(text, match, words)


@cache
def _numeral_pattern(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    own = {"verbs": alternatives(words.multiples), "scales": alternatives(words.scales)}
    # Only these two kinds have places for a language's own words.
    kinds = (f"(?P<{kind}>{pattern % own if kind in ('times', 'figures') else pattern})" for kind, pattern in _KINDS.items())
    return re.compile("|".join(kinds), re.IGNORECASE)


def _numerals_of(text: str, match: re.Match[str], words: Lexicon) -> Iterator[Numeral]:
    """The number of a match, none where it is no number after all, or several where they only stand close ("1,2,3")."""
    kind = next(kind for kind in _KINDS if match[kind] is not None)
    if kind == "figures":
        yield from _from_figures(text, match, words)
    elif kind == "times":
        yield Numeral(*match.span(), _multiplier(match, words), "times")
    else:
        plain = {"clock": _clock, "fraction": _fraction, "vulgar_alone": _vulgar_part, "words": _from_words, "part": _part}
        found = plain[kind](match) if kind in plain else {"ordinal": _ordinal, "han": _from_chinese_figures}[kind](text, match)
        if found is not None:
            yield _with_sign(text, Numeral(*match.span(), *found), words)


def _clock(match: re.Match[str]) -> tuple[Decimal, Sort]:
    hours, *rest = re.findall(r"\d+", match.group())
    late = re.search(r"p\.?m", match.group(), re.I) and int(hours) < 12
    # An hour is kept as on a clock of 24 hours without its colon: 9:30 pm is 2130.
    return Decimal(int(hours) + 12 * bool(late)) * 100 + Decimal(rest[0] if rest else 0), "clock"


def _fraction(match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    above, below = match.group().split("/")
    # "45/0" divides by nothing and is no fraction.
    return (Decimal(above) / Decimal(below), "part") if int(below) else None


def _vulgar_part(match: re.Match[str]) -> tuple[Decimal, Sort]:
    return _vulgar_value(match.group()), "part"


def _multiplier(match: re.Match[str], words: Lexicon) -> Decimal:
    """By what "doubled", "twofold", "twice as many" and "three times as many" multiply."""
    if verb := match["verb"]:
        return Decimal(words.multiples[verb.casefold()])
    count = (match["fold"] or match["often"] or "two").casefold()
    return Decimal(count) if count.isdigit() else Decimal(_UNITS.get(count, _TENS.get(count, 0)))


def _from_figures(text: str, match: re.Match[str], words: Lexicon) -> Iterator[Numeral]:
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 3]
    attached = before[-1:].isalpha() and before[-1:].isascii() and not _VERSION_WORD.search(before)
    if attached or (_CODE.match(after) and not _ATTACHED.match(after + " ")):
        return  # "X25", "3DS": part of a name
    digits = match["digits"]
    found = readings(digits, words.comma_decimal)
    # A version keeps its other readings, as "3.10" behind a name may be a plain number after all.
    if _is_version(digits, before, match):
        yield Numeral(*match.span("digits"), version(digits), "version", found)
    elif not found:
        # "1,2,3" is a list of three numbers; longer ones are identifiers.
        for part in re.finditer(r"\d+", digits) if len(digits) <= LONGEST else ():
            yield Numeral(match.start() + part.start(), match.start() + part.end(), Decimal(part[0]), "")
    else:
        yield _with_sign(text, _with_scale(text, match, found, words), words)


def _is_version(digits: str, before: str, match: re.Match[str]) -> bool:
    """Whether figures with points are a version: so named, of three parts, or behind a name ("Python 3.10")."""
    parts = digits.split(".")
    if len(parts) == 1 or not all(part.isdigit() for part in parts) or match["scale"] or match["nth"]:
        return False
    # "7.048.250" is seven million in most of Europe.
    thousands = all(len(part) == 3 for part in parts[1:])
    if len(parts) > 2:
        return not thousands
    return _VERSION_WORD.search(before) is not None or (not thousands and _NAMED_VERSION.search(before) is not None)


def _with_scale(text: str, match: re.Match[str], found: tuple[Decimal, ...], words: Lexicon) -> Numeral:
    """A number in figures times what stands behind it: "million", "½", "k"."""
    extra = _vulgar_value(match["vulgar"].strip()) if match["vulgar"] else Decimal(0)
    values = [value + extra for value in found]
    scale = (match["scale"] or "").strip(" -")
    end = match.end() if not scale else match.start("scale")
    if not scale:
        return Numeral(match.start(), end, values[0], "ordinal" if match["nth"] else "", tuple(values[1:]))
    if scale.casefold() in _LETTERS:
        return _with_letter(text, match, values, scale)
    # The CLDR writes German "Mio." with a full stop, which a text may leave out.
    factor = words.scales.get(scale.casefold(), words.scales.get(scale.casefold() + ".", 0))
    # Several Chinese scales multiply each other: 千万 is ten million.
    for sign in "" if factor else scale:
        factor = (factor or 1) * _EASTERN[sign]
    # "12.500 million" may be twelve and a half thousand million, but hardly ever is.
    return Numeral(match.start(), match.end(), values[0] * factor, "", tuple(value * factor for value in values[1:]))


def _with_letter(text: str, match: re.Match[str], values: list[Decimal], letter: str) -> Numeral:
    """Figures with "k", "m" or "b" right behind them, which may also be metres or a letter of a name."""
    money = _MONEY_BEFORE.search(text[max(0, match.start() - 2) : match.start()]) is not None
    many = tuple(value * _LETTERS[letter.casefold()] for value in values)
    # "$20m", "7k" and "5m people" are counts for certain.
    if money or letter == "k" or (letter in "mM" and _COUNTS_NEXT.match(text, match.end())):
        return Numeral(match.start(), match.end(), many[0], "", many[1:])
    # "20M" may be twenty million, or 20 with a letter of a name: both are kept.
    if letter.isupper():
        return Numeral(match.start(), match.end(), many[0], "", (*many[1:], *values))
    # "5m high" is five metres: the letter is left for the units, and five million stays possible.
    return Numeral(match.start(), match.start("scale"), values[0], "", (*values[1:], *many) if letter == "m" else ())


def _with_sign(text: str, one: Numeral, words: Lexicon) -> Numeral:
    """A number with the sign or the word before it that makes it less than nothing."""
    before = text[max(0, one.start - 12) : one.start]
    said = next((word for word in words.minus if re.search(rf"(?<!\w){re.escape(word)} ?$", before, re.I)), "")
    if one.sort not in ("", "part") or not (said or _has_sign(before)):
        return one
    # The number begins with its sign, be it a word ("minus 12") or a dash.
    start = one.start - (len(before) - before.casefold().rindex(said.casefold()) if said else 1)
    return Numeral(start, one.end, -one.value, one.sort, tuple(-value for value in one.others))


def _has_sign(before: str) -> bool:
    """Whether a minus stands right before a number: not the dash of a range or of a compound."""
    rest = before[:-1]
    return before.endswith("-") and (not rest or rest[-1] in " ($£€[") and not rest.rstrip()[-1:].isdigit()


def _vulgar_value(sign: str) -> Decimal:
    above, _, below = _VULGAR[sign].partition("/")
    return Decimal(above) / Decimal(below) if below else Decimal(above)


def _from_words(match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """A number in words."""
    tokens = re.findall(r"[a-z]+", match.group().casefold())
    # "Half a million" halves what follows; "a million and a half" adds below.
    half_of = tokens[:2] in (["half", "a"], ["half", "an"])
    body = [token for token in tokens[2 * half_of :] if token not in ("and", "half", "quarter", "a", "an")]
    # "One" alone is mostly a pronoun or an article.
    if len(body) > LONGEST or (body in (["one"], ["ones"]) and not match["more"]):
        return None
    if len(body) == 1 and body[0].removesuffix("s") in _SCALES and body[0].endswith("s"):
        return None  # "hundreds of places" counts nothing
    total, part = 0, 0
    for token in body:
        if scale := _SCALES.get(token.removesuffix("s")):
            # "Hundred" without a number before it is one hundred.
            part = max(part, 1) * scale
            # "Two hundred thousand": hundreds stay in the part that a thousand still multiplies.
            total, part = (total + part, 0) if scale >= 1000 else (total, part)
        else:
            value = _UNITS.get(token, _TENS.get(token, 0))
            # "nineteen forty-five" is a year.
            part = part * 100 + value if 10 <= part <= 20 <= value + 10 else part + value
    more = Decimal("0.25" if (match["more"] or "").endswith("quarter") else "0.5") if match["more"] else Decimal(0)
    return Decimal(total + part) / (2 if half_of else 1) + more, ""


def _ordinal(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """An ordinal; "second" as a time is none."""
    *tens, word = re.split(r"[ -]", match.group().casefold())
    before, after = text[max(0, match.start() - 7) : match.start()], text[match.end() : match.end() + 1]
    # "Per second" and "seconds" are times.
    if word == "second" and not tens and (_PER.search(before) or after == "s"):
        return None
    return Decimal(_ORDINALS[word] + (_TENS[tens[0]] if tens else 0)), "ordinal"


def _part(match: re.Match[str]) -> tuple[Decimal, Sort]:
    """A half, a third of something, two thirds, three quarters."""
    word = re.split(r"[ -]", match.group().casefold())[-1]
    times = (match["count"] or "one").casefold()
    # 一半 and 半数 are halves.
    below = 2 if word.startswith(("hal", "一半", "半")) else _PARTS[word]
    return Decimal(int(times) if times.isdigit() else _UNITS[times]) / Decimal(below), "part"


def _from_chinese_figures(text: str, match: re.Match[str]) -> tuple[Decimal, Sort] | None:
    """A number in Chinese figures; a single one only where something is counted."""
    signs = match.group().removeprefix("百分之").rstrip("成割")
    if match["hundredths"] or match["tenths"]:
        # 六成 is six tenths: 60 percent.
        return _chinese_value(signs) * (10 if match["tenths"] else 1), "percent"
    # 一般 ("general") has a one in it that counts nothing.
    alone = len(signs) == 1 and text[match.end() : match.end() + 1] not in _COUNTED
    return None if alone or len(signs) > LONGEST else (_chinese_value(signs), "")


def _chinese_value(signs: str) -> Decimal:
    """A number in Chinese figures: 三百二十, 二〇一二, 三万五千."""
    # Without a scale the signs are digits: 二〇一二 is 2012.
    if not re.search("[十百千万萬亿億]", signs):
        return Decimal(int("".join(str(_HAN[sign]) for sign in signs)))
    total, section, figure = 0, 0, 0
    for sign in signs:
        if sign in _HAN:
            figure = _HAN[sign]
        # 十, 百 and 千 build a section of four places, which 万 and 億 then multiply as a whole.
        elif (scale := 10 if sign == "十" else _EASTERN[sign]) < 10**4:
            section, figure = section + max(figure, 1) * scale, 0
        else:
            total, section, figure = total + max(section + figure, 1) * scale, 0, 0
    return Decimal(total + section + figure)


SPOKEN = frozenset({"de", "es", "fr", "it", "pt", "nl", "da"})
"""The languages that text2num reads, but for English, which has rules of our own for halves, dozens and years."""
_TOKEN = re.compile(r"\w+|\W+")
_SCALE_ALONE = re.compile(r"\w+[ns]", re.IGNORECASE)


class _Token:
    """A word or what stands between two, as text2num wants it."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end, self._text = match.start(), match.end(), match.group()

    def text(self) -> str:
        """The characters as they stand."""
        return self._text

    def nt_separated(self, previous: "_Token") -> bool:  # noqa: ARG002 - part of the protocol
        """Whether a pause parts it from the token before; a written text has none."""
        return False

    def not_a_number_part(self) -> bool:
        """Whether it can never belong to a number in words: digits are read elsewhere."""
        return self._text.isdecimal()


def worded(text: str, language: str) -> Iterator[Numeral]:
    """The numbers in words, in order; none of a language that is not spoken here. "Un" and "eine" are articles."""
    if language not in SPOKEN:
        return
    # The library wants objects of its own protocol, and hands back their numbers: the places are kept in ours.
    tokens = [_Token(match) for match in _TOKEN.finditer(text)]
    for one in find_numbers(tokens, language):
        start, end = tokens[one.start].start, tokens[one.end - 1].end
        try:
            value = Decimal(str(one.value))
        except InvalidOperation:
            continue
        # "Millones de personas" counts nothing.
        vague = one.end - one.start == 1 and value >= 1000 and _SCALE_ALONE.fullmatch(text, start, end)
        if value != 1 and not vague:
            yield Numeral(start, end, value, "ordinal" if one.is_ordinal else "")
