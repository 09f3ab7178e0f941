"""The story of an answer: condense the question, search, pack the passages, quote, cite."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.asks import UNSAID, asked_for
from bot.steps.clarify import missing_subject
from bot.steps.condense import condense
from bot.steps.extract import Extract, Quotation, extract
from bot.steps.pack import About, pack
from bot.types import Answer, Citation, Cited, Claim, Condensed, Done, Event, Notice, Passage, Question, Retrieved, Token
from vectorstore.search import Found, Query

Search = Callable[[Query, int], Found]

LEAD = "Word for word from the articles:"
"""Says that what follows are quotations, not a written answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many passages an answer may draw from, how many sentences it quotes at most, and how sure it has to be."""

    passages: int = 8
    quotes: int = 4
    abstain_below: float = 0.12


class Bot:
    """Answers questions from one index. It keeps nothing between questions: a follow-up brings its conversation along."""

    def __init__(self, search: Search, about: About, limits: Limits) -> None:
        self._search = search
        self._about = about
        self._limits = limits

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer as they happen, `Done` last; raises the errors of the index."""
        clock = _Clock()
        query = replace(condense(question), scope=question.scope)
        yield Condensed(query.searched)
        if asking := missing_subject(question):
            yield Token(asking)
            yield Done(_asked_back(question, query, asking, clock))
            return
        found = self._search(query, self._limits.passages)
        yield from map(Notice, found.notes)
        passages = pack(found.hits, self._about)
        clock.mark("search")
        yield Retrieved(passages)
        said = next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")
        chosen = extract(query.text, query.before, passages, self._limits.quotes, said)
        clock.mark("extract")
        abstained = not chosen.quotations or chosen.confidence < self._limits.abstain_below
        written = _abstention(question, passages) if abstained else _quoted(chosen)
        yield from written.events()
        yield Done(
            Answer(
                question=question.text,
                query=query.searched,
                text=written.text,
                abstained=abstained,
                confidence=round(chosen.confidence, 4),
                mode="quotes",
                claims=written.claims,
                citations=written.citations,
                passages=passages,
                ms=clock.total() | {f"search.{stage}": ms for stage, ms in found.ms.items() if stage != "total"},
                notes=found.notes,
            )
        )


@dataclass(frozen=True, slots=True)
class _Written:
    """An answer's text in the pieces that it is streamed in, and what it claims; `citations[i]` goes before the piece i + 1."""

    pieces: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def events(self) -> Iterator[Event]:
        """The pieces, each footnote just before the piece that carries its marker."""
        for at, piece in enumerate(self.pieces):
            if 0 < at <= len(self.citations):
                yield Cited(self.citations[at - 1])
            yield Token(piece)


def _quoted(chosen: Extract) -> _Written:
    """The lead, then a line for each quotation with its footnote. The words are the article's own: the verdict is "quoted"."""
    pieces, claims, citations = [LEAD], list[Claim](), list[Citation]()
    at = len(LEAD)
    for n, quotation in enumerate(chosen.quotations, 1):
        words = quotation.text
        # No quotation marks of ours: the words may hold some of their own, and the lead says what they are.
        piece = f"\n\n{words} [{n}]"
        start = at + len("\n\n")
        claims.append(Claim(words, start, start + len(words), "quoted", (n,)))
        citations.append(_citation(n, quotation))
        pieces.append(piece)
        at += len(piece)
    return _Written(tuple(pieces), tuple(claims), tuple(citations))


def _citation(n: int, quotation: Quotation) -> Citation:
    passage = quotation.passage
    return Citation(n, passage.article, passage.title, quotation.start, quotation.end, quotation.text, "quoted")


def _abstention(question: Question, passages: tuple[Passage, ...]) -> _Written:
    """What is said instead of an answer: that it is not there, and that something near it is."""
    near = " The nearest passages are below." if passages else ""
    return _Written((f"The articles do not {UNSAID[asked_for(question.text)]}.{near}",))


def _asked_back(question: Question, query: Query, asking: str, clock: "_Clock") -> Answer:
    """The question to the reader in the place of an answer; nothing was searched."""
    return Answer(question.text, query.searched, asking, True, 0.0, "quotes", (), (), (), ms=clock.total())


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
