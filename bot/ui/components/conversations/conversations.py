"""The list of kept conversations, or of kept drafts: found by their words, opened, renamed, deleted and restored."""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import streamlit as st

from bot.conversation.history import DraftMatch, Match, Page
from bot.errors import HistoryError
from bot.ui.components.conversations.view import CONVERSATIONS, ListData, Wording, list_data
from bot.ui.components.load import load
from bot.ui.exchange import Problem

STEP = 30
"""Conversations at a time."""
MOST = 3000
"""A longer list is searched, not scrolled."""


class Kept(Protocol):
    """What is listed: the conversations of a history, or its drafts."""

    def search(self, words: str, limit: int) -> Page[Match] | Page[DraftMatch]:
        """Those that hold the words, newest first; all without words."""

    def rename(self, id: str, title: str) -> None:
        """Gives one another title."""

    def delete(self, id: str) -> None:
        """Takes one out of the list."""

    def restore(self, id: str) -> None:
        """Undoes `delete`."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What the page does when one is opened at a turn ("" for its end), begun, renamed, or deleted while shown."""

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

    `closed` are those that were deleted while they were shown: when one is restored, it is opened again. `turned` asks for
    a run of the whole page.
    """

    words: str = ""
    limit: int = STEP
    done: int = 0
    closed: set[str] = field(default_factory=set)
    turned: bool = False
    problem: Problem | None = None

    def take(self, sent: object, kept: Kept, current: str, doings: Doings) -> None:
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
                self._do(act, kept, current, doings)
            except HistoryError as error:
                self.problem = Problem(error.message, error.help)

    def _look(self, words: object, limit: object) -> None:
        self.words = words if isinstance(words, str) else self.words
        self.limit = min(max(limit, STEP), MOST) if isinstance(limit, int) else self.limit

    def _do(self, act: Act, kept: Kept, current: str, doings: Doings) -> None:
        match act.kind:
            case "new":
                doings.new()
                self.turned = True
            case "open":
                doings.open(act.id, act.text)
                self.turned = True
            case "rename":
                kept.rename(act.id, act.text)
                doings.renamed()
                self.turned |= act.id == current
            case "delete":
                self._delete(act.id, kept, current, doings)
            case "restore":
                self._restore(act.id, kept, doings)

    def _delete(self, id: str, kept: Kept, current: str, doings: Doings) -> None:
        kept.delete(id)
        if id == current:
            self.closed.add(id)
            doings.deleted(id)
            self.turned = True

    def _restore(self, id: str, kept: Kept, doings: Doings) -> None:
        kept.restore(id)
        if id in self.closed:
            self.closed.discard(id)
            doings.open(id, "")
            self.turned = True

    def found(self, kept: Kept) -> Page[Match] | Page[DraftMatch]:
        """What is to be listed."""
        return kept.search(self.words, self.limit)


def conversations(kept: Kept, current: str, doings: Doings, wording: Wording = CONVERSATIONS) -> None:
    """Draw the list, with the conversation or draft `current` marked; only the list is drawn again while it is searched."""
    st.fragment(_list)(kept, current, doings, wording)


def no_conversations(error: HistoryError, wording: Wording = CONVERSATIONS) -> None:
    """Draw in its place why there is no list."""
    data = list_data(wording, Page((), False), problem=Problem(error.message, error.help))
    load("conversations")(key=_key(wording), data=data)


def acts_of(sent: object) -> Iterator[Act]:
    """What the browser tells of, without what makes no sense: a browser is not to be trusted."""
    for one in sent if isinstance(sent, list) else []:
        match one:
            case {"serial": int(serial), "kind": str(kind), "id": str(id), "text": str(text)}:
                yield Act(serial, kind, id, text)


def _list(kept: Kept, current: str, doings: Doings, wording: Wording) -> None:
    key = _key(wording)
    shelf = _shelf(key)

    def told() -> None:
        shelf.take(st.session_state[key].get("told"), kept, current, doings)

    load("conversations")(key=key, data=data(shelf, kept, current, wording), on_told_change=told)
    if shelf.turned:
        # The whole page once more: another conversation or draft is shown by now.
        shelf.turned = False
        st.rerun()


def data(shelf: Shelf, kept: Kept, current: str, wording: Wording = CONVERSATIONS) -> ListData:
    """What is drawn: the conversations or drafts, or why they cannot be listed."""
    problem = shelf.problem
    page: Page[Match] | Page[DraftMatch] = Page((), False)
    try:
        page = shelf.found(kept)
    except HistoryError as error:
        problem = Problem(error.message, error.help)
    return list_data(wording, page, words=shelf.words, limit=shelf.limit, current=current, done=shelf.done, problem=problem)


def _key(wording: Wording) -> str:
    return f"footnote-{wording['many']}"


def _shelf(key: str) -> Shelf:
    store = cast("MutableMapping[str, Shelf]", st.session_state)
    return store.setdefault(f"{key}-shelf", Shelf())
