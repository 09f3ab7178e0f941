"""A text of the reader's own, checked sentence by sentence against the articles, with the source of each beside it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from bot.errors import HistoryError
from bot.ui.addresses import draft_of
from bot.ui.components.conversations import ListCallbacks, conversations, no_conversations
from bot.ui.components.conversations.view import DRAFTS
from bot.ui.components.draft import DraftActions, draft
from bot.ui.components.draft.panel import panel
from bot.ui.components.export import export_draft
from bot.ui.components.notice import fault
from bot.ui.draft_state import LARGEST, DraftState, draft_state
from bot.ui.layout import by_history, room
from bot.ui.words import word
from bot.wiring import Service

TICK = 0.25  # seconds between two looks: a sentence takes about as long
_TEXT = "footnote-draft-text"
_FILE = "footnote-draft-file"
_ABOUT = word("draft.about", megabytes=LARGEST // 1_000_000)


def page(service: Service) -> None:
    """Draw the text, or what came out for it."""
    state = draft_state()
    _arrive(state, service)
    running = state.advance()
    # A run of the whole page may be drawn in a browser that has nothing yet: it is sent everything once more.
    state.told, state.redraw = None, False
    with st.sidebar:
        _drafts(state, service)
    with room() as side:
        _head(state, service)
        if state.writing or state.check is None:
            _form(state, service)
        else:
            # Made anew in each run of the page, as the clock of a fragment can't be set while it runs.
            st.fragment(_result, run_every=TICK if running else None)(state, running, service)
    with side:
        panel(state, service.library, "footnote-draft-source")


def _arrive(state: DraftState, service: Service) -> None:
    """Bring the draft and the page's address together: the one that has changed since the last run leads."""
    wanted = draft_of(st.query_params)
    if wanted and wanted not in (state.address, state.draft):
        # The address leads only where it names another draft than both the last run and the session: a check that was just
        # begun has an id that no address names yet.
        state.visit(service, wanted)
        _show_text(state)
    elif state.draft and not wanted and by_history():
        # Back to where no draft was checked yet. A link to this page names no draft either, and means the one left there.
        _turned_to(state, state.clear)
    state.address = state.draft
    if wanted != state.address:
        # Only where it differs, as each new address is an entry in the browser's history.
        st.query_params.from_dict({"draft": state.address} if state.address else {})


def _drafts(state: DraftState, service: Service) -> None:
    """The drafts that are kept."""
    try:
        kept = service.archive.history().drafts
    except HistoryError as error:
        no_conversations(error, DRAFTS)
        return
    callbacks = ListCallbacks(
        open=lambda id, _: _turned_to(state, partial(state.visit, service, id)),
        new=lambda: _turned_to(state, state.clear),
        deleted=lambda id: _turned_to(state, state.clear) if id == state.draft else None,
    )
    conversations(kept, state.draft, callbacks, DRAFTS)


def _turned_to(state: DraftState, act: Callable[[], None]) -> None:
    act()
    _show_text(state)


def _show_text(state: DraftState) -> None:
    """The field shows the text that the session holds now, whatever it showed before."""
    # Called from callbacks and before the field is drawn, as Streamlit refuses to set a field that this run has drawn.
    st.session_state[_TEXT] = state.text


def _head(state: DraftState, service: Service) -> None:
    with st.container(key="footnote-draft-head", horizontal=True, vertical_alignment="center"):
        st.title(word("draft.check_a_draft"), anchor=False)
        if state.check is not None:
            if not state.writing:
                export_draft(state, service)
            label = word("draft.back_to_the_verdicts") if state.writing else word("draft.edit_the_text")
            st.button(label, key="footnote-draft-turn", type="tertiary", on_click=partial(_turned, state))


def _turned(state: DraftState) -> None:
    state.writing = not state.writing
    # The text may be edited now, and the open source belongs to its old words.
    state.opened, state.fault = None, None
    _show_text(state)


def _form(state: DraftState, service: Service) -> None:
    """The text to check. The session keeps it, because Streamlit forgets a field that is not in sight."""
    with st.container(key="footnote-draft-form"):
        st.text(_ABOUT)
        # `setdefault`: what was typed since the last run must not be put back.
        st.session_state.setdefault(_TEXT, state.text)
        st.text_area(
            word("draft.text_to_check"),
            key=_TEXT,
            height=320,
            placeholder=word("draft.paste_a_text_here"),
            on_change=partial(_typed, state),
        )
        st.file_uploader(
            word("draft.or_take_the_text"),
            ("txt", "md"),
            key=_FILE,
            # Whole megabytes, rounded up: Streamlit would refuse a file that the check itself takes. What is larger by a little
            # is told there.
            max_upload_size=-(-LARGEST // 1_000_000),
            on_change=partial(_uploaded, state),
        )
        if state.fault is not None:
            fault(state.fault, "footnote-draft-fault")
        st.button(word("draft.check"), key="footnote-draft-check", type="primary", on_click=partial(state.start, service))


def _typed(state: DraftState) -> None:
    state.text, state.fault = str(st.session_state[_TEXT] or ""), None


def _uploaded(state: DraftState) -> None:
    # None where the reader has removed the file with its cross: the text stays.
    if (file := st.session_state[_FILE]) is not None:
        state.upload(file.getvalue())
        _show_text(state)


def _result(state: DraftState, ticking: bool, service: Service) -> None:
    """The draft with its verdicts; while it is being checked, this is all that is drawn again and again."""
    running = state.advance()
    trouble = state.fault or (state.check.unkept if state.check else None)
    if trouble is not None:
        fault(trouble, "footnote-draft-fault")
    draft(state, DraftActions(state.stop, partial(state.resume, service), partial(state.rewrite, service)))
    # `ticking` is what the page was drawn with, `running` what is so now.
    if ticking != running or state.redraw:
        # The whole page once more, which starts or stops the clock.
        st.rerun()
