"""How far a run has come, and what came of it."""

from collections.abc import Callable

from bot.ui.components.load import load
from bot.ui.components.progress.view import ProgressData

KEY = "footnote-runs-progress"


def progress(data: ProgressData, stop: Callable[[], None]) -> None:
    """Draw how far it is, with the way to stop it."""
    load("progress")(key=KEY, data=data, on_stop_change=stop)
