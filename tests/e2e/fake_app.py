"""The real pages on a made-up service, for the browser tests: `streamlit run tests/e2e/fake_app.py -- [empty]`."""

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

    trouble = (
        "There are no articles in the index yet.",
        "Run `footnote ingest PATH` with a folder of articles, then look again.",
    )
    return FakePages(delay=0.02, trouble=trouble if "empty" in sys.argv else None)


if __name__ == "__main__":
    from bot.ui.app import main

    main(fake)
