"""Text as words and marks: what does not count is blanked, and words are found as they stand, with their stems; pure.

Everything keeps its offsets: a cleaned text is as long as the text it came from, and what is found in it is a span of both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.lexicon import groups, listed
from vectorstore.searching.folding import STOP_WORDS, folded, terms

# One character for one: the shapes that a typesetter, a keyboard and a model give the same mark.
_SHAPES = {
    **dict.fromkeys("“”„‟«»＂〝〞", '"'),
    **dict.fromkeys("‘’‚‛‹›ʼ´＇", "'"),
    **dict.fromkeys("–—‒―‐‑−﹣－", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\v\f", " "
    ),
    # Soft hyphens and joiners of no width; blanks, so that the length stays.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", " "),
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_SAME_LENGTH = str.maketrans(_SHAPES)
# Footnote markers, as models write them and as encyclopedias do; "(1)" is an enumeration and "[sic]" a word.
_MARKER = re.compile(
    r"[\[【［〔]\^?\s*\d{1,3}(?:\s*[-–,，、;]\s*\d{1,3})*\s*[†:\d]*[\]】］〕]|\[citation needed\]|\[not in citation given\]",
    re.I,
)
LINK = re.compile(r"!?\[([^\[\]]*)\](\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))")
# An underscore within a word ("file_name") emphasises nothing.
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|`+|~~")
# Only blanks of its own line stand before a mark, lest each of many empty lines be the beginning of all that follow.
_LINE_MARK = re.compile(r"^[^\S\n]*(?:#{1,6}|[-*+•>]|\d{1,2}[.)])\s+", re.M)
# In order: a number with its separators, one eastern character, an abbreviation with points, any other word with "n't" and its
# like.
WORD = re.compile(
    r"\d+(?:(?:,| @,@ )\d{3})*(?:(?:\.| @\.@ )\d+)?|[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|"
    r"(?:[A-Za-z]\.){2,}|[^\W\d_\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+(?:'(?:t|re|ve|ll|d|m)\b)?"
)
EASTERN = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
_NOT_KEPT = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands; `stem` is how it is compared."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def telling(self) -> bool:
        """Whether it says anything by itself: not "the", "was" or "with"."""
        return self.text.casefold() not in FUNCTION_WORDS


FUNCTION_WORDS = STOP_WORDS | listed("function_words")
"""Words that hardly tell one sentence from another. Numbers and negations among them are compared in their own ways."""


@lru_cache(maxsize=4096)
def cleaned(text: str) -> str:
    """The text with plain quotes, dashes and spaces, and blanks where markers, emphasis and a link's address stood.

    As long as the text itself, so that offsets hold in both.
    """
    # Links first, since "[1](https://...)" is a link whose words look like a marker.
    plain = _MARKER.sub(_blank, LINK.sub(_shown, text.replace("``", ' "').replace("''", '" ')))
    plain = _LINE_MARK.sub(_blank, _EMPHASIS.sub(_blank, plain))
    return plain_shapes(plain)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _shown(match: re.Match[str]) -> str:
    """A link's words, with blanks for the rest."""
    mark = match.start(1) - match.start()
    return " " * mark + match.group(1) + " " * (match.end() - match.end(1))


def plain_shapes(text: str) -> str:
    """The text with plain quotes, dashes, digits and spaces in place of typeset ones; as long as it was."""
    return text.translate(_SAME_LENGTH)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of a cleaned text, in order; a Chinese, Japanese or Korean character counts as one."""
    return tuple(Word(match.group(), stem(match.group()), *match.span()) for match in WORD.finditer(text))


_IRREGULAR = {form: forms[0] for forms in groups("irregular_forms", " ") for form in forms}

# British spellings as Americans write them. A word that only looks like one is changed as well, in every text alike.
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), other)
    for pattern, other in (
        (r"(?<=\w{3})is(?=(?:e|ed|es|ing|er|ers|ation|ations|ational)$)", "iz"),
        (r"(?<=\w{3})ys(?=(?:e|ed|es|ing)$)", "yz"),
        (r"(?<=\w{2})our(?=(?:s|ed|ing|ful|ite|ites|able|al|hood)?$)", "or"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        (r"(?<=\w)ll(?=(?:ed|ing|er|ers|or|ors)$)", "l"),
        (r"(?<=\w)ogue(?=s?$)", "og"),
        (r"(?<=\wen)ce(?=[sd]?$)", "se"),
        (r"ae(?=[a-z]{3})|(?<=[a-z])oe(?=[a-z]{3})", "e"),
        (r"^grey", "gray"),
        (r"^programmes?$", "program"),
        (r"^(?:tyre)(?=s?$)", "tire"),
        (r"^aluminium$", "aluminum"),
        (r"^scep(?=tic)", "skep"),
    )
)


def _american(word: str) -> str:
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What a word is compared as: folded, without its ending, a number without its commas.

    >>> stem("organised") == stem("organizing"), stem("took"), stem("1,000")
    (True, 'take', '1000')
    """
    if word[0].isdigit():
        return word.replace(" @,@ ", "").replace(" @.@ ", ".").replace(",", "")
    # The same stems as the search index has, so that what is found by a word is also compared by it.
    plain, grams = terms(_american(_IRREGULAR.get(word.casefold(), word)))
    return plain[0] if plain else grams[0] if grams else folded(word)


def is_eastern(text: str) -> bool:
    """Whether a good part of the text is Chinese, Japanese or Korean."""
    # A third is enough: names and figures in such texts are often Latin.
    return len(EASTERN.findall(text)) * 3 > len(_NOT_KEPT.sub("", text))
