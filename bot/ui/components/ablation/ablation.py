"""Two answers side by side: with a passage and without it."""

from collections.abc import Callable

from bot.conversation.history import Exchange
from bot.ui.ablation import AblatedAnswer
from bot.ui.components.ablation.view import ablation_data
from bot.ui.components.load import load


def ablation(before: Exchange, comparison: AblatedAnswer, close: Callable[[], None]) -> None:
    """Draw the answer beside the one without a passage, as far as that has come; `close` puts them away."""
    key = f"compare-{before.id}"
    load("ablation", "answer/lines")(key=key, data=ablation_data(before.answer, comparison), on_close_change=close)
