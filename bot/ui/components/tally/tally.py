"""What the kept answers come to."""

from bot.conversation.history import Tally
from bot.ui.components.load import load
from bot.ui.components.tally.view import groups


def tally(found: Tally) -> None:
    """Draw the figures."""
    load("tally")(key="footnote-tally", data={"groups": groups(found)})
