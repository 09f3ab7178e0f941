"""What goes on around the question's field: the focus, what is not sent yet, and what was asked comes into sight."""

from typing import TypedDict

from bot.ui.components.mounting import component


class ComposerData(TypedDict):
    """The id of the `turn` that the page is to show at its top ("" for none), and whether an answer is on its way."""

    turn: str
    running: bool


def composer(data: ComposerData) -> None:
    """Look after the question's field of this page; draws nothing."""
    component("composer")(key="footnote-composer", data=data)
