"""The parts of one home, each opened when it is first needed, and chosen by the settings."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import HistoryError
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.wiring.service import Progress
from vectorstore.errors import IndexBusy, IndexMissing
from vectorstore.storage.home import Home
from vectorstore.storage.rows import Summary
from vectorstore.types import Article

if TYPE_CHECKING:
    from bot.answering.collection.replies import Collection, ProgramFacts
    from bot.answering.pipeline import Aids, Bot
    from bot.answering.second_opinion import Advisor
    from bot.answering.steps.judging import Judge
    from bot.answering.writing import Budget, ModelWriter
    from bot.conversation.history import History
    from bot.models import Model
    from bot.prompting import Prompts
    from bot.verification.calibration import OwnCalibration, ScoreCurve
    from bot.verification.verify import Verifier
    from vectorstore.encoding.embed import Encoder, LocalEncoder
    from vectorstore.encoding.transformer import Floats
    from vectorstore.index import Index
    from vectorstore.ingest import Ingestor
    from vectorstore.searching.multilingual import Multilingual
    from vectorstore.searching.occurrences import WordCounter
    from vectorstore.searching.search import Found, Query, Searcher
    from vectorstore.storage.manifest import Manifest


class Parts:
    """What the index, the models and the history are made of. Threads may share it."""

    def __init__(self, settings: Settings, *, background: bool = False, progress: Progress | None = None) -> None:
        """What takes long is done while others wait, and told to `progress`; or, with `background`, beside them."""
        self._settings = settings
        self._background = background
        self._progress = progress
        self._home = Home(settings.home)
        self._lock = threading.RLock()
        self._opened: Index | None = None
        self._local: dict[str, LocalEncoder] = {}
        self._second: Multilingual | None = None
        self._encoding: Encoder | None = None
        self._searching: Searcher | None = None
        self._counting: WordCounter | None = None
        self._examples: tuple[int, Sequence[str]] | None = None
        self._verifying: Verifier | None = None
        self._own_curve: ScoreCurve | None = None
        self._judging: Judge | None = None
        self._models: dict[str, Model | None] = {}
        self._keeping: History | None = None
        self._collecting: Collection | None = None

    def verifier(self, *, own: bool = True) -> "Verifier":
        """The judge of claims; it needs no index. With `own`, its scores are corrected by the reader's own reviews.

        Those are the reviews that there were when it was first asked for, or when `own_calibration` was called last: no verdict
        of an answer goes by others than the rest of it.
        """
        from bot.verification.verify import Verifier
        from vectorstore.encoding.likeness import Likeness, LikenessAcross

        with self._lock:
            if self._verifying is None:
                english = Likeness(self._minilm.tokens)
                across = LikenessAcross(english, lambda: Likeness(self._on_this_machine("e5").tokens))
                likeness = english if self._settings.embedding == "minilm" else across
                self._verifying = Verifier(likeness, self._text)
            return self._verifying.corrected(self._curve()) if own else self._verifying

    def own_calibration(self) -> "OwnCalibration":
        """What the reader's own reviews make of the scores; from now on verdicts go by it. Raises HistoryError."""
        from bot.conversation.history import History
        from bot.verification.calibration import own_calibration

        here = self._settings.home, self._settings.catalog
        scores = self.history().opinions.scores() if History.is_kept(*here) else ()
        found = own_calibration(scores, wanted=self._settings.own_reviews)
        with self._lock:
            self._own_curve = found.curve
        return found

    def _curve(self) -> "ScoreCurve":
        from bot.verification.calibration import AS_MEASURED

        if self._own_curve is None:
            # A history that cannot be read is told of where it is asked for; verdicts do without it.
            with suppress(HistoryError):
                return self.own_calibration().curve
            self._own_curve = AS_MEASURED
        return self._own_curve

    def history(self) -> "History":
        """The conversations of this home, or of the catalog's database."""
        from bot.conversation.history import History

        with self._lock:
            if self._keeping is None:
                self._keeping = History.open(self._settings.home, self._settings.catalog)
            return self._keeping

    def articles(self) -> Sequence[Summary]:
        """All articles, without their texts."""
        return self._index().catalog.articles()

    def article(self, id: str) -> Article | None:
        """One article, whole."""
        return self._index().catalog.article(id)

    def fingerprint(self) -> str:
        """The model, the size and the state of the index."""
        catalog = self._index().catalog
        articles, chunks = catalog.counts()
        made = catalog.manifest()
        model = made.fingerprint if made else "no model"
        return f"{model} · {articles:,} articles, {chunks:,} passages · state {catalog.generation()}"

    def _warm(self, model: str, held_still: bool = False) -> None:
        """Opens what an answer needs; passages that are held still need no search."""
        from vectorstore.searching.search import Query

        if not held_still:
            self._searcher.search(Query("warm"), 1)
            self._collection.warm()
        if writer := self._model(model):
            writer.warm()

    def close(self) -> None:
        """Closes what was opened."""
        if self._second is not None:
            self._second.close()
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
        return self._on_this_machine("minilm")

    def _on_this_machine(self, name: str) -> "LocalEncoder":
        """The encoder "minilm" or "e5", loaded once."""
        from vectorstore.encoding.embed import E5, MINILM, LocalEncoder

        with self._lock:
            if name not in self._local:
                self._local[name] = LocalEncoder(made=E5 if name == "e5" else MINILM)
            return self._local[name]

    def _make_encoder(self) -> "Encoder":
        from vectorstore.encoding.embed import HostedEncoder, hosted_dimension

        name = self._settings.embedding
        if name in {"auto", "minilm", "e5"}:
            return self._on_this_machine("e5" if name == "e5" else "minilm")
        from bot.models import embeddings

        hosted = embeddings(self._settings)
        return HostedEncoder(hosted, name, hosted_dimension(hosted, name), self._minilm)

    def _multilingual(self) -> "Multilingual | None":
        """The second set of vectors; None where the settings do without one."""
        from vectorstore.searching.multilingual import Multilingual

        if self._settings.embedding != "auto":
            return None
        with self._lock:
            if self._second is None:
                encoder, told = self._on_this_machine("e5"), self._progress
                progress = partial(told, "Preparing the articles for other languages") if told else None
                self._second = Multilingual(self._index(), encoder, background=self._background, progress=progress)
            return self._second

    def _manifest(self) -> "Manifest":
        from vectorstore.ingest import manifest_of

        return manifest_of(self._encoder, self._settings.chunk_tokens)

    def _ingestor(self) -> "Ingestor":
        from vectorstore.ingest import Ingestor

        index = self._index(create=True)
        second = self._multilingual()
        return Ingestor(index, self._encoder, second=second.encoder if second else None, limit=self._settings.chunk_tokens)

    @property
    def _searcher(self) -> "Searcher":
        with self._lock:
            if self._searching is None:
                self._searching = self._make_searcher()
            return self._searching

    @property
    def _counter(self) -> "WordCounter":
        from vectorstore.searching.occurrences import WordCounter

        with self._lock:
            if self._counting is None:
                self._counting = WordCounter(self._index())
            return self._counting

    def _make_searcher(self) -> "Searcher":
        from vectorstore.searching.search import ACROSS, Searcher

        index = self._index()
        if index.behind():
            # A writer was killed: take up what it left. One that is still at work will do so itself.
            with suppress(IndexBusy), index.writing():
                pass
        ranking = ACROSS if self._settings.embedding == "e5" else None
        return Searcher(index, self._encoder, self._manifest(), ranking, self._multilingual())

    def _bot(self, model: str) -> "Bot":
        from bot.answering.pipeline import Bot, Limits

        settings = self._settings
        limits = Limits(settings.passages, settings.quotes, settings.abstain_below)
        collection = self._collection, self._program_facts(model)
        about, count = self._index().catalog.summaries, self._counter.count
        return Bot(
            self._searcher.search,
            about,
            limits,
            self._writer(model),
            count=count,
            collection=collection,
            aids=self._aids,
        )

    @property
    def _collection(self) -> "Collection":
        """What answers questions about the articles as such; it keeps the examples that it knows such questions by."""
        import numpy as np

        from bot.answering.collection.catalog import Holdings
        from bot.answering.collection.intents import Recogniser
        from bot.answering.collection.replies import Collection
        from vectorstore.encoding.weights import cache_folder

        # Also where a server embeds: a question must not go there to be recognised.
        local = self._minilm

        def encode(texts: Sequence[str]) -> "Floats":
            return np.stack([local.encode_query(text).vector for text in texts])

        with self._lock:
            if self._collecting is None:
                holdings = Holdings(self._index().catalog, self._searcher.search)
                kept = cache_folder() / "intents" / f"{local.fingerprint.replace('/', '-')}.npy"
                self._collecting = Collection(Recogniser(encode, kept=kept), holdings)
            return self._collecting

    def _program_facts(self, name: str) -> "ProgramFacts":
        from bot.answering.collection.replies import ProgramFacts

        here = {"auto": "MiniLM and multilingual-e5-small", "minilm": "MiniLM", "e5": "multilingual-e5-small"}
        model, embedding = self._model(name), self._settings.embedding
        servers = [*([model.name] if model else []), *([embedding] if embedding not in here else [])]
        return ProgramFacts(model.name if model else "", here.get(embedding, embedding), tuple(servers))

    def _writer(
        self, name: str, prompts: "Prompts | None" = None, budget: "Budget | None" = None, *, measured: bool = False
    ) -> "ModelWriter | None":
        """What writes answers with that model, by the prompts and the budget of the settings; None for quotes mode.

        `measured`: what comes is to be the model's and its prompt's alone, with no source that Footnote finds, and no second
        opinion.
        """
        model = self._model(name)
        if model is None:
            return None
        from bot.answering.writing import Additions, Budget, ModelWriter
        from bot.models.prices import cost, load_prices

        prices = load_prices(self._settings.home, compatible=model.compatible)
        return ModelWriter(
            model,
            prompts or self._prompts,
            # Answers by pinned prompts are compared over months: what is reviewed meanwhile changes no verdict of theirs.
            self.verifier(own=prompts is None),
            self._encoder.count_tokens,
            budget or Budget(self._settings.context_tokens, self._settings.max_answer_tokens),
            lambda tokens_in, tokens_out: cost(model.name, tokens_in, tokens_out, prices),
            Additions(not measured, self._settings.second_opinion and not measured),
        )

    def _advisor(self, name: str = "") -> "Advisor | None":
        """What gives second opinions with that model; None for quotes mode."""
        model = self._model(name)
        if model is None:
            return None
        from bot.answering.second_opinion import Advisor
        from bot.models.prices import cost, load_prices

        prices = load_prices(self._settings.home, compatible=model.compatible)
        return Advisor(model, self._prompts, lambda sent, written: cost(model.name, sent, written, prices))

    @property
    def _prompts(self) -> "Prompts":
        from bot.prompting import Prompts

        return Prompts(prompts_dir(self._settings.prompts))

    def _search(self, query: "Query", k: int) -> "Found":
        """The search, opened when it is first used: passages that are held still need no index."""
        return self._searcher.search(query, k)

    def _summaries(self, ids: Sequence[str]) -> dict[str, Summary]:
        return self._index().catalog.summaries(ids)

    @property
    def _aids(self) -> "Aids":
        from bot.answering.pipeline import Aids

        return Aids(self._text, self._respelt, self._judge)

    @property
    def _judge(self) -> "Judge | None":
        """What says which sentences answer; None where it is not shipped."""
        from vectorstore.encoding import judge

        with self._lock:
            if self._judging is None and judge.ANSWER_ADAPTER.shipped:
                self._judging = judge.ensure_judge().scores
            return self._judging

    def _respelt(self, text: str) -> str:
        """A question's text with its words spelt as the articles spell them."""
        from vectorstore.searching.spelling import respelt

        return respelt(text, self._index(), self._encoder.count_tokens)

    def _text(self, id: str) -> str | None:
        """An article's text; None where there is no such article, or no index at all."""
        with suppress(IndexMissing):
            article = self.article(id)
            return article.text if article else None
        return None

    def _model(self, name: str) -> "Model | None":
        """One for each name, with the connections that it keeps."""
        from bot.models import open_model

        with self._lock:
            if name not in self._models:
                self._models[name] = open_model(self._settings, name)
            return self._models[name]
