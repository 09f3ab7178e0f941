"""What stands around the list of articles: how it is searched, sorted and filtered, and what is done with those chosen."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from bot.errors import FootnoteError
from bot.permissions import Permission, allowed
from bot.ui.layout import literal
from bot.ui.library.intake import IntakeItem
from bot.ui.library.listing import KIND_NAMES, ORDER_NAMES, ListFilter, ListOrder, kind_of, present
from bot.ui.library.state import LabelKind, LibraryState, examples_among
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.splitting.language import language_name
from vectorstore.storage.records import ArticleSummary, KeptFailure
from vectorstore.types import IngestSource

_KEY = "footnote-list"
FIND = "footnote-find"
LISTED = 100
"""Deleted articles, and failures, that are listed."""
SHORTEST = 3
"""Characters that are looked for inside the articles; fewer stand in nearly every text."""


def list_controls(articles: Sequence[ArticleSummary], library: Library) -> tuple[ListFilter, ListOrder]:
    """Draw the fields, and give what they say."""
    find, sort, narrow = st.columns([6, 3, 2], vertical_alignment="bottom", gap="small")
    with find:
        words = st.text_input(word("articles.find_an_article"), key=FIND, placeholder=word("articles.title_author_or_words"))
    with sort:
        order = st.selectbox(word("library.sort_by"), [*ORDER_NAMES], format_func=ORDER_NAMES.__getitem__, key=f"{_KEY}-order")
    with narrow, st.popover(word("library.filter"), key=f"{_KEY}-filter", width="stretch"):
        wanted = _filters(articles)
    return ListFilter(str(words or ""), _holding(library, str(words or "")), *wanted), order


def _filters(
    articles: Sequence[ArticleSummary],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]:
    languages = _choice(word("library.languages"), "languages", present(one.language for one in articles), language_name)
    tags = _choice(word("library.tags"), "tags", present(tag for one in articles for tag in one.tags), str)
    collections = _choice(
        word("library.collections"), "collections", present(name for one in articles for name in one.collections), str
    )
    kinds = _choice(
        word("library.kinds"),
        "kinds",
        # By the words that are shown, and not by the keys.
        sorted({kind_of(one) for one in articles}, key=KIND_NAMES.__getitem__),
        KIND_NAMES.__getitem__,
    )
    archived = st.toggle(word("library.only_archived"), key=f"{_KEY}-archived")
    return languages, tags, collections, kinds, bool(archived)


def _choice(label: str, name: str, options: list[str], label_of: Callable[[str], str]) -> tuple[str, ...]:
    """What is chosen; a field with nothing in it is not shown."""
    key = f"{_KEY}-{name}"
    # Streamlit raises for a chosen value that is not offered: the last article with a tag may have been deleted.
    st.session_state[key] = [value for value in st.session_state.get(key, ()) if value in options]
    if not options:
        return ()
    return tuple(
        st.multiselect(label, options, format_func=label_of, key=key, select_all=False, placeholder=word("library.any"))
    )


def _holding(library: Library, words: str) -> frozenset[str]:
    """The articles whose text holds all the words; none where the words are too few to look for."""
    if len(words.strip()) < SHORTEST:
        return frozenset()
    try:
        return frozenset(library.containing(words))
    except (FootnoteError, VectorstoreError):
        # The titles are searched all the same.
        return frozenset()


def chosen_bar(
    state: LibraryState, library: Library, articles: Sequence[ArticleSummary], ask: Callable[[Sequence[ArticleSummary]], None]
) -> None:
    """Draw what can be done with the chosen articles."""
    chosen = [one for one in articles if one.id in state.chosen]
    if not chosen:
        return
    ids = [one.id for one in chosen]
    # One button for both ways: a mixed choice is archived as a whole.
    archived = all(one.archived for one in chosen)
    with st.container(key="footnote-chosen", horizontal=True, vertical_alignment="center", gap="small"):
        st.text(word("library.chosen", count=len(chosen)))
        if not archived:
            st.button(word("library.ask_about_these"), key=f"{_KEY}-ask", type="primary", on_click=partial(ask, chosen))
        if allowed(Permission.EDIT_ARTICLES):
            with st.popover(word("library.labels"), key=f"{_KEY}-labels"):
                label_fields(state, library, chosen, f"{_KEY}-label")
            label = word("library.take_back") if archived else word("library.archive")
            st.button(label, key=f"{_KEY}-archive", on_click=partial(state.archive, library, ids, not archived))
            titles = {one.id: one.title or one.id for one in chosen}
            st.button(word("library.delete"), key=f"{_KEY}-delete", on_click=partial(state.delete, library, titles))
        st.button(word("library.choose_none"), key=f"{_KEY}-none", type="tertiary", on_click=state.clear)


def label_fields(state: LibraryState, library: Library, articles: Sequence[ArticleSummary], key: str) -> None:
    """Draw the tags and the collections that all of these articles have; what is added or taken away holds for all."""
    kinds: tuple[tuple[LabelKind, str], ...] = (("tag", "tags"), ("collection", "collections"))
    for place, (kind, name) in zip(st.columns(2, gap="small"), kinds, strict=True):
        # A label that only some of them have is not shown, so that taking one away is never half a change.
        shared = set.intersection(*(set(getattr(one, name)) for one in articles))
        with place:
            _label_field(state, library, articles, kind, sorted(shared, key=str.casefold), f"{key}-{name}")


def _label_field(
    state: LibraryState, library: Library, articles: Sequence[ArticleSummary], kind: LabelKind, has: list[str], key: str
) -> None:
    ids = [one.id for one in articles]

    def changed() -> None:
        """Adds the labels that are new in the field, and takes away those that are gone from it."""
        now = [str(name) for name in st.session_state[key]]
        # `has` is what the field was drawn with, so the difference is what the reader did.
        for name in (name for name in now if name not in has):
            state.label(library, ids, kind, name, True)
        for name in (name for name in has if name not in now):
            state.label(library, ids, kind, name, False)

    # Set in every run: the labels may have been changed in the bar of another choice, or by another window.
    st.session_state[key] = has
    known = present([*library.labels(kind), *has])
    label = word("library.tags") if kind == "tag" else word("library.collections")
    st.multiselect(
        label,
        known,
        key=key,
        on_change=changed,
        accept_new_options=True,
        select_all=False,
        placeholder=word("library.choose_or_type"),
    )


def notices(state: LibraryState, library: Library, articles: Sequence[ArticleSummary]) -> None:
    """Draw what was just deleted, with the way back, and the offer to remove the examples once there are own articles."""
    if (undo := state.undo) is not None:
        with st.container(key="footnote-undo", horizontal=True, vertical_alignment="center"):
            said = word("library.deleted_one", title=undo.title) if undo.title else word("library.deleted", count=len(undo.ids))
            st.markdown(literal(said))
            st.button(word("library.undo"), key=f"{_KEY}-undo", on_click=partial(state.restore, library, undo.ids))
    examples = examples_among(articles)
    # Only beside own articles: who has none is still trying Footnote out on them.
    if examples and len(examples) < len(articles):
        titles = {one.id: one.title for one in examples}
        with st.container(key="footnote-examples-there", horizontal=True, vertical_alignment="center"):
            st.text(word("library.examples_there", count=len(examples)))
            remove = partial(state.delete, library, titles)
            st.button(word("library.remove_the_examples"), key=f"{_KEY}-examples", on_click=remove)


def failed_before(state: LibraryState, library: Library) -> None:
    """Draw what could not be taken in and has not been since, with its reasons, to be tried again or forgotten."""
    try:
        failed = library.failures()
    except VectorstoreError:
        return
    # What is in sight as it comes in is not told a second time.
    named = {item.name for item in state.intake.items} if state.intake else set()
    # An uploaded file has an origin like "upload:name", and its item goes by the name.
    older = [one for one in failed if one.origin not in named and one.origin.partition(":")[2] not in named]
    if not older:
        return
    with st.expander(word("library.failed_before", count=len(older)), key=f"{_KEY}-failed"):
        for at, one in enumerate(older[:LISTED]):
            # A file may hold many articles, of which one failed: then its place in the file is named, too.
            name = one.origin if one.where == one.source.id else f"{one.origin}: {one.where}"
            with st.container(key=f"{_KEY}-failure-{at}", horizontal=True, vertical_alignment="center"):
                st.markdown(f"{literal(name)}  \n{literal(one.reason)}")
                again = IntakeItem(one.source.origin, partial(_source_of, one))
                retry = partial(state.add, library, [again])
                st.button(word("library.retry"), key=f"{_KEY}-retry-{at}", on_click=retry)
                dismiss = partial(library.dismiss_failures, [one.origin])
                st.button(word("library.dismiss"), key=f"{_KEY}-dismiss-{at}", type="tertiary", on_click=dismiss)


def _source_of(failure: KeptFailure) -> list[IngestSource]:
    return [failure.source]


def deleted_list(state: LibraryState, library: Library) -> None:
    """Draw the articles that can be brought back."""
    try:
        gone = library.deleted()
    except VectorstoreError:
        # There is no index at all yet.
        return
    if not gone:
        return
    with st.expander(word("library.deleted_articles", count=len(gone)), key=f"{_KEY}-deleted"):
        for one in gone[:LISTED]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"{_KEY}-gone-{one.id}"):
                st.markdown(literal(one.title or one.id))
                restore = partial(state.restore, library, [one.id])
                st.button(word("library.restore"), key=f"{_KEY}-restore-{one.id}", on_click=restore)
