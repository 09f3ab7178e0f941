"""A problem, told on a page of its own or beside the field that it is about: what is wrong, and what to do."""

import streamlit as st

from bot.types import Problem
from bot.ui.layout import literal, markdown


def notice(title: str, problem: Problem) -> None:
    """Draw the problem under `title`."""
    st.header(literal(title), anchor=False)
    fault(problem, "footnote-notice")


def fault(problem: Problem, key: str) -> None:
    """Draw the problem below the field that was just drawn; `key` is the element's."""
    # `st.error` takes no key, and a container gives the style sheet and the tests one to find it by.
    with st.container(key=key):
        st.error(f"**{markdown(problem.message)}** {markdown(problem.help)}")
