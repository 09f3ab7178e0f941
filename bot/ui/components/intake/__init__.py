"""What is on its way into the library, item by item, and what came of it."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from bot.ui.components.mounting import component


class IntakeEntry(TypedDict):
    """An item: its state and what is `said` of it; `article` is what can be opened of it, "" for nothing."""

    name: str
    # An `IntakeStatus`: the script chooses the sign before the name by it, and the style sheet its colour.
    status: str
    label: str
    said: str
    article: str
    # Whether the item can be tried again.
    again: bool


class IntakeData(TypedDict):
    """The whole list, with its sum in words; `part` is how much of it is done, from 0 to 1."""

    sum: str
    part: float
    running: bool
    cancelling: bool
    entries: list[IntakeEntry]


def intake_list(
    key: str,
    summed: str,
    part: float,
    *,
    running: bool,
    cancelling: bool,
    entries: Sequence[IntakeEntry],
    act: Callable[[object], None],
) -> None:
    """Draw the list; `act` is told what the reader does: {"act": "cancel" | "dismiss"}, or "retry" or "open" with its `at`."""
    data = IntakeData(sum=summed, part=part, running=running, cancelling=cancelling, entries=[*entries])

    def acted() -> None:
        """Passes on what the reader does with a file that is being added."""
        # What the browser sends is read by the caller, which knows the items.
        act(st.session_state[key].get("act"))

    component("intake")(key=key, data=data, on_act_change=acted)
