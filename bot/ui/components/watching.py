"""The switch of watching, with the folders and feeds that the home watches, and what came of it last."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from bot.errors import FootnoteError
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.watching import Watching, WatchStatus
from vectorstore.readers.files import is_web_address

_KEY = "footnote-watching"
_FAULT = f"{_KEY}-fault"


def watching_switch(service: Service) -> None:
    """Draw whether folders and feeds are watched, which, and what can be done about it."""
    watching, status = service.watching, service.watching.status()
    with st.container(key=_KEY):
        _switch(watching, status)
        st.caption(literal(told(status)))
        for one in status.places.folders:
            # The folder stays in the list: a drive may be unplugged for a while.
            label = word("watching.not_there", path=one.path) if one.path in status.missing else one.path
            _row(label, f"{_KEY}-folder-{one.path}", partial(watching.remove_folder, one.path))
        for feed in status.places.feeds:
            label = word("watching.feed_failed", url=feed.url, why=feed.failure) if feed.failure else feed.url
            _row(label, f"{_KEY}-feed-{feed.url}", partial(watching.remove_feed, feed.url))
        _form(watching)
        problem = st.session_state.get(_FAULT)
        if isinstance(problem, Problem):
            fault(problem, f"{_KEY}-trouble")


def told(status: WatchStatus) -> str:
    """How watching stands, and what came of it last, in a sentence or two."""
    # In the order of what counts most: a fault, nothing to watch, the switch, and only then what came last.
    if status.problem:
        return status.problem
    if not status.places.folders and not status.places.feeds:
        return word("watching.nothing_is_watched")
    if not status.places.on:
        return word("watching.switched_off")
    if not status.batches:
        return word("watching.watched") if status.here else word("watching.another_process_watches")
    # The newest batch comes first.
    report = status.batches[0].report
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "gone", "removed", "failed")}
    return word("watching.last", time=status.batches[0].at.astimezone(), moved=len(status.batches[0].moved), **counts)


def _switch(watching: Watching, status: WatchStatus) -> None:
    def turned() -> None:
        """Switches the watching on or off in the home."""
        _tried(lambda: watching.switch(bool(st.session_state[f"{_KEY}-on"])))

    # What the home says counts, which another window may have changed.
    st.session_state[f"{_KEY}-on"] = status.places.on
    st.toggle(word("watching.watch_folders_and_feeds"), key=f"{_KEY}-on", on_change=turned)


def _row(label: str, key: str, remove: Callable[[], None]) -> None:
    with st.container(key=f"{key}-row", horizontal=True, vertical_alignment="center"):
        st.markdown(literal(label))
        st.button(word("watching.remove"), key=key, on_click=partial(_tried, remove))


def _form(watching: Watching) -> None:
    row = st.form(f"{_KEY}-form", clear_on_submit=True, border=False)
    with row.container(key=f"{_KEY}-new", horizontal=True, vertical_alignment="bottom"):
        place = st.text_input(
            word("watching.folder_or_address"), key=f"{_KEY}-place", placeholder=word("watching.for_instance")
        )
        added = st.form_submit_button(word("watching.watch"), key=f"{_KEY}-add")
    if added and place.strip():
        _tried(partial(_add, watching, place.strip()))
        st.rerun()


def _add(watching: Watching, place: str) -> None:
    # One field for both: only a feed has an address.
    if is_web_address(place):
        watching.follow_feed(place)
    else:
        watching.add_folder(Path(place))


def _tried(work: Callable[[], object]) -> None:
    """Does it; what is wrong is told below the field."""
    st.session_state.pop(_FAULT, None)
    try:
        work()
    except FootnoteError as error:
        st.session_state[_FAULT] = Problem(error.message, error.help)
