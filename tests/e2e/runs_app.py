"""The runs of the prompt lab on a made-up service: `... -- HOME`."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from fake_runs import FakeLab

sys.path[:0] = [str(Path(__file__).parents[1] / "ui"), str(Path(__file__).parents[2])]


@st.cache_resource
def lab(home: str) -> "FakeLab":
    """One service for all sessions, as in the real one."""
    from fake_runs import FakeLab

    return FakeLab(Path(home), delay=0.05)


def page(service: "FakeLab") -> None:
    """The section on a page of its own."""
    from bot.ui.pages.runs import runs

    # As wide as the page of the prompts, on which the section stands.
    with st.container(key="footnote-lab"):
        st.title("Prompts", anchor=False)
        runs(service)


def main() -> None:
    """Two pages, as a run goes on while its reader is elsewhere."""
    from bot.ui.layout import style

    st.set_page_config(page_title="Runs", page_icon="📖", layout="wide")
    style()
    pages = [
        st.Page(partial(page, lab(sys.argv[1])), title="Prompts", url_path="prompts", default=True),
        st.Page(lambda: st.title("Elsewhere", anchor=False), title="Elsewhere", url_path="elsewhere"),
    ]
    st.navigation(pages, position="top").run()


if __name__ == "__main__":
    main()
