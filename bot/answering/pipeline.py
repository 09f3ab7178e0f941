"""The story of an answer: read the question, find what answers it, then quote or have a model write, cite and verify."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.cited import answer_with_pages
from bot.answering.collection.replies import Collection, ProgramFacts
from bot.answering.collection.rows import CollectionReply
from bot.answering.extract import Extract
from bot.answering.quoting import FAR, FailedSearch, abstention_text, occurrence_note, quotations_text, scope_notes
from bot.answering.retrieval import NO_HITS, About, Findings, Limits, Retrieval, RetrievalTools
from bot.conversation.condense import Reading, Search, condense, missing_subject, worth_searching
from bot.phrases import reply_language, say
from bot.types import Answer, Condensed, Done, Event, Notice, Preview, Question, Retrieved, Token
from vectorstore.errors import IndexDamaged
from vectorstore.searching.search import Query, SearchHits
from vectorstore.searching.vocabulary import Occurrences
from vectorstore.types import EVERYWHERE, Scope

if TYPE_CHECKING:
    from bot.answering.writing import ModelWriter

CountWords = Callable[[str, Scope], Occurrences]
"""In how many articles of a scope each word of a text stands."""


class Bot:
    """Answers questions from one index. It keeps nothing between questions: a follow-up brings its conversation along.

    >>> bot = Bot(searcher.search, catalog.summaries, Limits())
    >>> events = list(bot.stream(Question("Who translated the op-ed?")))
    >>> events[-1].answer.citations[0].article
    'five-pieces-on-one-page.md'
    """

    def __init__(
        self,
        search: Search,
        about: About,
        limits: Limits,
        writer: "ModelWriter | None" = None,
        *,
        count: CountWords | None = None,
        collection: tuple[Collection, ProgramFacts] | None = None,
        tools: RetrievalTools | None = None,
    ) -> None:
        """Without a `writer`, answers are quotations; without a `count`, an abstention tells no numbers.

        Without a `collection`, all questions are for the articles' text.
        """
        self._about = about
        self._retrieval = Retrieval(search, about, limits, tools or RetrievalTools())
        self._limits = limits
        self._writer = writer
        self._collection = collection
        self._count = count
        self._pages_of = tools.pages_of if tools else None

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer as they happen, `Done` last; raises the errors of the index and of the model."""
        clock = _Clock()
        # The catalog is asked first: a question about the collection is answered from it, without a search.
        if reply := self.of_the_collection(question):
            yield from self._collection_events(question, reply, clock)
            return
        # A question without its subject is asked back and not guessed at, unless its other words tell the articles enough.
        if (asking := missing_subject(question)) and not self._answers_anyway(question):
            yield from _asked_back(question, asking, clock)
            return
        if self._asks_to_rewrite(question):
            # A model takes its time to rewrite a follow-up: until then, what the rules make of it is there to read.
            yield from self._preview(question, self._found(question, self._retrieval.query(question)))
        rewritten, reasons = self._rewritten(question)
        query = self._retrieval.query(question, rewritten)
        clock.mark("condense")
        # Each `mark` measures what was done since the one before.
        reading, passages = self._retrieval.passages(question, query)
        clock.mark("search")
        findings = self._retrieval.quotations(question, reading, passages)
        clock.mark("extract")
        # Told only now, as the question may have been read in another way where the first one found no answer.
        yield Condensed(findings.query.shown)
        yield from map(Notice, notices := reasons + findings.reading.found.notes)
        yield Retrieved(findings.passages)
        yield from self._preview(question, findings)
        answer = yield from self._answer(question, findings)
        answer = yield from _with_notes(answer, *self._notes_on_gone_files(answer, reply_language(question)))
        # The writer's own steps and the stages of the search are parts of these milliseconds, and do not add up with them.
        ms = {**clock.total(), **answer.ms, **_stages(findings.reading.found)}
        # What was said of the search stands before what was said of the answer, as the reader saw it come.
        answer = replace(answer, notes=notices + answer.notes, ms=ms, searched=True)
        yield Done(self._completed(answer, question, findings))

    def of_the_collection(self, question: Question) -> CollectionReply | None:
        """The answer from the catalog or about the program, where that is what the question asks."""
        if self._collection is None:
            return None
        collection, facts = self._collection
        # Passed as a function, since it costs a search and is needed in doubt only.
        return collection.reply(question, facts, lambda: self._retrieval.confidence(question))

    def _answers_anyway(self, question: Question) -> bool:
        """Whether a question that seems to lack its subject finds its answer by its other words: "How do they make tofu?"."""
        return worth_searching(question.text) and self._retrieval.confidence(question) >= self._limits.abstain_below

    def _collection_events(self, question: Question, reply: CollectionReply, clock: "_Clock") -> Iterator[Event]:
        """The events of an answer about the collection; an overview is written where a model writes."""
        yield Condensed(question.text)
        yield from [Retrieved(reply.passages)] if reply.passages else []
        clock.mark("collection")
        if reply.passages and self._writer is not None:
            # An overview is made of passages, so a model can write it; a list or a count is the catalog's and stays as it is.
            answer = yield from self._writer.write(question, reply.passages)
        else:
            yield from reply.written.events()
            answer = reply.written.answer()
        answer = replace(answer, ms={**clock.total(), **answer.ms}, searched=bool(reply.passages))
        # How closely the question matched one about the collection stands in the place of the confidence of a search.
        sure = Extract((), min(reply.likeness, 1.0))
        findings = Findings(Reading(Query(question.text), NO_HITS), reply.passages, sure)
        yield Done(self._completed(answer, question, findings))

    def _rewritten(self, question: Question) -> tuple[Query | None, tuple[str, ...]]:
        """A follow-up in the model's words, where one writes and can be trusted; and what the reader must know of that."""
        if self._writer is None or not self._asks_to_rewrite(question):
            return None, ()
        return self._writer.rewrite(question)

    def _asks_to_rewrite(self, question: Question) -> bool:
        """Whether a model is to put a follow-up into words of its own."""
        # What the reader put into words for the search is not rewritten.
        return self._writer is not None and bool(question.history) and not question.searched.strip()

    def _found(self, question: Question, query: Query) -> Findings:
        return self._retrieval.quotations(question, *self._retrieval.passages(question, query))

    def _preview(self, question: Question, findings: Findings) -> Iterator[Event]:
        """Quotations to read while a model does: a small one takes many seconds to begin."""
        unsure = findings.chosen.confidence < self._limits.abstain_below
        # Quotations that would be abstained from are not shown as a preview either.
        if self._writer is not None and findings.chosen.quotations and not unsure:
            quoted = quotations_text(findings.chosen, reply_language(question), "lead.preview").answer()
            yield Preview(replace(quoted, passages=findings.passages))

    def _answer(self, question: Question, findings: Findings) -> Generator[Event, None, Answer]:
        """The answer itself: by the model, if there is one and something that it could answer from; else in quotations."""
        language, unsure = reply_language(question), findings.chosen.confidence < self._limits.abstain_below
        if self._writer is not None and findings.passages:
            # The writer cites and verifies each sentence as it comes.
            answer = yield from self._writer.write(question, findings.passages)
            if answer.abstained:
                # The model has read the passages and says that they do not answer. What was counted tells the reader whether to
                # look elsewhere.
                told = self._failed_search(question, findings)
                return (
                    yield from _with_notes(
                        answer, *filter(None, [occurrence_note(told.counted, language)]), *scope_notes(told, language)
                    )
                )
            # The model may answer where quoting would not: its answer stays, with a note that the search was not sure of it.
            return (yield from _with_notes(answer, say("unsure", language))) if unsure else answer
        if not unsure and findings.chosen.quotations:
            written = quotations_text(findings.chosen, language)
            yield from written.events()
            return written.answer()
        sought = self._failed_search(question, findings)
        written = abstention_text(question, findings.passages, sought)
        yield from written.events()
        return (yield from _with_notes(written.answer(), *scope_notes(sought, language)))

    def _completed(self, answer: Answer, question: Question, findings: Findings) -> Answer:
        """What the writer left, with the question, the search and the passages around it, and the pages of its footnotes."""
        sure, query = round(findings.chosen.confidence, 4), findings.query.shown
        whole = replace(answer, question=question.text, query=query, confidence=sure, passages=findings.passages)
        # Pages are looked up last, as only a citation that stayed needs one.
        return answer_with_pages(whole, self._pages_of) if self._pages_of else whole

    def _notes_on_gone_files(self, answer: Answer, language: str) -> tuple[str, ...]:
        """What the reader must know of cited articles whose files are not there any more."""
        # Each article is told of once, in the order of its first footnote.
        cited = list(dict.fromkeys(citation.article for citation in answer.citations))
        known = self._about(cited) if cited else {}
        titles = [known[id].title for id in cited if id in known and known[id].gone]
        return tuple(say("gone", language, title=title) for title in titles)

    def _failed_search(self, question: Question, findings: Findings) -> FailedSearch:
        """What was looked for in vain, and whether it may be found outside the scope."""
        query, far = findings.query, findings.chosen.confidence < FAR
        # Passages that were held fixed were not searched for, so no count of words would explain why they do not answer.
        if self._count is None or question.given is not None:
            return FailedSearch(far=far)
        try:
            here = self._count(query.asked or query.text, query.scope)
            # An empty text has no words to count: only the number of articles is wanted.
            everywhere = self._count("", EVERYWHERE).articles if query.scope else 0
        except IndexDamaged:  # the search has said so
            return FailedSearch(far=far)
        # A scope that leaves no article out hides nothing, so a second search over everything could find no more.
        if everywhere <= here.articles:
            return FailedSearch(here, far=far)
        return FailedSearch(here, everywhere, self._retrieval.elsewhere(query), far)


def _with_notes(answer: Answer, *notices: str) -> Generator[Event, None, Answer]:
    """The answer with notes below it."""
    yield from map(Notice, notices)
    return replace(answer, notes=(*answer.notes, *notices))


def _asked_back(question: Question, asking: str, clock: "_Clock") -> Iterator[Event]:
    """The question to the reader in the place of an answer; nothing is searched."""
    query = condense(question).shown
    yield Condensed(query)
    yield Token(asking)
    yield Done(Answer(question.text, query, asking, abstained=True, ms=clock.total()))


def _stages(found: SearchHits) -> dict[str, float]:
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
