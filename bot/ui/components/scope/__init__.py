"""The line above the question's field: what the search is kept to, and the fields that change it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypedDict

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bot.errors import FootnoteError
from bot.serialization import to_json
from bot.types import Problem
from bot.ui.components.mounting import TextPiece, component, pieces
from bot.ui.components.notice import fault
from bot.ui.scoping import ScopePart, distinct_labels, scope_kept_by
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.splitting.language import language_name
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import EVERYWHERE, Scope

_KEY = "footnote-scope"
OPEN = f"{_KEY}-open"
ARTICLES, AUTHORS, SINCE, UNTIL, LANGUAGES = (
    f"{_KEY}-{name}" for name in ("articles", "authors", "since", "until", "languages")
)
_DATE = word("scope.date")


class ScopeData(TypedDict):
    """The line: a chip for each part of the scope, how many articles are in it ("" where that says nothing), what is wrong.

    `scope` is all of it as JSON, which the tab keeps, and gives back to another `session`: that of the page loaded again.
    """

    chips: list[dict[str, str]]
    count: str
    problem: list[TextPiece]
    scope: str
    session: str


def scope(state: ChatState, library: Library) -> None:
    """Draw the line; only it is drawn again when something in it changes."""
    st.fragment(_line)(state, library)


def scope_data(
    parts: Sequence[ScopePart], within: Callable[[], int], scope: Scope = EVERYWHERE, session: str = ""
) -> ScopeData:
    """The line for the parts of a scope; `within` counts the articles, or raises what is wrong with the scope."""
    chips = [{"field": part.field, "value": part.value, "label": part.label} for part in parts]
    data = ScopeData(chips=chips, count="", problem=[], scope=to_json(scope), session=session)
    # Articles that were chosen by hand need not be counted for the reader, but may be gone.
    counted = any(part.field != "articles" for part in parts)
    if parts:
        try:
            count = within()
        except (FootnoteError, VectorstoreError) as error:
            data["problem"] = pieces(f"{error.message} {error.help}")
        else:
            data["count"] = word("scope.count", count=count) if counted else ""
    return data


def _line(state: ChatState, library: Library) -> None:
    with st.container(key=_KEY, horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        popover = st.popover(word("scope.scope"), key=OPEN, type="tertiary", on_change=partial(_toggled, state, library))
        if popover.open:
            with popover:
                _fields(state, library)
        _chips(state, library)
    if state.redraw:
        # The list of sources beside the page shows the scope too.
        st.rerun()


def _toggled(state: ChatState, library: Library) -> None:
    """The fields begin with what is in force. A click beside them both ends a date and closes them: it still counts."""
    # Streamlit keeps under a popover's key whether it is open.
    if st.session_state[OPEN]:
        _fill(state)
    # LANGUAGES is not among them: its field is drawn only where the articles are in several languages.
    elif all(key in st.session_state for key in (ARTICLES, AUTHORS, SINCE, UNTIL)):
        since, until = (str(st.session_state[key] or "").strip() for key in (SINCE, UNTIL))
        languages = tuple(st.session_state.get(LANGUAGES, ()))
        wanted = Scope(tuple(st.session_state[ARTICLES]), tuple(st.session_state[AUTHORS]), since, until, languages)
        # What makes no sense has nobody left to be told: the box with the fields is closed.
        if wanted != state.scope and _wrong(wanted, library) is None:
            state.keep_to(wanted, _titles(library.articles()))


def _fill(state: ChatState) -> None:
    st.session_state[ARTICLES] = [*state.scope.articles]
    st.session_state[AUTHORS] = [*state.scope.authors]
    st.session_state[LANGUAGES] = [*state.scope.languages]
    st.session_state[SINCE], st.session_state[UNTIL] = state.scope.since, state.scope.until


def _fields(state: ChatState, library: Library) -> None:
    """The fields; what they say together comes into force as soon as it makes sense."""
    articles = library.articles()
    labels = distinct_labels((article.id, article.title) for article in articles)
    authors = sorted({article.author for article in articles if article.author}, key=str.casefold)
    chosen = _choice(word("scope.articles"), ARTICLES, [*labels], word("scope.all_articles"), labels.__getitem__)
    names = _choice(word("scope.authors"), AUTHORS, authors, word("scope.all_authors"), str)
    languages = _languages(articles)
    dates = zip(st.columns(2, gap="small"), ((word("scope.since"), SINCE), (word("scope.until"), UNTIL)), strict=True)
    since, until = (_date(place, label, key, library) for place, (label, key) in dates)
    # A date that can't be read is told below its field; the scope stays as it is until both can.
    if since is None or until is None:
        return
    wanted = Scope(tuple(chosen), tuple(names), since, until, tuple(languages))
    if _holds(wanted, library, f"{_KEY}-fault"):
        state.keep_to(wanted, _titles(articles))


def _languages(articles: Sequence[ArticleSummary]) -> list[str]:
    """The languages that are chosen; nothing to choose from, and no field, where all articles are in one."""
    there = sorted({article.language for article in articles if article.language}, key=language_name)
    if len(there) < 2:
        return []
    return _choice(word("scope.languages"), LANGUAGES, there, word("scope.all_languages"), language_name)


def _titles(articles: Sequence[ArticleSummary]) -> dict[str, str]:
    return {article.id: article.title for article in articles}


def _choice(label: str, key: str, options: list[str], placeholder: str, label_of: Callable[[str], str]) -> list[str]:
    known = set(options)
    # An article or an author may be gone since it was chosen, and Streamlit takes no value that is not offered.
    st.session_state[key] = [value for value in st.session_state.get(key, ()) if value in known]
    return st.multiselect(label, options, format_func=label_of, key=key, placeholder=placeholder, select_all=False)


def _date(place: DeltaGenerator, label: str, key: str, library: Library) -> str | None:
    """The date that stands in the field; None, and a sentence below the field, where it is wrong."""
    st.session_state.setdefault(key, "")
    with place:
        typed = str(st.text_input(label, key=key, placeholder=_DATE) or "").strip()
        # By itself, so that a wrong date is told at its own field and not at both.
        alone = Scope(since=typed) if key == SINCE else Scope(until=typed)
        return typed if _holds(alone, library, f"{key}-fault") else None


def _holds(scope: Scope, library: Library, key: str) -> bool:
    """Whether there are articles in the scope; where there are none, the reason is told."""
    if problem := _wrong(scope, library):
        fault(problem, key)
    return problem is None


def _wrong(scope: Scope, library: Library) -> Problem | None:
    try:
        if scope:
            # It raises where a date can't be read, and where no article is within the scope.
            library.within(scope)
    except (FootnoteError, VectorstoreError) as error:
        return Problem(error.message, error.help)
    return None


def _chips(state: ChatState, library: Library) -> None:
    key = f"{_KEY}-chips"

    def dropped() -> None:
        """Takes one restriction off the scope, or all of them."""
        match st.session_state[key].get("drop"):
            case {"field": str(field), "value": str(value)}:
                state.widen(field, value)
            case "all":
                state.widen()
        # The fields may stand open beside the chips, and would put the dropped part back into force.
        _fill(state)

    def loaded_again() -> None:
        """Keeps to what the tab was kept to before its page was loaded again; what is not there any more is let go."""
        wanted = scope_kept_by(st.session_state[key].get("keep"))
        if wanted is not None and _wrong(wanted, library) is None:
            state.keep_to(wanted, _titles(library.articles()))
            _fill(state)
            state.redraw = True

    data = scope_data(state.parts, lambda: library.within(state.scope), state.scope, state.session)
    component("scope")(key=key, data=data, on_drop_change=dropped, on_keep_change=loaded_again)
