"""What one article is about, for its own page: its headings and its most central sentences, each with its place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.collection.overview import central_sentences
from vectorstore.splitting.language import EASTERN_LETTER
from vectorstore.splitting.outline import LONGEST_PARSED, outline
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Article, Span

LEADING = 4
"""Sentences at most, as in an answer that says what an article is about."""
MOST_HEADINGS = 60
"""Headings of an article that are listed at most."""
CHARACTERS_A_MINUTE = 1300
"""About 230 words of English, as people read for themselves (Brysbaert 2019)."""
EASTERN_A_MINUTE = 500
"""Characters of Chinese, Japanese or Korean, each of which says as much as two or three letters."""


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
