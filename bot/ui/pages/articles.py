"""The library: the articles that answers are drawn from, how they come in, and a page for each with its text beside it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.permissions import Permission, allowed
from bot.types import Problem
from bot.ui.addresses import article_of
from bot.ui.components.catalog import CatalogEntry, catalog, entry
from bot.ui.components.notice import fault
from bot.ui.components.source import source
from bot.ui.components.watching import watching_switch
from bot.ui.exchange import SourceTarget
from bot.ui.layout import go_to_chat, room
from bot.ui.library.adding import add_form, coming_in
from bot.ui.library.controls import chosen_bar, deleted_list, failed_before, list_controls, notices
from bot.ui.library.details import details
from bot.ui.library.listing import ListedArticle, listed
from bot.ui.library.state import LibraryState, library_state
from bot.ui.state import ChatState, chat_state
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.library import Library
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Scope, Span

SHOWN = 200  # rows at a time; a longer list is searched, not scrolled
NO_SUCH_ARTICLE = Problem(word("library.no_such_article"), word("library.choose_another"))
_SHOWN = "footnote-article-shown"
_ASKED = "footnote-article-asked"


def page(service: Service) -> None:
    """Draw the library, or the page of one article, and whatever stands open beside it."""
    # Popped, so that the way back from the chat does not lead there again.
    if st.session_state.pop(_ASKED, False):
        go_to_chat()
    state, panel, library = library_state(), chat_state("articles"), service.library
    panel.redraw = False
    # Archived ones too: they are asked no more, but can be listed and read.
    articles = library.articles(with_archived=True) if library.has_index() else ()
    _arrive(state, panel, articles)
    reading = next((one for one in articles if one.id == state.reading), None)
    with room() as side, st.container(key="footnote-library", gap="small"):
        if reading is None:
            st.title(word("articles.articles"), anchor=False)
        else:
            back = partial(_back, state, panel)
            st.button(word("library.all_articles"), key="footnote-all", type="tertiary", on_click=back)
        if state.fault is not None:
            fault(state.fault, "footnote-library-fault")
        if allowed(Permission.EDIT_ARTICLES):
            notices(state, library, articles)
        if reading is None:
            _library(state, panel, library, articles)
            if allowed(Permission.MAINTAIN):
                _watched(service)
        else:
            if state.intake is not None and state.intake.running:
                coming_in(state)
            details(state, library, reading, articles, _ask, partial(_show, panel, reading.id))
    with side:
        # After the page above, whose switch for the borders has been read by now.
        panel.borders = tuple(library.passages(reading.id)) if reading is not None and state.borders else ()
        source(panel, service, "footnote-reading")


def _arrive(state: LibraryState, panel: ChatState, articles: Sequence[ArticleSummary]) -> None:
    """Bring the article that is read and the page's address together: the one that has changed since the last run leads."""
    wanted, shown, known = article_of(st.query_params), str(st.session_state.get(_SHOWN, "")), {one.id for one in articles}
    if wanted != shown:
        state.open(wanted if wanted in known else "")
        state.fault = None if wanted in known or not wanted else NO_SUCH_ARTICLE
    # Deleted meanwhile, here or by another process.
    if state.reading not in known:
        state.reading = ""
    # A reader may have closed the text: it opens again only with another article.
    if state.reading != shown and (panel.opened is None or panel.opened.article != state.reading):
        panel.opened = SourceTarget("article", article=state.reading) if state.reading else None
    st.session_state[_SHOWN] = state.reading
    if wanted != state.reading:
        st.query_params.from_dict({"article": state.reading} if state.reading else {})


def _open(state: LibraryState, panel: ChatState, id: str) -> None:
    state.open(id)
    # The same click has asked for the text, and may be answered with that alone.
    panel.redraw = True


def _show(panel: ChatState, id: str, place: Span) -> None:
    """Open the article at a place, whether its text stands open beside the page or was closed."""
    panel.opened = SourceTarget("article", article=id, place=place)


def _back(state: LibraryState, panel: ChatState) -> None:
    state.open("")
    panel.opened = None


def _library(state: LibraryState, panel: ChatState, library: Library, articles: Sequence[ArticleSummary]) -> None:
    if not articles:
        st.text(word("library.empty"))
    may_edit = allowed(Permission.EDIT_ARTICLES)
    if may_edit:
        add_form(state, library, empty=not articles)
    coming_in(state)
    if articles:
        with st.container(key="footnote-list-head"):
            wanted, order = list_controls(articles, library)
        found = listed(articles, wanted, order)
        with st.container(key="footnote-counted"):
            st.text(_count(found, sum(one.archived == wanted.archived for one in articles)))
        chosen_bar(state, library, articles, _ask)
        catalog([_entry(row) for row in found[:SHOWN]], state.cleared, partial(_open, state, panel), state.choose)
    if may_edit:
        failed_before(state, library)
        deleted_list(state, library)


def _watched(service: Service) -> None:
    """The folders and feeds that are watched; read from the home only where a person has opened them."""
    box = st.expander(word("watching.folders_and_feeds"), key="footnote-watched", on_change="rerun")
    if box.open:
        with box:
            watching_switch(service)


def _entry(row: ListedArticle) -> CatalogEntry:
    one = row.article
    notes = (
        word("library.note_copies", count=row.copies) if row.copies else "",
        word("library.note_gone") if one.gone else "",
        word("library.note_in_the_text") if row.by_text else "",
        *one.collections,
        *(f"#{tag}" for tag in one.tags),
    )
    return entry(one, [note for note in notes if note])


def _ask(articles: Sequence[ArticleSummary]) -> None:
    """Keep the chat to these articles, and go there."""
    titles = {one.id: one.title or one.id for one in articles}
    chat_state("chat").keep_to(Scope(articles=tuple(titles)), titles)
    # A callback comes before the pages of this run are known.
    st.session_state[_ASKED] = True


def _count(found: Sequence[ListedArticle], all_of_them: int) -> str:
    """How many are listed, and how many of these were found in their texts alone."""
    shown = sum(1 + row.copies for row in found)
    # Copies are told in the row of their first article, and count all the same.
    told = word("articles.count", count=shown)
    if shown != all_of_them:
        told = word("articles.count_of", found=shown, total=all_of_them)
    if by_text := sum(row.by_text for row in found):
        told = word("library.by_text", counted=told, count=by_text)
    return word("articles.first", counted=told, shown=SHOWN) if len(found) > SHOWN else told
