"""The list of kept conversations, or of kept drafts: found by their words, opened, renamed, deleted and restored."""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import streamlit as st

from bot.conversation.history import ConversationMatch, DraftMatch, ListPage
from bot.errors import HistoryError
from bot.types import Problem
from bot.ui.components.conversations.view import CONVERSATIONS, ListData, Wording, list_data
from bot.ui.components.mounting import component

STEP = 30
"""Conversations at a time."""
MOST = 3000
"""A longer list is searched, not scrolled."""


class ListSource(Protocol):
    """What is listed: the conversations of a history, or its drafts."""

    def search(self, words: str, limit: int) -> ListPage[ConversationMatch] | ListPage[DraftMatch]:
        """Those that hold the words, newest first; all without words."""

    def rename(self, id: str, title: str) -> None:
        """Gives one another title."""

    def delete(self, id: str) -> None:
        """Takes one out of the list."""

    def restore(self, id: str) -> None:
        """Undoes `delete`."""


@dataclass(frozen=True, slots=True)
class ListCallbacks:
    """What the page does when one is opened at a turn ("" for its end), begun, or deleted while shown."""

    open: Callable[[str, str], None]
    new: Callable[[], None]
    deleted: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ListAction:
    """What the reader did in the list. The browser numbers it, and tells of it until it hears that it is done."""

    serial: int
    kind: str
    id: str = ""
    text: str = ""


@dataclass(slots=True)
class ListState:
    """What the list remembers between two looks. Mutable on purpose.

    `closed` are those that were deleted while they were shown: when one is restored, it is opened again. `rerun` asks for
    a run of the whole page.
    """

    words: str = ""
    limit: int = STEP
    done: int = 0
    closed: set[str] = field(default_factory=set)
    rerun: bool = False
    problem: Problem | None = None

    def take(self, sent: object, kept: ListSource, current: str, callbacks: ListCallbacks) -> None:
        """Does what the browser asks for, each thing once, in order; a fault is told and stops what follows it."""
        if not isinstance(sent, dict):
            return
        self._look(sent.get("words"), sent.get("limit"))
        self.problem = None
        for act in list_actions(sent.get("acts")):
            # The browser tells of an act until it hears that it is done, so one may come several times.
            if act.serial <= self.done or self.problem is not None:
                continue
            # Before it is done: what fails is told, and not tried again with each message.
            self.done = act.serial
            try:
                self._do(act, kept, current, callbacks)
            except HistoryError as error:
                self.problem = Problem(error.message, error.help)

    def _look(self, words: object, limit: object) -> None:
        self.words = words if isinstance(words, str) else self.words
        # The number comes from the browser.
        self.limit = min(max(limit, STEP), MOST) if isinstance(limit, int) else self.limit

    def _do(self, act: ListAction, kept: ListSource, current: str, callbacks: ListCallbacks) -> None:
        match act.kind:
            case "new":
                callbacks.new()
                self.rerun = True
            case "open":
                callbacks.open(act.id, act.text)
                self.rerun = True
            case "rename":
                kept.rename(act.id, act.text)
                self.rerun |= act.id == current
            case "delete":
                self._delete(act.id, kept, current, callbacks)
            case "restore":
                self._restore(act.id, kept, callbacks)

    def _delete(self, id: str, kept: ListSource, current: str, callbacks: ListCallbacks) -> None:
        kept.delete(id)
        if id == current:
            self.closed.add(id)
            callbacks.deleted(id)
            self.rerun = True

    def _restore(self, id: str, kept: ListSource, callbacks: ListCallbacks) -> None:
        kept.restore(id)
        if id in self.closed:
            self.closed.discard(id)
            callbacks.open(id, "")
            self.rerun = True

    def found(self, kept: ListSource) -> ListPage[ConversationMatch] | ListPage[DraftMatch]:
        """What is to be listed."""
        return kept.search(self.words, self.limit)


def conversations(kept: ListSource, current: str, callbacks: ListCallbacks, wording: Wording = CONVERSATIONS) -> None:
    """Draw the list, with the conversation or draft `current` marked; only the list is drawn again while it is searched."""
    st.fragment(_list)(kept, current, callbacks, wording)


def no_conversations(error: HistoryError, wording: Wording = CONVERSATIONS) -> None:
    """Draw in its place why there is no list."""
    data = list_data(wording, ListPage((), False), problem=Problem(error.message, error.help))
    component("conversations")(key=_key(wording), data=data)


def list_actions(sent: object) -> Iterator[ListAction]:
    """What the browser tells of, without what makes no sense: a browser is not to be trusted."""
    for one in sent if isinstance(sent, list) else []:
        match one:
            case {"serial": int(serial), "kind": str(kind), "id": str(id), "text": str(text)}:
                yield ListAction(serial, kind, id, text)


def _list(kept: ListSource, current: str, callbacks: ListCallbacks, wording: Wording) -> None:
    key = _key(wording)
    state = _list_state(key)

    def told() -> None:
        """Does what the browser reports, before the list is drawn again."""
        state.take(st.session_state[key].get("told"), kept, current, callbacks)

    component("conversations")(key=key, data=data(state, kept, current, wording), on_told_change=told)
    if state.rerun:
        # The whole page once more: another conversation or draft is shown by now.
        # Before the rerun, which raises to end this run.
        state.rerun = False
        st.rerun()


def data(state: ListState, kept: ListSource, current: str, wording: Wording = CONVERSATIONS) -> ListData:
    """What is drawn: the conversations or drafts, or why they cannot be listed."""
    problem = state.problem
    page: ListPage[ConversationMatch] | ListPage[DraftMatch] = ListPage((), False)
    try:
        page = state.found(kept)
    except HistoryError as error:
        problem = Problem(error.message, error.help)
    return list_data(wording, page, words=state.words, limit=state.limit, current=current, done=state.done, problem=problem)


def _key(wording: Wording) -> str:
    return f"footnote-{wording['many']}"


def _list_state(key: str) -> ListState:
    store = cast("MutableMapping[str, ListState]", st.session_state)
    return store.setdefault(f"{key}-state", ListState())
