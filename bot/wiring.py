"""The composition root: the only place that chooses concrete classes. Nothing is opened before it is needed."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FootnoteError, InputError
from bot.resources import prompts_dir
from bot.service import Finding, Progress, SearchResult
from bot.settings import Settings, load
from bot.types import Answer, Checked, Event, Passage, Question
from vectorstore.errors import IndexBusy, IndexMissing, VectorstoreError
from vectorstore.home import Home
from vectorstore.rows import Summary
from vectorstore.types import EVERYWHERE, Article, IngestReport, Scope, Span

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from bot.about import About
    from bot.evals.records import Case, Result, Score, Setup
    from bot.evals.runner import Answering, Means
    from bot.history import History
    from bot.llm import Model
    from bot.pipeline import Bot
    from bot.prompting import Listing, Message, Prompt, Prompts
    from bot.rendering import Rendered
    from bot.steps.verify import Verifier
    from bot.writing import Budget, ModelWriter
    from vectorstore.embed import Encoder, LocalEncoder
    from vectorstore.explain import Why, WhyNot
    from vectorstore.index import Index
    from vectorstore.ingest import Ingestor
    from vectorstore.ingest import Progress as IngestProgress
    from vectorstore.manifest import Manifest
    from vectorstore.minilm import Tokens
    from vectorstore.search import Found, Query, Searcher


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
        return self._prompts.listed()

    def prompt_files(self) -> "Prompts":
        """The folder of the prompts."""
        return self._prompts

    def rendered(self, prompt: "Prompt", question: Question, passages: "Sequence[Passage]") -> "Rendered":
        """A prompt with a turn put in, counted as an answer's is."""
        from bot.rendering import rendered

        return rendered(prompt, question, tuple(passages), self._settings.context_tokens, self._encoder.count_tokens)

    def evals_home(self) -> Path:
        """The folder of the prompt lab: its runs, and the answers that were had."""
        return self._settings.home / "evals"

    def setup(self, model: str = "", prompt: str = "") -> "Setup":
        """What answers are made with now, or with another model, or another version of the prompt; raises InputError."""
        from bot.evals import setups

        writer, version = self._model(model), setups.version_of(prompt)
        if writer is not None:
            text, chosen = self._prompts.text("answer", version), self._prompts.load("answer", version)
            return setups.writing(self._settings, writer.resolve(), chosen, text, self._state())
        if prompt:
            raise InputError(
                "A prompt needs a model, and here answers are made of quotations.",
                "Choose a model with --model or in the settings; without --prompt, quotations are evaluated.",
            )
        return setups.quoting(self._settings, self._state())

    def answerer(self, setup: "Setup") -> "Answering":
        """What answers with exactly this setup; a model that cannot be had is told of here, before anything is asked."""
        from bot.evals.setups import pinned
        from bot.pipeline import Bot, Limits
        from bot.writing import Budget

        writer, settings = None, self._settings
        if self._model(setup.model) is not None:
            prompts = pinned(setup, prompts_dir(settings.prompts))
            writer = self._writer(setup.model, prompts, Budget(settings.context_tokens, setup.max_tokens))
        limits = Limits(setup.passages, setup.quotes, settings.abstain_below)
        return Bot(self._search, self._summaries, limits, writer).stream

    def evaluating(self, setup: "Setup") -> "Means":
        """All that a run with this setup is made with; raises what `answerer` does."""
        from bot.evals.basis import basis, judging
        from bot.evals.grounding import supporting
        from bot.evals.metrics import scores
        from bot.evals.runner import Means

        support = supporting(self.verifier())
        condense = "" if self._model(setup.model) is None else self._prompts.text("condense")
        facts = basis(self._settings, condense)

        def judge(case: "Case", result: "Result") -> "Mapping[str, Score]":
            return scores(case, result, support)

        return Means(
            self.answerer(setup), judge, facts, judging(), self._text, lambda: self._warm(setup.model, bool(setup.frozen))
        )

    def drafted(self, most: int, model: str = "") -> "Sequence[Case]":
        """Cases for the user to accept, by rules or written by a model, and tried by quoting; raises ModelError."""
        from bot.evals import drafting

        # One after the other, as a library of articles need not fit into memory.
        articles = (article for summary in self.articles() if (article := self.article(summary.id)) is not None)
        quoting = self._bot("quotes").stream
        if not model or (writer := self._model(model)) is None:
            return drafting.draft(articles, quoting, most)
        prompt, tokens = self._prompts.load("draft-case"), self._settings.max_answer_tokens

        def write(messages: "Sequence[Message]") -> str:
            limit = min(prompt.settings.max_tokens or tokens, tokens)
            return writer.complete(messages, max_tokens=limit, temperature=prompt.settings.temperature).text

        return drafting.with_model(articles, prompt, write, quoting, most)

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
        if self.has_index():
            self._warm("")
            self.examples()

    def _warm(self, model: str, held_still: bool = False) -> None:
        """Opens what an answer needs; passages that are held still need no search."""
        from vectorstore.search import Query

        if not held_still:
            self._searcher.search(Query("warm"), 1)
        if writer := self._model(model):
            writer.warm()

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

    def _writer(self, name: str, prompts: "Prompts | None" = None, budget: "Budget | None" = None) -> "ModelWriter | None":
        """What writes answers with that model, by the prompts and the budget of the settings; None for quotes mode."""
        model = self._model(name)
        if model is None:
            return None
        from bot.prices import cost, load_prices
        from bot.writing import Budget, ModelWriter

        prices = load_prices(self._settings.home, compatible=model.compatible)
        return ModelWriter(
            model,
            prompts or self._prompts,
            self.verifier(),
            self._encoder.count_tokens,
            budget or Budget(self._settings.context_tokens, self._settings.max_answer_tokens),
            lambda tokens_in, tokens_out: cost(model.name, tokens_in, tokens_out, prices),
        )

    @property
    def _prompts(self) -> "Prompts":
        from bot.prompting import Prompts

        return Prompts(prompts_dir(self._settings.prompts))

    def _search(self, query: "Query", k: int) -> "Found":
        """The search, opened when it is first used: passages that are held still need no index."""
        return self._searcher.search(query, k)

    def _summaries(self, ids: Sequence[str]) -> dict[str, Summary]:
        return self._index().catalog.summaries(ids)

    def _text(self, id: str) -> str | None:
        """An article's text; None where there is no such article, or no index at all."""
        with suppress(IndexMissing):
            article = self.article(id)
            return article.text if article else None
        return None

    def _state(self) -> str:
        """The index as a text that is another one where a search may find something else; "" where there is none."""
        try:
            catalog = self._index().catalog
        except IndexMissing:
            return ""
        known = sorted((id, digest) for id, (digest, _) in catalog.known().items())
        return f"{self.fingerprint()} · {sha256(repr((known, catalog.manifest())).encode()).hexdigest()[:12]}"

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
