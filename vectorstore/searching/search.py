"""Question -> hits: dense and lexical retrieval, fused by score, then reranked by late interaction.

Every weight of the ranking is here, in `Ranking`, with its reason. The catalog has the last word: what it does not know is not
shown. Equal scores are ordered by chunk number, so the same question on the same index gives the same hits in the same order.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.embed import EncodedQuery, Encoder
from vectorstore.encoding.late_interaction import MaxSimScores, maxsim_scores
from vectorstore.errors import IndexDamaged, IndexMissing, QueryError
from vectorstore.index import Index
from vectorstore.searching.fuse import Scores, fuse, ranked, staged
from vectorstore.searching.join import join_neighbours
from vectorstore.searching.multilingual import MultilingualVectors
from vectorstore.searching.scoped_retrieval import Scopes
from vectorstore.splitting.language import ENGLISH
from vectorstore.storage.catalog_reader import MULTILINGUAL
from vectorstore.storage.manifest import Manifest
from vectorstore.storage.rows import StoredChunk
from vectorstore.types import EVERYWHERE, Hit, Scope, Span, Stage

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers that decide the order of the hits; measured on the development sets, see docs/ranking.md."""

    candidates: int = 100
    """Hits taken from each index: 50 lose some evidence, 200 move no set by as much as a point."""
    reranked: int = 30
    """The best fused candidates that late interaction sees; 60 gave the same figures."""
    dense: float = 1.0
    lexical: float = 2.0
    """Exact words decide more often than likeness where a corpus is about one subject; 1 to 2 make little difference."""
    fused: float = 1.0
    passage: float = 0.5
    sentence: float = 0.5
    """Late interaction over the whole passage and over its best sentence: together steadier than either alone."""
    joined: int = 20
    """Neighbours among so many of the best hits become one: evidence often runs over the end of a chunk."""
    run: int = 3
    """The most chunks in one hit."""
    before: float = 0.5
    """How much a word of the turns before counts in a follow-up, for BM25 and late interaction; the question's own count 1."""
    across: bool = False
    """Whether the vectors are those of the encoder for all languages."""


LOOKED_AT = 3
"""Hits of which one must be in another language for an English question to be answered across languages."""
ACROSS = Ranking(lexical=0.5, passage=1.0, sentence=1.0, across=True)
"""The ranking for e5: across languages words seldom match, and its late interaction is the better half (docs/ranking.md)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: the question, the user's turn that it follows on, if any, and the articles to keep to."""

    text: str
    before: str = ""
    scope: Scope = EVERYWHERE
    weight: float = 1.0
    """What `before` counts here, as a share of `Ranking.before`."""
    asked: str = ""
    """The reader's own words for `text`, where they are more than is searched for."""
    told: str = ""
    """The same for `before`."""

    @property
    def searched(self) -> str:
        """The question as one text, as it is embedded."""
        return _joined(self.before, self.text)

    @property
    def shown(self) -> str:
        """The question as the reader is shown what was searched for: in their own words, whole."""
        return _joined(self.told or self.before, self.asked or self.text)

    @property
    def alone(self) -> "Query":
        """The question without the turns before it."""
        return replace(self, before="", told="", weight=1.0)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; milliseconds by stage; and what the user should know of how they were found."""

    hits: tuple[Hit, ...]
    ms: Mapping[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchTrace:
    """A search with all that it left behind: each stage's ranks and scores by chunk, and the runs of chunks, best first.

    `final` ranks the chunks before neighbours are joined; `hits` are the first of the `runs`. `setup` made the search.
    """

    setup: "SearchSetup"
    encoded: EncodedQuery
    stages: Mapping[str, Mapping[int, Stage]]
    final: Mapping[int, Stage]
    runs: Sequence[Sequence[StoredChunk]]
    hits: tuple[Hit, ...]
    ms: Mapping[str, float]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchSetup:
    """What a question is searched with: the dense index of this name, the encoder of its vectors, and the ranking for them."""

    index: str
    encoder: Encoder
    ranking: Ranking


@dataclass(slots=True)
class SearchLog:
    """What one search leaves behind besides its hits."""

    ms: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the block's milliseconds to those of the stage."""
        start = time.perf_counter()
        yield
        self.ms[stage] = round(self.ms.get(stage, 0.0) + 1000 * (time.perf_counter() - start), 2)


class Searcher:
    """The search over one index. Threads may share it; what other processes have written is seen at the next question."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        manifest: Manifest,
        ranking: Ranking | None = None,
        second: MultilingualVectors | None = None,
    ) -> None:
        """`manifest` says what the index must have been made with; `second` is its set of vectors for other languages."""
        self._index = index
        self._catalog = index.catalog
        self._first = SearchSetup("dense", encoder, ranking or Ranking())
        self._second = second
        self._manifest = manifest
        self._agreed = False
        self._scopes = Scopes(index)

    def search(self, query: Query, k: int) -> SearchResult:
        """The `k` best hits; raises QueryError for an empty question, and the index's own errors."""
        trace = self.trace(query, k)
        return SearchResult(trace.hits, trace.ms, trace.notes)

    def trace(self, query: Query, k: int) -> SearchTrace:
        """The same search with all that each stage thought; raises as `search` does."""
        if not query.text.strip():
            raise QueryError("The question is empty.")
        query = replace(query, text=_encodable(query.text), before=_encodable(query.before))
        self.check()
        second = self._second
        if second is None or not (second.spoken(query.searched) or second.foreign()):
            return self._traced(query, k, self._first, SearchLog())
        log = SearchLog()
        if not second.ready():
            log.notes.append(second.note())
            return self._traced(query, k, self._first, log)
        found = self._traced(query, k, SearchSetup(MULTILINGUAL, second.encoder, ACROSS), log)
        if second.spoken(query.searched) or self._abroad(found.hits):
            return found
        # An English question whose best passages are English: the encoder for English ranks these better.
        return self._traced(query, k, self._first, log)

    def _traced(self, query: Query, k: int, setup: SearchSetup, log: "SearchLog") -> SearchTrace:
        """The search with this setup."""
        ranking = setup.ranking
        with log.timed("total"):
            with log.timed("embed"):
                encoded = _weighed(setup.encoder.encode_query(query.searched), query, ranking.before)
            dense, lexical = self._retrieve(query, setup, encoded, log)
            with log.timed("fuse"):
                fused = self._fuse(setup, encoded, dense, lexical)
                order = ranked(fused)
                chunks = self._catalog.chunks(order[: max(k + ranking.joined, ranking.reranked)])
            with log.timed("rerank"):
                found = self._late(setup, encoded, chunks, order)
                stages = {"dense": staged(dense), "lexical": staged(lexical), "fused": staged(fused)}
                late_stages, scores = _rerank(ranking, found, [number for number in order if number in chunks], fused)
                stages |= late_stages
            with log.timed("join"):
                best = [chunks[number] for number in ranked(scores)]
                groups = join_neighbours(best, ranking.joined, ranking.run)
                words = _words(query, encoded)
                hits = tuple(
                    replace(self._hit(run, scores, stages, found), across=ranking.across, words=_matched(run, found, words))
                    for run in groups[:k]
                )
        return SearchTrace(setup, encoded, stages, staged(scores), groups, hits, log.ms, tuple(log.notes))

    def _abroad(self, hits: Sequence[Hit]) -> bool:
        """Whether one of the first hits stands in an article in another language than English."""
        best = hits[:LOOKED_AT]
        articles = self._catalog.summaries({hit.article for hit in best})
        return any(articles[hit.article].language not in {"", ENGLISH} for hit in best if hit.article in articles)

    def place(self, query: Query, trace: SearchTrace, stage: str, chunk: int, far: int) -> Stage | None:
        """A chunk's place among the first `far` of an index ("dense" or "lexical"), or None if it is not there."""
        within = self._scopes.within(query.scope, trace.setup.index)
        found = within.dense(trace.encoded.vector, far) if stage == "dense" else within.lexical(_parts(query, trace.setup), far)
        return staged(dict(found)).get(chunk)

    def check(self) -> None:
        """Sees what others have written; raises IndexMissing or IndexMismatch where the index cannot be searched."""
        if not self._index.refresh() and self._agreed:
            return
        found = self._catalog.manifest()
        if found is None:
            raise IndexMissing("There are no articles here yet.")
        found.check(self._manifest)
        self._agreed = True

    def _retrieve(self, query: Query, setup: SearchSetup, encoded: EncodedQuery, log: SearchLog) -> tuple[Scores, Scores]:
        """Candidates of both indexes. One damaged index is done without, and said; two are an error."""
        count = setup.ranking.candidates
        within = self._scopes.within(query.scope, setup.index)
        parts = _parts(query, setup)
        damage: list[IndexDamaged] = []

        def asked(stage: str, call: Callable[[], list[tuple[int, float]]]) -> Scores:
            try:
                with log.timed(stage):
                    return dict(call())
            except IndexDamaged as error:
                damage.append(error)
                log.notes.append(f"{error.message} The answer was found without it. {error.help}")
                return {}

        dense = asked("dense", lambda: within.dense(encoded.vector, count))
        lexical = asked("lexical", lambda: within.lexical(parts, count))
        if len(damage) == 2:
            raise damage[0]
        return dense, lexical

    def _fuse(self, setup: SearchSetup, encoded: EncodedQuery, dense: Scores, lexical: Scores) -> dict[int, float]:
        """Fused scores of all candidates; a chunk that only its words found gets its true cosine, not a zero."""
        unmeasured = [number for number in lexical if number not in dense]
        vectors = self._catalog.vectors(unmeasured, setup.index)
        cosines = {number: float(vector @ encoded.vector) for number, vector in vectors.items()}
        weights = setup.ranking
        candidates = sorted({*dense, *cosines})
        return fuse([({**dense, **cosines}, weights.dense), (lexical, weights.lexical)], candidates)

    def _late(
        self, setup: SearchSetup, encoded: EncodedQuery, chunks: Mapping[int, StoredChunk], order: list[int]
    ) -> dict[int, MaxSimScores]:
        """Late interaction with the best of the fused candidates."""
        best = [number for number in order if number in chunks][: setup.ranking.reranked]
        spans = {number: local_spans(chunks[number]) for number in best}
        return maxsim_scores(encoded.tokens, self._catalog.late(best, setup.index), spans)

    def _hit(
        self,
        run: Sequence[StoredChunk],
        scores: Scores,
        stages: Mapping[str, Mapping[int, Stage]],
        found: Mapping[int, MaxSimScores],
    ) -> Hit:
        """The run as one hit, with the score and the stages of its best chunk."""
        best = max(run, key=lambda chunk: (scores[chunk.id], -chunk.id))
        first, last = run[0], run[-1]
        text = best.text if len(run) == 1 else self._catalog.words(best.article_id, first.start, last.end)
        evidence = [one for chunk in run for one in _evidence(chunk, found)]
        seen = {name: by[best.id] for name, by in stages.items() if best.id in by}
        sentences = tuple(span for chunk in run for span in chunk.sentences)
        return Hit(
            article=best.article_id,
            start=first.start,
            end=last.end,
            text=text,
            score=scores[best.id],
            stages=seen,
            chunk=best.id,
            ordinal=first.ordinal,
            sentences=sentences,
            evidence=tuple(evidence),
        )


def _parts(query: Query, setup: SearchSetup) -> list[tuple[str, float]]:
    """The texts whose words are looked for, with their weights."""
    return [(query.text, 1.0), (query.before, setup.ranking.before * query.weight)]


def _rerank(
    ranking: Ranking, found: Mapping[int, MaxSimScores], order: list[int], fused: Scores
) -> tuple[dict[str, dict[int, Stage]], dict[int, float]]:
    """The late-interaction stages, and the final scores. Candidates that were not reranked keep their places after them."""
    passage = {number: one.passage for number, one in found.items()}
    sentence = {number: float(one.sentences.max(initial=0.0)) for number, one in found.items()}
    stages = [(fused, ranking.fused), (passage, ranking.passage), (sentence, ranking.sentence)]
    scores = fuse(stages, sorted(found))
    floor = min(scores.values(), default=0.0)
    scores |= {number: floor - place for place, number in enumerate((one for one in order if one not in found), 1)}
    return {"passage": staged(passage), "sentence": staged(sentence)}, scores


def _joined(before: str, text: str) -> str:
    return f"{before} {text}".strip() if before else text


def _evidence(chunk: StoredChunk, found: Mapping[int, MaxSimScores]) -> list[float]:
    """How well each sentence of the chunk answers; 0 for a chunk that was not reranked."""
    return found[chunk.id].sentences.tolist() if chunk.id in found else [0.0] * len(chunk.sentences)


def _words(query: Query, encoded: EncodedQuery) -> list[tuple[str, NDArray[np.int64], float]]:
    """The question's own words, each with its tokens' places and the weight that these have in late interaction."""
    tokens, searched = encoded.tokens, query.searched
    lengths = np.linalg.norm(tokens.vectors, axis=1)
    found = []
    for word in _WORD.finditer(searched, len(searched) - len(query.text)):
        (places,) = np.nonzero((tokens.offsets[:, 0] < word.end()) & (tokens.offsets[:, 1] > word.start()))
        if len(places):
            found.append((word.group(), places, float(lengths[places[0]])))
    return found


def _matched(
    run: Sequence[StoredChunk],
    found: Mapping[int, MaxSimScores],
    words: Sequence[tuple[str, NDArray[np.int64], float]],
) -> dict[str, float]:
    """How well the run answers to each word: the best cosines of the word's tokens, averaged; {} if it was not reranked."""
    seen = [found[chunk.id].tokens for chunk in run if chunk.id in found]
    if not seen:
        return {}
    best = np.max(seen, axis=0)
    return {word: float(best[places].mean()) / weight for word, places, weight in words}


def local_spans(chunk: StoredChunk) -> tuple[Span, ...]:
    """The chunk's sentences as offsets into its own text."""
    return tuple((start - chunk.start, end - chunk.start) for start, end in chunk.sentences)


def _weighed(encoded: EncodedQuery, query: Query, before: float) -> EncodedQuery:
    """The question with the tokens of `query.before` counting less in late interaction; the mean weight stays 1."""
    tokens = encoded.tokens
    if not query.before or not len(tokens.offsets):
        return encoded
    weights = np.where(tokens.offsets[:, 0] < len(query.before), before * query.weight, 1.0).astype(np.float32)
    vectors = tokens.vectors * (weights / weights.mean())[:, None]
    return replace(encoded, tokens=replace(tokens, vectors=vectors))


def _encodable(text: str) -> str:
    """The text without lone surrogates, which stand for bytes of a command line that are no text, and in one width.

    MiniLM's tokenizer folds case and accents, but to it full-width letters are words of another language.
    """
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))
