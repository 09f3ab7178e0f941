"""Whether a derived index still finds what it has: a count, and a few chunks looked for by what is theirs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vectorstore.searching.folding import terms
from vectorstore.searching.lexical import LexicalIndex
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.catalog_reader import MULTILINGUAL

if TYPE_CHECKING:
    from vectorstore.replicas import Derived
    from vectorstore.searching.dense import DenseIndex

PROBES = 32
"""Chunks that are looked for by what is theirs, to tell whether an index still finds what it has."""
FOUND_AGAIN = 0.9
"""The share of them that a sound index finds: HNSW may lose sight of a single one."""
SAME = 0.99
"""The cosine from which on two vectors are taken for one."""


def find_damage(catalog: Catalog, name: str, index: "Derived") -> str:
    """What is wrong with a derived index that has applied the whole journal, as a sentence, or ""; raises IndexDamaged."""
    # Counting is cheap, and tells most of what can be wrong; only then are a few chunks looked for.
    return miscounted(catalog, name, index) or _not_found_again(catalog, name, index)


def miscounted(catalog: Catalog, name: str, index: "Derived") -> str:
    """Whether an index that has applied the whole journal has as many chunks as it should, as a sentence, or ""."""
    found, wanted = index.count(), catalog.counts()[1]
    if name == MULTILINGUAL:
        wanted -= catalog.without_vector(name)
    return f"It has {found} chunks where the catalog has {wanted}." if found != wanted else ""


def _not_found_again(catalog: Catalog, name: str, index: "Derived") -> str:
    """Looks for a few chunks by what is theirs, their vector or their words, which must find them or their equals."""
    ids = catalog.sample(PROBES)
    if isinstance(index, LexicalIndex):
        looked = list(_probed_by_words(catalog, index, ids))
    else:
        looked = list(_probed_by_vectors(catalog, name, index, ids))
    # A single chunk that HNSW does not find again is no damage, which is why a share is asked for.
    found = sum(looked)
    return f"It finds only {found} of {len(looked)} chunks that it has." if found < FOUND_AGAIN * len(looked) else ""


def _probed_by_vectors(catalog: Catalog, name: str, index: "DenseIndex", ids: Sequence[int]) -> Iterator[bool]:
    for vector in catalog.vectors(ids, name).values():
        best = index.query(vector, 1)
        yield bool(best) and best[0][1] > SAME


def _probed_by_words(catalog: Catalog, index: LexicalIndex, ids: Sequence[int]) -> Iterator[bool]:
    for chunk in catalog.chunks(ids).values():
        # A chunk without a word, such as a line of signs, cannot be found by its words.
        if any(terms(chunk.text)):
            yield bool(index.query([(chunk.text, 1.0)], 1))
