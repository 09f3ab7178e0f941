"""The prompts that a model is given, and which version of each is in force."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from bot.prompting import Listing
from bot.ui.components.prompts.prompts import prompts
from bot.ui.layout import room


class Prompter(Protocol):
    """What the page asks of Footnote."""

    def prompts(self) -> Sequence[Listing]:
        """All prompts with all their versions, broken ones among them."""
        ...


def page(service: Prompter) -> None:
    """Draw the prompts as their files stand just now."""
    with room():
        with st.container(key="footnote-list-head"):
            st.title("Prompts", anchor=False)
        st.text("What a model is given, to the letter. Without a model no prompt is used.")
        prompts(service.prompts())
