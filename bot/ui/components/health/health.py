"""How the index stands, what can be mended, and the facts about this installation."""

import streamlit as st

from bot.ui.components.health.view import health_data
from bot.ui.components.load import load
from bot.ui.health_check import HealthState
from bot.wiring.library import Library

KEY = "footnote-health"


def health(state: HealthState, library: Library) -> None:
    """Draw the report at hand; a click begins another look, or a mending."""

    def told() -> None:
        wish = st.session_state[KEY].get("wish")
        if wish in ("look", "mend"):
            state.look(library, mend=wish == "mend")

    load("health")(key=KEY, data=health_data(state), on_wish_change=told)
