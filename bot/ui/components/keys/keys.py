"""The keys of the chat page, which work wherever no field has the focus, and the card that lists them."""

from bot.ui.components.load import load


def keys() -> None:
    """Listen for the keys, once for the page."""
    load("keys")(key="footnote-keys", data={})
