"""What the answers are made with, always in sight, and the box in which another model, or quotations, is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from bot.errors import FootnoteError
from bot.permissions import Permission, allowed
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import go_to_models, literal
from bot.ui.state import QUOTES, ChatState, default
from bot.ui.words import word
from bot.wiring.chat import Chat

_KEY = "footnote-mode"
OPEN, CHOSEN, OFFER, ADVISED = f"{_KEY}-open", f"{_KEY}-chosen", f"{_KEY}-offer", f"{_KEY}-advised"
ADVISES = word("mode.the_model_is_asked")
HOW = (
    word("mode.to_have_answers_written_by"),
    word("mode.the_key_is_never_shown"),
)


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """What can be chosen, and why that may not be all."""

    models: tuple[str, ...]
    problem: Problem | None = None


def mode(state: ChatState, chat: Chat) -> None:
    """Draw the mode in use, and the choice behind it; only this is drawn again when something in it changes."""
    st.fragment(_chooser)(state, chat)


def label(model: str) -> str:
    """What says where the words of the answers come from."""
    if model == QUOTES:
        return word("mode.quotations_word_for_word")
    return word("mode.written_by", model=model) if model else word("mode.written_by_the_servers_first")


def offered(chat: Chat) -> ModelOffer:
    """What can be chosen; takes as long as the model's server takes to tell."""
    chosen: Sequence[str] = ()
    try:
        chosen = chat.chosen_models()
        of_server = [name for name in chat.models() if name != QUOTES]
    except FootnoteError as error:
        # What was chosen can be had whether or not the environment's server answers.
        return ModelOffer((QUOTES, *chosen), Problem(error.message, error.help))
    return ModelOffer((QUOTES, *chosen, *of_server))


def choices(offer: ModelOffer, started: str) -> tuple[str, ...]:
    """What can be chosen, with what Footnote was started with: it need not be on the list, or have a name as yet."""
    unnamed = not started and len(offer.models) > 1
    # "" as what it was started with is the server's first model, which the list names where the server answers.
    return offer.models if started in offer.models or unnamed else (*offer.models, started)


def current(names: Sequence[str], chosen: str, started: str) -> int:
    """The place of what answers now among the names: the server's first model, where no other was asked for."""
    wanted = chosen or started
    # Place 0 are the quotations; place 1, where there is one, a model.
    return names.index(wanted) if wanted in names else min(1, len(names) - 1)


def _chooser(state: ChatState, chat: Chat) -> None:
    started = default(chat)
    shown = label(state.model or started)
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
            offer = st.session_state[OFFER] = offered(chat)
    names = choices(offer, started)
    # The box may stand open while another conversation, with a choice of its own, is opened.
    if st.session_state.get(CHOSEN) != (wanted := names[current(names, state.model, started)]):
        # Before the field is drawn, which would keep the choice of the conversation before otherwise.
        st.session_state[CHOSEN] = wanted
    st.selectbox(word("mode.answers"), names, format_func=label, key=CHOSEN, on_change=partial(_chose, state))
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
