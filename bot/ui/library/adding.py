"""Ways in: files, a folder, addresses and texts, each of which becomes items of the intake; and how far these have come."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from bot.ui.components.intake import IntakeEntry, intake_list
from bot.ui.library.intake import Intake, IntakeItem, IntakeStatus
from bot.ui.library.state import LibraryState
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.readers import SUFFIXES
from vectorstore.types import IngestSource

_KEY = "footnote-add"
TICK = 0.4  # seconds between two looks at what comes in
_STATUS_NAMES: dict[IntakeStatus, str] = {
    "waiting": word("library.status_waiting"),
    "reading": word("library.status_reading"),
    "added": word("library.status_added"),
    "changed": word("library.status_changed"),
    "unchanged": word("library.status_unchanged"),
    "failed": word("library.status_failed"),
    "cancelled": word("library.status_cancelled"),
}
REDRAWN = 3.0  # seconds between two times that the list of articles is drawn anew meanwhile


def file_types() -> list[str]:
    """The endings of the files that can be read, as Streamlit wants them."""
    return [suffix.removeprefix(".") for suffix in SUFFIXES]


def file_items(library: Library, files: Sequence[UploadedFile]) -> list[IntakeItem]:
    """Dropped files as items; each is kept in the originals when its turn comes."""
    # Not the field's own object: it is gone with the field, and the item may be tried again.
    return [IntakeItem(one.name, partial(_uploaded, library, one.name, one.getvalue())) for one in files]


def _uploaded(library: Library, name: str, data: bytes) -> list[IngestSource]:
    return [library.uploaded(name, data)]


def address_items(library: Library, typed: str) -> list[IntakeItem]:
    """Addresses, one on a line, as items; what has no scheme is taken for https."""
    # Each address once, in the order in which they were typed.
    lines = dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip())
    # Any other scheme is passed on, so that the fetcher can say what is wrong with it.
    addresses = [line if "://" in line else f"https://{line}" for line in lines]
    return [IntakeItem(address, partial(library.fetched, address)) for address in addresses]


def text_item(library: Library, title: str, text: str) -> IntakeItem:
    """A text that was pasted, as an item."""
    return IntakeItem(title, lambda: [library.pasted(title, text)])


def add_form(state: LibraryState, library: Library, *, empty: bool) -> None:
    """Draw the ways in, folded where there are articles already."""
    box = st.expander(word("library.add_articles"), expanded=empty or state.adding, key=f"{_KEY}-box")
    with box:
        files, folder, addresses, text = st.tabs(
            [word("library.files"), word("library.folder"), word("library.addresses"), word("library.text")]
        )
        with files:
            _drop(state, library, "files")
        with folder:
            _drop(state, library, "folder")
        with addresses:
            _addresses(state, library)
        with text:
            _text(state, library)


def _drop(state: LibraryState, library: Library, what: str) -> None:
    # Streamlit offers no way to empty a field of files; a field with another key is a new one.
    key = f"{_KEY}-{what}-{state.drops}"

    def dropped() -> None:
        """Adds the files, and empties the field by giving it another key."""
        files = cast("Sequence[UploadedFile]", st.session_state[key] or ())
        if files:
            state.add(library, file_items(library, files))
            state.drops += 1

    if what == "folder":
        # Of a folder, what cannot be read is told of one by one, and the rest comes in.
        st.file_uploader(word("library.drop_a_folder"), accept_multiple_files="directory", key=key, on_change=dropped)
    else:
        label = word("library.drop_files")
        st.file_uploader(label, file_types(), accept_multiple_files=True, key=key, on_change=dropped)


def _addresses(state: LibraryState, library: Library) -> None:
    key = f"{_KEY}-addresses"

    def sent() -> None:
        """Adds the addresses, and empties the field."""
        state.add(library, address_items(library, str(st.session_state[key] or "")))
        # Allowed in a callback, which runs before the fields of the next run are drawn.
        st.session_state[key] = ""

    st.text_area(word("library.addresses_one_a_line"), key=key, height=100, placeholder="https://")
    st.button(word("library.fetch"), key=f"{key}-send", on_click=sent)


def _text(state: LibraryState, library: Library) -> None:
    title, text = f"{_KEY}-title", f"{_KEY}-text"

    def sent() -> None:
        """Adds the text under its title, and empties both fields."""
        named, words = (str(st.session_state[key] or "").strip() for key in (title, text))
        if words:
            state.add(library, [text_item(library, named or _first_line(words), words)])
            st.session_state[title] = st.session_state[text] = ""

    st.text_input(word("library.title"), key=title)
    st.text_area(word("library.text_of_the_article"), key=text, height=160)
    st.button(word("library.add_the_text"), key=f"{text}-send", on_click=sent)


def _first_line(text: str) -> str:
    # A heading of Markdown makes a title without its signs; a text may well be one line of thousands of characters.
    return text.splitlines()[0].lstrip("# ").strip()[:120]


# How far it has come


def coming_in(state: LibraryState) -> None:
    """Draw what is on its way; only this is drawn again and again, and the whole page now and then, for its list."""
    intake = state.intake
    if intake is not None and intake.items:
        running = intake.running
        st.fragment(_progress, run_every=TICK if running else None)(state, intake, running, state.reading, time.monotonic())


def _progress(state: LibraryState, intake: Intake, was_running: bool, reading: str, since: float) -> None:
    # Asked before the items are, so that what is over is drawn complete.
    running = intake.running
    items = intake.items
    settled = sum(item.settled for item in items)
    draw_intake(f"{_KEY}-progress", intake, items, progress_text(intake, items), partial(_acted, state, intake))
    # Not for every item, as the whole page is drawn for it, with a list of up to 200 articles.
    news = settled != state.seen and time.monotonic() - since > REDRAWN
    # `reading` is what the fragment was drawn with: a click in it may have opened an article, whose page stands outside of it.
    if running != was_running or news or not items or state.reading != reading:
        state.seen = settled
        # The list of articles is drawn anew, or an article's page; and this stops repeating itself when all is over.
        st.rerun()


def draw_intake(key: str, intake: Intake, items: Sequence[IntakeItem], summed: str, act: Callable[[object], None]) -> None:
    """Draw the items with their sum in words; `act` is told what the reader does with them."""
    intake_list(
        key,
        summed,
        sum(item.settled for item in items) / len(items) if items else 1.0,
        running=intake.running,
        cancelling=intake.cancelling,
        entries=[_entry(item) for item in items],
        act=act,
    )


def progress_text(intake: Intake, items: Sequence[IntakeItem]) -> str:
    """How far the items have come, in words."""
    if intake.cancelling:
        return word("library.cancelling")
    settled = sum(item.settled for item in items)
    if intake.running:
        return word("library.taken_in_of", count=len(items), done=settled)
    added, there, failed, cancelled = (
        sum(item.status in statuses for item in items)
        for statuses in (("added", "changed"), ("unchanged",), ("failed",), ("cancelled",))
    )
    said = (
        word("library.sum_added", count=added) if added else "",
        word("library.sum_unchanged", count=there) if there else "",
        word("library.sum_failed", count=failed) if failed else "",
        word("library.sum_cancelled", count=cancelled) if cancelled else "",
    )
    return " · ".join(filter(None, said))


def _entry(item: IntakeItem) -> IntakeEntry:
    return IntakeEntry(
        name=item.name,
        status=item.status,
        label=_STATUS_NAMES[item.status],
        said=item.said,
        article=item.articles[0] if item.articles else "",
        again=item.status in ("failed", "cancelled"),
    )


def _acted(state: LibraryState, intake: Intake, sent: object) -> None:
    match sent:
        case {"act": "cancel"}:
            intake.cancel()
        case {"act": "dismiss"}:
            intake.dismiss()
        case {"act": "retry", "at": int(at)}:
            intake.retry(at)
        case {"act": "open", "at": int(at)} if 0 <= at < len(intake.items) and intake.items[at].articles:
            state.open(intake.items[at].articles[0])
