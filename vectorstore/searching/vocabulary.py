"""The words of a question in the index: in how many articles each stands, and what one that stands nowhere is a misspelling of.

The lexical index counts chunks; which article a chunk belongs to is read from the catalog once for each state of the index. It
also finds the chunks that hold a term nearly like a word, which is then taken from their texts as it is written there.
"""

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import OSA

from vectorstore.index import Index
from vectorstore.searching.folding import STOP_WORDS, content_words, folded, terms
from vectorstore.searching.ranking import Numbers
from vectorstore.searching.scope_articles import articles_in_scope
from vectorstore.splitting.language import language_of_question
from vectorstore.splitting.split import CountTokens
from vectorstore.types import Scope

ENOUGH = 4
"""Words of a text from which its language is taken for sure: "Whose café?" may be of any."""
LOOKED_AT = 50
"""Chunks in whose texts the word is looked for."""
SHORTEST, LONG = 4, 7
"""Letters: a shorter word is left as it is, one of `LONG` or more may have two wrong letters, others one."""
ENDINGS = (("ves", "f"), ("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))
"""The endings of English nouns and verbs, each with that of the form in a dictionary."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Occurrences:
    """How many articles were searched, and in how many of them each word stands, in whatever form; in the question's order.

    `foreign`: the question is in a language in which there is no article; its words are not counted then.
    """

    articles: int
    words: Mapping[str, int] = field(default_factory=dict)
    foreign: bool = False


class WordCounter:
    """Counts articles by the words in them. Threads may share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._owners: tuple[int, _ChunkOwners] | None = None

    def count(self, text: str, scope: Scope) -> Occurrences:
        """The content words of the text, and the articles of the scope that they stand in; raises IndexDamaged."""
        owners = self._current()
        among = owners.numbered(articles_in_scope(self._index.catalog, scope)) if scope else None
        size = owners.size if among is None else len(among)
        if self._foreign(text):
            return Occurrences(size, foreign=True)
        found: dict[str, int] = {}
        for word, stems in content_words(text).items():
            # A title and an author are part of no chunk, but who asks by them means the article.
            articles = np.union1d(owners.of(self._index.lexical.containing(stems)), owners.headed(stems))
            found[word] = len(articles if among is None else np.intersect1d(articles, among))
        return Occurrences(size, found)

    def stands(self, name: str, scope: Scope) -> bool:
        """Whether any word of a name stands in an article of the scope; true where it has no word that can be counted.

        Raises IndexDamaged.
        """
        # Which articles they are need not be known for that, as long as all of them are searched.
        if not scope and any(len(self._index.lexical.containing(stems)) for stems in content_words(name).values()):
            return True
        counts = self.count(name, scope).words.values()
        return not counts or any(counts)

    def _foreign(self, text: str) -> bool:
        """Whether no article is in the language of the text, as far as that can be told."""
        known = {code for code in self._index.catalog.languages() if code}
        code = language_of_question(text, known) if len(text.split()) >= ENOUGH else ""
        return bool(code and known) and code not in known

    def _current(self) -> "_ChunkOwners":
        generation = self._index.catalog.generation()
        with self._lock:
            if self._owners is None or self._owners[0] != generation:
                catalog = self._index.catalog
                heads = {one.id: f"{one.title}\n{one.author}" for one in catalog.articles()}
                self._owners = generation, _ChunkOwners(catalog.chunk_owners(), heads)
            return self._owners[1]


class _ChunkOwners:
    """The article of each chunk, both as numbers, and the words of its title and its author, which may stand in no chunk."""

    def __init__(self, rows: Sequence[tuple[str, int]], heads: Mapping[str, str]) -> None:
        """`rows` are those of `Catalog.chunk_owners`, `heads` titles and authors by article."""
        self._place = {article: at for at, article in enumerate(dict.fromkeys(article for article, _ in rows))}
        chunks = np.array([chunk for _, chunk in rows], np.int64)
        # Sorted by chunk, so that the articles of any chunks are found by bisection, a hundred thousand in a millisecond.
        order = np.argsort(chunks)
        self._chunks = chunks[order]
        self._places = np.array([self._place[article] for article, _ in rows], np.int64)[order]
        self._heads: dict[str, set[int]] = defaultdict(set)
        for article, place in self._place.items():
            for words in terms(heads.get(article, "")):
                for word in words:
                    self._heads[word].add(place)

    @property
    def size(self) -> int:
        """The number of articles that have a chunk."""
        return len(self._place)

    def numbered(self, articles: Sequence[str]) -> Numbers:
        """The articles as numbers; one without a chunk is left out."""
        return np.array([self._place[article] for article in articles if article in self._place], np.int64)

    def headed(self, wanted: Sequence[str]) -> Numbers:
        """The articles whose title and author have all of these terms."""
        having = [self._heads.get(term, set()) for term in wanted]
        return np.array(sorted(set.intersection(*having)) if having else [], np.int64)

    def of(self, chunks: Numbers) -> Numbers:
        """The articles of these chunks, each once."""
        # A chunk that was added since then may lie behind all that are known here.
        at = np.searchsorted(self._chunks, chunks)
        return np.unique(self._places[at[at < len(self._chunks)]])


def respelt(text: str, index: Index, count: CountTokens) -> str:
    """The text with its misspelt words as the articles spell them; `count` gives the encoder's tokens of words.

    A word that the encoder knows as one piece, in one of its forms, is spelt well, if rare. Where a third of the words is known
    neither here nor there, the text is left as it is: it is in another language, or about something else. So is a text in a
    language that no article is in, since its words cannot be misspellings of the articles'. Raises the index's errors.
    """
    if not text:
        return text
    languages = index.catalog.languages()
    # "" is an article whose language is not known, which may be any.
    if "" not in languages and language_of_question(text, languages) not in ("", *languages):
        return text
    written = _WORD.findall(text)
    unknown = {word: chunks for word in dict.fromkeys(written) if (chunks := _near(word, index)) is not None}
    better = {word: _nearest(word, chunks, index) for word, chunks in unknown.items() if not _is_spelt_well(word, count)}
    if sum(not found for found in better.values()) > len(written) / 3:
        return text
    return _WORD.sub(lambda match: better.get(match[0]) or match[0], text)


def _is_spelt_well(word: str, count: CountTokens) -> bool:
    """Whether a word, or what it is a form of, stands in the encoder's vocabulary: "loaf" does, and "loaves" does not."""
    bases = (word.removesuffix(ending) + other for ending, other in ENDINGS if word.endswith(ending))
    forms = [word, *(base for base in bases if len(base) >= SHORTEST)]
    return 1 in count(forms)


def _near(word: str, index: Index) -> list[int] | None:
    """The chunks with a word like this one; None for a word that some chunk has, or that is too short to be told."""
    words, grams = terms(word)
    # Chinese and Japanese are indexed as pairs of characters, among which no spelling can be told.
    if grams or len(words) != 1 or len(word) < SHORTEST or folded(word) in STOP_WORDS:
        return None
    return index.lexical.near(words[0], LOOKED_AT)


def _nearest(word: str, chunks: list[int], index: Index) -> str:
    """The word of those chunks that differs least, of equals the most frequent; "" where all differ too much."""
    wanted = folded(word)
    most = 2 if len(wanted) >= LONG else 1
    texts = (chunk.text for chunk in index.catalog.chunks(chunks).values())
    # People seldom mistake the first letter, so a word that begins otherwise is another word.
    # A word in capitals is an abbreviation, of which no ordinary word is the right spelling: "CITA" is not "city".
    seen = Counter(
        found
        for text in texts
        for found in _WORD.findall(text)
        if folded(found)[:1] == wanted[:1] and found.isupper() >= word.isupper()
    )
    away = {found: OSA.distance(wanted, folded(found), score_cutoff=most) for found in seen}
    return min(
        (found for found in seen if away[found] <= most), key=lambda found: (away[found], -seen[found], found), default=""
    )
