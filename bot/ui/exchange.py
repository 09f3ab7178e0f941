"""One question with its answer as it grows, and the conversation that they make. Pure: nothing here draws."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never
from uuid import uuid4

from bot.types import Answer, Citation, Cited, Condensed, Done, Event, Notice, Passage, Retrieved, Token, Turn

Status = Literal["running", "done", "stopped", "failed"]
MARKER = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do about it, each a sentence for the reader."""

    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and all that is known of its answer so far; `id` is unique within the session."""

    id: str
    question: str
    status: Status = "running"
    query: str = ""
    text: str = ""
    searched: bool = False
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    notices: tuple[str, ...] = ()
    answer: Answer | None = None
    problem: Problem | None = None

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the articles do not say."""
        return self.answer is not None and self.answer.abstained

    def citation(self, n: int) -> Citation | None:
        """The footnote with the number `n`."""
        return next((citation for citation in self.citations if citation.n == n), None)

    def passage(self, n: int) -> Passage | None:
        """The passage with the number `n`."""
        return next((passage for passage in self.passages if passage.n == n), None)

    def uncited(self) -> tuple[Passage, ...]:
        """The passages that were found and that no footnote touches."""
        return tuple(passage for passage in self.passages if not any(_touches(passage, one) for one in self.citations))


def _touches(passage: Passage, citation: Citation) -> bool:
    return passage.article == citation.article and passage.start < citation.end and citation.start < passage.end


def asked(question: str) -> Exchange:
    """A new exchange whose answer is still to come."""
    return Exchange(id=uuid4().hex[:12], question=question)


def after(exchange: Exchange, event: Event) -> Exchange:
    """The exchange once `event` has happened to it."""
    match event:
        case Condensed(query=query):
            return replace(exchange, query=query)
        case Retrieved(passages=passages):
            return replace(exchange, passages=passages, searched=True)
        case Token(text=text):
            return replace(exchange, text=exchange.text + text)
        case Cited(citation=citation):
            others = tuple(one for one in exchange.citations if one.n != citation.n)
            return replace(exchange, citations=(*others, citation))
        case Notice(text=text):
            return replace(exchange, notices=(*exchange.notices, text))
        case Done(answer=answer):
            return _finished(exchange, answer)
    assert_never(event)


def _finished(exchange: Exchange, answer: Answer) -> Exchange:
    # A note that was already shown as a notice on the way is not said twice.
    notes = tuple(note for note in answer.notes if note not in exchange.notices)
    return replace(
        exchange,
        status="done",
        query=answer.query or exchange.query,
        text=answer.text,
        citations=answer.citations,
        passages=answer.passages,
        notices=exchange.notices + notes,
        answer=answer,
    )


def stopped(exchange: Exchange) -> Exchange:
    """The exchange as the reader cut it short: what there is stays, and counts as incomplete."""
    return replace(exchange, status="stopped")


def failed(exchange: Exchange, problem: Problem) -> Exchange:
    """The exchange that ended in an error, with whatever text had come before it."""
    return replace(exchange, status="failed", problem=problem)


def searched_for(exchange: Exchange) -> str:
    """The searched question where it says more than the reader typed, else nothing."""
    return exchange.query if _plain(exchange.query) not in ("", _plain(exchange.question)) else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def history(exchanges: Iterable[Exchange]) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first, without the markers of its footnotes: their numbers mean nothing elsewhere."""
    turns: list[Turn] = []
    for exchange in exchanges:
        turns.append(Turn("user", exchange.question))
        if said := _unmarked(exchange.text, [citation.n for citation in exchange.citations]):
            turns.append(Turn("assistant", said))
    return tuple(turns)


def _unmarked(text: str, numbers: Sequence[int]) -> str:
    return re.sub(r" ?\[(\d{1,4})\]", lambda match: "" if int(match[1]) in numbers else match[0], text).strip()
