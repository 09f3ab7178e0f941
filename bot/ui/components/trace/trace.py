"""How an answer came about: what was searched and found, what a model was sent and what it said, and what it took."""

from bot.conversation.history import Exchange
from bot.ui.components.load import load
from bot.ui.components.trace.view import trace_data


def trace(exchange: Exchange) -> None:
    """Draw the trace of an exchange."""
    load("trace", "answer/copying")(key=f"trace-{exchange.id}", data=trace_data(exchange))
