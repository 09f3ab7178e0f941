"""A question and its answer, with a chip in the running text for each footnote."""

from collections.abc import Callable

import streamlit as st

from bot.ui.components.answer.view import answer_data
from bot.ui.components.load import load
from bot.ui.exchange import Exchange


def answer(exchange: Exchange, quotes: bool, on_stop: Callable[[], None], on_search: Callable[[str], None]) -> None:
    """Draw the exchange; `on_stop` is called when the reader stops it, `on_search` with the words of a search they edited."""
    key = f"answer-{exchange.id}"

    def edited() -> None:
        if isinstance(wanted := st.session_state[key].get("search"), str):
            on_search(wanted)

    load("answer")(key=key, data=answer_data(exchange, quotes), on_stop_change=on_stop, on_search_change=edited)
