"""The passages of a turn, searched once and shared, so that between two answers only what is being tried differs."""

from dataclasses import dataclass
from threading import Lock

from bot.types import Passage, Question
from bot.wiring.chat import Chat, retrieved


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
                question = self._question
                if question.given is None:
                    self._found = FoundPassages(*retrieved(self._chat, question))
                else:
                    self._found = FoundPassages(question.searched, question.given)
            return self._found
