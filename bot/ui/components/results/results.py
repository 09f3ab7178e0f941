"""The results of a run, a row for each case."""

from collections.abc import Sequence

from bot.ui.components.load import load
from bot.ui.components.results.view import ResultData

PARTS = ("results/told",)


def results(rows: Sequence[ResultData], key: str, label: str) -> None:
    """Draw the rows; `label` names the list."""
    load("results", *PARTS)(key=key, data={"rows": list(rows), "label": label})
