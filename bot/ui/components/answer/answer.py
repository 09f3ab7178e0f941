"""A question and its answer, with a chip in the running text for each footnote."""

from collections.abc import Callable

from bot.ui.components.answer.view import answer_data
from bot.ui.components.load import load
from bot.ui.exchange import Exchange


def answer(exchange: Exchange, quotes: bool, on_stop: Callable[[], None]) -> None:
    """Draw the exchange; `on_stop` is called when the reader stops it."""
    load("answer")(key=f"answer-{exchange.id}", data=answer_data(exchange, quotes), on_stop_change=on_stop)
