"""The list of runs."""

from collections.abc import Callable, Sequence

import streamlit as st

from bot.ui.components.load import load
from bot.ui.components.runs.view import RunData

KEY = "footnote-runs-list"


def run_list(rows: Sequence[RunData], opened: Callable[[str], None], gone_on: Callable[[str], None]) -> None:
    """Draw the rows; both acts are given the id of a run that is among them."""
    ids = {row["id"] for row in rows}

    def told(name: str, act: Callable[[str], None]) -> Callable[[], None]:
        def call() -> None:
            if (id := st.session_state[KEY].get(name)) in ids:
                act(id)

        return call

    load("runs")(
        key=KEY, data={"rows": list(rows)}, on_open_change=told("open", opened), on_resume_change=told("resume", gone_on)
    )
