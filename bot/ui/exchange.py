"""The exchanges of a conversation: how one begins and ends on the page, what was searched for it, and what was said. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from bot.conversation.history import AskedQuestion, Exchange
from bot.types import Answer, Mode, Trouble, Turn


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do about it, each a sentence for the reader.

    `again` offers to ask once more, `quotes` to answer with quotations instead.
    """

    message: str
    help: str
    again: bool = False
    quotes: bool = False


def problem_of(answer: Answer) -> Problem | None:
    """Why there is no answer, or why what there is of it is not whole."""
    found = answer.trouble
    return Problem(found.message, found.help, found.retryable, found.quotable) if found else None


def begun(asked: AskedQuestion, mode: Mode = "quotes", model: str = "") -> Exchange:
    """A new exchange whose answer is still to come, from `model` as `Question.model` has it; its id is the session's own."""
    writer = model if mode == "model" else ""
    return Exchange(uuid4().hex[:12], asked, Answer(asked.question, mode=mode, model=writer, status="running"), model)


def stopped(answer: Answer) -> Answer:
    """The answer as the reader cut it short: what there is stays, and counts as incomplete."""
    return replace(answer, status="stopped", preview=None)


def failed(answer: Answer, trouble: Trouble) -> Answer:
    """The answer that ended in an error, with whatever text had come before it."""
    return replace(answer, status="failed", trouble=trouble, preview=None)


def searched_for(exchange: Exchange) -> str:
    """The question as it is searched; "" as long as that is not known."""
    if exchange.answer.status == "running" and not exchange.answer.query:
        return exchange.asked.wanted
    return exchange.answer.query or exchange.asked.wanted or exchange.asked.question


def searched_as_typed(exchange: Exchange) -> bool:
    """Whether the search says no more than what the reader typed, or did not take place."""
    took_place = exchange.answer.searched or exchange.answer.status == "running"
    return not took_place or _plain(searched_for(exchange)) in ("", _plain(exchange.asked.question))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def history(exchanges: Iterable[Exchange]) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first, without the markers of its footnotes: their numbers mean nothing elsewhere."""
    turns: list[Turn] = []
    for exchange in exchanges:
        # A search that the reader put right says what they meant: a follow-up is read with that.
        turns.append(Turn("user", exchange.asked.wanted or exchange.asked.question))
        if said := _unmarked(exchange.answer.text, [citation.n for citation in exchange.answer.citations]):
            turns.append(Turn("assistant", said))
    return tuple(turns)


def _unmarked(text: str, numbers: Sequence[int]) -> str:
    return re.sub(r" ?\[(\d{1,4})\]", lambda match: "" if int(match[1]) in numbers else match[0], text).strip()
