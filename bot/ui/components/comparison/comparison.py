"""What changed between two runs."""

from bot.evals.comparing import RunComparison
from bot.ui.components.comparison.view import comparison_data
from bot.ui.components.load import load

PARTS = ("results/told",)


def comparison(found: RunComparison, key: str) -> None:
    """Draw the comparison."""
    load("comparison", *PARTS)(key=key, data=comparison_data(found))
