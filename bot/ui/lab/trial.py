"""One turn answered by several columns at once, each in a thread of its own, on passages that are searched once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from bot.conversation.history import AskedQuestion, Exchange
from bot.types import Event, Passage, Question
from bot.ui.exchange import begun
from bot.ui.lab.columns import QUOTES, Column, setup_of
from bot.ui.running import AnswerThread
from bot.wiring import Service
from bot.wiring.chat import Chat, retrieved
from bot.wiring.lab import Lab


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


@dataclass(slots=True)
class ColumnAnswer:
    """A column's answer as far as it has come."""

    column: Column
    exchange: Exchange
    running: AnswerThread | None

    def advance(self) -> bool:
        """Take in what has come; whether more will."""
        if self.running is not None:
            over = self.running.over
            self.exchange = self.running.exchange
            self.running = None if over else self.running
        return self.running is not None


@dataclass(slots=True)
class Trial:
    """The answers of all columns to one question. Mutable on purpose: the page looks in on it."""

    question: Question
    answers: list[ColumnAnswer] = field(default_factory=list)

    def advance(self) -> bool:
        """Take in what has come; whether more will."""
        more = [one.advance() for one in self.answers]  # every one of them, so no generator
        return any(more)

    def stop(self) -> None:
        """Let the answers go that are on their way; what there is of them stays."""
        for one in self.answers:
            if one.advance() and one.running is not None:
                one.exchange, one.running = one.running.cancel(), None


def start_trial(service: Service, question: Question, columns: Sequence[Column], drafts: Mapping[str, str]) -> Trial:
    """Answers the question by each of the columns, all at once; `drafts` are edited texts of the prompt by version."""
    search, held = SharedSearch(service.chat, question), dict(drafts)
    return Trial(question, [_begun(service.lab, question, column, held, search) for column in columns])


def _begun(lab: Lab, question: Question, column: Column, drafts: Mapping[str, str], search: SharedSearch) -> ColumnAnswer:
    def stream(question: Question) -> Iterator[Event]:
        """The answer on the shared passages. A prompt or a model that cannot be used is told of before anything is searched."""
        answer = lab.answerer(setup_of(lab, column, drafts))
        found = search.found()
        yield from answer(replace(question, searched=found.searched, given=found.passages))

    asked = AskedQuestion(question.text, question.searched, question.scope)
    exchange = begun(asked, "quotes" if column.model == QUOTES else "model", column.model)
    return ColumnAnswer(column, exchange, AnswerThread(stream, exchange, question))
