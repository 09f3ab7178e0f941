"""The real pages on a made-up service, for the browser tests: `streamlit run tests/e2e/fake_app.py -- HOME`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from fake_pages import FakePages

sys.path[:0] = [str(Path(__file__).parents[1] / "ui"), str(Path(__file__).parents[2])]


@st.cache_resource
def fake() -> "FakePages":
    """One service for all sessions, as in the real one."""
    from fake_pages import FakePages

    return FakePages(home=Path(sys.argv[1]), delay=0.02)


if __name__ == "__main__":
    from bot.ui.app import main

    main(fake)
