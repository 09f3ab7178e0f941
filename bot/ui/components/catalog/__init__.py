"""The list of articles, each opening beside it; several can be chosen."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from bot.ui.components.mounting import component
from bot.ui.words import word
from vectorstore.splitting.language import language_name
from vectorstore.storage.records import ArticleSummary

_KEY = "footnote-catalog"
_WORD = 5.7  # characters to a word of English with its space: sizes are told in words, as readers think of them


class CatalogEntry(TypedDict):
    """An article in the list; `notes` are short words about it, such as its tags."""

    id: str
    title: str
    byline: list[str]
    size: str
    cut_off: bool
    notes: list[str]


class CatalogData(TypedDict):
    """The list; with each new number of `cleared`, none is chosen any more."""

    entries: list[CatalogEntry]
    cleared: int


def entry(article: ArticleSummary, notes: Sequence[str] = ()) -> CatalogEntry:
    """An article as the list shows it. Pure."""
    return CatalogEntry(
        id=article.id,
        title=article.title or article.id,
        byline=[part for part in (article.author, article.date, foreign(article.language)) if part],
        size=size_of(article),
        cut_off=article.cut_off,
        notes=[*notes],
    )


def catalog(
    entries: Sequence[CatalogEntry], cleared: int, opened: Callable[[str], None], chosen: Callable[[object], None]
) -> None:
    """Draw the list; `opened` is told of an article that is to be read, and `chosen` of all that are."""

    def open_one() -> None:
        """Opens the article whose identifier the browser sent."""
        id = st.session_state[_KEY].get("open")
        if isinstance(id, str):
            opened(id)

    def choose() -> None:
        """Passes on which articles are chosen by now."""
        chosen(st.session_state[_KEY].get("choose"))

    data = CatalogData(entries=[*entries], cleared=cleared)
    # Two triggers: one opens an article and draws the page, the other only tells which are ticked.
    component("catalog")(key=_KEY, data=data, on_open_change=open_one, on_choose_change=choose)


def foreign(language: str) -> str:
    """The name of a language other than the page's own, "" for that or where it is not known."""
    return "" if language == "en" else language_name(language)


def size_of(article: ArticleSummary) -> str:
    """How long an article is, in words and passages."""
    return word("articles.size", words=_round(article.chars / _WORD), count=article.chunks)


def _round(words: float) -> int:
    # Counted from characters, the words are an estimate, and are rounded as one.
    step = 10 if words < 1000 else 100
    return max(step, round(words / step) * step)
