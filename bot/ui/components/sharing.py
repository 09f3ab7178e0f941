"""The link by which others may read the conversation that stands open: made, shown once, and withdrawn."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from bot.errors import HistoryError
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.words import word
from bot.wiring import Service

_KEY = "footnote-share"
_LINK = f"{_KEY}-link"
_FAULT = f"{_KEY}-fault"


def sharing(service: Service, conversation: str) -> None:
    """Draw the button and, once it is open, what is shared; only this is drawn again when something in it changes."""
    st.fragment(_sharing)(service, conversation)


def _sharing(service: Service, conversation: str) -> None:
    with st.container(key=_KEY):
        box = st.popover(word("shared.share"), key=f"{_KEY}-open", type="tertiary", on_change="rerun")
        if box.open:
            with box, st.container(key=f"{_KEY}-box"):
                _choices(service, conversation)


def _choices(service: Service, conversation: str) -> None:
    try:
        since = service.archive.history().shared.made_at(conversation)
    except HistoryError as error:
        fault(Problem(error.message, error.help), _FAULT)
        return
    st.text(word("shared.who_may_read"))
    # The conversation for which the link was made, and its address: another one may be open by now.
    made = st.session_state.get(_LINK, ("", ""))
    if since is not None:
        st.text(word("shared.since", day=f"{since.astimezone():%Y-%m-%d}"))
        if made[0] == conversation:
            # A digest is all that is kept of it, so it cannot be shown another time.
            st.code(made[1], language=None, wrap_lines=True)
            st.caption(word("shared.shown_once"))
    label = word("shared.make_a_link") if since is None else word("shared.make_another")
    st.button(label, key=f"{_KEY}-make", on_click=partial(_tried, partial(_make, service, conversation)))
    if since is not None:
        withdraw = partial(_withdraw, service, conversation)
        st.button(word("shared.withdraw"), key=f"{_KEY}-withdraw", on_click=partial(_tried, withdraw))
    if (problem := st.session_state.get(_FAULT)) is not None:
        fault(problem, f"{_FAULT}-shown")


def _make(service: Service, conversation: str) -> None:
    token = service.archive.share(conversation)
    st.session_state[_LINK] = (conversation, link_address(st.context.url or "", token))


def _withdraw(service: Service, conversation: str) -> None:
    service.archive.unshare(conversation)
    st.session_state.pop(_LINK, None)


def _tried(act: Callable[[], None]) -> None:
    """Does it; what is wrong is told below the buttons."""
    st.session_state.pop(_FAULT, None)
    try:
        act()
    except HistoryError as error:
        st.session_state[_FAULT] = Problem(error.message, error.help)


def link_address(page: str, token: str) -> str:
    """The address of a shared conversation, beside the page that stands open in the browser.

    >>> link_address("https://notes.example.org/chat?conversation=1f", "t0ken")
    'https://notes.example.org/?link=t0ken'
    """
    parts = urlsplit(page)
    # Without the page's own path and parameters, which name the owner's conversation.
    return f"{parts.scheme}://{parts.netloc}/?link={token}" if parts.netloc else f"/?link={token}"
