"""Line numbers and coloured variables over the field in which a prompt is edited, which stays Streamlit's own."""

from collections.abc import Collection
from typing import TypedDict

from bot.ui.components.mounting import component


class PromptLinesData(TypedDict):
    """`field` is the key of the text area; `known` are the variables that the prompt may use."""

    field: str
    known: list[str]


def prompt_lines(field: str, known: Collection[str]) -> None:
    """Draw them over the text area with the key `field`, as long as that is on the page."""
    data = PromptLinesData(field=field, known=sorted(known))
    component("prompt_lines")(key="footnote-prompt-lines", data=dict(data))
