"""An article's own page: what it is, what can be done with it, its original beside it, its copies, and what was left out."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from bot.answering.collection.overview import ArticleOverview, PlacedText
from bot.errors import FootnoteError
from bot.permissions import Permission, allowed
from bot.types import Problem
from bot.ui.components.catalog import foreign, size_of
from bot.ui.components.notice import fault
from bot.ui.components.original import original_page
from bot.ui.layout import literal
from bot.ui.library.controls import label_fields
from bot.ui.library.intake import IntakeItem
from bot.ui.library.listing import KIND_NAMES, kind_of
from bot.ui.library.state import LibraryState
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.readers.files import is_web_address
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article, Span

_KEY = "footnote-article"
LARGEST_SHOWN = 1_000_000
"""Bytes of an original that are shown on the page; a larger one can be downloaded."""
# Formats that can be read as they stand in their files.
_TEXTS = (".txt", ".md", ".markdown", ".mdx", ".jsonl", ".json", ".csv", ".tsv", ".vtt", ".srt", ".xml", ".opml")


def details(
    state: LibraryState,
    library: Library,
    summary: ArticleSummary,
    others: Sequence[ArticleSummary],
    ask: Callable[[Sequence[ArticleSummary]], None],
    show: Callable[[Span], None],
) -> None:
    """Draw the page of an article; `others` are all articles that there are, and `show` opens a place in the text beside."""
    article = library.article(summary.id)
    # Deleted between the list and this look: the next run of the page has it no more.
    if article is None:
        return
    with st.container(key="footnote-article-head"):
        st.title(literal(summary.title or summary.id), anchor=False)
        about = state.overview(library, article)
        st.text(_byline(summary, about))
        _states(summary, others)
    _overview(about, show)
    _actions(state, library, summary, ask)
    if allowed(Permission.EDIT_ARTICLES):
        _edit(state, library, article)
        with st.container(key=f"{_KEY}-labels"):
            label_fields(state, library, [summary], f"{_KEY}-label")
    _copies(state, library, summary, others)
    if allowed(Permission.EDIT_ARTICLES):
        _left_out(state, library, article)
    _original(library, article)


def _byline(one: ArticleSummary, about: ArticleOverview) -> str:
    minutes = word("library.minutes", count=about.minutes)
    parts = (one.author, one.date, foreign(one.language), KIND_NAMES[kind_of(one)], size_of(one), minutes)
    # Set apart from each other by Unicode's isolates, as plain text has no markup: an Arabic author would turn the date round.
    return " · ".join(f"\u2068{part}\u2069" for part in parts if part)


def _states(one: ArticleSummary, others: Sequence[ArticleSummary]) -> None:
    """What a reader must know before they ask about it."""
    titles = {other.id: other.title for other in others}
    said = (
        word("library.is_archived") if one.archived else "",
        word("library.is_gone", place=one.origin) if one.gone else "",
        word("library.is_copy", title=titles.get(one.variant_of, one.variant_of)) if one.variant_of else "",
        word("library.added_on", date=one.added[:10]) if one.added else "",
    )
    for sentence in filter(None, said):
        st.caption(literal(sentence))


def _overview(found: ArticleOverview, show: Callable[[Span], None]) -> None:
    """What it is about, and its headings; each leads to its place in the text."""
    with st.container(key=f"{_KEY}-overview", gap="small"):
        if found.sentences:
            st.subheader(word("library.what_it_is_about"), anchor=False)
            _places(found.sentences, "sentence", show)
        if found.headings:
            with st.expander(word("library.headings", count=len(found.headings)), key=f"{_KEY}-headings"):
                _places(found.headings, "heading", show)


def _places(places: Sequence[PlacedText], name: str, show: Callable[[Span], None]) -> None:
    told = word("library.show_in_the_text")
    for at, one in enumerate(places):
        # The style sheet indents a heading by the "level" in this key, which becomes a class.
        key = f"{_KEY}-{name}-{at}-level-{one.level}"
        st.button(literal(one.text), key=key, type="tertiary", help=told, on_click=partial(show, one.span))


def _actions(
    state: LibraryState, library: Library, one: ArticleSummary, ask: Callable[[Sequence[ArticleSummary]], None]
) -> None:
    with st.container(key=f"{_KEY}-actions", horizontal=True, vertical_alignment="center", gap="small"):
        if not one.archived:
            st.button(word("library.ask_about_this"), key=f"{_KEY}-ask", type="primary", on_click=partial(ask, [one]))
        if allowed(Permission.EDIT_ARTICLES):
            _changes(state, library, one)
        st.toggle(word("library.show_passages"), key=f"{_KEY}-borders-{one.id}", on_change=partial(_borders, state, one.id))


def _changes(state: LibraryState, library: Library, one: ArticleSummary) -> None:
    # Only what was fetched can be fetched again; a file is read again by `footnote ingest`.
    if is_web_address(one.origin):
        item = IntakeItem(one.title or one.source, partial(library.fetch_again, one.id), known=True)
        st.button(word("library.fetch_again"), key=f"{_KEY}-fetch", on_click=partial(state.add, library, [item]))
    label = word("library.take_back") if one.archived else word("library.archive")
    st.button(label, key=f"{_KEY}-archive", on_click=partial(state.archive, library, [one.id], not one.archived))
    titles = {one.id: one.title or one.id}
    st.button(word("library.delete"), key=f"{_KEY}-delete", on_click=partial(state.delete, library, titles))


def _borders(state: LibraryState, id: str) -> None:
    state.borders = bool(st.session_state[f"{_KEY}-borders-{id}"])


def _edit(state: LibraryState, library: Library, article: Article) -> None:
    names = {"title": word("library.title"), "author": word("library.author"), "date": word("library.date")}
    with st.expander(word("library.edit"), key=f"{_KEY}-edit"), st.form(f"{_KEY}-form-{article.id}", border=False):
        typed = {name: st.text_input(label, getattr(article, name)) for name, label in names.items()}
        if st.form_submit_button(word("library.save")):
            fields = {name: str(value or "").strip() for name, value in typed.items()}
            # Only these: a field that a person has set is not overwritten by the next reading of the file.
            changed = {name: value for name, value in fields.items() if value != getattr(article, name)}
            if changed:
                state.edit(library, article.id, changed)
            if state.fault is None:
                # What stands above and beside it was drawn with the old words.
                st.rerun()
            else:
                fault(state.fault, f"{_KEY}-edit-fault")


def _copies(state: LibraryState, library: Library, one: ArticleSummary, others: Sequence[ArticleSummary]) -> None:
    known = {other.id: other for other in others}
    # Archived copies are among `others`, deleted ones are not.
    copies = [known[id] for id in library.copies(one.id) if id in known and id != one.id]
    if not copies:
        return
    with st.expander(word("library.copies", count=len(copies)), key=f"{_KEY}-copies"):
        for copy in copies:
            label = " · ".join(filter(None, (copy.title or copy.id, copy.author, copy.date, copy.source or copy.origin)))
            st.button(literal(label), key=f"{_KEY}-copy-{copy.id}", type="tertiary", on_click=partial(state.open, copy.id))


def _left_out(state: LibraryState, library: Library, article: Article) -> None:
    if not article.omitted:
        return
    with st.expander(word("library.left_out", count=len(article.omitted)), key=f"{_KEY}-left-out"):
        st.text(word("library.left_out_help"))
        for at, part in enumerate(article.omitted):
            with st.container(key=f"{_KEY}-part-{at}"):
                st.caption(literal(part.reason))
                st.text(part.text)
                put_back = partial(state.put_back, library, article.id, at)
                st.button(word("library.put_back"), key=f"{_KEY}-put-back-{at}", on_click=put_back)


def _original(library: Library, article: Article) -> None:
    """The file as it came, beside the text that is cited."""
    try:
        path = library.original(article.id)
    except (FootnoteError, VectorstoreError) as error:
        fault(Problem(error.message, error.help), f"{_KEY}-original-fault")
        return
    # A text that was pasted has no file, and a file may be gone from its folder.
    if path is None or not path.is_file():
        return
    # The file is read only once somebody unfolds it.
    box = st.expander(word("library.original"), key=f"{_KEY}-original", on_change="rerun")
    if box.open:
        with box:
            _shown_original(path, article)


def _shown_original(path: Path, article: Article) -> None:
    name = Path(article.origin).name or article.id
    st.download_button(word("library.download"), path.read_bytes, name, key=f"{_KEY}-download", on_click="ignore")
    if path.stat().st_size > LARGEST_SHOWN:
        st.text(word("library.too_large_to_show"))
    elif "html" in article.media_type or path.suffix.lower() in (".html", ".htm"):
        original_page(path.read_bytes().decode("utf-8", "replace"), word("library.original"))
    # Without a media type the article was written as a text, whatever its ending.
    elif not article.media_type or path.suffix.lower() in _TEXTS:
        st.code(path.read_bytes().decode("utf-8", "replace"), language=None, wrap_lines=True, height=480)
    else:
        st.text(word("library.no_preview"))
