"""What the answers are made with, always in sight, and the box in which another model, or quotations, is chosen."""

from functools import partial

import streamlit as st

from bot.permissions import Permission, allowed
from bot.ui.components.notice import fault
from bot.ui.layout import go_to_models, literal
from bot.ui.model_offer import HOW, ModelOffer, choices, default_model, model_label, offered_models, place_of_current
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring.chat import Chat
from bot.wiring.model_choices import QUOTES

_KEY = "footnote-mode"
OPEN, CHOSEN, OFFER, ADVISED = f"{_KEY}-open", f"{_KEY}-chosen", f"{_KEY}-offer", f"{_KEY}-advised"
ADVISES = word("mode.the_model_is_asked")


def mode(state: ChatState, chat: Chat) -> None:
    """Draw the mode in use, and the choice behind it; only this is drawn again when something in it changes."""
    st.fragment(_chooser)(state, chat)


def _chooser(state: ChatState, chat: Chat) -> None:
    started = default_model(chat)
    shown = model_label(state.model or started)
    # A model's name is anybody's text, and a label is Markdown.
    with st.container(key=_KEY):
        # `on_change` has Streamlit tell whether the box is open, so that a server is asked only for who looks.
        box = st.popover(literal(shown), key=OPEN, type="tertiary", on_change=_toggled)
        if box.open:
            with box, st.container(key=f"{_KEY}-box"):
                _choice(state, chat, started)


def _toggled() -> None:
    """A server may have other models by now: it is asked each time that the box is opened."""
    st.session_state.pop(OFFER, None)


def _choice(state: ChatState, chat: Chat, started: str) -> None:
    offer = st.session_state.get(OFFER)
    if not isinstance(offer, ModelOffer):
        with st.spinner(word("mode.asking_which_models_there_are")):
            offer = st.session_state[OFFER] = offered_models(chat)
    names = choices(offer, started)
    # The box may stand open while another conversation, with a choice of its own, is opened.
    if st.session_state.get(CHOSEN) != (wanted := names[place_of_current(names, state.model, started)]):
        # Before the field is drawn, which would keep the choice of the conversation before otherwise.
        st.session_state[CHOSEN] = wanted
    st.selectbox(word("mode.answers"), names, format_func=model_label, key=CHOSEN, on_change=partial(_chose, state))
    if st.session_state[CHOSEN] != QUOTES:
        asks = chat.advises() if state.second_opinion is None else state.second_opinion
        st.toggle(
            word("mode.second_opinion_on_doubtful_claims"), asks, key=ADVISED, help=ADVISES, on_change=partial(_advised, state)
        )
    st.text(word("mode.counts_from_the_next_question"))
    if offer.problem:
        fault(offer.problem, f"{_KEY}-fault")
    elif names == (QUOTES,):
        for sentence in HOW:
            st.text(sentence)
    if allowed(Permission.CHOOSE_MODELS) and st.button(
        word("mode.add_or_change_models"), key=f"{_KEY}-models", type="tertiary"
    ):
        go_to_models()


def _advised(state: ChatState) -> None:
    state.second_opinion = bool(st.session_state[ADVISED])


def _chose(state: ChatState) -> None:
    state.model = str(st.session_state[CHOSEN])
