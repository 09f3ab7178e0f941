"""The composition root: the only place that chooses concrete classes. Nothing is opened before it is needed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FootnoteError
from bot.resources import prompts_dir
from bot.service import Finding, Progress, SearchResult
from bot.settings import Settings, load
from bot.types import Answer, Checked, Event, Question
from vectorstore.errors import IndexBusy, IndexMissing, VectorstoreError
from vectorstore.home import Home
from vectorstore.rows import Summary
from vectorstore.types import EVERYWHERE, Article, IngestReport, Scope, Span

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from bot.about import About
    from bot.history import History
    from bot.llm import Model
    from bot.pipeline import Bot
    from bot.prompting import Listing
    from bot.steps.verify import Verifier
    from bot.writing import ModelWriter
    from vectorstore.embed import Encoder, LocalEncoder
    from vectorstore.explain import Why, WhyNot
    from vectorstore.index import Index
    from vectorstore.ingest import Ingestor
    from vectorstore.ingest import Progress as IngestProgress
    from vectorstore.manifest import Manifest
    from vectorstore.minilm import Tokens
    from vectorstore.search import Searcher


class App:
    """One home, opened piece by piece. Threads may share it; see `bot.service.Service` for what each method promises."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = Home(settings.home)
        self._lock = threading.RLock()
        self._opened: Index | None = None
        self._local: LocalEncoder | None = None
        self._encoding: Encoder | None = None
        self._searching: Searcher | None = None
        self._examples: tuple[int, Sequence[str]] | None = None
        self._verifying: Verifier | None = None
        self._models: dict[str, Model | None] = {}
        self._keeping: History | None = None

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
        return ingestor.ingest(paths, prune=prune, progress=report) if paths or not rebuild else done

    def search(self, question: Question, k: int) -> SearchResult:
        """The passages, without an answer."""
        from bot.steps.condense import condense

        query = replace(condense(question), scope=question.scope)
        found = self._searcher.search(query, k)
        return SearchResult(query.searched, found.hits, found.ms, found.notes)

    def why(self, question: Question, k: int) -> "Sequence[Why]":
        """The passages, each with what speaks for it."""
        from bot.steps.condense import condense
        from vectorstore.explain import why

        return why(self._searcher, replace(condense(question), scope=question.scope), k)

    def why_not(self, question: Question, words: str, k: int) -> "WhyNot":
        """What became of the passage that holds these words."""
        from bot.steps.condense import condense
        from vectorstore.explain import why_not

        return why_not(self._searcher, self._index(), replace(condense(question), scope=question.scope), words, k)

    def retriever(self, k: int = 4, scope: Scope = EVERYWHERE) -> "BaseRetriever":
        """The search as a LangChain retriever, kept to a scope if one is given."""
        from vectorstore.retriever import FootnoteRetriever

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
        from bot.llm import QUOTES, listed

        return [QUOTES, *listed(self._settings)]

    def verifier(self) -> "Verifier":
        """The judge of claims; it needs no index."""
        from bot.steps.verify import Verifier
        from vectorstore.likeness import Likeness

        with self._lock:
            if self._verifying is None:
                self._verifying = Verifier(Likeness(self._minilm.model.encode))
            return self._verifying

    def check(self, draft: str) -> Iterator[Checked]:
        """The sentences of a draft, checked."""
        from bot.drafting import checked

        return checked(draft, self._searcher.search, self._index().catalog.summaries, self.verifier())

    def statements(self, draft: str) -> Sequence[Span]:
        """The sentences of a draft that state something; these are what is checked."""
        from bot.drafting import statements

        return statements(draft)

    def articles(self) -> Sequence[Summary]:
        """All articles, without their texts."""
        return self._index().catalog.articles()

    def article(self, id: str) -> Article | None:
        """One article, whole."""
        return self._index().catalog.article(id)

    def within(self, scope: Scope) -> int:
        """How many articles a search would be kept to; raises QueryError where there are none."""
        from vectorstore.members import members

        return len(members(self._index().catalog, scope))

    def history(self) -> "History":
        """The conversations of this home, or of the catalog's database."""
        from bot.history import History

        with self._lock:
            if self._keeping is None:
                self._keeping = History.open(self._settings.home, self._settings.catalog)
            return self._keeping

    def fingerprint(self) -> str:
        """The model, the size and the state of the index."""
        catalog = self._index().catalog
        articles, chunks = catalog.counts()
        made = catalog.manifest()
        model = made.fingerprint if made else "no model"
        return f"{model} · {articles:,} articles, {chunks:,} passages · state {catalog.generation()}"

    def prompts(self) -> "Sequence[Listing]":
        """The prompts as their files stand now."""
        from bot.prompting import Prompts

        return Prompts(prompts_dir()).listed()

    def about(self) -> "About":
        """Facts about this installation."""
        from bot.about import about

        try:
            catalog = self._index().catalog
        except IndexMissing:
            return about(self._settings, None, None)
        return about(self._settings, catalog.counts(), catalog.manifest())

    def followups(self, question: Question, answer: Answer) -> Sequence[str]:
        """Questions to go on with; each is tried by quoting, so that no model is paid for what nobody asked."""
        from bot.followups import followups

        return followups(question, answer, self._index().catalog.article, self._bot("quotes").stream)

    def examples(self) -> Sequence[str]:
        """Three questions that these articles answer; thought of once for each state of the index."""
        from bot.examples import examples

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
        from vectorstore.search import Query

        if self.has_index():
            self._searcher.search(Query("warm"), 1)
            if model := self._model(""):
                model.warm()
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

    def close(self) -> None:
        """Closes what was opened."""
        if self._keeping is not None:
            self._keeping.close()
        if self._opened is not None:
            self._opened.close()

    def _index(self, *, create: bool = False) -> "Index":
        from vectorstore.index import Index

        with self._lock:
            if self._opened is None:
                settings = self._settings
                self._opened = Index.open(self._home, catalog_url=settings.catalog, chroma=settings.chroma, create=create)
            return self._opened

    @property
    def _encoder(self) -> "Encoder":
        with self._lock:
            if self._encoding is None:
                self._encoding = self._make_encoder()
            return self._encoding

    @property
    def _minilm(self) -> "LocalEncoder":
        from vectorstore.embed import LocalEncoder

        with self._lock:
            if self._local is None:
                self._local = LocalEncoder()
            return self._local

    def _make_encoder(self) -> "Encoder":
        from vectorstore.embed import HostedEncoder, hosted_dimension

        local = self._minilm
        if self._settings.embedding == "minilm":
            return local
        from bot.llm import embeddings

        hosted = embeddings(self._settings)
        name = self._settings.embedding
        return HostedEncoder(hosted, name, hosted_dimension(hosted, name), local)

    def _manifest(self) -> "Manifest":
        from vectorstore.ingest import manifest_of

        return manifest_of(self._encoder, self._settings.chunk_tokens)

    def _ingestor(self) -> "Ingestor":
        from vectorstore.ingest import Ingestor

        return Ingestor(self._index(create=True), self._encoder, limit=self._settings.chunk_tokens)

    @property
    def _searcher(self) -> "Searcher":
        with self._lock:
            if self._searching is None:
                self._searching = self._make_searcher()
            return self._searching

    def _make_searcher(self) -> "Searcher":
        from vectorstore.search import Searcher

        index = self._index()
        if index.behind():
            # A writer was killed: take up what it left. One that is still at work will do so itself.
            with suppress(IndexBusy), index.writing():
                pass
        return Searcher(index, self._encoder, self._manifest())

    def _bot(self, model: str) -> "Bot":
        from bot.pipeline import Bot, Limits

        settings = self._settings
        limits = Limits(settings.passages, settings.quotes, settings.abstain_below)
        return Bot(self._searcher.search, self._index().catalog.summaries, limits, self._writer(model))

    def _writer(self, name: str) -> "ModelWriter | None":
        """What writes answers with that model; None for quotes mode."""
        model = self._model(name)
        if model is None:
            return None
        from bot.prices import cost, load_prices
        from bot.prompting import Prompts
        from bot.writing import Budget, ModelWriter

        prices = load_prices(self._settings.home, compatible=model.compatible)
        return ModelWriter(
            model,
            Prompts(prompts_dir()),
            self.verifier(),
            self._encoder.count_tokens,
            Budget(self._settings.context_tokens, self._settings.max_answer_tokens),
            lambda tokens_in, tokens_out: cost(model.name, tokens_in, tokens_out, prices),
        )

    def _model(self, name: str) -> "Model | None":
        """One for each name, with the connections that it keeps."""
        from bot.llm import open_model

        with self._lock:
            if name not in self._models:
                self._models[name] = open_model(self._settings, name)
            return self._models[name]


def open_app(settings: Settings) -> App:
    """The service of one home; cheap, as each part is opened when it is first needed."""
    return App(settings)


def open_verifier() -> "Verifier":
    """The judge of claims alone: no home, no index, and the model only when it is needed."""
    from bot.steps.verify import Verifier
    from vectorstore.embed import LocalEncoder
    from vectorstore.likeness import Likeness

    local = LocalEncoder()

    def encode(texts: "Sequence[str]") -> "Sequence[Tokens]":
        return local.model.encode(texts)  # loaded when the first claim is judged

    return Verifier(Likeness(encode))


@cache
def open_service() -> App:
    """The service for the page, from the environment; one for the whole process."""
    return open_app(load())


def _told(progress: Progress) -> Callable[["IngestProgress"], None]:
    """The index's progress as the command line shows it."""

    def tell(at: "IngestProgress") -> None:
        progress(f"Reading {at.where}" if at.where else "Done", at.files, at.of)

    return tell
