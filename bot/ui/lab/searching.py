"""The passages of a turn, searched once and shared, so that between two answers only what is being tried differs."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Lock
from typing import cast

from bot.errors import InputError
from bot.types import Condensed, Event, Passage, Question, Retrieved, Token
from bot.wiring.chat import Chat


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """What was searched, and the passages of it that an answer may draw from."""

    searched: str
    passages: tuple[Passage, ...]


class SharedSearch:
    """The search for one question. It takes place when its passages are first asked for; threads may share it."""

    def __init__(self, chat: Chat, question: Question) -> None:
        self._chat = chat
        self._question = question
        self._lock = Lock()
        self._found: FoundPassages | None = None

    def found(self) -> FoundPassages:
        """The passages; those that are held still are not searched. Raises what a search does, and InputError."""
        with self._lock:
            if self._found is None:
                given = self._question.given
                self._found = self._search() if given is None else FoundPassages(self._question.searched, given)
            return self._found

    def _search(self) -> FoundPassages:
        query, told = "", ""
        # Quoting asks no model. A generator in truth: to close it is to have no answer made, which nobody asked for.
        quoting = replace(self._question, model="quotes")
        with closing(cast("Generator[Event]", self._chat.stream(quoting))) as events:
            for event in events:
                match event:
                    case Condensed(query):
                        pass
                    case Retrieved(passages):
                        return FoundPassages(query, passages)
                    case Token(text):
                        told += text
        raise InputError("This question is not searched, so no prompt is sent.", told or "Put it in other words.")
