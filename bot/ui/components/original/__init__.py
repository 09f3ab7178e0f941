"""The original of an article as it came: a saved web page in a frame in which nothing runs and nothing is fetched."""

from typing import TypedDict

from bot.ui.components.mounting import component

# Styles that stand in the page itself and pictures within it: enough to see how it was set.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


class OriginalData(TypedDict):
    """The page's own source, and what the frame is called."""

    html: str
    title: str


def original_page(html: str, title: str) -> None:
    """Draw the saved page."""
    # Nothing is fetched: no picture tells anybody that the page is read.
    # Before all else in the page: a policy holds only for what stands behind it.
    html = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">{html}'
    component("original")(key="footnote-original", data=OriginalData(html=html, title=title))
