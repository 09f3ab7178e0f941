"""How the index stands: the doctor's findings, what to do, and the facts that a report of a fault should name."""

import streamlit as st

from bot.ui.components.health.health import health
from bot.ui.health_check import HealthState, health_state
from bot.ui.layout import room
from bot.wiring import Service
from bot.wiring.library import Library

TICK = 0.25  # seconds between two looks


def page(service: Service) -> None:
    """Draw the report; a look is begun when the page is opened, and goes on in a thread of its own."""
    state = health_state()
    if not state.advance():
        state.open(service.library)
    running = state.looking is not None
    with room():
        with st.container(key="footnote-list-head"):
            st.title("Health", anchor=False)
        st.fragment(_report, run_every=TICK if running else None)(state, service.library, running)


def _report(state: HealthState, library: Library, ticking: bool) -> None:
    """All that is drawn again and again while a look is under way."""
    state.advance()
    health(state, library)
    if ticking != (state.looking is not None):
        # The whole page once more, which starts or stops the clock.
        st.rerun()
