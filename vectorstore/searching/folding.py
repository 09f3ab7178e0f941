"""Text -> the terms that the lexical index matches; pure. The question and the chunks go through the same functions.

Case, accents, width and digits are folded, words are stemmed, "U.S." is "us" and "1,000" is "1000". The stemmer is that of the
script's most written language, English for Latin letters: a question of two words need not tell its language to match. Scripts
that are written without spaces (and Korean, whose words carry endings) become single characters and pairs of neighbours, in a
list of their own.
"""

import re
import unicodedata
from functools import cache

from Stemmer import Stemmer

FOLDING_VERSION = "2"
"""Part of the index's manifest: change it whenever the same text would give other terms."""

# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The marks of other scripts are letters to their readers.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
# Letters that Unicode does not take apart into a letter and a mark.
_LATIN = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
# Persian and Urdu forms of Arabic letters, and the two ways to write a nasal vowel in Hindi.
_OTHERS = {"ی": "ي", "ى": "ي", "ک": "ك", "ہ": "ه", "ँ": "ं"}
# The digits of other scripts, each as the digit of ASCII that has its value.
_DIGITS = {chr(code): str(unicodedata.digit(chr(code))) for code in range(0x660, 0x1A99) if chr(code).isdecimal()}
_LETTERS = str.maketrans(_LATIN | _OTHERS | _DIGITS)
_PUNCTUATION = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "•": " ", "«": " ", "»": " "})
# Letters and vowel signs. To `\w` the signs are no part of a word, which would end at each of them.
_INDIC = "\u0900-\u0963\u0966-\u0dff\u0f00-\u0fff"
# A word that goes on after an apostrophe, a number with its commas and points, letters with full stops, anything else.
_SHAPES = (
    r"%(letter)s{2,}(?:'%(letter)s+)*(?!%(any)s)|\d+(?:,\d{3})*(?:\.\d+)*(?!%(any)s)"
    r"|(?:%(letter)s\.){2,}(?:'s)?|%(any)s+(?:'%(letter)s+)*"
)
_ASCII_WORD = re.compile(_SHAPES % {"letter": "[a-z]", "any": "[a-z0-9]"})
_WORD = re.compile(_SHAPES % {"letter": rf"(?:[^\W\d_]|[{_INDIC}])", "any": rf"(?:[^\W_]|[{_INDIC}])"})
_UNSPACED = re.compile(
    "[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese, Japanese
    "\u1100-\u11ff\uac00-\ud7ff"  # Korean
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"  # Thai, Lao, Burmese, Khmer
)

# Between written words; around them; and after a name.
_PARTED = re.compile(r"[\s/–—]+|(?<=\w)[?!;:,](?=\s|$)")
_EDGES = "?!.,;:'\"‘’“”„«»()[]{}¿¡…*_"
_POSSESSIVE = re.compile(r"['’]s$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")

_STOP_WORDS = """
a about am an and any are as at be been being but by can could did do does doing for from had has have having he her
hers him his how i if in into is it its me my of on or our ours shall she should so some such than that the their theirs
them then there these they this those to too very was we were what when where which while who whom whose why will with
would you your yours it's that's what's who's where's how's there's i'm i've don't doesn't didn't isn't aren't wasn't
weren't can't tell please
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that say nothing about what a question is after. Not "us": it is also "U.S."."""

KEPT = 200_000
"""Words whose terms are remembered, some 20 MB."""
LONGEST_KEPT = 64
"""Characters of such a word at most: what is longer is no word, and would seldom come again."""

# First letter -> the stemmer of its script; what is in none of the ranges is stemmed as English.
_STEMMERS = (
    ("\u0370", "\u03ff", "greek"),
    ("\u0400", "\u052f", "russian"),
    ("\u0530", "\u058f", "armenian"),
    ("\u0600", "\u06ff", "arabic"),
    ("\u0900", "\u097f", "hindi"),
    ("\u0b80", "\u0bff", "tamil"),
)


def folded(text: str) -> str:
    """The text without differences of case, accent and width.

    >>> folded("“CAFÉ” — Ｎｅｒ")
    '"cafe" - ner'
    """
    # Most English texts are ASCII but for their quotation marks and dashes.
    if text.isascii() or (text := text.translate(_PUNCTUATION)).isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFKC", bare).translate(_LETTERS)


def terms(text: str, *, stop: bool = False) -> tuple[list[str], list[str]]:
    """The stemmed words of a text, and the characters and pairs of its unspaced scripts, each in order.

    With `stop`, words like "the" are left out, unless that leaves nothing at all.

    >>> terms("Who opened the bridges of the U.S.?", stop=True), terms("渡輪停開", stop=True)
    ((['open', 'bridg', 'us'], []), ([], ['渡輪', '輪停', '停開']))
    """
    plain = folded(text)
    grams: list[str] = []
    if not plain.isascii():
        # Where a word ends is not known here: pairs of neighbours find most words, and single characters the rest.
        for run in _UNSPACED.findall(plain):
            grams += _grams(run, whole=not stop)
        plain = _UNSPACED.sub(" ", plain)
    words = (_ASCII_WORD if plain.isascii() else _WORD).findall(plain)
    if stop:
        # "To be or not to be" has nothing but stop words, and is still a question.
        telling = [word for word in words if word not in STOP_WORDS]
        words = telling if telling or grams else words
    return list(map(_terms.__getitem__, words)), grams


def folded_words(text: str, *, stop: bool = False) -> list[str]:
    """The `terms` of a text in one list, to compare texts by; the words of unspaced scripts come last.

    >>> folded_words("The bridges in 渡輪")
    ['the', 'bridg', 'in', '渡輪', '渡', '輪']
    """
    words, grams = terms(text, stop=stop)
    return words + grams


def content_words(text: str) -> dict[str, tuple[str, ...]]:
    """The words of a text that say what it is about, as they are written, each with its terms; in order, the same terms once.

    Scripts without spaces have no such words: where one ends is not known.

    >>> content_words("Who opened the harbour's bridges?")
    {'opened': ('open',), 'harbour': ('harbour',), 'bridges': ('bridg',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for piece in _PARTED.split(text):
        bare = _POSSESSIVE.sub("", piece.strip(_EDGES))
        word = f"{bare}." if _INITIALS.fullmatch(bare) else bare
        words, grams = terms(word)
        if words and not grams and folded(word) not in STOP_WORDS and tuple(words) not in found.values():
            found[word] = tuple(words)
    return found


def _grams(run: str, whole: bool) -> list[str]:
    """Pairs of neighbours; single characters too where the whole is indexed or where there is nothing else."""
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs + list(run) if whole or not pairs else pairs


class _Terms(dict[str, str]):
    """Word -> term, as it is indexed; a dictionary that makes what it lacks is twice as fast as a cached function."""

    def __missing__(self, word: str) -> str:
        if len(self) >= KEPT:
            # All of them, as it is not known which were used last.
            self.clear()
        term = word.replace(",", "") if word[0].isdigit() else str(_stemmer_of_script(word[0]).stemWord(word.replace(".", "")))
        if len(word) <= LONGEST_KEPT:
            self[word] = term
        return term


def _stemmer_of_script(letter: str) -> Stemmer:
    return _stemmer_named(next((name for first, last, name in _STEMMERS if first <= letter <= last), "english"))


@cache
def _stemmer_named(language: str) -> Stemmer:
    # Without its own cache, which costs more than the stemming.
    return Stemmer(language, 0)


_terms = _Terms()
