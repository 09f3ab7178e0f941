"""Keeps both retrievals to the articles of a `Scope`, with the ranking that a search of these articles alone would have.

Chroma can keep a query to some ids or to a filter, but slowly and not exactly: of 50,000 chunks it took 200 to 600 ms, and of
the 100 best of 15,000 it found 84. So the catalog tells the chunks of a scope, once for each state of the index; the cosines of
few chunks are calculated, and many are picked out of a longer list of Chroma's.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vectorstore.index import Index
from vectorstore.searching.ranking import Numbers, RankedArrays, best, best_among
from vectorstore.searching.scope_articles import articles_in_scope
from vectorstore.storage.records import Vector
from vectorstore.types import Scope

RankedChunks = list[tuple[int, float]]
"""Chunk numbers with their scores, best first."""


@dataclass(frozen=True, slots=True)
class RetrievalBounds:
    """From which sizes on a scope is searched in another way; the ranking is the same in each."""

    calculated: int = 24_000_000
    """Bytes of vectors, 15,000 of MiniLM's: up to here cosines cost less than Chroma. They are first read, in 0.3 s."""
    deepest: int = 4000
    """Hits that Chroma is asked for at most, some 40 ms; a scope with too few among them is calculated whatever its size."""
    kept: int = 128_000_000
    """Bytes of vectors that are kept for the scopes asked for last."""
    scopes: int = 32
    """Scopes that are remembered."""
    without_chroma: int = 50_000
    """Chunks up to which all cosines are calculated where Chroma fails; they are first read, in a second or two."""


BOUNDS = RetrievalBounds()


class ScopedRetrieval:
    """Both retrievals, kept to the chunks of a scope in one state of the index; each raises IndexDamaged."""

    def __init__(self, index: Index, name: str, chunks: Numbers | None, bounds: RetrievalBounds = BOUNDS) -> None:
        """`name` is the dense index's; `chunks` are ascending, and None where nothing is left out."""
        self._index = index
        self._name = name
        self._chunks = chunks
        self._bounds = bounds
        self._vectors: tuple[Numbers, Vector] | None = None

    @property
    def size(self) -> int:
        """Bytes of vectors that are kept."""
        return self._vectors[1].nbytes if self._vectors else 0

    def forget(self) -> None:
        """Lets go of the vectors."""
        self._vectors = None

    def lexical(self, parts: Sequence[tuple[str, float]], k: int) -> RankedChunks:
        """The `k` best chunks for texts with weights, with their BM25 scores, best first."""
        return self._index.lexical.query(parts, k, self._chunks)

    def dense(self, vector: Vector, k: int) -> RankedChunks:
        """The `k` nearest chunks with their cosines, best first."""
        # Nothing is left out, so Chroma's own ranking is the answer.
        if self._chunks is None:
            return self._index.dense_index(self._name).query(vector, k)
        if self._vectors is None and len(self._chunks) * vector.nbytes > self._bounds.calculated:
            hits = self._picked(vector, k, self._chunks)
            if hits is not None:
                return best(*hits, k)
        return self._calculated(vector, k, self._chunks)

    def _calculated(self, vector: Vector, k: int, chunks: Numbers) -> RankedChunks:
        numbers, matrix = self._read(chunks)
        # Not `@`: BLAS's threads would then spin on for 20 ms, in the way of the next steps; this takes 1 ms for 15,000.
        return best(numbers, np.einsum("ij,j->i", matrix, vector), k) if len(numbers) else []

    def dense_without_chroma(self, vector: Vector, k: int) -> RankedChunks:
        """What `dense` gives, without Chroma: the cosines of all chunks; [] where there are too many of them."""
        chunks = self._chunks
        if chunks is None:
            chunks = np.array(self._index.catalog.chunk_ids(limit=self._bounds.without_chroma + 1), np.int64)
        return self._calculated(vector, k, chunks) if len(chunks) <= self._bounds.without_chroma else []

    def _picked(self, vector: Vector, k: int, chunks: Numbers) -> RankedArrays | None:
        """The best of the scope out of a longer list of Chroma's."""
        dense = self._index.dense_index(self._name)

        def ask(depth: int) -> RankedArrays:
            """The best so many chunks of the whole index, with Chroma's scores."""
            hits = dense.query(vector, depth)
            return np.array([number for number, _ in hits], np.int64), np.array([score for _, score in hits], np.float64)

        # The number of chunks is the catalog's: Chroma takes 5 ms to count 100,000.
        return best_among(ask, k, chunks, self._index.catalog.counts()[1], self._bounds.deepest)

    def _read(self, chunks: Numbers) -> tuple[Numbers, Vector]:
        """The chunks that have a vector, ascending, and their vectors, shape (n, dim)."""
        if self._vectors is None:
            known = self._index.catalog.vectors(chunks.tolist(), self._name)
            numbers = sorted(known)
            matrix = np.stack([known[number] for number in numbers]) if numbers else np.zeros((0, 0), np.float32)
            self._vectors = np.array(numbers, np.int64), matrix
        return self._vectors


class ScopeCache:
    """The retrievals of one index by scope, made once for each state of the index. Threads may share it."""

    def __init__(self, index: Index, bounds: RetrievalBounds = BOUNDS) -> None:
        self._index = index
        self._bounds = bounds
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[Scope, str], tuple[int, ScopedRetrieval]] = OrderedDict()

    def within(self, scope: Scope, name: str = "dense") -> ScopedRetrieval:
        """The retrievals of a scope, by the dense index of this name.

        Raises QueryError where the scope is not understood or no article is in it.
        """
        catalog = self._index.catalog
        generation = catalog.generation()
        with self._lock:
            known, retrieval = self._made.get((scope, name), (-1, None))
        # Made outside of the lock: it takes a query, and two threads that make the same one do no harm.
        if retrieval is None or known != generation:
            chunks = np.array(catalog.chunk_ids_of(articles_in_scope(catalog, scope)), np.int64) if scope else None
            retrieval = ScopedRetrieval(self._index, name, chunks, self._bounds)
        with self._lock:
            self._made[scope, name] = generation, retrieval
            self._made.move_to_end((scope, name))
            self._forget()
        return retrieval

    def _forget(self) -> None:
        """Lets go of the scopes, and of the vectors, that were not asked for of late."""
        while len(self._made) > self._bounds.scopes:
            self._made.popitem(last=False)
        # From the last that was asked for to the first: the vectors of those that do not fit any more are let go.
        room = self._bounds.kept
        for _, retrieval in reversed(self._made.values()):
            room -= retrieval.size
            if room < 0:
                retrieval.forget()
