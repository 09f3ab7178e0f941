"""The search of one home: its index, its encoders and what searches in it, chosen by the settings, opened when first needed."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import with_commands
from bot.settings import Settings
from vectorstore.errors import IndexMissing
from vectorstore.storage.home import Home
from vectorstore.storage.records import ArticleSummary

if TYPE_CHECKING:
    from vectorstore.curation import ArticleCurator
    from vectorstore.encoding.embed import Encoder, LocalEncoder
    from vectorstore.fetching import Fetcher
    from vectorstore.index import Index
    from vectorstore.ingest import Ingestor
    from vectorstore.searching.multilingual import MultilingualVectors
    from vectorstore.searching.search import Query, Searcher, SearchHits
    from vectorstore.searching.vocabulary import WordCounter
    from vectorstore.storage.catalog import Catalog
    from vectorstore.storage.records import Manifest
    from vectorstore.types import PageSpan, Scope

T = TypeVar("T")

WRITER_WAIT = 60.0
"""Seconds to wait for another process that is writing to the index, unless a person says otherwise."""

Progress = Callable[[str, int, int], None]
"""Told while something long goes on: what is being done, how many are done, how many there are (0: not known)."""


class Lazy(Generic[T]):
    """A value that is made when it is first asked for, once for all threads; where the making fails, the next one tries again.

    >>> encoder = Lazy(lambda: "loaded")
    >>> encoder.made is None, encoder(), encoder.made
    (True, 'loaded', 'loaded')
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        # Reentrant: to make one value may ask for it again in the same thread.
        self._lock = threading.RLock()
        self.made: T | None = None

    def __call__(self) -> T:
        """The value, which is made now if it was not before."""
        with self._lock:
            # The lock is held while it is made, so that a second thread waits for it and does not load a model twice.
            if self.made is None:
                self.made = self._make()
            return self.made


class SearchEngine:
    """What the search of a home is made of. Threads may share it.

    Each part is a `Lazy` with a lock of its own. That cannot end in a deadlock, as none needs one that is named after it here
    and needs it: encoders, second vectors, searcher.
    """

    def __init__(self, settings: Settings, *, background: bool = False, progress: Progress | None = None) -> None:
        self.settings = settings
        self._background = background
        self._progress = progress
        self.home = Home(settings.home)
        self._lock = threading.RLock()
        # No `Lazy`: to ingest makes the index where to search must not.
        self._opened: Index | None = None
        self.minilm: Lazy[LocalEncoder] = Lazy(partial(_local_encoder, "minilm"))
        self.e5: Lazy[LocalEncoder] = Lazy(partial(_local_encoder, "e5"))
        self.encoder: Lazy[Encoder] = Lazy(self._make_encoder)
        self._second: Lazy[MultilingualVectors] = Lazy(self._make_second)
        self.searcher: Lazy[Searcher] = Lazy(self._make_searcher)
        self.word_counter: Lazy[WordCounter] = Lazy(self._make_word_counter)
        # One for all, as it knows when each host was asked last.
        self.fetcher: Lazy[Fetcher] = Lazy(self._make_fetcher)

    def index(self, *, create: bool = False) -> "Index":
        """The index; raises IndexMissing where there is none and none is to be made."""
        from vectorstore.index import Index

        with self._lock:
            if self._opened is None:
                settings = self.settings
                token = settings.chroma_token.get_secret_value()
                self._opened = Index.open(
                    self.home, catalog_url=settings.catalog, chroma=settings.chroma, token=token, create=create
                )
            return self._opened

    @property
    def catalog(self) -> "Catalog":
        """The index's catalog; raises what `index` does."""
        return self.index().catalog

    def has_articles(self) -> bool:
        """Whether there is a catalog with at least one article."""
        try:
            return self.catalog.has_articles()
        except IndexMissing:
            return False

    def search(self, query: "Query", k: int) -> "SearchHits":
        """The search, opened when it is first used: passages that are held still need no index."""
        found = self.searcher().search(query, k)
        # The index knows no command line: its notes name remedies, which become commands here.
        return replace(found, notes=tuple(map(with_commands, found.notes)))

    def summaries(self, ids: Sequence[str]) -> dict[str, ArticleSummary]:
        """Those of these articles that there are, without their texts."""
        # Passages that are held still can be answered from where no index is.
        with suppress(IndexMissing):
            return self.catalog.summaries(ids)
        return {}

    def text(self, id: str) -> str | None:
        """An article's text; None where there is no such article, or no index at all."""
        with suppress(IndexMissing):
            return self.catalog.text(id)
        return None

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The texts of those of these articles that there are, read at once."""
        with suppress(IndexMissing):
            return self.catalog.texts(ids)
        return {}

    def pages(self, id: str) -> "Sequence[PageSpan]":
        """Where the pages of an article's original stand in its text; none where it has none, or there is no such article."""
        with suppress(IndexMissing):
            return self.catalog.pages(id)
        return ()

    def respelt(self, text: str) -> str:
        """A question's text with its words spelt as the articles spell them."""
        from vectorstore.searching.vocabulary import respelt

        return respelt(text, self.index(), self.encoder().count_tokens)

    def stands(self, name: str, scope: "Scope") -> bool:
        """Whether any word of a name stands in an article of the scope."""
        return self.word_counter().stands(name, scope)

    def fingerprint(self) -> str:
        """The model, the size and the state of the index, for people to tell one index from another."""
        articles, chunks = self.catalog.counts()
        made = self.catalog.manifest()
        model = made.fingerprint if made else "no model"
        return f"{model} · {articles:,} articles, {chunks:,} passages · state {self.catalog.generation()}"

    def manifest(self) -> "Manifest":
        """What the settings in force ask of an index."""
        from vectorstore.ingest import manifest_of

        return manifest_of(self.encoder(), self.settings.chunk_tokens)

    def ingestor(self, wait: float = WRITER_WAIT, waiting: Callable[[str], None] | None = None) -> "Ingestor":
        """What takes articles in; it makes the index where there is none.

        Another process that is writing is waited for `wait` seconds, which `waiting` is told in a sentence.
        """
        from vectorstore.ingest import Ingestor
        from vectorstore.readers.columns import parse_columns, use_columns

        # Which columns of a table hold what is a setting of the process, as readers are plain functions.
        use_columns(parse_columns(self.settings.columns))
        index, second = self.index(create=True), self.second_vectors()
        if waiting:
            index.waiting = lambda what, seconds: waiting(f"{what} Waiting for it, {seconds:.0f} s at most.")
        # The second encoder is given to the ingest, so that both sets of vectors are made of one reading.
        encoder, other = self.encoder(), second.encoder if second else None
        return Ingestor(index, encoder, second=other, limit=self.settings.chunk_tokens, wait=wait)

    def curator(self) -> "ArticleCurator":
        """What changes articles that are there."""
        from vectorstore.curation import ArticleCurator

        return ArticleCurator(self.index(), self.ingestor().writer)

    def second_vectors(self) -> "MultilingualVectors | None":
        """The set of vectors for questions that cross languages; None where the settings do without one."""
        # Whoever chose one encoder for all languages needs no second one.
        return self._second() if self.settings.embedding == "auto" else None

    def close(self) -> None:
        """Closes what was opened."""
        # The second vectors first, as they still write to the index.
        if self._second.made is not None:
            self._second.made.close()
        if self._opened is not None:
            self._opened.close()

    def _make_encoder(self) -> "Encoder":
        from vectorstore.encoding.embed import HostedEncoder, hosted_dimension

        name = self.settings.embedding
        if name in {"auto", "minilm", "e5"}:
            return self.e5() if name == "e5" else self.minilm()
        from bot.models import open_embeddings

        hosted = open_embeddings(self.settings)
        # The server gives one vector for a text; the vectors of its tokens, and their number, are MiniLM's.
        return HostedEncoder(hosted, name, hosted_dimension(hosted, name), self.minilm())

    def _make_second(self) -> "MultilingualVectors":
        from vectorstore.searching.multilingual import MultilingualVectors

        told = self._progress
        progress = partial(told, "Preparing the articles for other languages") if told else None
        return MultilingualVectors(self.index(), self.e5(), background=self._background, progress=progress)

    def _make_searcher(self) -> "Searcher":
        from vectorstore.searching.ranking import MULTILINGUAL_RANKING
        from vectorstore.searching.search import Searcher

        index = self.index()
        # What a killed writer left behind is taken up before the first search.
        index.prepare(background=self._background)
        # e5's scores lie closer together than MiniLM's, and have weights of their own.
        ranking = MULTILINGUAL_RANKING if self.settings.embedding == "e5" else None
        return Searcher(index, self.encoder(), self.manifest(), ranking, self.second_vectors())

    def _make_fetcher(self) -> "Fetcher":
        from vectorstore.fetching import AddressRules, Fetcher

        return Fetcher(AddressRules.from_setting(self.settings.fetch_private))

    def _make_word_counter(self) -> "WordCounter":
        from vectorstore.searching.vocabulary import WordCounter

        return WordCounter(self.index())


def _local_encoder(name: str) -> "LocalEncoder":
    """The encoder "minilm" or "e5", which runs on this machine."""
    from vectorstore.encoding.embed import E5, MINILM, LocalEncoder

    return LocalEncoder(local_model=E5 if name == "e5" else MINILM)
