"""Two answers side by side: with a passage and without it."""

from collections.abc import Callable

from bot.ui.comparing import Comparison
from bot.ui.components.compare.view import compare_data
from bot.ui.components.load import load
from bot.ui.exchange import Exchange


def compare(before: Exchange, comparison: Comparison, close: Callable[[], None]) -> None:
    """Draw the answer beside the one without a passage, as far as that has come; `close` puts them away."""
    key = f"compare-{before.id}"
    load("compare", "answer/lines")(key=key, data=compare_data(before, comparison), on_close_change=close)
