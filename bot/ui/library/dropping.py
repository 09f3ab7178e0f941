"""Files that are dropped into the chat's own box: they are taken in, the chat is kept to them, and what was typed is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from bot.ui.exchange import SourceTarget
from bot.ui.layout import literal
from bot.ui.library.adding import TICK, draw_intake, file_items, progress_text
from bot.ui.library.intake import Intake
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.types import Scope

_KEY = "footnote-dropped"


@dataclass(slots=True)
class ChatDrop:
    """What was dropped into the chat and is on its way, and the question that is asked of it once it is there ("" for none)."""

    intake: Intake
    question: str = ""
    kept: int = 0
    over: bool = False


def drop(state: ChatState, service: Service, files: Sequence[UploadedFile], question: str) -> None:
    """Take these files in; the chat keeps to them as soon as they can be found."""
    # One for each drop: the library's own intake keeps to its page.
    intake = Intake(service.library)
    intake.add(file_items(service.library, files))
    # The question of an earlier drop is not lost when another one follows at once.
    before = _current()
    if before is not None and not before.over and before.question and not question:
        question = before.question
    st.session_state[_KEY] = ChatDrop(intake, question.strip())
    state.fault = None


def settle_drop(state: ChatState, service: Service) -> None:
    """Keep the chat to what was dropped, and ask what was typed with it, once it is there; before the turns are drawn."""
    current = _current()
    # Each drop is settled once, in whichever run of the page comes first after its end.
    if current is not None and not current.over and not current.intake.running:
        _keep_to(state, service, current)


def dropped(state: ChatState) -> None:
    """Draw what was dropped, as it comes in."""
    current = _current()
    if current is not None:
        with st.container(key=f"{_KEY}-box"):
            st.fragment(_progress, run_every=None if current.over else TICK)(state, current, current.over)


def _current() -> ChatDrop | None:
    found = st.session_state.get(_KEY)
    return found if isinstance(found, ChatDrop) else None


def _progress(state: ChatState, current: ChatDrop, was_over: bool) -> None:
    running = current.intake.running
    items = current.intake.items
    if current.kept:
        st.markdown(literal(word("library.kept_to_dropped", count=current.kept)))
    draw_intake(f"{_KEY}-list", current.intake, items, progress_text(current.intake, items), partial(_acted, state, current))
    # The four reasons for the whole page: the files are in, the drop was settled or tried again, another one took its place, or
    # a source was opened.
    if (not running and not was_over) or current.over != was_over or _current() is not current or state.redraw:
        # The whole page: the scope below this, and the answer; or this is put away.
        st.rerun()


def _acted(state: ChatState, current: ChatDrop, sent: object) -> None:
    match sent:
        case {"act": "cancel"}:
            current.intake.cancel()
        case {"act": "dismiss"}:
            st.session_state.pop(_KEY, None)
        case {"act": "retry", "at": int(at)}:
            current.intake.retry(at)
            # The article that comes of it joins the scope, as at the first time.
            current.over = False
        case {"act": "open", "at": int(at)} if 0 <= at < len(current.intake.items) and current.intake.items[at].articles:
            state.opened = SourceTarget("article", article=current.intake.items[at].articles[0])
            # The panel is drawn outside of this fragment.
            state.redraw = True


def _keep_to(state: ChatState, service: Service, current: ChatDrop) -> None:
    """Keep the chat to the articles that came of what was dropped, and ask what was typed with it."""
    current.over = True
    # A file that was dropped twice names its article twice.
    ids = list(dict.fromkeys(id for item in current.intake.items for id in item.articles))
    current.kept = len(ids)
    # Nothing came of it: the question stays, for the day on which a file is tried again.
    if ids:
        titles = {one.id: one.title or one.id for one in service.library.articles() if one.id in set(ids)}
        state.keep_to(Scope(articles=tuple(ids)), titles)
        # Taken out before it is asked, as a retry settles the drop a second time.
        question, current.question = current.question, ""
        state.ask(service, question)
