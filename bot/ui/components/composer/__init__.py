"""What goes on around the question's field: the focus, what is not sent yet, and what was asked comes into sight.

And what another window has added to the conversation is told above the field, before a question is asked past it.
"""

from functools import partial
from typing import TypedDict

import streamlit as st

from bot.ui.components.mounting import component
from bot.ui.layout import literal
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring import Service

_KEY = "footnote-composer"


class ComposerData(TypedDict):
    """What the script behind the field must know.

    The id of the `turn` that the page is to show at its top ("" for none), and whether an answer is on its way. A question that
    was refused goes back into the field as `waits`; `refusals` counts them.
    """

    conversation: str
    turn: str
    running: bool
    waits: str
    refusals: int


def composer(state: ChatState, service: Service) -> None:
    """Look after the question's field of this page; only this is drawn again when another window has asked something."""
    st.fragment(_beside)(state, service)


def composer_data(state: ChatState) -> ComposerData:
    """The data of the script for what the session shows now."""
    last = state.exchanges[-1].id if state.exchanges else ""
    return ComposerData(
        conversation=state.conversation,
        # The turn that the address names, else the last one: a conversation is opened at its end.
        turn=state.target or last,
        running=state.running is not None,
        waits=state.elsewhere.waits,
        refusals=state.elsewhere.refusals,
    )


def _beside(state: ChatState, service: Service) -> None:
    if state.elsewhere.added:
        _told(state, service)
    # The browser asks for a look when its window comes to the front again.
    component("composer")(key=_KEY, data=composer_data(state), on_look_change=partial(state.look_elsewhere, service))
    if state.redraw:
        st.rerun()


def _told(state: ChatState, service: Service) -> None:
    """What was added, and the ways on."""
    with st.container(key="footnote-elsewhere", horizontal=True, vertical_alignment="center"):
        sentence = word("chat.added_elsewhere", count=state.elsewhere.added)
        waiting = word("chat.send_it_again") if state.elsewhere.waits else ""
        st.markdown(literal(f"{sentence} {waiting}".strip()))
        st.button(word("chat.load_what_was_added"), key="footnote-load-added", on_click=partial(_load, state, service))


def _load(state: ChatState, service: Service) -> None:
    state.load_added(service)
    # The turns are drawn outside of this fragment.
    state.redraw = True
