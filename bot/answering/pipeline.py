"""The story of an answer: condense the question, search, pack the passages, then quote them or have a model write, and cite."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.abstaining import FAR, Sought, abstention, counted, notes
from bot.answering.collection.replies import Collection, ProgramFacts
from bot.answering.collection.rows import Reply
from bot.answering.quoting import quoted
from bot.answering.steps.candidates import TextOf
from bot.answering.steps.confidence import between, confidence
from bot.answering.steps.extract import Extract, extract
from bot.answering.steps.judging import Judge
from bot.answering.steps.pack import SPARE, About, pack, touched, untouched
from bot.conversation.clarify import missing_subject
from bot.conversation.condense import condense
from bot.conversation.context import Reading, Search, asking, searched
from bot.phrases import reply_language, say
from bot.types import Answer, Condensed, Done, Event, Notice, Passage, Question, Retrieved, Token
from vectorstore.errors import IndexDamaged
from vectorstore.searching.occurrences import Occurrences
from vectorstore.searching.search import Found, Query
from vectorstore.splitting.language import ENGLISH, in_english
from vectorstore.types import EVERYWHERE, Scope

Count = Callable[[str, Scope], Occurrences]
"""In how many articles of a scope each word of a text stands."""


class Writer(Protocol):
    """What answers by writing: `bot.answering.writing.ModelWriter`."""

    def rewrite(self, question: Question) -> tuple[Query | None, tuple[str, ...]]:
        """A follow-up as a question of its own, None where it can't be had; and what the reader must know of that."""

    def write(self, question: Question, passages: tuple[Passage, ...]) -> Generator[Event, None, Answer]:
        """The events of the answer's text, and the whole of it at the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many passages an answer may draw from, how many sentences it quotes at most, and how sure it has to be."""

    passages: int = 8
    quotes: int = 4
    abstain_below: float = 0.12


@dataclass(frozen=True, slots=True)
class Aids:
    """What helps to choose quotations, where it is at hand.

    Without `text_of`, no sentence's context is known beyond its passage. `respelt` spells the words of a question as the
    articles do. `judge` says which English sentences answer; without it, likeness does.
    """

    text_of: TextOf | None = None
    respelt: Callable[[str], str] | None = None
    judge: Judge | None = None


class Bot:
    """Answers questions from one index. It keeps nothing between questions: a follow-up brings its conversation along."""

    def __init__(
        self,
        search: Search,
        about: About,
        limits: Limits,
        writer: Writer | None = None,
        *,
        count: Count | None = None,
        collection: tuple[Collection, ProgramFacts] | None = None,
        aids: Aids | None = None,
    ) -> None:
        """Without a `writer`, answers are quotations; without a `count`, an abstention tells no numbers.

        Without a `collection`, all questions are for the articles' text.
        """
        self._search = search
        self._about = about
        self._limits = limits
        self._writer = writer
        self._aids = aids or Aids()
        self._collection = collection
        self._count = count

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer as they happen, `Done` last; raises the errors of the index and of the model."""
        clock = _Clock()
        if reply := self.of_the_collection(question):
            yield from self._replied(question, reply, clock)
            return
        if asking := missing_subject(question):
            yield from _asked_back(question, asking, clock)
            return
        query, notes = self._condensed(question)
        clock.mark("condense")
        reading, passages = self._found(query, question)
        clock.mark("search")
        chosen = self._chosen(question, reading, passages)
        if chosen.confidence < self._limits.abstain_below and question.given is None:
            reading, passages, chosen = self._otherwise(question, reading, passages, chosen)
        clock.mark("extract")
        yield Condensed(reading.query.shown)
        yield from map(Notice, notes := notes + reading.found.notes)
        yield Retrieved(passages)
        answer = yield from self._answer(question, reading.query, passages, chosen)
        ms = {**clock.total(), **answer.ms, **_stages(reading.found)}
        answer = replace(answer, notes=notes + answer.notes, ms=ms, passages=passages, searched=True)
        yield Done(replace(answer, question=question.text, query=reading.query.shown, confidence=round(chosen.confidence, 4)))

    def of_the_collection(self, question: Question) -> Reply | None:
        """The answer from the catalog or about the program, where that is what the question asks."""
        if self._collection is None:
            return None
        collection, facts = self._collection
        return collection.reply(question, facts, lambda: self._sure_of(question))

    def _sure_of(self, question: Question) -> float:
        """How sure an answer in quotations would be."""
        query = replace(condense(question), scope=question.scope)
        reading, passages = self._found(query, question)
        return self._chosen(question, reading, passages).confidence

    def _replied(self, question: Question, reply: Reply, clock: "_Clock") -> Iterator[Event]:
        """The events of an answer about the collection; an overview is written where a model writes."""
        yield Condensed(question.text)
        yield from [Retrieved(reply.passages)] if reply.passages else []
        clock.mark("collection")
        if reply.passages and self._writer is not None:
            answer = yield from self._writer.write(question, reply.passages)
        else:
            yield from reply.written.events()
            answer = reply.written.answer()
        ms, confidence = {**clock.total(), **answer.ms}, round(min(reply.likeness, 1.0), 4)
        answer = replace(answer, passages=reply.passages, searched=bool(reply.passages), confidence=confidence, ms=ms)
        yield Done(replace(answer, question=question.text, query=Query(question.text).shown))

    def _condensed(self, question: Question) -> tuple[Query, tuple[str, ...]]:
        """What to search for: the model's reading of a follow-up where there is one, else that of the rules."""
        rewritten, notes = None, tuple[str, ...]()
        if self._writer is not None and question.history and not question.searched.strip():
            rewritten, notes = self._writer.rewrite(question)
        query = replace(rewritten or condense(question), scope=question.scope)
        if self._aids.respelt is not None and question.given is None and not question.searched.strip():
            query = _respelt(query, self._aids.respelt)
        return query, notes

    def _found(self, query: Query, question: Question) -> tuple[Reading, tuple[Passage, ...]]:
        """What the search finds, and the passages of it that the answer may draw from."""
        if question.given is not None:
            given = tuple(one for one in question.given if not touched(one, question.without))
            return Reading(query, Found((), {}, ())), given
        reading = searched(self._search, query, self._limits.passages + SPARE * (1 + len(question.without)))
        return reading, self._packed(reading.found, question)

    def _otherwise(
        self, question: Question, reading: Reading, passages: tuple[Passage, ...], chosen: Extract
    ) -> tuple[Reading, tuple[Passage, ...], Extract]:
        """A question that would be abstained from, read in another way where one answers; else by itself, if it can be."""
        if (narrow := asking(reading.query)) is not None:
            other = Reading(narrow, self._search(narrow, self._limits.passages + SPARE))
            found = self._packed(other.found, question)
            answered = self._chosen(question, other, found)
            if answered.confidence >= self._limits.abstain_below:
                return other, found, answered
        if reading.alone is None:
            return reading, passages, chosen
        # What the articles do not answer is no part of what was talked about before.
        alone = Reading(reading.query.alone, reading.alone)
        return alone, self._packed(alone.found, question), chosen

    def _packed(self, found: Found, question: Question) -> tuple[Passage, ...]:
        return pack(untouched(found.hits, question.without), self._about, self._limits.passages)

    def _chosen(self, question: Question, reading: Reading, passages: tuple[Passage, ...]) -> Extract:
        """The quotations; where the question might do without its context, as sure as it is with it and alone, both halfway."""
        query, quotes = reading.query, self._limits.quotes
        text_of = _allowed(self._aids.text_of, question)
        judge = self._aids.judge if _english(query, passages) else None
        chosen = extract(query.text, query.before, passages, quotes, _said_before(question), text_of, judge)
        if reading.alone is None:
            return chosen
        alone = extract(query.text, "", self._packed(reading.alone, question), quotes, text_of=text_of, judge=judge)
        features = between(chosen.features, alone.features)
        return replace(chosen, confidence=confidence(features) if features else 0.0, features=features)

    def _answer(
        self, question: Question, query: Query, passages: tuple[Passage, ...], chosen: Extract
    ) -> Generator[Event, None, Answer]:
        """The answer itself, by the model if there is one and something that it could answer from."""
        unsure = chosen.confidence < self._limits.abstain_below
        if self._writer is not None and passages:
            answer = yield from self._writer.write(question, passages)
            if answer.abstained:
                language, told = reply_language(question), self._sought(question, query, chosen)
                return (yield from _noted(answer, *filter(None, [counted(told.counted, language)]), *notes(told, language)))
            return (yield from _noted(answer, say("unsure", reply_language(question)))) if unsure else answer
        if not unsure and chosen.quotations:
            written = quoted(chosen, reply_language(question))
            yield from written.events()
            return written.answer()
        sought = self._sought(question, query, chosen)
        written = abstention(question, passages, sought)
        yield from written.events()
        return (yield from _noted(written.answer(), *notes(sought, reply_language(question))))

    def _sought(self, question: Question, query: Query, chosen: Extract) -> Sought:
        """What was looked for in vain, and whether it may be found outside the scope."""
        far = chosen.confidence < FAR
        if self._count is None or question.given is not None:
            return Sought(far=far)
        try:
            here = self._count(query.asked or query.text, query.scope)
            everywhere = self._count("", EVERYWHERE).articles if query.scope else 0
        except IndexDamaged:  # the search has said so
            return Sought(far=far)
        outside = everywhere > here.articles
        return Sought(here, everywhere, self._elsewhere(query) if outside else "", far) if outside else Sought(here, far=far)

    def _elsewhere(self, query: Query) -> str:
        """The title of an article outside the scope that may answer, or ""."""
        passages = pack(
            self._search(replace(query, scope=EVERYWHERE), self._limits.passages).hits, self._about, self._limits.passages
        )
        chosen = extract(query.text, query.before, passages, 1)
        found = chosen.quotations[0].passage.title if chosen.quotations else ""
        return found if chosen.confidence >= self._limits.abstain_below else ""


def _noted(answer: Answer, *notes: str) -> Generator[Event, None, Answer]:
    """The answer with notes below it."""
    yield from map(Notice, notes)
    return replace(answer, notes=(*answer.notes, *notes))


def _asked_back(question: Question, asking: str, clock: "_Clock") -> Iterator[Event]:
    """The question to the reader in the place of an answer; nothing is searched."""
    query = condense(question).shown
    yield Condensed(query)
    yield Token(asking)
    yield Done(Answer(question.text, query, asking, abstained=True, ms=clock.total()))


def _respelt(query: Query, respelt: Callable[[str], str]) -> Query:
    """The query with its words spelt as the articles spell them, in what is shown as well."""
    text, before = respelt(query.text), respelt(query.before)
    return replace(query, text=text, before=before, asked=respelt(query.asked), told=respelt(query.told))


def _allowed(text_of: TextOf | None, question: Question) -> TextOf | None:
    """The texts of the articles, without those of which the answer must do without a part."""
    barred = {part.article for part in question.without}
    return (lambda article: None if article in barred else text_of(article)) if text_of else None


def _said_before(question: Question) -> str:
    """The answer before, which need not be quoted again."""
    return next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")


def _english(query: Query, passages: tuple[Passage, ...]) -> bool:
    """Whether the question and any passage are in English, which is all that the judge of sentences has learnt."""
    return any(one.language in ("", ENGLISH) for one in passages) and in_english(query.searched)


def _stages(found: Found) -> dict[str, float]:
    """Milliseconds by stage of the search."""
    return {f"search.{stage}": ms for stage, ms in found.ms.items() if stage != "total"}


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
