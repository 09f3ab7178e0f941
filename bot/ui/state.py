"""What one browser session remembers: the conversation, its scope, the answer on its way, and the source that stands open."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Literal, cast

import streamlit as st

from bot.types import Question
from bot.ui.exchange import Exchange, asked, asked_again, history, stopped
from bot.ui.running import Running
from bot.ui.scoping import Part, parts, without
from bot.ui.service import Service
from bot.ui.spending import NOTHING, Spent, added
from vectorstore.types import EVERYWHERE, Scope

_KEY = "footnote"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the source panel shows. All but an article (which has its id) belong to an `exchange`, and `n` tells which it is: a
    footnote, or the better source of a claim, by its place in the answer from 0; a passage by its number.

    `serial` is the browser's number for the request; it goes back with the answer, so that a late one is told from a fresh one.
    """

    kind: Literal["citation", "better", "passage", "article"]
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
    """One conversation. Mutable on purpose: Streamlit reruns the page around it.

    `running` is the answer that is on its way, to the exchange `at`. `scope` is what the next question is kept to, `parts` tell
    of it in words. `model` is what the reader has chosen to answer, "" as long as they have not; `spent` is what all answers of
    the conversation have cost.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    running: Running | None = None
    at: int = 0
    opened: Opened | None = None
    scope: Scope = EVERYWHERE
    parts: tuple[Part, ...] = ()
    model: str = ""
    spent: Spent = NOTHING

    def ask(self, service: Service, text: str) -> None:
        """Start the answer to a question; one that is still running is stopped and kept as incomplete."""
        if not (text := text.strip()):
            return
        self.stop()
        self.exchanges.append(asked(text, self.scope, tuple(part.label for part in self.parts), self.model))
        self._start(service, len(self.exchanges) - 1)

    def search_again(self, service: Service, id: str, wanted: str) -> None:
        """Answer a question anew, in its place, with a search in the reader's words; a running answer is stopped and kept."""
        if wanted := wanted.strip():
            self._anew(service, id, wanted, self.model)

    def answer_again(self, service: Service, id: str, model: str = "") -> None:
        """Answer a question anew, in its place, with `model`, else with what is chosen now; a running answer is stopped."""
        self._anew(service, id, None, model or self.model)

    def _anew(self, service: Service, id: str, wanted: str | None, model: str) -> None:
        at = next((at for at, exchange in enumerate(self.exchanges) if exchange.id == id), None)
        if at is None:
            return
        self.stop()
        if self.opened is not None and self.opened.exchange == id:
            # Its footnotes go with the answer that they belonged to.
            self.opened = None
        before = self.exchanges[at]
        self.exchanges[at] = asked_again(before, before.wanted if wanted is None else wanted, model)
        self._start(service, at)

    def _start(self, service: Service, at: int) -> None:
        exchange = self.exchanges[at]
        question = Question(exchange.question, history(self.exchanges[:at]), exchange.scope, exchange.wanted, exchange.model)
        self.at = at
        self.running = Running(service, question)

    def advance(self) -> bool:
        """Take in what the running answer has brought; whether it is still running."""
        if self.running is None:
            return False
        # No Streamlit call stands between taking the events and storing them, so a rerun can't lose any.
        self.exchanges[self.at] = self.running.advance(self.exchanges[self.at])
        if self.exchanges[self.at].status != "running":
            self.running = None
            self.spent = added(self.spent, self.exchanges[self.at].answer)
        return self.running is not None

    def stop(self) -> None:
        """Stop the running answer, if there is one, and keep what there is of it."""
        if self.advance() and self.running is not None:
            self.running.cancel()
            self.running = None
            self.exchanges[self.at] = stopped(self.exchanges[self.at])

    def clear(self) -> None:
        """A new conversation."""
        self.stop()
        self.exchanges.clear()
        self.opened = None
        self.spent = NOTHING

    def keep_to(self, scope: Scope, titles: Mapping[str, str]) -> None:
        """Keep the questions from now on to a scope; `titles` of its articles by id."""
        self.scope, self.parts = scope, parts(scope, titles)

    def widen(self, field: str = "", value: str = "") -> None:
        """Drop one part of the scope, or all of it."""
        for part in self.parts:
            if not field or (part.field, part.value) == (field, value):
                self.scope = without(self.scope, part)
                self.parts = tuple(one for one in self.parts if one is not part)

    def exchange(self, id: str) -> Exchange | None:
        """The exchange with this id, if it is still part of the conversation."""
        return next((exchange for exchange in self.exchanges if exchange.id == id), None)


def session(page: str) -> State:
    """The state of `page` in this browser session, made on first use."""
    store = cast("MutableMapping[str, State]", st.session_state)
    return store.setdefault(f"{_KEY}-{page}", State())
