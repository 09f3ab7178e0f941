"""What is different between two texts, line by line."""

from bot.ui.components.difference.view import difference_data
from bot.ui.components.load import load


def difference(old: str, new: str, names: tuple[str, str]) -> None:
    """Draw what is different in the new text; `names` are those of the two."""
    load("difference")(key="footnote-lab-difference", data=dict(difference_data(old, new, names)))
