"""Finds the hard facts in a text: numbers, dates and names; pure. They decide whether a sentence can answer.

The rules know forms, not meanings, and lean to finding too much: a sentence that is wrongly let through is still judged by how
well it fits the question, one that is wrongly held back is lost.
"""

import re
from collections.abc import Container, Iterable, Sequence

CAPITAL = "[" + "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper()) + "]"
"""A pattern for one capital letter: Latin, Greek or Cyrillic."""

_LONG_MONTHS = "January|February|April|June|July|September|October|November|December"
_SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_ANY_MONTH = rf"(?:{_LONG_MONTHS}|March|May|August|(?:{_SHORT_MONTHS})\.?)"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_SEASONS = "spring|summer|autumn|winter"
_UNITS = f"seconds?|minutes?|hours?|days?|weeks?|months?|seasons?|years?|decades?|centur(?:y|ies)|{_SEASONS}|weekends?"
_PARTS_OF_DAY = "mornings?|afternoons?|evenings?|nights?|weekends?"
_CARDINALS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|"
    r"seventeenth|eighteenth|nineteenth|twentieth|twenty-first|\d{1,3}(?:st|nd|rd|th)"
)
_COUNT = rf"(?:\d[\d,.]*|an?|one|{_CARDINALS}|few|several|many|some)"
_FESTIVALS = "Easter|Christmas|Ramadan|Passover|Hanukkah|Diwali|Thanksgiving|Halloween|New Year(?:'s|’s)?"
_YEAR = r"(?<![$£€¥\d.,/])(?:1\d|20)\d\d(?![\d%°]|[.,]\d)"
# A year behind these is a year; elsewhere, and before a plural, "2000" may be a number of guests.
_OF_A_YEAR = (
    rf"(?:in|since|until|till|by|from|between|during|before|after)(?: (?:early|mid|late|the year))?[ -]{_YEAR}"
    r"(?! (?!was|has|his|this|its)[a-z]{2,}s\b)"
)

_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_SURE_DATE = re.compile(
    rf"(?<!\w)(?:{_ANY_MONTH} {_DAY}|{_DAY}(?: of)? {_ANY_MONTH}|{_ANY_MONTH}),? {_YEAR}(?!\w)|"
    rf"(?<!\w){_ANY_MONTH} {_DAY}\b(?!,\d)|\b{_DAY}(?: of)? {_ANY_MONTH}(?!\w)|"
    r"\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}([./-])\d{1,2}\1(?:\d\d){1,2}\b|"
    rf"\b(?i:{_OF_A_YEAR}(?: (?:and|to) {_YEAR}|[–-]\d{{2,4}})?)(?!\w)|{_YEAR}s|\b(?i:{_ORDINALS})[ -](?i:centur(?:y|ies))\b"
)
_DATE = re.compile(
    rf"(?<!\w){_YEAR}(?:s|\b)|\b(?i:{_LONG_MONTHS})\b|(?<!\w)(?:{_SHORT_MONTHS})\.(?!\w)|\bAugust\b|"
    r"\b(?i:in|on|by|of|from|to|since|until|till|between|early|mid|late|last|next|this|every|each|and|or)[ -](?:March|May)\b|"
    rf"\b(?:{_DAYS})s?\b|\b(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.(?=,| \d| {_ANY_MONTH})|"
    r"\b(?i:in|since|until|circa|c\.|year) \d{3}\b(?![.,]\d|%| (?:[A-Z]\w+ )?[a-z]{2,}s\b)|"
    r"\b\d+ ?(?:BCE?|B\.C\.|CE|AD|A\.D\.)|\bA\.?D\.? ?\d+|"
    r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?(?i:[ap]\.?m)\b|\b(?i:\w+ o['’]clock)\b|"
    r"\b(?i:yesterday|today|tomorrow|tonight|noon|midnight|midday|dawn|dusk|sunrise|sunset)\b|"
    rf"\b(?i:last|next|this|past|previous|following|same|coming|each|every|that|{_ORDINALS}) "
    rf"(?:{_UNITS}|{_PARTS_OF_DAY}|fall)\b|"
    rf"\b(?i:in|within|after|before)(?: about| around| just)? {_COUNT} (?:\w+ )?(?:{_UNITS})\b|"
    rf"\b(?i:{_COUNT}|(?:{_CARDINALS}|\d)[\w -]{{0,20}}) (?:{_UNITS}) (?:ago|later|earlier|before|after|since|from now)\b|"
    rf"\b(?i:one) (?:day|night|morning|afternoon|evening|{_SEASONS})\b|"
    rf"\b(?i:in|during|by|until|since|through|that|early|mid|late)(?: the)?[ -](?:early |late )?(?:{_SEASONS})\b|"
    rf"\b(?:{_SEASONS})s? of\b|\b(?i:in the|at|by|on the|during the) (?:\w+ )?(?:{_PARTS_OF_DAY})\b|"
    r"\b(?i:at the )?age of\b|\b(?i:aged?) \d|\b(?i:on the) \d{1,2}(?:st|nd|rd|th)\b|"
    r"\b(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b|(?<!\w)['’]?\d0s\b|"
    rf"\b(?i:{_FESTIVALS})\b|\bMiddle Ages\b|\b\w+ Age\b|\b(?:era|epoch|dynasty|Dynasty)\b|\bWorld War\b|"
    r"[\d〇一二三四五六七八九十]+ ?[年月日世紀纪]"
)
_DURATION = re.compile(rf"\b(?:{_COUNT}) (?:\w+ )?(?:{_UNITS})\b|\bfor (?:{_UNITS})\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:when|whenever|while|if|once|after|before|until|till|unless|as (?:soon|long) as|in case)\b|^(?:Should|In an?) ", re.I
)
_NUMBER = re.compile(
    rf"[\d½⅓⅔¼¾]|\b(?i:{_CARDINALS}|half|halves|thirds|twice|double|triple|single|both|none|zero)\b|"
    r"\b(?i:an?|one)[ -](?:third|quarter|couple|pair)\b|\bquarters of\b|\bonce(?=[,.;]| (?:an?|per|every|in)\b)|"
    # "one" as a figure, not the pronoun.
    r"(?i:(?<!no )(?<!any )(?<!some )(?<!every )(?<!this )(?<!that )(?<!the )(?<!which )(?<!other )"
    r"\bone\b(?![’'-]| (?:of|another|who|that|which|can|could|must|should|would|might|may|has|is|was|day|thing|more thing)\b))|"
    r"[一二三四五六七八九十百千万萬億亿兩两]"
)
# Digits that count nothing: names of machines and diseases ("F-16", "COVID-19"), note marks ("[12]").
_CODE = re.compile(r"\b[A-Z][A-Za-z]*-?\d[\w-]*|\[\d+\]")
# A run of capitalised words, with the small words that join them ("Bank of England", "Ludwig van Beethoven").
_CAPITALISED = re.compile(
    rf"(?<![\w’']){CAPITAL}[\w’'.-]*(?:\s(?:(?:of|the|de|da|van|von|der|den|la|le|al|bin|and|&)\s){{0,2}}{CAPITAL}[\w’'.-]*)*"
)
_HAN_NAME = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]{2,}")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:][\"”’)\]]*\s+|[“\"‘(\[]\s*|\n\s*)\Z")
_KIND = rf"(?:the|an?|one|its|their|his|her|our|my|former|then|now|who|which|whose|{CAPITAL}[\w.-]+['’]s)\b"
_JOINS = (
    r"(?:the|an?|of|in|on|at|by|with|to|for|from|as|and|or|that|about|against|between|near|after|before|over|under|into|without|"
    r"than|is|was|are|were)\b"
)
_IDENTIFYING = (
    r"(?i:\b{name}(?: \([^)]*\))?)"
    rf"(?:,? (?:is|was|are|were) (?:\w+ly )?{_KIND}|,? (?:means|stands for|refers to)\b|(?:,| [–—-]) {_KIND})"
    rf"|\b(?:is|was|are|were|named|called) (?:the )?(?i:{{name}})(?!\w)|\((?i:{{name}})\)"
    # "the school nurse, Odette Pascoe", "the inspector Constance Yarrow", but not "the report by Yarrow", "the Yarrow report".
    rf"|(?i:\b{_KIND})(?: [\w’'-]+){{{{0,3}}}} (?!{_JOINS})[a-z][\w-]+,? {{name}}(?![\w’'])(?! [a-z]+ing\b)"
)
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"[’']s?$|[.,]+$")
# Endings of common nouns and adverbs: alone at the beginning of a sentence, such a word is no name.
_COMMON = re.compile(r"(?:[ts]ions?|ness|isms?|ities|ments|ology|ships?|ally|ously|ively)$")
# Words that begin sentences and are no names, though they stand with a capital letter there.
_STARTER_WORDS = """
    a about after again all almost already also although always among an and another any anyone are as at because
    before besides both but by can could despite did do does during each either even every everyone everything few
    finally first for from further given had has have he hence her here his how however i if in indeed instead is it
    its just last later least let like many may maybe meanwhile might more moreover most much must my near nearly
    neither never nevertheless new next no nobody none nor not nothing now of often on once one only or other others
    otherwise our out over perhaps please rather second several she should since so some someone something sometimes
    soon still such than that the their then there therefore these they third this those though through thus to today
    together too two under unless unlike until up upon us usually very was we well were what when where whether which
    while who whom whose why will with within without would yes yet you your"""
_STARTERS = frozenset(_STARTER_WORDS.split())


def has_number(text: str) -> bool:
    """Whether a quantity stands in the text, in figures or in words; what is surely a date or a code is none."""
    return _NUMBER.search(_CODE.sub(" ", _SURE_DATE.sub(" ", text))) is not None


def has_date(text: str) -> bool:
    """Whether the text names a time: a date, a year, a weekday, an hour, or a time relative to another; not a mere duration."""
    return _DATE.search(text) is not None or _SURE_DATE.search(text) is not None


def has_condition(text: str) -> bool:
    """Whether the text says under which condition, or upon which event, something happens."""
    return _CONDITION.search(text) is not None


def has_duration(text: str) -> bool:
    """Whether the text says how long something takes or took, be it vaguely ("a few years")."""
    return _DURATION.search(text) is not None


def common_words(sentences: Iterable[str]) -> frozenset[str]:
    """The words that are written small in these sentences, and never with a capital letter inside one."""
    small, named = set[str](), set[str]()
    for text in sentences:
        small.update(word for word in _WORD.findall(text) if word.islower())
        inside = (match.group() for match in _CAPITALISED.finditer(text) if not _begins_sentence(text, match))
        named.update(word for name in inside for word in words(name))
    return frozenset(small - named)


def names(text: str, common: Container[str] = ()) -> list[str]:
    """Names of people, places and bodies, as they stand: runs of capitalised words, and words in Chinese characters.

    A capitalised word that only begins a sentence counts unless it is a frequent beginner ("The", "However"), has the ending
    of a common noun or is one of the `common` words. Months and weekdays are no names.
    """
    found = (_name(text, match, common) for match in _CAPITALISED.finditer(text))
    return [name for name in found if name and not has_date(name)] + _HAN_NAME.findall(text)


def says_what_is(name: str, text: str) -> bool:
    """Whether the text says who or what the name stands for: "X is", "X, the mayor", "the mayor, X", "the mayor was X"."""
    words = name.split()
    # Whoever has been named once is called by the last name.
    short = words[-1] if len(words) > 1 and name[:1].isupper() else name
    return any(re.search(_IDENTIFYING.format(name=re.escape(one)), text) for one in dict.fromkeys((name, short)))


def cased(text: str, sources: Sequence[str]) -> str:
    """The text with the names in it written as in the sources, where these never write the word small ("yarrow": "Yarrow").

    Whoever types in a hurry writes names small.
    """
    small = {word for source in sources for word in _WORD.findall(source) if word.islower()}
    inside = (found for source in sources for found in _CAPITALISED.finditer(source) if not _begins_sentence(source, found))
    named = {word.casefold(): word for found in inside for word in _WORD.findall(found.group())}
    return _WORD.sub(lambda word: named.get(word[0], word[0]) if word[0].islower() and word[0] not in small else word[0], text)


def _name(text: str, match: re.Match[str], common: Container[str]) -> str:
    """The name in a run of capitalised words, without what only begins the sentence and without a possessive's ending."""
    name = match.group()
    if _begins_sentence(text, match):
        first, _, rest = name.partition(" ")
        word = first.casefold().rstrip(".'’")
        if word in _STARTERS or (not rest and (word in common or _COMMON.search(first))):
            name = rest.removeprefix("of ").removeprefix("the ").removeprefix("and ")
    name = _POSSESSIVE.sub("", name)
    return "" if name == "I" else name


def _begins_sentence(text: str, match: re.Match[str]) -> bool:
    # Only what stands just before it decides; not to copy all that stands before each name.
    return _SENTENCE_START.search(text[max(0, match.start() - 9) : match.start()]) is not None


def words(text: str) -> set[str]:
    """The words of a text without regard to case."""
    return set(_WORD.findall(text.casefold()))
