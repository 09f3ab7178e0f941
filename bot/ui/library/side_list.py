"""The list of sources in the side column of every page: what is ticked there is what the chat asks."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from bot.errors import FootnoteError
from bot.ui.components.sources import SourcesCallbacks, sources
from bot.ui.layout import go_to_articles
from bot.ui.library.state import LibraryState, library_state
from bot.ui.state import chat_state
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.storage.records import ArticleSummary

_ADDING, _CHANGED, _REMOVED = "footnote-sources-adding", "footnote-sources-changed", "footnote-sources-removed"


def side_list(library: Library) -> None:
    """Draw the list; and go where articles are added, if that was asked for in it."""
    # Popped, so that the way back from the library does not lead there again.
    if st.session_state.pop(_ADDING, False):
        go_to_articles()
    with st.sidebar:
        st.fragment(_list)(library)


def _list(library: Library) -> None:
    try:
        articles = library.articles() if library.has_index() else ()
    except (FootnoteError, VectorstoreError):
        # The page below says what stands in the way.
        return
    state = library_state()
    callbacks = SourcesCallbacks(
        keep=partial(_keep, articles),
        remove=partial(_remove, state, library, articles),
        restore=partial(_restore, state, library),
        add=_add,
    )
    # What was deleted on the page of the library is restored there.
    own = state.undo is not None and state.undo.ids == (st.session_state.get(_REMOVED),)
    undo = word("sources.removed", title=state.undo.title) if state.undo is not None and own else ""
    # The chat's scope, whichever page this stands on: it is what the next question is kept to.
    sources(articles, chat_state("chat").scope.articles, undo, callbacks)
    if st.session_state.pop(_CHANGED, False):
        # The page around it shows the same articles, or the scope.
        st.rerun()


def _keep(articles: Sequence[ArticleSummary], ids: tuple[str, ...]) -> None:
    chat = chat_state("chat")
    chat.keep_to(replace(chat.scope, articles=ids), {one.id: one.title or one.id for one in articles})
    st.session_state[_CHANGED] = True


def _remove(state: LibraryState, library: Library, articles: Sequence[ArticleSummary], id: str) -> None:
    titles = {one.id: one.title or one.id for one in articles}
    state.delete(library, {id: titles[id]})
    if state.fault is None:
        st.session_state[_REMOVED] = id
        kept = chat_state("chat").scope.articles
        # A scope that names a deleted article would find nothing.
        if id in kept:
            _keep(articles, tuple(one for one in kept if one != id))
    st.session_state[_CHANGED] = True


def _restore(state: LibraryState, library: Library) -> None:
    if state.undo is not None:
        state.restore(library, state.undo.ids)
    st.session_state[_CHANGED] = True


def _add() -> None:
    library_state().adding = True
    # A callback comes before the pages of this run are known.
    st.session_state[_ADDING] = st.session_state[_CHANGED] = True
