"""The prompts as they are sent, with the places where values are put in."""

from collections.abc import Sequence

from bot.prompting import PromptListing
from bot.ui.components.load import load
from bot.ui.components.prompts.view import prompts_data


def prompts(listed: Sequence[PromptListing]) -> None:
    """Draw the prompts with all their versions."""
    load("prompts")(key="footnote-prompts", data={"prompts": prompts_data(listed)})
