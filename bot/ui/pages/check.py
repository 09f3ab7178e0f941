"""A text of the reader's own, checked sentence by sentence against the articles, with the source of each beside it."""

from functools import partial

import streamlit as st

from bot.ui.checking import LARGEST, Desk, desk
from bot.ui.components.draft.draft import draft
from bot.ui.components.draft.panel import panel
from bot.ui.components.notice.notice import fault
from bot.ui.layout import room
from bot.ui.service import Service

TICK = 0.25  # seconds between two looks: a sentence takes about as long
_TEXT = "footnote-draft-text"
_FILE = "footnote-draft-file"


def page(service: Service) -> None:
    """Draw the text, or what came out for it."""
    state = desk()
    running = state.advance()
    # A run of the whole page may be drawn in a browser that has nothing yet: it is sent everything once more.
    state.told = None
    with room() as side:
        _head(state)
        if state.writing or state.check is None:
            _form(state, service)
        else:
            st.fragment(_result, run_every=TICK if running else None)(state, running)
    with side:
        panel(state, service, "footnote-draft-source")


def _head(state: Desk) -> None:
    with st.container(key="footnote-draft-head", horizontal=True, vertical_alignment="center"):
        st.title("Check a draft", anchor=False)
        if state.check is not None:
            label = "Back to the verdicts" if state.writing else "Edit the text"
            st.button(label, key="footnote-draft-turn", type="tertiary", on_click=partial(_turned, state))


def _turned(state: Desk) -> None:
    state.writing = not state.writing
    state.opened, state.fault = None, None


def _form(state: Desk, service: Service) -> None:
    """The text to check. It is kept on the desk, because Streamlit forgets a field that is not in sight."""
    with st.container(key="footnote-draft-form"):
        st.text("Each sentence of a text of yours is held against the articles: what carries it, and what does not fit.")
        st.session_state.setdefault(_TEXT, state.text)
        st.text_area("Text to check", key=_TEXT, height=320, placeholder="Paste a text here", on_change=partial(_typed, state))
        st.file_uploader(
            "Or take the text from a file",
            ("txt", "md"),
            key=_FILE,
            max_upload_size=-(-LARGEST // 1_000_000),
            on_change=partial(_uploaded, state),
        )
        if state.fault is not None:
            fault(state.fault, "footnote-draft-fault")
        st.button("Check", key="footnote-draft-check", type="primary", on_click=partial(state.start, service))


def _typed(state: Desk) -> None:
    state.text, state.fault = str(st.session_state[_TEXT] or ""), None


def _uploaded(state: Desk) -> None:
    if (file := st.session_state[_FILE]) is not None:
        state.upload(file.getvalue())
        st.session_state[_TEXT] = state.text


def _result(state: Desk, ticking: bool) -> None:
    """The draft with its verdicts; while it is being checked, this is all that is drawn again and again."""
    running = state.advance()
    draft(state, state.stop)
    if ticking != running:
        # The whole page once more, which stops the clock.
        st.rerun()
