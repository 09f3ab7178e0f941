"""One turn answered by several columns at once, each in a thread of its own, on passages that are searched once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from bot.evals.records import Setup
from bot.types import Answer, Event, Question
from bot.ui.exchange import Exchange, asked
from bot.ui.lab.columns import Column, setup_of
from bot.ui.lab.searching import Search
from bot.ui.running import Running
from bot.ui.service import Service
from vectorstore.types import Article


class _Answers:
    """What a thread asks in the place of the whole service: one column's answer on the shared passages, nothing else."""

    def __init__(self, service: Service, setup: Callable[[], Setup], search: Search) -> None:
        self._service = service
        self._setup = setup
        self._search = search

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of the answer. A prompt or a model that cannot be used is told of before anything is searched."""
        answer = self._service.answerer(self._setup())
        found = self._search.found()
        yield from answer(replace(question, searched=found.searched, given=found.passages))

    def article(self, id: str) -> Article | None:  # noqa: ARG002  # the protocol's name
        """None: an answer of the lab is not kept, so its footnotes need no anchors."""
        return None

    def followups(self, question: Question, answer: Answer) -> Sequence[str]:  # noqa: ARG002  # the protocol's names
        """None: nobody goes on from here."""
        return ()


@dataclass(slots=True)
class Tried:
    """A column's answer as far as it has come."""

    column: Column
    exchange: Exchange
    running: Running | None

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
    answers: list[Tried] = field(default_factory=list)

    def advance(self) -> bool:
        """Take in what has come; whether more will."""
        more = [one.advance() for one in self.answers]  # every one of them, so no generator
        return any(more)

    def stop(self) -> None:
        """Let the answers go that are on their way; what there is of them stays."""
        for one in self.answers:
            if one.advance() and one.running is not None:
                one.exchange, one.running = one.running.cancel(), None


def started(service: Service, question: Question, columns: Sequence[Column], drafts: Mapping[str, str]) -> Trial:
    """Answers the question by each of the columns, all at once; `drafts` are edited texts of the prompt by version."""
    search, held = Search(service, question), dict(drafts)
    return Trial(question, [_begun(service, question, column, held, search) for column in columns])


def _begun(service: Service, question: Question, column: Column, drafts: Mapping[str, str], search: Search) -> Tried:
    exchange = asked(question.text, question.scope, model=column.model, wanted=question.searched)
    answers = _Answers(service, lambda: setup_of(service, column, drafts), search)
    # Of the service, a thread asks these three alone.
    return Tried(column, exchange, Running(cast("Service", answers), exchange, question))
