"""Waits for what a session has on its way."""

import time

from bot.ui.state import ChatState


def settle(state: ChatState) -> None:
    """Takes in all that is still to come."""
    end = time.monotonic() + 20
    while state.advance() and time.monotonic() < end:
        time.sleep(0.005)
