"""A draft as it stands, each of its sentences with a verdict that opens its source."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from bot.ui.components.draft.view import draft_data, told_after
from bot.ui.components.mounting import component
from bot.ui.draft_state import DraftState

KEY = "footnote-draft"


@dataclass(frozen=True, slots=True)
class DraftActions:
    """What the page does when the reader stops the check, has what was left of it checked, or rewrites a sentence: the key of
    the check, the sentence's place from 0, and its new words.
    """

    stop: Callable[[], None]
    resume: Callable[[], None]
    rewrite: Callable[[str, int, str], None]


def draft(state: DraftState, actions: DraftActions) -> None:
    """Draw the check that the session holds.

    The browser is sent what it was not told of yet, and asks for all of it where it has missed something.
    """
    if (check := state.check) is None:
        return

    def missed() -> None:
        """Forgets what the browser was sent, so that it gets everything again."""
        state.told = None

    def edited() -> None:
        """Passes an edited paragraph on, with where it stands in the draft."""
        # A message of another form is passed over: a browser is not to be trusted.
        match st.session_state[KEY].get("edit"):
            case {"key": str(key), "at": int(at), "text": str(text)}:
                actions.rewrite(key, at, text)

    data = draft_data(check, state.told)
    component("draft", "draft/editing")(
        key=KEY,
        data=data,
        on_stop_change=actions.stop,
        on_resume_change=actions.resume,
        on_edit_change=edited,
        on_missed_change=missed,
    )
    # After the component was drawn with what the browser had before.
    state.told = told_after(data, state.told)
