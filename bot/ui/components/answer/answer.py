"""A question and its answer, with a chip in the running text for each footnote."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from bot.ui.components.answer.view import answer_data
from bot.ui.components.load import load
from bot.ui.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Acts:
    """What the reader may do with an answer: stop it, search in words of their own, have it answered again by a model ("" for
    the one that is chosen).
    """

    stop: Callable[[], None]
    search: Callable[[str], None]
    again: Callable[[str], None]


def answer(exchange: Exchange, quotes: bool, acts: Acts, sums: str = "") -> None:
    """Draw the exchange; `quotes` and `sums` as in `answer_data`."""
    key = f"answer-{exchange.id}"

    def edited() -> None:
        if isinstance(wanted := st.session_state[key].get("search"), str):
            acts.search(wanted)

    def again() -> None:
        acts.again("quotes" if st.session_state[key].get("again") == "quotes" else "")

    load("answer")(
        key=key,
        data=answer_data(exchange, quotes, sums),
        on_stop_change=acts.stop,
        on_search_change=edited,
        on_again_change=again,
    )
