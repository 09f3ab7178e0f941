"""Question -> hits: dense and lexical retrieval, fused by score, then reranked by late interaction.

`Searcher.trace` tells whether one search will do, `_across_languages` chooses among several where the articles are in several
languages, and `_searched` runs the pipeline; the weights stand in `ranking.py`, each with its reason. Chunks that the catalog
no longer has are dropped. Equal scores are ordered by chunk number, so the same question on the same index gives the same hits
in the same order.
"""

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from vectorstore.encoding.embed import EncodedQuery, Encoder
from vectorstore.encoding.late_interaction import MaxSimScores, maxsim_scores
from vectorstore.errors import IndexDamaged, IndexMissing, QueryError
from vectorstore.index import Index
from vectorstore.searching.hits import RepeatedRuns, local_spans, question_words, rerank, weighed
from vectorstore.searching.multilingual import MultilingualVectors, fits_better, is_english
from vectorstore.searching.ranking import MULTILINGUAL_RANKING, Ranking, Scores, fuse, join_neighbours, ranked, with_ranks
from vectorstore.searching.scoped_retrieval import ScopeCache
from vectorstore.storage.catalog_reader import MULTILINGUAL
from vectorstore.storage.records import Manifest, StoredChunk
from vectorstore.types import EVERYWHERE, Hit, Scope, Stage


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: the question, the previous turn that it refers to, if any, and the articles to search in.

    >>> Query("Who launched it?", before="What is the Leader Alliance?").searched
    'What is the Leader Alliance? Who launched it?'
    """

    text: str
    before: str = ""
    scope: Scope = EVERYWHERE
    weight: float = 1.0
    """How much `before` counts for this question: a factor on `Ranking.before`."""
    asked: str = ""
    """The reader's own words, to be shown in place of `text`; "" where `text` is what they typed."""
    told: str = ""
    """The same, to be shown in place of `before`."""

    @property
    def searched(self) -> str:
        """The question as one text, as it is embedded."""
        return _joined(self.before, self.text)

    @property
    def leans(self) -> bool:
        """Whether the question is not understood without the turns before it."""
        return bool(self.before) and self.weight == 1.0

    @property
    def shown(self) -> str:
        """The question as one text for display, in the reader's own words."""
        return _joined(self.told or self.before, self.asked or self.text)

    @property
    def alone(self) -> "Query":
        """The question without the turn before it."""
        return replace(self, before="", told="", weight=1.0)


@dataclass(frozen=True, slots=True)
class SearchHits:
    """Hits, best first; milliseconds by stage; and what the user should know of how they were found."""

    hits: tuple[Hit, ...]
    ms: Mapping[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchSetup:
    """What a question is searched with: an encoder, the name of the dense index with its vectors, and the weights for them."""

    dense_index: str
    encoder: Encoder
    ranking: Ranking

    def weighted_texts(self, query: Query) -> list[tuple[str, float]]:
        """The texts that the lexical index is asked for, each with its weight."""
        return [(query.text, 1.0), (query.before, self.ranking.before * query.weight)]


@dataclass(frozen=True, slots=True)
class SearchTrace:
    """A search with the ranks and scores of each stage by chunk.

    `final` ranks the chunks before neighbours are joined. `runs` are the groups of neighbouring chunks that became passages,
    best first, and `hits` the first k of them. `scope` is what was searched in, and `displaced` the search of all articles
    whose hits gave way to these, which are in other languages than the question.
    """

    scope: Scope
    setup: SearchSetup
    encoded: EncodedQuery
    stages: Mapping[str, Mapping[int, Stage]]
    final: Mapping[int, Stage]
    runs: Sequence[Sequence[StoredChunk]]
    hits: tuple[Hit, ...]
    ms: Mapping[str, float]
    notes: tuple[str, ...]
    displaced: "SearchTrace | None" = None


@dataclass(slots=True)
class SearchLog:
    """What one search leaves behind besides its hits."""

    ms: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the block's milliseconds to those of the stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.ms[stage] = round(self.ms.get(stage, 0.0) + 1000 * (time.perf_counter() - start), 2)


class Searcher:
    """The search over one index. Threads may share it; what other processes have written is seen at the next question.

    `Searcher(index, encoder, manifest_of(encoder)).search(Query("Who launched the alliance?"), 5).hits` are the five best
    passages of an index; `vectorstore` has an example that makes one.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        manifest: Manifest,
        ranking: Ranking | None = None,
        second: MultilingualVectors | None = None,
    ) -> None:
        """`manifest` says what the index must have been made with; `second` holds its vectors by the multilingual encoder."""
        self._index = index
        self._catalog = index.catalog
        self._first = SearchSetup("dense", encoder, ranking or Ranking())
        self._second = second
        self._manifest = manifest
        self._manifest_checked = False
        self._scopes = ScopeCache(index)
        self._repeated = RepeatedRuns(index.catalog)

    def search(self, query: Query, k: int) -> SearchHits:
        """The `k` best hits; raises QueryError for an empty question, and the index's own errors."""
        trace = self.trace(query, k)
        return SearchHits(trace.hits, trace.ms, trace.notes)

    def trace(self, query: Query, k: int) -> SearchTrace:
        """The same search with the ranks and scores of each stage; raises as `search` does."""
        if not query.text.strip():
            raise QueryError("The question is empty.")
        # A question from the command line may hold undecodable bytes, and one from the page full-width letters.
        query = replace(query, text=_encodable(query.text), before=_encodable(query.before))
        self.check()
        log, second = SearchLog(), self._second
        foreign = second is not None and _is_foreign(query, second)
        if second is None or not (foreign or second.has_foreign_articles()):
            return self._searched(query, k, self._first, log)
        if not second.ready():
            log.notes.append(second.note())
            return self._searched(query, k, self._first, log)
        return self._across_languages(query, k, second, foreign, log)

    def rank_in_index(self, query: Query, trace: SearchTrace, stage: str, chunk: int, depth: int) -> Stage | None:
        """A chunk's rank and score among the first `depth` of an index ("dense" or "lexical"), or None if it is not there."""
        within = self._scopes.within(query.scope, trace.setup.dense_index)
        found = (
            within.dense(trace.encoded.vector, depth)
            if stage == "dense"
            else within.lexical(trace.setup.weighted_texts(query), depth)
        )
        return with_ranks(dict(found)).get(chunk)

    def check(self) -> None:
        """Takes in what other processes have written, and checks the manifest; raises IndexMissing or IndexMismatch."""
        # Whether the index was made for this encoder is asked again only when somebody has written.
        if not self._index.refresh() and self._manifest_checked:
            return
        found = self._catalog.manifest()
        if found is None:
            raise IndexMissing("There are no articles here yet.")
        found.check(self._manifest)
        self._manifest_checked = True

    def _across_languages(
        self, query: Query, k: int, second: MultilingualVectors, foreign: bool, log: SearchLog
    ) -> SearchTrace:
        """The search with the encoder for all languages; its hits tell in which of them to seek the answer (`fits_better`)."""
        setup = SearchSetup(MULTILINGUAL, second.encoder, MULTILINGUAL_RANKING)
        found = self._searched(query, k, setup, log)
        others = second.other_languages(query.text)
        if others and not query.scope.languages:
            found = self._or_in_others(query, k, found, others, foreign, log)
        best = self._languages(found.hits[:1])
        if foreign or not all(map(is_english, best.values())):
            return found
        # An English question whose best passage is English: the encoder for English ranks these better.
        return self._searched(query, k, self._first, log)

    def _or_in_others(
        self, query: Query, k: int, found: SearchTrace, others: tuple[str, ...], foreign: bool, log: SearchLog
    ) -> SearchTrace:
        """The search, or that of the articles in other languages alone, where these answer better.

        One or the other and no mixture: what is quoted, and how sure the answer is, is told by how much better a sentence fits
        than others do, and across languages all fit worse.
        """
        try:
            elsewhere = replace(query, scope=replace(query.scope, languages=others))
            beside = self._searched(elsewhere, k, found.setup, log, found.encoded)
        except QueryError:
            # The reader's own scope has no article in another language.
            return found
        languages = self._languages(found.hits)
        own = [hit for hit in found.hits if languages.get(hit.article) not in others]
        return replace(beside, displaced=found) if fits_better(beside.hits, own, foreign=foreign) else found

    def _languages(self, hits: Sequence[Hit]) -> dict[str, str]:
        """The language of each article of the hits, by its id."""
        return {id: article.language for id, article in self._catalog.summaries({hit.article for hit in hits}).items()}

    def _searched(
        self, query: Query, k: int, setup: SearchSetup, log: SearchLog, encoded: EncodedQuery | None = None
    ) -> SearchTrace:
        """Encodes, retrieves, fuses, looks the chunks up in the catalog, reranks and joins; each stage is timed.

        `encoded` is the question as another search with the same setup has encoded it.
        """
        ranking = setup.ranking
        with log.timed("total"):
            if encoded is None:
                with log.timed("embed"):
                    encoded = setup.encoder.encode_query(query.searched)
                    # Both texts were encoded as one, and the words of the turn before then count less in late interaction.
                    encoded = weighed(encoded, query.before, ranking.before * query.weight)
            dense, lexical = self._retrieve(query, setup, encoded, log)
            with log.timed("fuse"):
                fused = self._fuse(setup, encoded, dense, lexical)
                order = ranked(fused)
                # Joining looks at the neighbours among the hits, so more chunks are read than hits are wanted.
                chunks = self._catalog.chunks(order[: max(k + ranking.join_depth, ranking.rerank_depth)])
            with log.timed("rerank"):
                # The derived indexes may still have a chunk that the catalog has lost; it falls out here.
                known = [number for number in order if number in chunks]
                matches = self._match(setup, encoded, [chunks[number] for number in known[: ranking.rerank_depth]])
                reranked = rerank(ranking, matches, known, fused, {"dense": dense, "lexical": lexical})
            with log.timed("join"):
                runs = join_neighbours([chunks[number] for number in reranked.order], ranking.join_depth, ranking.longest_run)
                words = question_words(query.searched, len(query.text), encoded)
                # One text is not two sources: a hit that only repeats what a better one says in a copy is marked.
                copied = self._repeated.copied_from(runs[:k])
                hits = [
                    replace(reranked.hit(run, self._text(run), words), copy_of=article)
                    for run, article in zip(runs[:k], copied, strict=True)
                ]
        hits = [replace(hit, across=True) for hit in hits] if ranking.across else hits
        # The ranks are those before neighbours were joined, as `why` explains a chunk and not a passage.
        final = with_ranks(reranked.scores)
        return SearchTrace(query.scope, setup, encoded, reranked.stages, final, runs, tuple(hits), log.ms, tuple(log.notes))

    def _retrieve(self, query: Query, setup: SearchSetup, encoded: EncodedQuery, log: SearchLog) -> tuple[Scores, Scores]:
        """Candidates of both indexes. One damaged index is skipped with a note; two are an error."""
        count = setup.ranking.candidates
        within = self._scopes.within(query.scope, setup.dense_index)
        damage: list[IndexDamaged] = []

        def asked(stage: str, call: Callable[[], list[tuple[int, float]]]) -> Scores:
            """The candidates of one index; none, and a note, where it is damaged."""
            try:
                with log.timed(stage):
                    return dict(call())
            except IndexDamaged as error:
                damage.append(error)
                log.notes.append(f"{error.message} The answer was found without it. {error.help}")
                self._index.mend_beside()
                return {}

        dense = asked("dense", lambda: within.dense(encoded.vector, count))
        if damage:
            # The same passages, only slower: what Chroma knows can be calculated from the catalog where that is not too much.
            with log.timed("dense"):
                dense = dict(within.dense_without_chroma(encoded.vector, count))
        lexical = asked("lexical", lambda: within.lexical(setup.weighted_texts(query), count))
        # With one index a search is worse, but not wrong; with none there is nothing to show.
        if len(damage) == 2:
            raise damage[0]
        return dense, lexical

    def _fuse(self, setup: SearchSetup, encoded: EncodedQuery, dense: Scores, lexical: Scores) -> dict[int, float]:
        """Fused scores of all candidates; a chunk that only the lexical index found gets its real cosine."""
        # A zero would say that the chunk means something else, where it only was not among the nearest.
        unmeasured = [number for number in lexical if number not in dense]
        vectors = self._catalog.vectors(unmeasured, setup.dense_index)
        cosines = {**dense, **{number: float(vector @ encoded.vector) for number, vector in vectors.items()}}
        return fuse([(cosines, setup.ranking.dense), (lexical, setup.ranking.lexical)], sorted(cosines))

    def _match(self, setup: SearchSetup, encoded: EncodedQuery, chunks: Sequence[StoredChunk]) -> dict[int, MaxSimScores]:
        """Late interaction with these chunks."""
        packed = self._catalog.packed_tokens([chunk.id for chunk in chunks], setup.dense_index)
        return maxsim_scores(encoded.tokens, packed, {chunk.id: local_spans(chunk) for chunk in chunks})

    def _text(self, run: Sequence[StoredChunk]) -> str:
        """The text of a run, with the blank lines between its chunks, which are part of neither."""
        return run[0].text if len(run) == 1 else self._catalog.text_between(run[0].article_id, run[0].start, run[-1].end)


def _is_foreign(query: Query, second: MultilingualVectors) -> bool:
    """Whether anything that the question rests on is in another language than English.

    A question that stands by itself rests on its own words, whatever language the turns before it were in.
    """
    return second.is_foreign(query.text) or (query.leans and second.is_foreign(query.before))


def _joined(before: str, text: str) -> str:
    return f"{before} {text}".strip() if before else text


def _encodable(text: str) -> str:
    """The text without lone surrogates, which stand for undecodable bytes of a command line, and in NFKC.

    MiniLM's tokenizer folds case and accents, but to it full-width letters are words of another language.
    """
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))
