"""Keeps both retrievals to the articles of a `Scope`, with the ranking that a search of these articles alone would have.

Chroma's own filters cost 50 ms at 100,000 chunks. Instead the catalog tells the chunks of a scope, once for each state of the
index. Of few chunks, the cosines are calculated; many are picked out of a longer list of Chroma's.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from vectorstore.index import Index
from vectorstore.searching.picking import Hits, Numbers, best, picked
from vectorstore.searching.scope_articles import articles_in_scope
from vectorstore.storage.rows import Vector
from vectorstore.types import Scope

CALCULATED = 24_000_000
"""Bytes of vectors, 15,000 of MiniLM's: up to here cosines cost less than Chroma. A new scope's are read first, in 0.3 s."""
DEEPEST = 4000
"""Hits that Chroma is asked for at most, some 40 ms; a scope that has too few among them is calculated whatever its size."""
KEPT = 128_000_000
"""Bytes of vectors that are kept for the scopes of late."""
SCOPES = 32
"""Scopes that are remembered."""
PAGE = 5000
"""Vectors that are read at once where they are too many to be kept."""

Ranked = list[tuple[int, float]]


class Within(Protocol):
    """Both retrievals, kept to a scope; each raises IndexDamaged."""

    def dense(self, vector: Vector, k: int) -> Ranked:
        """The `k` nearest chunks with their cosines, best first."""

    def lexical(self, parts: Sequence[tuple[str, float]], k: int) -> Ranked:
        """The `k` best chunks for texts with weights, with their BM25 scores, best first."""


class Scopes:
    """The scopes of one index. Threads may share it."""

    def __init__(self, index: Index, *, calculated: int = CALCULATED, deepest: int = DEEPEST, kept: int = KEPT) -> None:
        """For the bounds see the constants."""
        self._index = index
        self._calculated, self._deepest, self._kept = calculated, deepest, kept
        self._lock = threading.Lock()
        self._parts: OrderedDict[tuple[Scope, str], tuple[int, _Part]] = OrderedDict()

    def within(self, scope: Scope, index: str = "dense") -> Within:
        """The retrievals of a scope, by the dense index of this name.

        Raises QueryError where the scope is not understood or no article is in it.
        """
        if not scope:
            return _Everything(self._index, index)
        key = scope, index
        generation = self._index.catalog.generation()
        with self._lock:
            known, before = self._parts.get(key, (-1, None))
        part = self._part(scope, index, before) if before is None or known != generation else before
        with self._lock:
            self._parts[key] = generation, part
            self._parts.move_to_end(key)
            self._forget()
        return part

    def _part(self, scope: Scope, index: str, before: "_Part | None") -> "_Part":
        """The scope as the catalog has it now; of the vectors that were read before, those that are still in it are kept."""
        catalog = self._index.catalog
        ids = np.array(catalog.chunks_of_all(articles_in_scope(catalog, scope)), np.int64)
        return _Part(self._index, index, ids, (self._calculated, self._deepest, self._kept), before)

    def _forget(self) -> None:
        """Lets go of the scopes, and of the vectors, that were not asked for of late."""
        while len(self._parts) > SCOPES:
            self._parts.popitem(last=False)
        room = self._kept
        for _, part in reversed(self._parts.values()):
            room -= part.size
            if room < 0:
                part.forget()


class _Everything:
    """No scope: both indexes as they are."""

    def __init__(self, index: Index, name: str) -> None:
        self._index = index
        self._name = name

    def dense(self, vector: Vector, k: int) -> Ranked:
        return self._index.nearest(self._name).query(vector, k)

    def lexical(self, parts: Sequence[tuple[str, float]], k: int) -> Ranked:
        return self._index.lexical.query(parts, k)


class _Part:
    """The chunks of a scope in one state of the index, and their vectors once they were needed."""

    def __init__(self, index: Index, name: str, ids: Numbers, bounds: tuple[int, int, int], before: "_Part | None") -> None:
        """`name` is the dense index's; `ids` ascending; `bounds` are those of `Scopes`."""
        self._index = index
        self._name = name
        self._ids = ids
        # The catalog's number: Chroma takes 5 ms to count 100,000.
        self._whole = index.catalog.counts()[1]
        self._calculated, self._deepest, self._kept = bounds
        # A chunk's vector never changes under its number, so the vectors of an older state hold.
        self._old: tuple[Numbers, Vector] | None = (before._read or before._old) if before else None
        self._read: tuple[Numbers, Vector] | None = None

    @property
    def size(self) -> int:
        """Bytes of vectors that are kept."""
        return sum(read[1].nbytes for read in (self._read, self._old) if read)

    def forget(self) -> None:
        """Lets go of the vectors."""
        self._read = self._old = None

    def dense(self, vector: Vector, k: int) -> Ranked:
        size = len(self._ids) * vector.nbytes
        if size > self._calculated and self._read is None:
            dense = self._index.nearest(self._name)
            hits = picked(lambda depth: _hits(dense.query(vector, depth)), k, self._ids, self._whole, self._deepest)
            if hits is not None:
                return best(*hits, k)
        if size > self._kept:
            return self._streamed(vector, k)
        numbers, matrix = self._vectors()
        # Not `@`: BLAS's threads would then spin on for 20 ms, in the way of the next steps; this takes 1 ms for 15,000.
        return best(numbers, np.einsum("ij,j->i", matrix, vector), k) if len(numbers) else []

    def lexical(self, parts: Sequence[tuple[str, float]], k: int) -> Ranked:
        return self._index.lexical.query(parts, k, self._ids)

    def _vectors(self) -> tuple[Numbers, Vector]:
        """The chunks that have a vector, ascending, and their vectors, shape (n, dim)."""
        read, old = self._read, self._old
        if read is None:
            known = dict(zip(old[0].tolist(), old[1], strict=True)) if old else {}
            wanted = self._ids.tolist()
            known |= self._index.catalog.vectors([number for number in wanted if number not in known], self._name)
            there = [number for number in wanted if number in known]
            matrix = np.stack([known[number] for number in there]) if there else np.zeros((0, 0), np.float32)
            self._read = read = np.array(there, np.int64), matrix
            self._old = None
        return read

    def _streamed(self, vector: Vector, k: int) -> Ranked:
        """The same without keeping the vectors: slow, for a scope too large to keep that is far from the question."""
        found = list(self._cosines(vector))
        return best(np.array([number for number, _ in found], np.int64), np.array([cosine for _, cosine in found]), k)

    def _cosines(self, vector: Vector) -> Iterator[tuple[int, float]]:
        for at in range(0, len(self._ids), PAGE):
            page = self._index.catalog.vectors(self._ids[at : at + PAGE].tolist(), self._name)
            yield from ((number, float(one @ vector)) for number, one in page.items())


def _hits(ranked: Ranked) -> Hits:
    return np.array([number for number, _ in ranked], np.int64), np.array([score for _, score in ranked], np.float64)
