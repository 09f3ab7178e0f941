"""The names in a text, and whether another text has them: whole or by a surname, spelled out or by initials; pure."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from bot.reading.dates import dates
from bot.reading.lexicon import groups, listed
from bot.reading.numerals import numerals
from bot.reading.quantities import quantities
from bot.reading.words import FUNCTION_WORDS, cleaned, stem, words
from vectorstore.searching.folding import folded
from vectorstore.splitting.language import ENGLISH
from vectorstore.text_cache import TEXTS, remembered

CAPITAL = "[" + "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper()) + "]"
"""A pattern for one capital letter: Latin, Greek or Cyrillic."""

# A run of capitalised words, with the small words that join them; "&" and a hyphen too.
_ONE = (
    rf"(?:{CAPITAL}|(?:\d+|[a-z])(?={CAPITAL}))[\w'&-]*(?:\.(?=\w)\w+|(?<=\b\w)\.|(?<=\b(?:Mr|Dr|St|Jr|Sr|Ms))\.|(?<=\bMrs)\.)*"
)
_RUN = re.compile(
    rf"(?<![\w'])(?:{_ONE})(?: (?:(?:of the|of|de la|de|da|van der|van|von|der|den|la|le|al|bin|&) )?(?:{_ONE}))*"
)
_START = re.compile(r"(?:\A|[.!?:;][\"')\]]*\s+|[\"(\[]\s*)\s*\Z")
_OPENERS = FUNCTION_WORDS | listed("sentence_openers")
TITLES = listed("titles")
"""Words before a name that are no part of it."""
_JOINING = frozenset(
    ["the", "of", "and", "an", "a", "de", "da", "van", "von", "der", "den", "la", "le", "al", "bin", "for", "in"]
)
"""Small words in a name, which any other name may have too."""
_ENDING = re.compile(r"'s?$|[.,]+$")
# A people or a language from its place: what is left without these endings is the same ("Italian", "Italy").
_ENDINGS = listed("people_endings")
# Two letters that are words as well, in small letters.
_SHORT = {form: re.compile(rf"\b{form.upper()}\b|\b{'[.]'.join(form.upper())}\b") for form in ("us", "un", "eu", "uk")}
_LEFT = 4
_WORD = re.compile(r"\w+")
_NO_WORD = re.compile(r"\W")
_NO_WORDS = re.compile(r"\W+")
_PARTED = re.compile(r"[\s/-]+")
_PARTS = re.compile(r"[\s-]+")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]{2,}")
# Endings of common nouns and adverbs: alone at the beginning of a sentence, such a word is no name.
_COMMON_ENDING = re.compile(r"(?:[ts]ions?|ness|isms?|ities|ments|ology|ships?|ally|ously|ively)$")
_WAR = re.compile(r"(?i:World War (?:I{1,2}|One|Two|1|2)|(?:First|Second) World War|WW(?:I{1,2}|1|2))")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at [start, end). A `weak` one is a single word that begins its sentence, and may be none."""

    start: int
    end: int
    text: str
    weak: bool = False

    @property
    def is_war(self) -> bool:
        """Whether it is one of the world wars, whose names differ by a number alone."""
        return _WAR.fullmatch(self.text) is not None

    @property
    def parts(self) -> list[str]:
        """Its words without case, accents and possessive endings, the small joining ones and titles left out."""
        found = [folded(_ENDING.sub("", part)) for part in _PARTS.split(self.text)]
        telling = [part for part in found if len(part.rstrip(".")) > 1 and part not in _JOINING]
        return [part for part in telling if part.rstrip(".") not in TITLES] or telling


@remembered(TEXTS)
def names_in(text: str) -> tuple[Name, ...]:
    """The names of a cleaned text, in order; dates and words that only begin a sentence are none.

    >>> [name.text for name in names_in("However, Ada Brandt met the Bank of England.")]
    ['Ada Brandt', 'Bank of England']
    """
    times = [(date.start, date.end) for date in dates(text)]
    found = (_name(text, match) for match in _RUN.finditer(text))
    return tuple(name for name in found if name and not any(start < name.end and name.start < end for start, end in times))


def _name(text: str, match: re.Match[str]) -> Name | None:
    start, name = match.start(), match.group()
    # Six characters hold any mark that ends a sentence, its closing quotes and the blanks behind it.
    begins = _START.search(text[max(0, start - 6) : start]) is not None if start else True
    if begins:
        # "However, Ada" and "In Tokyo": the words that only open the sentence are taken off the run.
        while name and _only_begins(name.split(" ", 1)[0]):
            _, _, rest = name.partition(" ")
            start, name, begins = start + len(name) - len(rest), rest, False
        # "All of Ada" leaves "of Ada" when its first word is taken off.
        while (head := name.split(" ", 1)[0]) and head.islower():
            start, name = start + len(head) + 1, name[len(head) + 1 :]
    name = _ENDING.sub("", name)
    if len(name) < 2 or all(folded(part) in FUNCTION_WORDS for part in name.split()):
        return None
    # Of two words the second has a capital inside the sentence, so the run is a name for certain.
    return Name(start, start + len(name), name, begins and " " not in name and not _plainly_named(name))


@remembered(TEXTS)
def _only_begins(word: str) -> bool:
    """Whether a word has its capital only from the sentence it begins: a small word, or a number in words."""
    plain = folded(_ENDING.sub("", word))
    if len(word) == 2 and word[1] == ".":
        return False  # an initial
    if plain in _OPENERS:
        return True
    # "Thirty-five of the ..." opens with a number; "First World War" with a part of the name.
    # Most words are no number, which their shape tells at a tenth of the cost of reading one.
    counts = next(numerals(plain, ENGLISH), None) is not None
    return counts and any(one.end == len(plain) and one.sort != "ordinal" for one in quantities(plain, ENGLISH))


def _plainly_named(word: str) -> bool:
    """A capital or a figure inside: "NASA", "McDonald", "iOS"."""
    return any(sign.isupper() or sign.isdigit() for sign in word[1:])


class KnownNames:
    """What a source, with what is known of its article, calls things by.

    Each part is worked out when it is first asked for: most claims have no name, or one that stands there as it is written.

    >>> source = KnownNames("The Broncos left the United States.")
    >>> source.lacks(names_in("They left the U.S.")[0]), source.lacks(names_in("They saw Ada Brandt.")[0])
    ([], ['ada', 'brandt'])
    """

    def __init__(self, *texts: str) -> None:
        self._given = texts

    def ready(self) -> None:
        """Works out now what the first name would have to wait for."""
        len(self._plain), len(self._stems), len(self._written)

    @cached_property
    def _written(self) -> frozenset[str]:
        """The words as they are written: `writes_small` asks for the case."""
        return frozenset(word for text in self._given for word in _WORD.findall(text))

    @cached_property
    def _texts(self) -> list[str]:
        return [folded(text) for text in self._given]

    @cached_property
    def _stems(self) -> set[str]:
        return {word.stem for text in self._given for word in words(text)}

    @cached_property
    def _plain(self) -> set[str]:
        """What stands between blanks and hyphens, without marks, so that "U.S." and "US", "V&A" and "VA" are the same."""
        return {_NO_WORD.sub("", part) for text in self._texts for part in _PARTED.split(text)}

    @cached_property
    def _initials(self) -> set[str]:
        return {sign for text in self._given for run in names_in(text) for sign in _initials(run.text)}

    @cached_property
    def _marks(self) -> str:
        """The texts with single blanks for all marks: a name of several words is looked for as a piece of it."""
        return " ".join(_NO_WORDS.sub(" ", text) for text in self._texts)

    def lacks(self, name: Name) -> list[str]:
        """The words of the name that are nowhere here, in any form."""
        if self._alias(folded(name.text)):
            return []
        # "World War I" shares all words but one with "World War II": it must stand there whole.
        if name.is_war and f" {_undotted(folded(name.text))} " not in f" {self._marks} ":
            return name.parts
        missing = [part for part in self._unaliased(name).parts if not self._part(part)]
        whole = _NO_WORD.sub("", folded(name.text))
        if missing and (whole in self._initials or self._spelled(name)):
            return []
        return missing

    def _unaliased(self, name: Name) -> Name:
        """The name without what the source calls otherwise: "Supreme Court" of "U.S. Supreme Court" where it has "American"."""
        plain = f" {_undotted(folded(name.text))} "
        known = [form for form in _aliases() if f" {form} " in plain and self._alias(form)]
        # The longest first, as one alias may be a part of another.
        for form in sorted(known, key=len, reverse=True):
            plain = plain.replace(f" {form} ", " ")
        return Name(name.start, name.end, plain.strip()) if known else name

    def writes_small(self, word: str) -> bool:
        """Whether the source has a word in small letters, so that a capital makes no name of it."""
        return word.lower() in self._written

    def _part(self, part: str) -> bool:
        bare = _NO_WORD.sub("", part)
        # From the cheapest test to the dearest: the last one compares with every word of the source.
        return (
            bare in self._plain
            or stem(bare or part) in self._stems
            or (bare.endswith("s") and bare[:-1] in self._plain)
            or bare + "s" in self._plain
            or bare in self._initials
            or self._alias(part)
            or (len(bare) > 3 and any(related(bare, other) for other in self._plain))
        )

    def _alias(self, name: str) -> bool:
        return any(self._stands(form) for form in _aliases().get(_undotted(name), ()))

    def _stands(self, form: str) -> bool:
        """Whether a name stands here; "us" and "un" only in capitals."""
        # Folded, "US" would be the pronoun; so it is looked for in the text as it came.
        if form in _SHORT:
            return any(_SHORT[form].search(text) for text in self._given)
        return f" {re.sub(r'[^a-z0-9]+', ' ', form).strip()} " in f" {self._marks} "

    def _spelled(self, name: Name) -> bool:
        """Whether the name's initials stand here as a word: "Digital Equipment Corporation" for DEC."""
        return any(self._stands(sign) if sign in _SHORT else sign in self._plain for sign in _initials(name.text))


def _initials(name: str) -> list[str]:
    """The initials of a name of two words and more, with and without its joining words; short ones tell nothing."""
    parts = [part for part in _PARTS.split(name) if part]
    # "DEC" of "Digital Equipment Corporation"; with joining words "BoE".
    capitals = "".join(part[0] for part in parts if part[0].isupper())
    every = "".join(part[0] for part in parts)
    return [folded(sign) for sign in {capitals, every} if len(parts) > 1 and len(sign) >= 2]


def _undotted(name: str) -> str:
    return name.replace(".", "").removesuffix(" of america")


def related(one: str, other: str) -> bool:
    """Whether two words are one name in two forms: "Italian" and "Italy", "Vikings" and "Viking"; folded words come in."""
    if one == other:
        return True
    # Cheap, and it ends nearly all comparisons, of which there is one for each word of the source.
    if one[:3] != other[:3]:
        return False
    return bool(_bare(one) & _bare(other))


@remembered(1_000_000)
def _bare(word: str) -> frozenset[str]:
    """The word, and what is left of it without an ending that makes a people of a place."""
    left = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    # With fewer letters left, words that only look alike would be the same.
    return frozenset([word, *(part for part in left if len(part) >= _LEFT)])


@remembered(1_000_000)
def same_name(one: str, other: str) -> bool:
    """Whether two names may be the same: they share a telling word or its form, are aliases, or one is the other's initials."""
    first, second = Name(0, 0, one), Name(0, 0, other)
    mine, theirs = ({_NO_WORD.sub("", part) for part in name.parts} for name in (first, second))
    if any(related(a, b) or _undotted(b) in _aliases().get(a, ()) for a in mine for b in theirs):
        return True
    if _undotted(folded(other)) in map(_undotted, _aliases().get(_undotted(folded(one)), ())):
        return True
    whole = [_NO_WORD.sub("", folded(name)) for name in (one, other)]
    return whole[0] in _initials(other) or whole[1] in _initials(one)


@cache
def _aliases() -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for names in groups("aliases", ","):
        for name in names:
            table.setdefault(_undotted(name), set()).update(set(names) - {name})
    return table


def names(text: str, common: Container[str] = ()) -> list[str]:
    """The names of a text as they stand, words in Chinese characters among them.

    A word that only begins a sentence counts unless it has the ending of a common noun or is one of the `common` words.
    """
    found = [one for one in names_in(cleaned(text)) if not (one.weak and _is_common(one.text, common))]
    return [text[one.start : one.end] for one in found] + _HAN_NAME.findall(text)


def _is_common(word: str, common: Container[str]) -> bool:
    return word.casefold() in common or _COMMON_ENDING.search(word) is not None


def common_words(sentences: Iterable[str]) -> frozenset[str]:
    """The words that are written small in these sentences, and never with a capital letter inside one."""
    texts = list(sentences)
    named = {word for text in texts for name in names_in(cleaned(text)) if not name.weak for word in word_set(name.text)}
    return frozenset(_small_words(texts) - named)


def with_capitals(text: str, sources: Sequence[str]) -> str:
    """The text with the names in it written as in the sources, where these never write the word small ("yarrow": "Yarrow").

    Whoever types in a hurry writes names small.
    """
    small = _small_words(sources)
    doubtful = {word for word in _WORD.findall(text) if word.islower() and word not in small}
    # To find the names in a sentence costs more than all else here, and most sentences have none of these words.
    likely = (plain for plain in map(cleaned, sources) if any(map(plain.casefold().__contains__, doubtful)))
    inside = (name.text for plain in likely for name in names_in(plain) if not name.weak)
    # Weak names are left out, as a capital at the beginning of a sentence proves nothing.
    named = {word.casefold(): word for name in inside for word in _WORD.findall(name)}
    return _WORD.sub(lambda word: named.get(word[0], word[0]) if word[0] in doubtful else word[0], text)


def _small_words(texts: Iterable[str]) -> set[str]:
    """The words that stand in these texts without a capital letter."""
    return {word for text in texts for word in _WORD.findall(text) if word.islower()}


def word_set(text: str) -> set[str]:
    """The words of a text without regard to case."""
    return set(_WORD.findall(text.casefold()))
