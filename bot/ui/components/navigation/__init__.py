"""The way between the pages: the browser's Back goes back, out of a source, a conversation or a page."""

from bot.ui.components.mounting import component


def navigation() -> None:
    """Look after the browser's list of visited addresses, on every page; draws nothing."""
    component("navigation", "navigation/visits")(key="footnote-navigation", data={})
