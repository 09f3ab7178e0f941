"""What a prompt is tried on, where it can be chosen: a question, or a turn of the chat that is held still."""

from functools import partial

import streamlit as st

from bot.errors import FootnoteError
from bot.ui.components.notice import fault
from bot.ui.lab.state import LabState
from bot.ui.layout import literal
from bot.ui.words import word
from bot.wiring.chat import Chat
from vectorstore.errors import VectorstoreError


def turn_field(state: LabState, chat: Chat, key: str) -> None:
    """Draw the field of the question, or the turn of the chat; `key` names the place, as it stands in more than one."""
    if state.missing is not None:
        fault(state.missing, f"{key}-missing")
    if state.held is None:
        _question(state, chat, key)
    else:
        _held(state, key)


def _question(state: LabState, chat: Chat, key: str) -> None:
    if state.question is None:
        # None until now, and "" once somebody has emptied the field, which then stays empty.
        state.question = _example(chat)
    field = f"{key}-question"
    # Two sections show the same question in fields of their own, so the state is put into both.
    st.session_state[field] = state.question
    st.text_input(
        word("lab.question"), key=field, placeholder=word("lab.ask_the_articles"), on_change=partial(_asked, state, field)
    )


def _example(chat: Chat) -> str:
    """A question to begin with, if there is one; what stands in the way of it is told where something is searched."""
    try:
        return next(iter(chat.examples()), "")
    except (FootnoteError, VectorstoreError):
        return ""


def _asked(state: LabState, field: str) -> None:
    state.question, state.missing = str(st.session_state[field] or ""), None


def _held(state: LabState, key: str) -> None:
    turn = state.turn
    with st.container(key=f"{key}-held", border=True, gap="xsmall"):
        st.markdown(f"**{literal(turn.text)}**")
        st.text(still(state))
        with st.container(horizontal=True):
            again = word("lab.search_anew") if turn.given is not None else word("lab.hold_the_passages_still_again")
            # A turn that was not searched, such as small talk, has no passages to be held still.
            if state.held is not None and state.held.given is not None:
                st.button(again, key=f"{key}-anew", on_click=state.anew)
            st.button(word("lab.ask_another_question"), key=f"{key}-leave", on_click=partial(_leave, state))


def _leave(state: LabState) -> None:
    state.leave()
    # The address names the turn, and would hold it again with the next run.
    st.query_params.clear()


def still(state: LabState) -> str:
    """What of the turn is as it was in the chat, in a sentence or two."""
    turn = state.turn
    before = sum(1 for one in turn.history if one.role == "user")
    said = word("lab.said_before", count=before) if before else ""
    if turn.given is None:
        return word("lab.still_but_passages", said=said)
    told = word("lab.still", said=said, count=len(turn.given))
    if turn.searched and turn.searched != turn.text:
        return f"{told} {word('lab.searched_for', words=turn.searched)}"
    return told
