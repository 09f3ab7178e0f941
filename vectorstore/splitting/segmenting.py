"""Where the sentences of one line of text end, in the language that it is written in. No files, no state.

The package `sentencex` knows many languages, and takes what it does not know for English. Where it ends a sentence too early in
other languages than English, `goes_on` says so, and `sentences.py` puts the two parts together again. Thai and Lao mark no ends
of sentences: they are cut at spaces, once a part is as long as a sentence. Khmer has marks of its own and no spaces.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from unicodedata import category

from sentencex import segment

from vectorstore.types import Span

SHORTEST, SHORTEST_LAST = 60, 30
"""Characters that a Thai or Lao sentence has at least where it ends at a space, and the last one of a line."""

ENDS = ".!?…。！？｡؟।॥۔։።។၊။"
"""Marks that may end a sentence, in any script."""

_SPACED_CLAUSE = {
    "th": re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])|(?<=[!?])\s+"),
    "lo": re.compile(r"(?<=[\u0e80-\u0eff])\s+(?=[\u0e80-\u0eff])|(?<=[!?])\s+"),
}
_KHMER_END = re.compile(r"[។៕!?]+\s*")
_LONG_RUN = re.compile(r"(['\"‘’“”«»])\1{31,}")
"""The same quotation mark 32 times or more, by a fault or to do harm; no sentence ends within it."""
# For what `sentencex` changes on its way: it knows no numbers, and cuts "3.14".
_FALLBACK_PIECE = re.compile(rf"[^{ENDS}]+[{ENDS}]*|[{ENDS}]+")

_WORD_BEFORE_STOP = re.compile(r"(?:^|[\s(\[«„“\"'’-])([^\s(\[«„“\"'’-]+)\.$")
# "J", and "A.S" of "A.S."; whether it is a capital is asked beside it.
_LETTERS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
# A letter by itself in scripts without capitals. In Hebrew, Arabic and the scripts of northern India no sentence ends with a
# word of one letter, or another mark than a full stop ends it.
_LONE_LETTER = re.compile(
    r"[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3\u0750-\u077f]|[\u0904-\u0a7f\u0b00-\u0b7f][\u0900-\u0a7f\u0b00-\u0b7f]?"
)
_FULL_STOP_SCRIPTS = re.compile(r"[\u0a80-\u0aff\u0b80-\u0dff]")

# Language by language, what stands before a name or a number, and so does not end a sentence. The second table has words that
# end sentences, too, unless a number follows: French "art", Russian "рис" (rice, or a figure).
_ABBREVIATIONS = """
de: bd dipl hr fr nr str
es: d dña dr dra núm prof pág sr sra srta ud uds
fr: av chap dr env m me mgr mlle mm mme mmes pr st ste
hi: प्रो श्री सुश्री
it: avv dott ing on prof sig sigg
nl: blz dhr dr drs ing mevr mr nr prof
pl: al dr hab inż mgr prof tzw ul
pt: aprox av dr dra exmo núm prof profa pág sr sra srs
ru: акад доц им канд проф св ср стр тов ул
ta: திரு
tr: av bkz cad doç dr mah m.ö m.s no prof sok
uk: акад вул див ім проф рис св
vi: bs gs ks nxb pgs q st th ths tp tr ts
"""
_BEFORE_NUMBERS = """
fr: art fig p pp vol
it: art
pt: art
ru: рис см
"""


def _by_language(table: str) -> Mapping[str, frozenset[str]]:
    """The rows of a table, `code: word word ...`."""
    rows = (line.partition(":") for line in table.strip().splitlines())
    return {code: frozenset(words.split()) for code, _, words in rows}


_ABBREVIATED, _NUMBERED = _by_language(_ABBREVIATIONS), _by_language(_BEFORE_NUMBERS)


def segments(line: str, language: str) -> list[Span]:
    """The spans of the sentences of a text without line ends; they follow each other without a gap."""
    if language in _SPACED_CLAUSE:
        return _clauses(line, _SPACED_CLAUSE[language])
    if language == "km":
        return _spans_between((found.end() for found in _KHMER_END.finditer(line)), len(line))
    # The package looks from each quotation mark for its partner, which took half a minute for a line of 200,000 apostrophes.
    plain = _LONG_RUN.sub(lambda run: "x" * len(run.group()), line)
    # Offsets come from adding up the pieces' lengths, which holds only where no character is lost or changed.
    pieces = segment(language or "en", plain)
    if "".join(pieces) != plain:
        pieces = _FALLBACK_PIECE.findall(line)
    return list(pairwise(accumulate(map(len, pieces), initial=0)))


def goes_on(before: str, after: str, language: str) -> bool:
    """Whether `after` goes on with the sentence `before` in spite of the full stop between them; both without space around.

    It is never said of English, or where the language is not known.
    """
    if language in ("", "en") or not (found := _WORD_BEFORE_STOP.search(before)):
        return False
    word, following = found[1], after[:1]
    # No sentence begins with a small letter.
    if following.islower() or word.lower() in _ABBREVIATED.get(language, ()) or _LONE_LETTER.fullmatch(word):
        return True
    if following.isdigit() and word.lower() in _NUMBERED.get(language, ()):
        return True
    preceding = before[: found.start(1)].split()
    last = preceding[-1] if preceding else ""
    after_initial = not last or _is_initial(last.rstrip("."))
    if _is_syllable(word):
        # Such a word may end a sentence: Gujarati "છે", is.
        return after_initial
    if not _is_initial(word):
        return False
    # An initial stands before a name: where a sentence begins, after another initial, or after a word in small letters ("par J.
    # Dupont"), which also joins what follows "la vitamine C."; never after a word with a capital ("das Vitamin C.").
    return following.isdigit() or after_initial or last[:1].islower()


def _is_initial(word: str) -> bool:
    return (_LETTERS.fullmatch(word) is not None and word[-1].isupper()) or _is_syllable(word)


def _is_syllable(word: str) -> bool:
    """Whether it is one letter with its vowel signs, in a script without capitals whose sentences end with a full stop:
    Gujarati, Tamil, Telugu, Kannada, Malayalam or Sinhala."""
    marks = (category(sign)[0] == "M" for sign in word[1:])
    return _FULL_STOP_SCRIPTS.match(word) is not None and category(word[0]) == "Lo" and all(marks)


def _clauses(line: str, space: re.Pattern[str]) -> list[Span]:
    cuts: list[int] = []
    last = 0
    for found in space.finditer(line):
        # Neither the part before the space nor the rest behind it may be too short to say something.
        if found.start() - last >= SHORTEST and len(line) - found.end() >= SHORTEST_LAST:
            cuts.append(found.end())
            last = found.end()
    return _spans_between(cuts, len(line))


def _spans_between(cuts: Iterable[int], size: int) -> list[Span]:
    return [span for span in pairwise([0, *cuts, size]) if span[0] < span[1]]
