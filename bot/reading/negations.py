"""What a text denies, and which words say the opposite of others; pure.

A negation has a reach: the few telling words that it denies. Two texts disagree where one denies what the other says.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, takewhile

from bot.reading.lexicon import groups, listed, word_lists
from bot.reading.words import Word, stem, words
from vectorstore.splitting.language import language_of

FARTHEST = 40
"""Words after a negation at most in which they are looked for."""
REACH = 4
"""So many telling words after a negation are what it denies, within its clause: "did not | throw any passes | in ..."."""

_LATIN = frozenset({"de", "es", "fr", "it", "pt", "nl"})
"""Languages whose lists of denials are of words that stand by themselves, between blanks."""
DENIAL_LISTS = ("denials", "no_denials")
"""The lists of a language: what denies, and what looks like it and denies nothing."""
CONCORD = 25
"""Characters between two words that deny once together."""

_NEGATION = re.compile(
    r"\b(?P<sure>not|never|cannot|no longer|neither|nor|without|nobody|nothing|nowhere|none|"
    r"(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|sha|should|must|might|need|ai)n't|"
    r"(?<=\w )n ?'t|\w{2,}[^n\W]'t|"
    # "No, but ..." and "No it is ..." deny what was said before.
    r"no(?! (?:doubt|matter|sooner|later than|but|and|i|it|he|she|they|we|you|the|that|this)\b)(?=[ -](?-i:[a-z]))|"
    r"(?:fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|neglect(?:s|ed|ing)?) to|failure to|"
    r"unable to|(?:it is |it's )?(?:not true|untrue|false) that|far from|anything but|hardly|scarcely|barely|seldom|rarely)\b",
    re.IGNORECASE,
)
# Words that look like negations and deny nothing.
_NO_DENIAL = re.compile(
    r"\b(?:not only|not just|not merely|not least|not to mention|"
    r"no(?:t)? (?:more|less|fewer|later|earlier) than|whether or not|"
    r"if not|no doubt|not until|why not|or not)\b|\bNo\. ?\d|"
    # "No airport is busier than it": it is the busiest.
    r"\b(?:no|none|never|nobody|nothing)\b(?=[^.;:,]{0,50}\b(?:more|less|\w{2,}er)\b[^.;:,]{0,20} than\b)",
    re.IGNORECASE,
)
# Words that deny in a softer way: beside one of them, a plain negation elsewhere may say the same.
_SOFT = frozenset(map(stem, listed("soft_denials")))
_SOFT_SHAPE = re.compile(r"(?:un(?!i|der|til|less)|non)[a-z]{4,}|(?!un|regard|neverthe|nonethe|wire)\w{3,}less", re.IGNORECASE)
# What is said after one of these is not said.
_DENIAL = re.compile(
    r"(?P<plain>(?:\b(?:not|never|cannot|no|no longer|neither|nor|without|hardly|hardly any|none of|lack of)|\w+n't)$)|"
    r"\b(?:few|fewer|less|not all|not every|fewer than|less than|almost|nearly)$|"
    r"\b(?:not true|not the case|untrue|false|no evidence|no proof|den(?:y|ies|ied|ying)|doubt(?:s|ed|ful)?|disput(?:es?|ed)|"
    r"unlikely|(?:rejects?|rejected|dismiss(?:es|ed)?) (?:the|any) (?:idea|claim|notion|suggestion|view)|myth|"
    r"falsely (?:claim(?:s|ed)?|believed?)|whether|unless|if)(?: that| whether)?$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.;:!?()]|, |\b(?:but|although|though|because|which|who|while|whereas|if|when|since|so that)\b", re.I
)
# "They counted before and no longer do": what is denied was said before.
_AUXILIARY_WORDS = """
    do does did is are was were be been has have had can could will would may might must shall should so it"""
_AUXILIARIES = frozenset(_AUXILIARY_WORDS.split())
_ASKED = re.compile(r"\b(?:whether|how|why|what|where|which|who)\b", re.IGNORECASE)

# These do so beside "than": "A is older than B".
_COMPARED = frozenset(map(stem, listed("comparatives")))
# A noun of the same stem is no opposite: "unconstitutional" and "the constitution".
_NOUNS = frozenset(map(stem, listed("unprefixed_nouns")))
_PREFIX = re.compile(r"^(?:un|in|im|il|ir|dis|non|mis)(?=[a-z]{4})")


@dataclass(frozen=True, slots=True)
class Negation:
    """A negation at [start, end), and the stems of the telling words that it denies."""

    start: int
    end: int
    denied: tuple[str, ...]


@lru_cache(maxsize=4096)
def negations(text: str) -> tuple[Negation, ...]:
    """The plain negations of a cleaned text, in order; "not only" and "no later than" are none.

    >>> [one.denied for one in negations("The bridge was not damaged in the war.")]
    [('damag', 'war')]
    """
    # To tell a language costs more than to look for a few words.
    language = language_of(text) if _in_any_language().search(text) else ""
    wanted, none = _words_of(language) if language in _LATIN else (_NEGATION, _NO_DENIAL)
    # "Not only" and its like hide the negation within them.
    spared = [match.span() for match in none.finditer(text)]
    found = [match for match in wanted.finditer(text) if not any(start <= match.start() < end for start, end in spared)]
    if language in _LATIN:
        found = _once(text, found)
    return tuple(Negation(*match.span(), _denied(text, match)) for match in found)


def _once(text: str, found: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The negations without those that only go with another: "ne ... pas", "no ... nunca"."""
    kept: list[re.Match[str]] = []
    last = -CONCORD
    for match in found:
        # In another clause a second negation is one of its own.
        if match.start() - last > CONCORD or _CLAUSE_END.search(text, last, match.start()):
            kept.append(match)
        last = match.end()
    return kept


@cache
def _words_of(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The expressions for what denies in a language, and for what looks like it and denies nothing."""
    table = word_lists(language)
    # "N'a" and "l'un" run on behind the apostrophe, where no word's end is.
    edge = r"(?:\b|(?<=')(?=\w))"
    wanted, none = (re.compile(rf"\b(?:{'|'.join(table[part])}){edge}", re.IGNORECASE) for part in DENIAL_LISTS)
    return wanted, none


@cache
def _in_any_language() -> re.Pattern[str]:
    """What may be a denial in some language: only a text that has such a word need be told its language."""
    return re.compile("|".join(_words_of(language)[0].pattern for language in sorted(_LATIN)), re.IGNORECASE)


def eastern_negations(text: str) -> int:
    """How many negations a Chinese, Japanese or Korean text has."""
    wanted, none = _eastern()
    # 不仅 ("not only") goes first, or its 不 would count.
    return len(wanted.findall(none.sub("", text)))


@cache
def _eastern() -> tuple[re.Pattern[str], re.Pattern[str]]:
    # All three at once: a short text in Chinese characters may be Chinese or Japanese.
    tables = [word_lists(language) for language in ("zh", "ja", "ko")]
    wanted, none = (re.compile("|".join(word for table in tables for word in table[part])) for part in DENIAL_LISTS)
    return wanted, none


def _denied_before(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """The stems of the last telling words before a negation that ends its clause: "Er kam nicht"."""
    clause = words(text)
    last = bisect_left(clause, match.start(), key=lambda word: word.start)
    # The nearest first, as `denied` begins with the word that is surest to be denied.
    return tuple(word.stem for word in clause[max(0, last - REACH) : last][::-1] if word.telling)


def _denied(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """The stems of the next telling words, as far as the clause goes; those before, where the negation ends its clause."""
    at = match.end()
    # Ten characters a word, so that a text of a million characters is not searched to its end for each negation.
    stop = _CLAUSE_END.search(text, at + 1, at + 10 * FARTHEST)
    end = stop.start() if stop else at + 10 * FARTHEST
    asked = _ASKED.search(text, at, stop.end() if stop else end)
    if asked and text[at : asked.start()].strip():
        end = min(end, asked.start())  # "He does not say who left" denies nothing of leaving.
    clause = words(text)
    first = bisect_left(clause, at, key=lambda word: word.start)
    inside = list(takewhile(lambda word: word.start < end, clause[first : first + FARTHEST]))
    found = tuple(islice((word.stem for word in inside if word.telling), REACH))
    # "They counted before and no longer do": nothing is left but small words.
    ends = all(word.text.casefold() in _AUXILIARIES for word in inside)
    return found or (_denied_before(text, match) if ends else ())


def denial_before(text: str, at: int) -> tuple[str, bool] | None:
    """The words before an offset of a cleaned text that take back what follows, and whether they do so plainly.

    Plainly: "not", "no", "without"; else "denied that", "whether", "few".
    """
    # 40 characters hold the longest of these phrases.
    before = text[max(0, at - 40) : at].rstrip(" \"'")
    match = _DENIAL.search(before)
    # "Not | only Ada came" takes nothing back.
    if match is None or text[at : at + 5].startswith(("only ", "just ")):
        return None
    return match.group(), match["plain"] is not None


def is_soft(word: Word, text: str) -> bool:
    """Whether a word of a text denies or limits in a softer way: "lack", "only", "unclear", "tax-free"."""
    if word.stem in _SOFT or _SOFT_SHAPE.fullmatch(word.text):
        return True
    # "Tax-free", "fat-less", "bullet-proof".
    return text[max(0, word.start - 1) : word.start] == "-" and word.text in ("free", "less", "proof")


def opposite(one: str, other: str, *, compared: bool = False) -> bool:
    """Whether two stems are opposites: a pair of the list, or one is the other with "un-" and its like before it.

    "Older" and "younger" are none where something is `compared`: "A is older than B" and "B is younger than A" agree.
    """
    if one == other:
        return False
    if other in _listed().get(one, ()):
        return not (compared and {one, other} <= _COMPARED)
    shorter, longer = sorted((one, other), key=len)
    # Four letters: "in" + "put" is no denial of "put".
    return len(shorter) >= 4 and shorter not in _NOUNS and _PREFIX.sub("", longer) == shorter


@lru_cache(maxsize=1)
def _listed() -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for line in groups("opposites", "|"):
        sides = [{stem(word) for word in side.split()} for side in line]
        for one, other in (sides, sides[::-1]):
            for word in one:
                table.setdefault(word, set()).update(other - one)
    return table


def of_one_class(one: str, other: str) -> bool:
    """Whether two different stems are of one closed class, so that each in the other's place is another fact: "day", "week"."""
    return one != other and one in _classes() and _classes()[one] == _classes().get(other)


@lru_cache(maxsize=1)
def _classes() -> dict[str, int]:
    return {stem(word): n for n, members in enumerate(groups("closed_classes", " ")) for word in members}
