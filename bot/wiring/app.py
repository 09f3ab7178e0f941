"""The service of one home: what the command line and the page ask of Footnote."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FootnoteError
from bot.settings import Settings, load
from bot.types import Answer, Checked, DraftAdvice, Event, Question
from bot.wiring.lab import Lab
from bot.wiring.service import Finding, Progress, SearchResult
from vectorstore.errors import IndexMissing, VectorstoreError
from vectorstore.types import EVERYWHERE, IngestReport, Scope, Span

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from bot.conversation.context import Reading
    from bot.verification.verify import Verifier
    from bot.wiring.about import About
    from vectorstore.ingest import Progress as IngestProgress
    from vectorstore.searching.explain import Why, WhyNot


class App(Lab):
    """One home, opened piece by piece. Threads may share it; see `bot.wiring.service.Service` for what each method promises."""

    def has_index(self) -> bool:
        """Whether there is a catalog with at least one article."""
        try:
            return self._index().catalog.counts()[0] > 0
        except IndexMissing:
            return False

    def ingest(self, paths: Sequence[Path], *, prune: bool, rebuild: bool, progress: Progress | None) -> IngestReport:
        """Rebuilds if asked, then takes in the paths."""
        ingestor = self._ingestor()
        report = _told(progress) if progress else None
        done = ingestor.rebuild(report) if rebuild else IngestReport()
        if paths or not rebuild:
            done = ingestor.ingest(paths, prune=prune, progress=report)
        if (second := self._multilingual()) and second.foreign():
            second.ready()
        return done

    def search(self, question: Question, k: int) -> SearchResult:
        """The passages, without an answer."""
        reading = self._reading(question, k)
        found = reading.found
        return SearchResult(reading.query.shown, found.hits, found.ms, found.notes)

    def why(self, question: Question, k: int) -> "Sequence[Why]":
        """The passages, each with what speaks for it."""
        from vectorstore.searching.explain import why

        return why(self._searcher, self._reading(question, k).query, k)

    def why_not(self, question: Question, words: str, k: int) -> "WhyNot":
        """What became of the passage that holds these words."""
        from vectorstore.searching.explain import why_not

        return why_not(self._searcher, self._index(), self._reading(question, k).query, words, k)

    def _reading(self, question: Question, k: int) -> "Reading":
        """The question as it is searched in its conversation, and what is found."""
        from bot.conversation.condense import condense
        from bot.conversation.context import searched

        return searched(self._searcher.search, replace(condense(question), scope=question.scope), k)

    def retriever(self, k: int = 4, scope: Scope = EVERYWHERE) -> "BaseRetriever":
        """The search as a LangChain retriever, kept to a scope if one is given."""
        from vectorstore.searching.retriever import FootnoteRetriever

        return FootnoteRetriever(searcher=self._searcher, k=k, scope=scope)

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer."""
        return self._bot(question.model).stream(question)

    def mode(self) -> str:
        """How answers are made unless a question says otherwise: "quotes", or the model; "" while its server is not asked."""
        model = self._model("")
        return model.name if model else "quotes"

    def models(self) -> Sequence[str]:
        """What can be chosen instead: "quotes", and the models of the server, if one is set."""
        from bot.models import QUOTES, listed

        return [QUOTES, *listed(self._settings)]

    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        """The sentences of a draft, checked; some of them alone where their `spans` are given."""
        from bot.answering.drafting import checked

        return checked(draft, self._searcher.search, self._index().catalog.summaries, self.verifier(), spans)

    def advises(self) -> bool:
        """Whether the settings ask for second opinions."""
        return self._settings.second_opinion

    def advise(self, found: Sequence[Checked]) -> DraftAdvice:
        """The sentences of a draft with the model's opinions of those in doubt."""
        from bot.answering.second_opinion import advised_draft

        if (advisor := self._advisor()) is None:
            return DraftAdvice(tuple(found), note="There is no second opinion: no model is set.")
        return advised_draft(found, self._text, advisor)

    def statements(self, draft: str) -> Sequence[Span]:
        """The sentences of a draft that state something; these are what is checked."""
        from bot.answering.drafting import statements

        return statements(draft)

    def within(self, scope: Scope) -> int:
        """How many articles a search would be kept to; raises QueryError where there are none."""
        from vectorstore.searching.members import members

        return len(members(self._index().catalog, scope))

    def about(self) -> "About":
        """Facts about this installation."""
        from bot.wiring.about import about

        try:
            catalog = self._index().catalog
        except IndexMissing:
            return about(self._settings, None, None)
        return about(self._settings, catalog.counts(), catalog.manifest())

    def followups(self, question: Question, answer: Answer) -> Sequence[str]:
        """Questions to go on with; each is tried by quoting, so that no model is paid for what nobody asked."""
        from bot.suggestions.followups import followups

        return followups(question, answer, self._index().catalog.article, self._bot("quotes").stream)

    def examples(self) -> Sequence[str]:
        """Three questions that these articles answer; thought of once for each state of the index."""
        from bot.suggestions.examples import examples

        catalog = self._index().catalog
        generation = catalog.generation()
        with self._lock:
            if self._examples is None or self._examples[0] != generation:
                # Thought of by quoting: nobody asked for these answers, so no model is paid for them.
                quoting = self._bot("quotes").stream
                self._examples = (generation, examples(catalog.articles(), catalog.article, quoting))
            return self._examples[1]

    def problem(self) -> tuple[str, str] | None:
        """What stands in the way of asking, or None."""
        try:
            if not self.has_index():
                return "There are no articles here yet.", "Run `footnote ingest PATH` with a folder of your articles."
            self._searcher.check()
        except (FootnoteError, VectorstoreError) as error:
            return error.message, error.help
        return None

    def warm(self) -> None:
        """Opens all that a question needs, and thinks of the examples: the page does this before anybody asks."""
        if self.has_index():
            self._warm("")
            self.examples()

    def remove(self, ids: Sequence[str]) -> None:
        """Takes articles out."""
        self._ingestor().remove(ids)

    def diagnose(self) -> Sequence[Finding]:
        """The doctor's findings."""
        from vectorstore.doctor import diagnose

        return diagnose(self._index(), self._manifest())

    def repair(self) -> Sequence[Finding]:
        """Mends, then diagnoses."""
        from vectorstore.doctor import repair

        repair(self._index())
        return self.diagnose()


def open_app(settings: Settings, *, background: bool = False, progress: Progress | None = None) -> App:
    """The service of one home; cheap, as each part is opened when it is first needed.

    What takes long is done while others wait, and told to `progress`; or, with `background`, beside them.
    """
    return App(settings, background=background, progress=progress)


def open_verifier() -> "Verifier":
    """The judge of claims alone: no home, no index, and the model only when it is needed."""
    from bot.verification.verify import Verifier
    from vectorstore.encoding.embed import E5, LocalEncoder
    from vectorstore.encoding.likeness import Likeness, LikenessAcross

    likeness = LikenessAcross(Likeness(LocalEncoder().tokens), lambda: Likeness(LocalEncoder(made=E5).tokens))
    return Verifier(likeness)


@cache
def open_service() -> App:
    """The service for the page, from the environment; one for the whole process."""
    return open_app(load(), background=True)


def _told(progress: Progress) -> Callable[["IngestProgress"], None]:
    """The index's progress as the command line shows it."""

    def tell(at: "IngestProgress") -> None:
        progress(f"Reading {at.where}" if at.where else "Done", at.files, at.of)

    return tell
