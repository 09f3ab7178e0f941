"""What one browser session remembers: the conversation, the answer on its way, and the source that stands open."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Literal, cast

import streamlit as st

from bot.types import Question
from bot.ui.exchange import Exchange, asked, history, stopped
from bot.ui.running import Running
from bot.ui.service import Service

_KEY = "footnote"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the source panel shows: a footnote or a passage (by `exchange` and `n`), or an article as such (by its id).

    `serial` is the browser's number for the request; it goes back with the answer, so that a late one is told from a fresh one.
    """

    kind: Literal["citation", "passage", "article"]
    exchange: str = ""
    n: int = 0
    article: str = ""
    serial: int = 0

    @property
    def key(self) -> str:
        """Names the target on both sides of the wire."""
        return "/".join((self.kind, self.exchange, str(self.n), self.article))


@dataclass(slots=True)
class State:
    """One conversation. Mutable on purpose: Streamlit reruns the page around it."""

    exchanges: list[Exchange] = field(default_factory=list)
    running: Running | None = None
    opened: Opened | None = None

    def ask(self, service: Service, text: str) -> None:
        """Start the answer to a question; one that is still running is stopped and kept as incomplete."""
        if not (text := text.strip()):
            return
        self.stop()
        question = Question(text, history(self.exchanges))
        self.exchanges.append(asked(text))
        self.running = Running(service, question)

    def advance(self) -> bool:
        """Take in what the running answer has brought; whether it is still running."""
        if self.running is None:
            return False
        # No Streamlit call stands between taking the events and storing them, so a rerun can't lose any.
        self.exchanges[-1] = self.running.advance(self.exchanges[-1])
        if self.exchanges[-1].status != "running":
            self.running = None
        return self.running is not None

    def stop(self) -> None:
        """Stop the running answer, if there is one, and keep what there is of it."""
        if self.advance() and self.running is not None:
            self.running.cancel()
            self.running = None
            self.exchanges[-1] = stopped(self.exchanges[-1])

    def clear(self) -> None:
        """A new conversation."""
        self.stop()
        self.exchanges.clear()
        self.opened = None

    def exchange(self, id: str) -> Exchange | None:
        """The exchange with this id, if it is still part of the conversation."""
        return next((exchange for exchange in self.exchanges if exchange.id == id), None)


def session(page: str) -> State:
    """The state of `page` in this browser session, made on first use."""
    store = cast("MutableMapping[str, State]", st.session_state)
    return store.setdefault(f"{_KEY}-{page}", State())
