"""What people said of answers, a row for each."""

from collections.abc import Sequence

from bot.ui.components.load import load
from bot.ui.components.opinions.view import Opinion


def opinions(rows: Sequence[Opinion], key: str, label: str) -> None:
    """Draw the rows; `label` names the list."""
    load("opinions")(key=key, data={"rows": list(rows), "label": label})
