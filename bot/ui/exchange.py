"""The exchanges of a conversation: how one begins and ends on the page, what was searched
for it, what was said, and what of it the source panel shows. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import uuid4

from bot.conversation.history import AskedQuestion, Exchange
from bot.types import Answer, Mode, Problem, Turn
from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class SourceTarget:
    """What the source panel shows. All but an article (which has its id) belong to an `exchange`, and `n` tells which it is: a
    footnote, or the better source of a claim, by its place in the answer from 0; a passage by its number.
    "against" is what speaks against a sentence of a draft, where "citation" is its source.

    `serial` is the browser's number for the request; it goes back with the answer, so that a late one is told from a fresh one.
    `place` is where an article is to be opened, None for its beginning.
    """

    kind: Literal["citation", "better", "passage", "article", "against"]
    exchange: str = ""
    n: int = 0
    article: str = ""
    serial: int = 0
    place: Span | None = None

    @property
    def key(self) -> str:
        """Names the target on both sides of the wire.

        >>> SourceTarget("citation", exchange="1f", n=2).key
        'citation/1f/2/'
        """
        place = [f"{self.place[0]}-{self.place[1]}"] if self.place else []
        return "/".join((self.kind, self.exchange, str(self.n), self.article, *place))


def begun(asked: AskedQuestion, mode: Mode = "quotes", model: str = "") -> Exchange:
    """A new exchange whose answer is still to come, from `model` as `Question.model` has it; its id is the session's own."""
    writer = model if mode == "model" else ""
    # 12 hexadecimal digits are what `bot.ui.addresses` takes for an id, and short enough for an address that people pass on.
    return Exchange(uuid4().hex[:12], asked, Answer(asked.question, mode=mode, model=writer, status="running"), model)


def stopped(answer: Answer) -> Answer:
    """The answer as the reader cut it short: what there is stays, and counts as incomplete."""
    # Quotations to read meanwhile, and how many passages are being read, belong to an answer that is still coming.
    return replace(answer, status="stopped", preview=None, reading=0)


def failed(answer: Answer, trouble: Problem) -> Answer:
    """The answer that ended in an error, with whatever text had come before it."""
    return replace(answer, status="failed", trouble=trouble, preview=None, reading=0)


def searched_for(exchange: Exchange) -> str:
    """The question as it is searched; "" as long as that is not known."""
    # A follow-up ("And the reserve?") is searched in other words than it was typed, which only the answer's first events tell.
    if exchange.answer.status == "running" and not exchange.answer.query:
        return exchange.asked.wanted
    return exchange.answer.query or exchange.asked.wanted or exchange.asked.question


def searched_as_typed(exchange: Exchange) -> bool:
    """Whether the search says no more than what the reader typed, or did not take place."""
    took_place = exchange.answer.searched or exchange.answer.status == "running"
    return not took_place or _plain(searched_for(exchange)) in ("", _plain(exchange.asked.question))


def _plain(text: str) -> str:
    # Folded, as a question that differs in a capital alone was searched as it was typed.
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
    # Only numbers of footnotes that the answer has: "[2019]" in a sentence is the article's own.
    return re.sub(r" ?\[(\d{1,4})\]", lambda match: "" if int(match[1]) in numbers else match[0], text).strip()
