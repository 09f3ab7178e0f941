"""Finds the hard facts in a text: numbers, dates and names; pure. They decide whether a sentence can answer."""

import re

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Mar\.|Apr\.|Jun\.|Jul\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\."
)
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|"
    "half|third|quarter|twice|once|double|triple|single|both|couple|none"
)

_NUMBER = re.compile(rf"[\d½⅓⅔¼¾]|\b(?:{_NUMBER_WORDS})\b|[一二三四五六七八九十百千万萬億亿兩两]", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:1[0-9]|20)\d\d(?:s|\b)|\b\d{{1,3}}(?:st|nd|rd|th)[ -]century|\bcentur(?:y|ies)\b|\b(?:{_MONTHS})(?!\w)|"
    rf"\b(?:{_DAYS})s?\b|"
    r"\b\d+ ?(?:BC|AD|BCE|CE)\b|\b\d{1,2}(?::\d\d| ?[ap]\.?m\b)|\b(?:yesterday|today|tomorrow|tonight|noon|midnight)\b|"
    r"\b(?:last|next|this|past|previous|following|same|each|every|that|one|a|few|several|\w+ty|\d+) (?:few |several |\d+ )?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|seasons?|years?|decades?|spring|summer|autumn|fall|winter|mornings?|evenings?|nights?)\b|"
    r"\b\w+ (?:days?|weeks?|months?|years?|decades?|centuries) (?:ago|later|earlier|before|after)\b|"
    r"\b(?:spring|summer|autumn|winter|Easter|Christmas|Ramadan)\b|[\d一二三四五六七八九十]+ ?[年月日世紀纪]",
    re.IGNORECASE,
)
# A run of capitalised words, with the small words that join them ("Bank of England", "Ludwig van Beethoven").
_CAPITALISED = re.compile(
    r"(?<![\w’'])[A-ZÀ-ÖØ-Þ][\w’'.-]*(?:\s(?:(?:of|the|de|da|van|von|der|den|la|le|al|bin|and|&)\s)?[A-ZÀ-ÖØ-Þ][\w’'.-]*)*"
)
_HAN_NAME = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]{2,}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"‘(\[]\s*|\n\s*)$")
_WORD = re.compile(r"\w+")
# Words that begin sentences and are no names, though they stand with a capital letter there.
_STARTER_WORDS = """
    a about after all also although among an and another any are as at because before both but by despite during each even every
    few first for from given had has have he her here his how however i if in indeed instead is it its just last like many more
    moreover most much my new no nor not now of often on once one only or other others our over perhaps second she since so some
    soon still such that the their then there therefore these they this those though through thus to today under unlike until up
    was we were what when where whether which while who whose why with within without yes yet you your"""
_STARTERS = frozenset(_STARTER_WORDS.split())


def has_number(text: str) -> bool:
    """Whether a quantity stands in the text, in figures or in words."""
    return _NUMBER.search(text) is not None


def has_date(text: str) -> bool:
    """Whether the text names a time: a date, a year, a weekday, or a time relative to another."""
    return _DATE.search(text) is not None


def names(text: str) -> list[str]:
    """Names of people, places and bodies, as they stand: runs of capitalised words, and words in Chinese characters.

    A capitalised word that only begins a sentence counts unless it is a common beginner ("The", "However").
    """
    return [name for match in _CAPITALISED.finditer(text) if (name := _without_starter(text, match))] + _HAN_NAME.findall(text)


def _without_starter(text: str, match: re.Match[str]) -> str:
    name = match.group()
    if not _SENTENCE_START.search(text[: match.start()]):
        return name
    first, _, rest = name.partition(" ")
    if first.casefold().rstrip(".'’") in _STARTERS:
        return rest.removeprefix("of ").removeprefix("the ").removeprefix("and ")
    return name


def words(text: str) -> set[str]:
    """The words of a text without regard to case."""
    return set(_WORD.findall(text.casefold()))
