"""What an article is about: its most central sentences, word for word, and for its own page its headings as well. Pure.

Central sentences are found by LexRank (Erkan and Radev 2004) over word tf-idf. A sentence is central where it is like many
others that are central themselves: PageRank over the sentences' cosines. As in the biased variant of Otterbacher, Erkan and
Radev (2009), the walk begins again more often at sentences that share words with the title. A paragraph of a few words ("The
minutes were approved.") says little of its article, however much it shares with the title: what a sentence is worth grows with
the length of its paragraph. Where it stands in its article counts nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.searching.folding import terms
from vectorstore.splitting.language import EASTERN_LETTER
from vectorstore.splitting.outline import LONGEST_PARSED, outline
from vectorstore.splitting.sentences import is_heading
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Article, Span

Floats = NDArray[np.float64]

RESTART = 0.15
"""How often the walk begins again, as in the paper."""
TITLED = 0.5
"""The share of these beginnings that goes to sentences by their likeness to the title; the rest goes to all alike."""
SAME = 0.5
"""A sentence with so high a cosine to one that was taken says it again."""
LONGEST, SHORTEST = 420, 5
"""Characters of a sentence that can stand by itself at the most, and words at the least."""
MOST = 1500
"""Sentences of an article that are compared, evenly spread over it where there are more."""

_LINK = re.compile(r"\]\(|https?://|www\.")
_ITEM = re.compile(r"\s*(?:[-*+•–—|>]|\(?\d{1,3}[.)]|#{1,6}|```)\s*")
_ENDED = re.compile(r"[.!。！।…؟][\"'”’»)\]）」』*_]*$")
# What such a sentence goes on from stands before it.
_LEANING = re.compile(
    r"(?:it|this|that|these|those|they|he|she|its|their|his|her|but|and|so|or|however|therefore|thus|then|yet|instead|also|both|"
    r"another|such|in that|at that|at those|for that|the (?:first|second|third|other|others|same|former|latter))\b",
    re.IGNORECASE,
)
FEW = 20
"""A sentence in a paragraph of so many words is worth half."""
LEANING = 0.6
"""What a sentence is worth that leans on the one before it, as such a one can't stand alone."""
LEADING = 4
"""Sentences at most, as in an answer that says what an article is about."""
MOST_HEADINGS = 60
"""Headings of an article that are listed at most."""
CHARACTERS_A_MINUTE = 1300
"""About 230 words of English, as people read for themselves (Brysbaert 2019)."""
EASTERN_A_MINUTE = 500
"""Characters of Chinese, Japanese or Korean, each of which says as much as two or three letters."""


@dataclass(frozen=True, slots=True)
class CentralSentence:
    """A sentence of an article, [start, end) of its text, with the chunk that it stands in."""

    chunk: StoredChunk
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.chunk.text[self.start - self.chunk.start : self.end - self.chunk.start]

    @property
    def paragraph(self) -> str:
        """What stands around it between empty lines, as far as it is in the chunk."""
        whole, start, end = self.chunk.text, self.start - self.chunk.start, self.end - self.chunk.start
        after = whole.find("\n\n", end)
        return whole[whole.rfind("\n\n", 0, start) + 1 : after if after >= 0 else len(whole)]


def central_sentences(chunks: Sequence[StoredChunk], title: str, most: int) -> list[CentralSentence]:
    """The `most` most central sentences of an article in reading order; none that repeats another of them."""
    candidates = _candidates(chunks)
    if len(candidates) > MOST:
        # The table of cosines grows with the square of the sentences.
        candidates = [candidates[at * len(candidates) // MOST] for at in range(MOST)]
    if not candidates:
        return []
    # The title is the last row, so that its words have a place in the same table.
    matrix = _tfidf([*(one.text for one in candidates), title])
    alike = matrix[:-1] @ matrix[:-1].T
    scores = lexrank(alike, matrix[:-1] @ matrix[-1])
    scores *= [_weight(one) for one in candidates]
    chosen: list[int] = []
    # Stable: equal scores stay in reading order.
    for at in np.argsort(-scores, kind="stable").tolist():
        if len(chosen) < most and all(alike[at, other] < SAME for other in chosen):
            chosen.append(at)
    return [candidates[at] for at in sorted(chosen)]


def _weight(one: CentralSentence) -> float:
    """What a sentence is worth beside its centrality, by the length of its paragraph and whether it can stand alone."""
    words, grams = terms(one.paragraph)
    # Eastern scripts are counted by pairs of characters, of which about two make a word.
    length = len(words) + len(grams) / 2
    return length / (length + FEW) * (LEANING if _LEANING.match(one.text) else 1.0)


def lexrank(alike: Floats, liking: Floats) -> Floats:
    """The sentences' centrality, shape (n,), in sum 1: `alike` are their cosines (n, n), `liking` those with the title (n,)."""
    count = len(alike)
    # Rows in sum 1: the odds of walking from one sentence to the others. No row is empty, as each sentence is like itself.
    step = alike / alike.sum(axis=1, keepdims=True)
    start = np.full(count, 1 / count)
    if liking.sum() > 0:
        start = (1 - TITLED) * start + TITLED * liking / liking.sum()
    scores = start
    # Each round leaves at most 0.85 of the difference, so 100 of them come near 1e-7 at worst.
    for _ in range(100):
        moved = RESTART * start + (1 - RESTART) * (scores @ step)
        if np.abs(moved - scores).sum() < 1e-9:
            break
        scores = moved
    return np.array(scores)


def _candidates(chunks: Sequence[StoredChunk]) -> list[CentralSentence]:
    """The sentences that can stand by themselves, each once, in reading order."""
    found: dict[Span, CentralSentence] = {}
    for chunk in chunks:
        for span in chunk.sentences:
            one = CentralSentence(chunk, *span)
            if span not in found and _fit(one.text):
                found[span] = one
    return [found[span] for span in sorted(found)]


def _fit(text: str) -> bool:
    """Whether it is a statement: no heading, question, item of a list, line of links, and neither short nor long."""
    words, grams = terms(text)
    long_enough = len(words) >= SHORTEST or len(grams) >= 2 * SHORTEST
    if not long_enough or len(text) > LONGEST or is_heading(text) or _ITEM.match(text) or _LINK.search(text):
        return False
    return _ENDED.search(text.rstrip()) is not None


def _tfidf(texts: Sequence[str]) -> Floats:
    """The texts as unit rows of tf-idf, (n, terms), with the frequencies of these texts."""
    bags = [Counter(word for part in terms(text, stop=True) for word in part) for text in texts]
    having = Counter(word for bag in bags for word in bag)
    place = {word: at for at, word in enumerate(having)}
    rows = np.zeros((len(texts), max(len(place), 1)))
    for at, bag in enumerate(bags):
        for word, count in bag.items():
            rows[at, place[word]] = count * np.log(1 + len(texts) / having[word])
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Words of an article and where they stand in it; `level` is that of a heading, from 1, and 0 of a sentence."""

    text: str
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class ArticleOverview:
    """The minutes that an article takes to read, its headings in order, and the sentences that say what it is about.

    >>> article = Article("rain.md", "# Rain\\n\\nIt rained for nine days in the town of Ner. Ner was flooded.", "Rain")
    >>> found = article_overview(article, [])
    >>> found.minutes, [one.text for one in found.headings], found.sentences
    (1, ['Rain'], ())
    """

    minutes: int
    headings: tuple[PlacedText, ...] = ()
    sentences: tuple[PlacedText, ...] = ()


def article_overview(article: Article, chunks: Sequence[StoredChunk]) -> ArticleOverview:
    """The overview of an article that is cut into these chunks; one in the archive has none, and no sentences."""
    found = central_sentences(chunks, article.title, LEADING)
    sentences = tuple(PlacedText(" ".join(one.text.split()), (one.start, one.end)) for one in found)
    return ArticleOverview(reading_minutes(article.text), _headings(article.text), sentences)


def reading_minutes(text: str) -> int:
    """How long a text takes to read, in whole minutes, at least one.

    >>> reading_minutes("word " * 1000), reading_minutes("水" * 5000)
    (4, 10)
    """
    eastern = len(EASTERN_LETTER.findall(text))
    return max(1, round((len(text) - eastern) / CHARACTERS_A_MINUTE + eastern / EASTERN_A_MINUTE))


def _headings(text: str) -> tuple[PlacedText, ...]:
    # Of a longer text the outline knows no headings, and to look for them would take seconds.
    if len(text) > LONGEST_PARSED:
        return ()
    found = outline(text)
    headings = [one for one in found.blocks if one.kind == "heading"]
    placed = (PlacedText(found.words(one), (one.start, one.end), one.level) for one in headings[:MOST_HEADINGS])
    return tuple(one for one in placed if one.text)
