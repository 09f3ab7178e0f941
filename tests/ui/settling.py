"""Waits for what a session has on its way."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from bot.ui.state import ChatState
from tests.waiting import until


def settle(state: ChatState) -> None:
    """Takes in all that is still to come."""
    until(lambda: not state.advance())


def rerun(at: AppTest, going_on: Callable[[], object]) -> AppTest:
    """Runs the page again while something is going on, as the browser's clock would."""

    def at_rest() -> bool:
        if not going_on():
            return True
        at.run()
        return False

    until(at_rest, pause=0.02)
    return at
