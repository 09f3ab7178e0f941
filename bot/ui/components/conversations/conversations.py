"""The list of kept conversations: found by their words, opened, renamed, deleted and had back."""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from bot.errors import HistoryError
from bot.history import History, Match, Page
from bot.ui.components.conversations.view import ListData, list_data
from bot.ui.components.load import load
from bot.ui.exchange import Problem

KEY = "footnote-conversations"
STEP = 30
"""Conversations at a time."""
MOST = 3000
"""A longer list is searched, not scrolled."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What the page does when a conversation is opened at a turn ("" for its end), begun, renamed, or deleted while shown."""

    open: Callable[[str, str], None]
    new: Callable[[], None]
    renamed: Callable[[], None]
    deleted: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Act:
    """What the reader did in the list. The browser numbers it, and tells of it until it hears that it is done."""

    serial: int
    kind: str
    id: str = ""
    text: str = ""


@dataclass(slots=True)
class Shelf:
    """What the list remembers between two looks. Mutable on purpose.

    `closed` are the conversations that were deleted while they were shown: when one is had back, it is opened again. `turned`
    asks for a run of the whole page.
    """

    words: str = ""
    limit: int = STEP
    done: int = 0
    closed: set[str] = field(default_factory=set)
    turned: bool = False
    problem: Problem | None = None

    def take(self, sent: object, history: History, current: str, doings: Doings) -> None:
        """Does what the browser asks for, each thing once, in order; a fault is told and stops what follows it."""
        if not isinstance(sent, dict):
            return
        self._look(sent.get("words"), sent.get("limit"))
        self.problem = None
        for act in acts_of(sent.get("acts")):
            if act.serial <= self.done or self.problem is not None:
                continue
            self.done = act.serial
            try:
                self._do(act, history, current, doings)
            except HistoryError as error:
                self.problem = Problem(error.message, error.help)

    def _look(self, words: object, limit: object) -> None:
        self.words = words if isinstance(words, str) else self.words
        self.limit = min(max(limit, STEP), MOST) if isinstance(limit, int) else self.limit

    def _do(self, act: Act, history: History, current: str, doings: Doings) -> None:
        match act.kind:
            case "new":
                doings.new()
                self.turned = True
            case "open":
                doings.open(act.id, act.text)
                self.turned = True
            case "rename":
                history.rename(act.id, act.text)
                doings.renamed()
                self.turned |= act.id == current
            case "delete":
                self._delete(act.id, history, current, doings)
            case "restore":
                self._restore(act.id, history, doings)

    def _delete(self, id: str, history: History, current: str, doings: Doings) -> None:
        history.delete(id)
        if id == current:
            self.closed.add(id)
            doings.deleted(id)
            self.turned = True

    def _restore(self, id: str, history: History, doings: Doings) -> None:
        history.restore(id)
        if id in self.closed:
            self.closed.discard(id)
            doings.open(id, "")
            self.turned = True

    def found(self, history: History) -> Page[Match]:
        """The conversations to be listed."""
        return history.search(self.words, self.limit)


def conversations(history: History, current: str, doings: Doings) -> None:
    """Draw the list, with the conversation `current` marked; only the list is drawn again while it is searched."""
    st.fragment(_list)(history, current, doings)


def no_conversations(error: HistoryError) -> None:
    """Draw in its place why there is no list."""
    load("conversations")(key=KEY, data=list_data((), False, problem=Problem(error.message, error.help)))


def acts_of(sent: object) -> Iterator[Act]:
    """What the browser tells of, without what makes no sense: a browser is not to be trusted."""
    for one in sent if isinstance(sent, list) else []:
        match one:
            case {"serial": int(serial), "kind": str(kind), "id": str(id), "text": str(text)}:
                yield Act(serial, kind, id, text)


def _list(history: History, current: str, doings: Doings) -> None:
    shelf = _shelf()

    def told() -> None:
        shelf.take(st.session_state[KEY].get("told"), history, current, doings)

    load("conversations")(key=KEY, data=data(shelf, history, current), on_told_change=told)
    if shelf.turned:
        # The whole page once more: another conversation is shown by now.
        shelf.turned = False
        st.rerun()


def data(shelf: Shelf, history: History, current: str) -> ListData:
    """What is drawn: the conversations, or why they cannot be listed."""
    problem = shelf.problem
    page: Page[Match] = Page((), False)
    try:
        page = shelf.found(history)
    except HistoryError as error:
        problem = Problem(error.message, error.help)
    return list_data(
        page.items, page.more, words=shelf.words, limit=shelf.limit, current=current, done=shelf.done, problem=problem
    )


def _shelf() -> Shelf:
    store = cast("MutableMapping[str, Shelf]", st.session_state)
    return store.setdefault(f"{KEY}-shelf", Shelf())
