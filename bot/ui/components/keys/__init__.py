"""The keys of the chat page, which work wherever no field has the focus, and the card that lists them."""

from bot.ui.components.mounting import component


def keys() -> None:
    """Listen for the keys, once for the page."""
    component("keys")(key="footnote-keys", data={})
