"""The list of articles, each opening beside it."""

from collections.abc import Sequence
from typing import TypedDict

from bot.ui.components.mounting import component
from bot.ui.words import word
from vectorstore.splitting.language import language_name
from vectorstore.storage.records import ArticleSummary

_WORD = 5.7  # characters to a word of English with its space: sizes are told in words, as readers think of them


class CatalogEntry(TypedDict):
    """An article in the list."""

    id: str
    title: str
    byline: str
    size: str
    cut_off: bool


def entries(articles: Sequence[ArticleSummary]) -> list[CatalogEntry]:
    """The articles as the list shows them. Pure."""
    return [
        CatalogEntry(
            id=article.id,
            title=article.title,
            byline=" · ".join(part for part in (article.author, article.date, foreign(article.language)) if part),
            size=_size(article),
            cut_off=article.cut_off,
        )
        for article in articles
    ]


def catalog(articles: Sequence[ArticleSummary]) -> None:
    """Draw the list."""
    component("catalog")(key="footnote-catalog", data={"entries": entries(articles)})


def foreign(language: str) -> str:
    """The name of a language other than the page's own, "" for that or where it is not known."""
    return "" if language == "en" else language_name(language)


def _size(article: ArticleSummary) -> str:
    return word("articles.size", words=_round(article.chars / _WORD), count=article.chunks)


def _round(words: float) -> int:
    step = 10 if words < 1000 else 100
    return max(step, round(words / step) * step)
