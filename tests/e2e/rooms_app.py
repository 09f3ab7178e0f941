"""The list of conversations, and Health, Quality and Prompts, on a history that a test fills: `... -- HOME [wrong]`."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from fake_rooms import Rooms

sys.path[:0] = [str(Path(__file__).parents[1] / "ui"), str(Path(__file__).parents[2])]


@st.cache_resource
def rooms(home: str, *, wrong: bool) -> "Rooms":
    """One service for all sessions, as in the real one."""
    from fake_rooms import RIGHT, WRONG, Rooms

    return Rooms(Path(home), findings=WRONG if wrong else RIGHT, delay=0.5)


def chat(service: "Rooms") -> None:
    """In place of the chat: which conversation is shown, and at which turn."""
    from bot.ui.components.conversations import ListCallbacks, conversations

    def opened(id: str = "", turn: str = "") -> None:
        st.session_state["shown"] = id, turn

    id, turn = st.session_state.get("shown", ("", ""))
    with st.sidebar:
        conversations(service.history(), id, ListCallbacks(opened, opened, lambda _: opened()))
    st.title("Chat", anchor=False)
    held = service.history().conversation(id) if id else None
    st.text(f"Shown: {held.head.title} at {turn or 'its end'}" if held else "A new chat")


def main() -> None:
    """The pages, as the real router has them."""
    from bot.ui.layout import style
    from bot.ui.pages import health, prompts, quality

    st.set_page_config(page_title="Rooms", page_icon="📖", layout="wide")
    style()
    service = rooms(sys.argv[1], wrong="wrong" in sys.argv)
    pages = [
        st.Page(partial(chat, service), title="Chat", url_path="chat", default=True),
        st.Page(partial(quality.page, service), title="Quality", url_path="quality"),
        st.Page(partial(health.page, service), title="Health", url_path="health"),
        st.Page(partial(prompts.page, service), title="Prompts", url_path="prompts"),
    ]
    st.navigation(pages, position="top").run()


if __name__ == "__main__":
    main()
