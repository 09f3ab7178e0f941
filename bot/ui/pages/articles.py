"""The articles that answers are drawn from: a list, and each article beside it."""

import streamlit as st

from bot.ui.components.catalog.catalog import catalog
from bot.ui.components.source.source import source
from bot.ui.layout import room
from bot.ui.state import chat_state
from bot.wiring import Service
from vectorstore.storage.records import ArticleSummary

SHOWN = 200  # rows at a time; a longer list is searched, not scrolled


def page(service: Service) -> None:
    """Draw the list and whatever stands open beside it."""
    state = chat_state("articles")
    articles = service.library.articles()
    with room() as side:
        with st.container(key="footnote-list-head"):
            st.title("Articles", anchor=False)
            wanted = st.text_input("Find an article by title or author", key="footnote-find", placeholder="Title or author")
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
    told = f"{found:,} of {all_of_them:,} articles" if found != all_of_them else f"{found:,} article{'' if found == 1 else 's'}"
    return f"{told}, the first {SHOWN} shown: name one to see more" if found > SHOWN else told
