"""Files that stand for themselves: the evidence pack of the conversation or of one of its answers, and a checked draft."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version

import streamlit as st

from bot.conversation.history import draft_title
from bot.errors import HistoryError, InputError
from bot.export import (
    DraftReport,
    EvidencePack,
    as_csv,
    as_html,
    as_markdown,
    draft_as_docx,
    draft_as_html,
    draft_as_markdown,
    pack_of,
)
from bot.request_context import current_request, request_copy
from bot.ui.draft_state import DraftState
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring import Service

_KEY = "footnote-export"
OPEN, WHICH = f"{_KEY}-open", f"{_KEY}-which"
FORMS: tuple[tuple[str, str, str, Callable[[EvidencePack], str]], ...] = (
    (word("export.web_page_html"), "html", "text/html", as_html),
    (word("export.markdown"), "md", "text/markdown", as_markdown),
    (word("export.table_csv"), "csv", "text/csv", as_csv),
)


def export(state: ChatState, service: Service) -> None:
    """Draw the button and, once it is open, what can be downloaded; only this is drawn again when something in it changes."""
    st.fragment(_export)(state, service)


def packed(state: ChatState, service: Service, turn: str = "") -> EvidencePack:
    """What is kept of the conversation, or of one turn of it; raises HistoryError."""
    found = service.archive.history().conversation(state.conversation)
    if found is None:
        raise HistoryError(word("export.this_conversation_is_not_kept"), word("export.ask_again_to_begin"))
    # From the history and not the session, so that the file holds what can be looked up later.
    pack = pack_of(found, _now(), index=service.library.fingerprint(), program=_program())
    # Packed as a whole first: a turn keeps its number in the conversation.
    items = tuple(item for item, kept in zip(pack.items, found.turns, strict=True) if turn in ("", kept.id))
    return replace(pack, items=items)


def file_name(title: str, form: str) -> str:
    """A name that every file system takes.

    >>> file_name("How long did the ice last?", "html")
    'how-long-did-the-ice-last.html'
    """
    # 60 characters leave room for the folder in the 255 that most file systems take; `\w` keeps letters of any script.
    words = re.sub(r"[^\w-]+", "-", title.casefold()).strip("-_")[:60]
    return f"{words or 'footnote'}.{form}"


def _export(state: ChatState, service: Service) -> None:
    with st.container(key=_KEY):
        box = st.popover(word("export.export"), key=OPEN, type="tertiary", on_change="rerun")
        if box.open:
            with box, st.container(key=f"{_KEY}-box"):
                _choice(state, service)


def _choice(state: ChatState, service: Service) -> None:
    names = {"": word("export.the_whole_conversation")} | {one.id: one.asked.question for one in reversed(state.exchanges)}
    turn = st.selectbox(word("export.what_to_export"), [*names], format_func=names.__getitem__, key=WHICH) or ""
    st.text(word("export.claims_quotations_and_where_they"))
    for label, form, mime, written in FORMS:
        st.download_button(
            label,
            data=_maker(state, service, turn, written, form),
            file_name=file_name(names[turn] if turn else state.exchanges[0].asked.question, form),
            mime=mime,
            key=f"{_KEY}-{form}",
            on_click="ignore",
        )


def _maker(
    state: ChatState, service: Service, turn: str, written: Callable[[EvidencePack], str], form: str
) -> Callable[[], bytes]:
    """The file, made when it is asked for. A spreadsheet reads letters with accents only behind a byte-order mark."""
    # Asked now, while the page is drawn for somebody: the file is made in a thread that works for nobody.
    asks = current_request()

    def made() -> bytes:
        """The file; Streamlit calls this outside of the page's own thread."""
        pack = request_copy(asks).run(packed, state, service, turn)
        return written(pack).encode("utf-8-sig" if form == "csv" else "utf-8")

    return made


DRAFT_FORMS: tuple[tuple[str, str, str, Callable[[DraftReport], str | bytes]], ...] = (
    (word("export.web_page_html"), "html", "text/html", draft_as_html),
    (word("export.markdown"), "md", "text/markdown", draft_as_markdown),
    (
        word("export.word_with_comments_docx"),
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        draft_as_docx,
    ),
)


def export_draft(state: DraftState, service: Service) -> None:
    """Draw the button and, once it is open, the forms in which the draft can be downloaded with its verdicts."""
    st.fragment(_export_draft)(state, service)


def draft_report(state: DraftState, service: Service) -> DraftReport:
    """What there is by now of the check that the session holds; raises InputError where it holds none."""
    check = state.check
    if check is None:
        raise InputError(word("export.there_is_no_draft"), word("export.check_a_text_first"))
    title = draft_title(check.text)
    with suppress(HistoryError):
        if state.draft and (kept := service.archive.history().drafts.draft(state.draft)) is not None:
            title = kept.head.title
    # A copy of the order, to which the check may add meanwhile; each place in it has its verdict.
    found = {at: check.found[at] for at in [*check.order]}
    return DraftReport(title, check.text, check.spans or (), found, _now(), service.library.fingerprint(), _program())


def _export_draft(state: DraftState, service: Service) -> None:
    with st.container(key=_KEY):
        box = st.popover(word("export.export"), key=OPEN, type="tertiary", on_change="rerun")
        if box.open and state.check is not None:
            with box, st.container(key=f"{_KEY}-box"):
                st.text(word("export.the_text_with_its_verdicts"))
                for label, form, mime, written in DRAFT_FORMS:
                    st.download_button(
                        label,
                        data=_draft_maker(state, service, written),
                        file_name=file_name(draft_title(state.check.text), form),
                        mime=mime,
                        key=f"{_KEY}-draft-{form}",
                        on_click="ignore",
                    )


def _draft_maker(state: DraftState, service: Service, written: Callable[[DraftReport], str | bytes]) -> Callable[[], bytes]:
    """The file, made when it is asked for."""

    asks = current_request()

    def made() -> bytes:
        """The file's bytes."""
        file = written(request_copy(asks).run(draft_report, state, service))
        return file.encode() if isinstance(file, str) else file

    return made


def _now() -> datetime:
    return datetime.now().astimezone()


def _program() -> str:
    return f"Footnote {version('footnote')}"
