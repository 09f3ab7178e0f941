"""Text as words and marks: what does not count is blanked, and words are found as they stand, with their stems; pure.

Everything keeps its offsets: a cleaned text is as long as the text it came from, and what is found in it is a span of both.

Which words of an English text are verbs is told by their forms and the words beside them. This is no tagger: it leaves out what
it can't tell, since what is built on it must rather be silent than wrong.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.reading.lexicon import groups, listed
from vectorstore.searching.folding import LONGEST_KEPT, STOP_WORDS, folded, terms
from vectorstore.text_cache import TEXTS, remembered

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


@remembered(TEXTS)
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


@remembered(TEXTS)
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


# Whether any of them is to be changed at all, which is asked of every word.
_SPELT_OTHERWISE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _SPELLINGS), re.IGNORECASE)


def _american(word: str) -> str:
    if not _SPELT_OTHERWISE.search(word):
        return word
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


def stem(word: str) -> str:
    """What a word is compared as: folded, without its ending, a number without its commas.

    >>> stem("organised") == stem("organizing"), stem("took"), stem("1,000")
    (True, 'take', '1000')
    """
    return _remembered_stem(word) if len(word) <= LONGEST_KEPT else _stem(word)


@lru_cache(maxsize=65536)
def _remembered_stem(word: str) -> str:
    return _stem(word)


def _stem(word: str) -> str:
    if word[0].isdigit():
        return word.replace(" @,@ ", "").replace(" @.@ ", ".").replace(",", "")
    # The same stems as the search index has, so that what is found by a word is also compared by it.
    plain, grams = terms(_american(_IRREGULAR.get(word.casefold(), word)))
    return plain[0] if plain else grams[0] if grams else folded(word)


def is_eastern(text: str) -> bool:
    """Whether a good part of the text is Chinese, Japanese or Korean."""
    if text.isascii():
        return False
    # A third is enough: names and figures in such texts are often Latin.
    return len(EASTERN.findall(text)) * 3 > len(_NOT_KEPT.sub("", text))


Voice = Literal["active", "passive", "passive by", ""]
""" "passive by": with who does it behind it; "" where the form leaves it open, as in "the band formed in 1972"."""
# The list of irregular forms has nouns as well, which are no verbs.
_PEOPLE = ("man", "woman", "child", "foot", "person")
_FORMS = [forms for forms in groups("irregular_forms", " ") if forms[0] not in _PEOPLE]
_PAST = frozenset(forms[1] for forms in _FORMS)
_PARTICIPLES = frozenset(forms[-1] for forms in _FORMS)
_IRREGULAR_VERBS = frozenset(form for forms in _FORMS for form in forms[1:])

_POSSESSIVE_WORDS = "his her its their my our your"
_POSSESSIVES = frozenset(_POSSESSIVE_WORDS.split())
_BEING_WORDS = "is are was were am be been being get got gets"
_BEING = frozenset(_BEING_WORDS.split())
_MODAL_WORDS = "will would can could may might must shall should do does did"
_MODALS = frozenset(_MODAL_WORDS.split())
HELPING = _BEING | _MODALS | {"has", "have", "had"}
"""Verbs that say little by themselves."""
_LINK_WORDS = """
    of in at from to with by for on under against near and or than between after before as into over out off up"""
LINKS = frozenset(_LINK_WORDS.split())
"""Small words behind which no object of the verb before them stands."""
_BEFORE_A_VERB = _MODALS | {"to", "not", "cannot"}
_AFTER_WORDS = "the a an him them me us it to that this"
_AFTER_A_VERB = _POSSESSIVES | frozenset(_AFTER_WORDS.split())
_NO_VERB_AFTER = _POSSESSIVES | {"the", "a", "an", "of", "in", "this", "these"}
NEAR = 4
"""Words behind a passive verb among which "by" tells who does it."""

IsNamed = Callable[[Word], bool]
"""Whether a word is a part of a name."""


def verb_places(text: str, found: Sequence[Word], named: IsNamed) -> Iterator[int]:
    """The numbers of the words that look like verbs.

    >>> from bot.reading.words import words
    >>> text = "The union rejects her view and has moved on."
    >>> list(verb_places(text, words(text), lambda word: False))
    [2, 7]
    """
    for n, word in enumerate(found):
        before = _plain(found, n - 1)
        # "1932" is no verb, though "May" stands before it.
        apart = text[word.start - 1 : word.start] != "-" and word.text[:1].isalpha()
        if word.telling and before not in _NO_VERB_AFTER and apart and not named(word) and _has_form(found, n):
            yield n


def _plain(found: Sequence[Word], n: int) -> str:
    return found[n].text.casefold() if 0 <= n < len(found) else ""


def _has_form(found: Sequence[Word], n: int) -> bool:
    verb, before, after = (_plain(found, at) for at in (n, n - 1, n + 1))
    shaped = verb in _IRREGULAR_VERBS or (verb.endswith("ed") and len(verb) > len("need"))
    # "Will open", "to strengthen", "is holding".
    led = before in _BEFORE_A_VERB or (verb.endswith("ing") and before in _BEING)
    # "The union rejects Ada's view": a noun with this ending seldom has such a word behind it.
    third = verb.endswith("s") and not verb.endswith(("ss", "us")) and n > 0
    return shaped or led or (third and bool(after) and (after in _AFTER_A_VERB or found[n + 1].capital))


def is_past(verb: Word) -> bool:
    """Whether a verb has the form of what has been done."""
    return verb.text.endswith("ed") or verb.text.casefold() in _IRREGULAR_VERBS


def voice(text: str, found: Sequence[Word], n: int, named: IsNamed) -> Voice:
    """Whether the verb number `n` is active or passive."""
    verb, before, after = (_plain(found, at) for at in (n, n - 1, n + 1))
    near = {_plain(found, at) for at in range(max(0, n - 3), n)}
    # A form in "-ed" is past and participle in one; the words beside it decide.
    participle = verb.endswith("ed") or verb in _PARTICIPLES
    if participle and (after == "by" or _BEING & near):
        return "passive by" if "by" in {_plain(found, at) for at in range(n + 1, n + 1 + NEAR)} else "passive"
    if (verb.endswith("ing") and _BEING & near) or (verb in _PAST and not participle):
        return "active"
    if participle and n and named(found[n - 1]):
        return "active"  # "Ada Brandt asked for"
    if after == "of" and before == "s" and text[found[n - 1].start - 1] == "'":
        return "active"  # "Ada's praise of Karl"
    shaped = (participle and n > 0) or before in _BEFORE_A_VERB or verb.endswith("s")
    # "The band formed in 1972" has nothing behind it that the verb is done to, so it is left open.
    return "active" if shaped and after and after not in LINKS else ""
