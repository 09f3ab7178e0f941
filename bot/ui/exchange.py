"""One question with its answer as it grows, and the conversation that they make. Pure: nothing here draws."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never
from uuid import uuid4

from bot.types import (
    Answer,
    Attributed,
    Citation,
    Cited,
    Claim,
    Condensed,
    Done,
    Event,
    Judged,
    Notice,
    Passage,
    Retrieved,
    Token,
    Turn,
)
from bot.verification.anchors import Anchor
from vectorstore.types import EVERYWHERE, Scope, Span

Status = Literal["running", "done", "stopped", "failed"]
MARKER = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do about it, each a sentence for the reader.

    `again` offers to ask once more, `quotes` to answer with quotations instead.
    """

    message: str
    help: str
    again: bool = False
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and all that is known of its answer so far; `id` is unique within the session.

    `wanted` is what the reader wants searched, where that is in words of their own. `scope` is what the search was kept to, and
    `kept` says it in words. `model` is what was to write the answer, as `Question.model` has it, and what
    wrote it once it is there. `anchors[i]` is that of
    `citations[i]`, None where its words stand nowhere; there are none before the answer is complete. `offered` are questions to
    go on with.
    """

    id: str
    question: str
    status: Status = "running"
    query: str = ""
    text: str = ""
    searched: bool = False
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    notices: tuple[str, ...] = ()
    answer: Answer | None = None
    problem: Problem | None = None
    wanted: str = ""
    scope: Scope = EVERYWHERE
    kept: tuple[str, ...] = ()
    model: str = ""
    anchors: tuple[Anchor | None, ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether the answer is that the articles do not say."""
        return self.answer is not None and self.answer.abstained

    @property
    def trouble(self) -> Problem | None:
        """Why there is no answer, or why what there is of it is not whole."""
        if self.answer is None or self.answer.trouble is None:
            return self.problem
        trouble = self.answer.trouble
        return Problem(trouble.message, trouble.help, again=trouble.retryable)

    def citation(self, at: int) -> Citation | None:
        """The footnote of the marker `at` (from 0): a number may be cited many times, each time for other words."""
        return self.citations[at] if 0 <= at < len(self.citations) else None

    def better(self, at: int) -> Citation | None:
        """The better source of the claim `at` (from 0), if it has one."""
        return self.claims[at].better if 0 <= at < len(self.claims) else None

    def passage(self, n: int) -> Passage | None:
        """The passage with the number `n`."""
        return next((passage for passage in self.passages if passage.n == n), None)

    def uncited(self) -> tuple[Passage, ...]:
        """The passages that were found and that no footnote touches."""
        return tuple(passage for passage in self.passages if not any(_touches(passage, one) for one in self.citations))


def _touches(passage: Passage, citation: Citation) -> bool:
    # A footnote with no words that fit stands at the beginning of the passage that it names.
    end = max(citation.end, citation.start + 1)
    return passage.article == citation.article and passage.start < end and citation.start < passage.end


def markers(text: str, citations: Sequence[Citation]) -> list[tuple[Span, int]]:
    """Where the text names a footnote, and which (from 0): its markers in order. Any other number in brackets is text."""
    found: list[tuple[Span, int]] = []
    for match in MARKER.finditer(text):
        if len(found) < len(citations) and int(match[1]) == citations[len(found)].n:
            found.append((match.span(), len(found)))
    return found


def asked(question: str, scope: Scope = EVERYWHERE, kept: tuple[str, ...] = (), model: str = "", wanted: str = "") -> Exchange:
    """A new exchange whose answer is still to come; `wanted` is what to search, where that is in the reader's own words."""
    return Exchange(uuid4().hex[:12], question, wanted=wanted, scope=scope, kept=kept, model=model)


def after(exchange: Exchange, event: Event) -> Exchange:
    """The exchange once `event` has happened to it."""
    match event:
        case Condensed(query=query):
            now = replace(exchange, query=query)
        case Retrieved(passages=passages):
            now = replace(exchange, passages=passages, searched=True)
        case Token(text=text):
            now = replace(exchange, text=exchange.text + text)
        case Cited(citation=citation):
            now = replace(exchange, citations=(*exchange.citations, citation))
        case Attributed():
            now = _attributed(exchange, event)
        case Judged():
            now = _judged(exchange, event)
        case Notice(text=text):
            now = replace(exchange, notices=(*exchange.notices, text))
        case Done(answer=answer):
            now = _finished(exchange, answer)
        case _:
            assert_never(event)
    return now


def _attributed(exchange: Exchange, found: Attributed) -> Exchange:
    """With the footnote that was found, and its marker behind the sentence that ended a moment ago."""
    text = f"{exchange.text[: found.at]}{found.marker}{exchange.text[found.at :]}"
    citations = (*exchange.citations[: found.first], found.citation, *exchange.citations[found.first :])
    return replace(exchange, text=text, citations=citations)


def _judged(exchange: Exchange, judged: Judged) -> Exchange:
    """With the footnotes as they were checked, in the places of those that were told of on the way."""
    end = judged.first + len(judged.citations)
    citations = (*exchange.citations[: judged.first], *judged.citations, *exchange.citations[end:])
    return replace(exchange, citations=citations, claims=(*exchange.claims, judged.claim))


def _finished(exchange: Exchange, answer: Answer) -> Exchange:
    # A note that was already shown as a notice on the way is not said twice.
    notes = tuple(note for note in answer.notes if note not in exchange.notices)
    return replace(
        exchange,
        status="done",
        query=answer.query or exchange.query,
        text=answer.text,
        citations=answer.citations,
        claims=answer.claims,
        passages=answer.passages,
        notices=exchange.notices + notes,
        answer=answer,
        model=answer.model or exchange.model,
    )


def stopped(exchange: Exchange) -> Exchange:
    """The exchange as the reader cut it short: what there is stays, and counts as incomplete."""
    return replace(exchange, status="stopped")


def failed(exchange: Exchange, problem: Problem) -> Exchange:
    """The exchange that ended in an error, with whatever text had come before it."""
    return replace(exchange, status="failed", problem=problem)


def searched_for(exchange: Exchange) -> str:
    """The question as it is searched; "" as long as that is not known."""
    if exchange.status == "running" and not exchange.query:
        return exchange.wanted
    return exchange.query or exchange.wanted or exchange.question


def searched_as_typed(exchange: Exchange) -> bool:
    """Whether the search says no more than what the reader typed, or did not take place."""
    took_place = exchange.searched or exchange.status == "running"
    return not took_place or _plain(searched_for(exchange)) in ("", _plain(exchange.question))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def history(exchanges: Iterable[Exchange]) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first, without the markers of its footnotes: their numbers mean nothing elsewhere."""
    turns: list[Turn] = []
    for exchange in exchanges:
        # A search that the reader put right says what they meant: a follow-up is read with that.
        turns.append(Turn("user", exchange.wanted or exchange.question))
        if said := _unmarked(exchange.text, [citation.n for citation in exchange.citations]):
            turns.append(Turn("assistant", said))
    return tuple(turns)


def _unmarked(text: str, numbers: Sequence[int]) -> str:
    return re.sub(r" ?\[(\d{1,4})\]", lambda match: "" if int(match[1]) in numbers else match[0], text).strip()
