"""Where the sentences of one paragraph end, in the language that it is written in; pure.

The package `sentencex` knows many languages, and takes what it does not know for English. What it gets wrong in other languages
than English is put together again by `goes_on`. Thai and Lao mark no ends of sentences: a space between two of their letters
ends a clause, and clauses are joined until they are as long as a sentence.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise

from sentencex import segment

from vectorstore.types import Span

CLAUSE = 60
"""Characters of a Thai or Lao sentence at least, where there is a space to end it at."""

ENDS = ".!?…。！？｡؟।॥۔։።។၊။"
"""Marks that end a sentence."""

_SPACED_CLAUSE = {
    "th": re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])|(?<=[!?])\s+"),
    "lo": re.compile(r"(?<=[\u0e80-\u0eff])\s+(?=[\u0e80-\u0eff])|(?<=[!?])\s+"),
}
_KHMER_END = re.compile(r"(?<=[។៕!?])\s*")
_LONG_RUN = re.compile(r"(['\"‘’“”«»])\1{31,}")
"""A quotation mark that is repeated by a fault or to do harm; no sentence ends within it."""
_ANY_PIECE = re.compile(rf"[^{ENDS}]+[{ENDS}]*|[{ENDS}]+")

_LAST_WORD = re.compile(r"(?:^|[\s(\[«„“\"'’-])([^\s(\[«„“\"'’-]+)\.$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
# One letter with its vowel signs, in scripts that have no capitals and no words of one letter that end a sentence.
_CASELESS_INITIAL = re.compile(r"(?:[\u0590-\u06ff\u0750-\u077f]|[\u0900-\u0dff][\u0900-\u0903\u093a-\u0dff]?)")

# Language by language, what stands before a name or a number and so never ends a sentence.
_ABBREVIATIONS = """
de: bd dipl hr fr nr str
es: d dña dr dra núm prof pág sr sra srta ud uds
fr: art av chap dr env fig m me mgr mlle mm mme mmes p pp pr st ste vol
hi: प्रो श्री सुश्री
it: art avv dott ing on prof sig sigg
nl: blz dhr dr drs ing mevr mr nr prof
pl: al dr hab inż mgr prof tzw ul
pt: aprox art av dr dra exmo núm prof profa pág sr sra srs
ru: акад доц им канд проф рис св см ср стр тов ул
ta: திரு
tr: av bkz cad doç dr mah m.ö m.s no prof sok
uk: акад вул див ім проф рис св
vi: bs gs ks nxb pgs q st th ths tp tr ts
"""
_TITLES: Mapping[str, frozenset[str]] = {
    code.rstrip(":"): frozenset(words) for code, *words in map(str.split, _ABBREVIATIONS.strip().splitlines())
}


def segments(flat: str, language: str) -> list[Span]:
    """The spans of the sentences of a text without line ends; they follow each other without a gap."""
    if language in _SPACED_CLAUSE:
        return _clauses(flat, _SPACED_CLAUSE[language])
    # Khmer has a full stop of its own, and no space between a sentence and the next.
    if language == "km":
        return _edges(len(flat), (found.end() for found in _KHMER_END.finditer(flat)))
    # The package looks from each quotation mark for its partner, which took half a minute for a line of 200,000 apostrophes.
    plain = _LONG_RUN.sub(lambda run: "x" * len(run.group()), flat)
    # Offsets come from adding up the pieces' lengths, which holds only where no character is lost or changed.
    pieces = segment(language or "en", plain)
    if "".join(pieces) != plain:
        pieces = _ANY_PIECE.findall(flat)
    return list(pairwise(accumulate(map(len, pieces), initial=0)))


def goes_on(before: str, after: str, language: str) -> bool:
    """Whether `after` goes on with the sentence `before` in spite of the full stop, by what holds outside English."""
    found = _LAST_WORD.search(before)
    if language in ("", "en") or not found:
        return False
    # A small letter after a full stop goes on with the sentence; a title or an initial stands before a name.
    word, head = found[1], after[:1]
    if head.islower() or word.lower() in _TITLES.get(language, ()) or _CASELESS_INITIAL.fullmatch(word):
        return True
    if not _INITIAL.fullmatch(word) or not word[-1].isupper():
        return False
    # An initial stands before a name, and after another initial, at the start, or after a small word: not "vitamin C."
    between = before[: found.start(1)].split()
    return head.isdigit() or not between or between[-1][:1].islower() or _INITIAL.fullmatch(between[-1].rstrip(".")) is not None


def _clauses(flat: str, ends: re.Pattern[str]) -> list[Span]:
    places: list[int] = []
    last = 0
    for found in ends.finditer(flat):
        # Neither the part before the space nor the rest behind it may be too short to say something.
        if found.start() - last >= CLAUSE and len(flat) - found.end() >= CLAUSE / 2:
            places.append(found.end())
            last = found.end()
    return _edges(len(flat), places)


def _edges(size: int, places: Iterable[int]) -> list[Span]:
    return [span for span in pairwise([0, *places, size]) if span[0] < span[1]]
