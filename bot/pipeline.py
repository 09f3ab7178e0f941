"""The story of an answer: condense the question, search, pack the passages, then quote them or have a model write, and cite."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from bot.quoting import abstention, quoted
from bot.steps.candidates import TextOf
from bot.steps.clarify import missing_subject
from bot.steps.condense import condense
from bot.steps.extract import Extract, extract
from bot.steps.judging import Judge
from bot.steps.pack import SPARE, About, pack, touched, untouched
from bot.types import Answer, Body, Condensed, Done, Event, Notice, Passage, Question, Retrieved, Token
from vectorstore.search import Found, Query

Search = Callable[[Query, int], Found]


class Writer(Protocol):
    """What answers by writing: `bot.writing.ModelWriter`."""

    def rewrite(self, question: Question) -> tuple[Query | None, tuple[str, ...]]:
        """A follow-up as a question of its own, None where it can't be had; and what the reader must know of that."""

    def write(self, question: Question, passages: tuple[Passage, ...]) -> Generator[Event, None, Body]:
        """The events of the answer's text, and the whole of it at the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many passages an answer may draw from, how many sentences it quotes at most, and how sure it has to be."""

    passages: int = 8
    quotes: int = 4
    abstain_below: float = 0.12


class Bot:
    """Answers questions from one index. It keeps nothing between questions: a follow-up brings its conversation along."""

    def __init__(
        self,
        search: Search,
        about: About,
        limits: Limits,
        writer: Writer | None = None,
        text_of: TextOf | None = None,
        respelt: Callable[[str], str] | None = None,
        judge: Judge | None = None,
    ) -> None:
        """Without a `writer`, answers are quotations; without `text_of`, no sentence's context is known beyond its passage.

        `respelt` spells the words of a question as the articles do. `judge` says which sentences answer; without it, likeness
        does.
        """
        self._search = search
        self._about = about
        self._limits = limits
        self._writer = writer
        self._text_of = text_of
        self._respelt = respelt
        self._judge = judge

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer as they happen, `Done` last; raises the errors of the index and of the model."""
        clock = _Clock()
        if asking := missing_subject(question):
            yield from _asked_back(question, asking, clock)
            return
        query, notes = self._condensed(question)
        clock.mark("condense")
        yield Condensed(query.searched)
        found, passages = self._found(query, question)
        clock.mark("search")
        yield from map(Notice, notes := notes + found.notes)
        yield Retrieved(passages)
        text_of = _allowed(self._text_of, question)
        said, quotes = _said_before(question), self._limits.quotes
        chosen = extract(query.text, query.before, passages, quotes, said, text_of, self._judge)
        clock.mark("extract")
        body = yield from self._body(question, passages, chosen)
        body = replace(body, notes=notes + body.notes, ms={**clock.total(), **body.ms, **_stages(found)})
        yield Done(_answer(question, query, passages, chosen, body))

    def _condensed(self, question: Question) -> tuple[Query, tuple[str, ...]]:
        """What to search for: the model's reading of a follow-up where there is one, else that of the rules."""
        rewritten, notes = None, tuple[str, ...]()
        if self._writer is not None and question.history and not question.searched.strip():
            rewritten, notes = self._writer.rewrite(question)
        query = replace(rewritten or condense(question), scope=question.scope)
        if self._respelt is not None and question.given is None and not question.searched.strip():
            query = replace(query, text=self._respelt(query.text), before=self._respelt(query.before))
        return query, notes

    def _found(self, query: Query, question: Question) -> tuple[Found, tuple[Passage, ...]]:
        """What the search finds, and the passages of it that the answer may draw from."""
        if question.given is not None:
            return Found((), {}, ()), tuple(one for one in question.given if not touched(one, question.without))
        found = self._search(query, self._limits.passages + SPARE * (1 + len(question.without)))
        return found, pack(untouched(found.hits, question.without), self._about, self._limits.passages)

    def _body(self, question: Question, passages: tuple[Passage, ...], chosen: Extract) -> Generator[Event, None, Body]:
        """The answer itself, by the model if there is one and something that it could answer from."""
        unsure = chosen.confidence < self._limits.abstain_below
        if self._writer is not None and passages:
            body = yield from self._writer.write(question, passages)
            if unsure and not body.abstained:
                yield Notice(UNSURE)
                body = replace(body, notes=(*body.notes, UNSURE))
            return body
        written = abstention(question, passages) if unsure or not chosen.quotations else quoted(chosen)
        yield from written.events()
        return written.body()


UNSURE = "The articles may not answer this: none of the passages that were found fits the question well."
"""Said below an answer that a model wrote where quotes mode would have abstained."""


def _asked_back(question: Question, asking: str, clock: "_Clock") -> Iterator[Event]:
    """The question to the reader in the place of an answer; nothing is searched."""
    query = condense(question).searched
    yield Condensed(query)
    yield Token(asking)
    yield Done(Answer(question.text, query, asking, True, 0.0, "quotes", (), (), (), ms=clock.total()))


def _allowed(text_of: TextOf | None, question: Question) -> TextOf | None:
    """The texts of the articles, without those of which the answer must do without a part."""
    barred = {part.article for part in question.without}
    return (lambda article: None if article in barred else text_of(article)) if text_of else None


def _said_before(question: Question) -> str:
    """The answer before, which need not be quoted again."""
    return next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")


def _stages(found: Found) -> dict[str, float]:
    """Milliseconds by stage of the search."""
    return {f"search.{stage}": ms for stage, ms in found.ms.items() if stage != "total"}


def _answer(question: Question, query: Query, passages: tuple[Passage, ...], chosen: Extract, body: Body) -> Answer:
    """The whole answer: what its writer left, with the question and the passages around it."""
    return Answer(
        question=question.text,
        query=query.searched,
        text=body.text,
        abstained=body.abstained,
        confidence=round(chosen.confidence, 4),
        mode=body.mode,
        claims=body.claims,
        citations=body.citations,
        passages=passages,
        usage=body.usage,
        ms=body.ms,
        notes=body.notes,
        model=body.model,
        trouble=body.trouble,
        trace=body.trace,
    )


class _Clock:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._ms: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """Ends a step."""
        now = time.perf_counter()
        self._ms[step] = round(1000 * (now - self._last), 2)
        self._last = now

    def total(self) -> dict[str, float]:
        """All steps, and "total"."""
        return {**self._ms, "total": round(1000 * (time.perf_counter() - self._start), 2)}
