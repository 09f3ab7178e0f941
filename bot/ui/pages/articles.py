"""The articles that answers are drawn from: a list, and each article beside it."""

import streamlit as st

from bot.ui.components.catalog import catalog
from bot.ui.components.source import source
from bot.ui.layout import room
from bot.ui.state import chat_state
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.storage.records import ArticleSummary

SHOWN = 200  # rows at a time; a longer list is searched, not scrolled


def page(service: Service) -> None:
    """Draw the list and whatever stands open beside it."""
    state = chat_state("articles")
    articles = service.library.articles()
    with room() as side:
        with st.container(key="footnote-list-head"):
            st.title(word("articles.articles"), anchor=False)
            wanted = st.text_input(
                word("articles.find_an_article_by_title"), key="footnote-find", placeholder=word("articles.title_or_author")
            )
        found = [article for article in articles if matches(article, wanted)]
        st.text(_count(len(found), len(articles)))
        catalog(found[:SHOWN])
    with side:
        source(state, service, "footnote-reading")


def matches(article: ArticleSummary, wanted: str) -> bool:
    """Whether every word that is wanted stands in the article's title, author or id."""
    known = f"{article.title} {article.author} {article.id}".casefold()
    return all(word in known for word in wanted.casefold().split())


def _count(found: int, all_of_them: int) -> str:
    told = word("articles.count", count=found)
    if found != all_of_them:
        told = word("articles.count_of", found=found, total=all_of_them)
    return word("articles.first", counted=told, shown=SHOWN) if found > SHOWN else told
