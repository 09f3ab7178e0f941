"""Copies of one text: exact ones by hash, near ones and shortened ones by MinHash, so that no text passes for two sources.

An article is compared by its shingles: runs of three words, or of five characters where the words are not parted by blanks.
MinHash estimates how many shingles two articles share; the few that come near are compared shingle by shingle. All signatures
are compared at once (10,000 in about 2 ms), so no bands or other index of them has to be kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash  # type: ignore[import-untyped]  # the package brings no types

from vectorstore.searching.folding import folded

SAME = 0.8
"""Share of all shingles of two articles, or of those of the shorter one, from which on they are one text."""
NEAR = 0.65
"""The same share as MinHash estimates it, from which on the texts are compared."""
SHORTEST = 0.25
"""How long a shortened version must be beside the whole, so that a news item is no version of the digest that has it."""
FEWEST = 20
"""Shingles that an article must have to be told from another by them; shorter ones are copies only when they are equal."""
COMPARED = 8
"""Candidates that are compared by their texts."""

LOOKED_AT = 1_000_000
"""Characters from the beginning that shingles are made of: those of a text of 100 MB would take gigabytes."""

# What is estimated from so many has a standard deviation of 0.044 at most.
_PERMUTATIONS = 128
_WORDS, _CHARACTERS = 3, 5
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_VERSION = bytes([RMinHash.ALGORITHM_VERSION])
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class CopySignature:
    """What an article is compared by: the hash of its words, how many shingles it has, and their MinHash."""

    digest: bytes
    shingles: int
    minhash: NDArray[np.uint32]

    def packed(self) -> bytes:
        """As the catalog keeps it."""
        return _VERSION + self.digest + self.shingles.to_bytes(4, "little") + self.minhash.astype("<u4").tobytes()

    @classmethod
    def unpacked(cls, kept: bytes) -> "CopySignature | None":
        """The inverse of `packed`; None for none, and for one of another version of MinHash."""
        # Signatures of another version of MinHash cannot be compared with these; the caller makes them anew.
        if kept[:1] != _VERSION:
            return None
        digest, size, rest = kept[1 : 1 + _DIGEST], kept[1 + _DIGEST : 5 + _DIGEST], kept[5 + _DIGEST :]
        return cls(digest, int.from_bytes(size, "little"), np.frombuffer(rest, "<u4").astype(np.uint32))


def shingles(text: str) -> set[str]:
    """The runs of words, or of characters, that a text is compared by.

    >>> sorted(shingles("The bridge is red. The bridge!"))
    ['bridge is red', 'is red the', 'red the bridge', 'the bridge is']
    """
    tokens = _TOKEN.findall(folded(text[:LOOKED_AT]))
    # A character of Chinese or Japanese is a token of its own; where most are, five of them make a shingle.
    single = sum(1 for token in tokens if token >= "\u3040" and len(token) == 1)
    size = _CHARACTERS if 2 * single > len(tokens) else _WORDS
    return {" ".join(tokens[at : at + size]) for at in range(max(1, len(tokens) - size + 1))}


def signature(text: str) -> CopySignature:
    """What the text is compared by."""
    # With a fixed seed, as signatures of different processes are compared.
    found, minhash = shingles(text), RMinHash(_PERMUTATIONS, 1)
    # In order, as the same text has to give the same signature in each process.
    minhash.update(sorted(found))
    words, digest = False, blake2b(digest_size=_DIGEST)
    # Line by line, and without what parts the words: a text that was wrapped anew is the same one.
    for line in text.splitlines():
        for token in _TOKEN.findall(folded(line)):
            words = True
            digest.update(token.encode("utf-8", "surrogatepass"))
    # Nothing but zeros stands for a text without words.
    return CopySignature(digest.digest() if words else bytes(_DIGEST), len(found), np.array(minhash.digest(), np.uint32))


class CopyFinder:
    """Finds for an article the one that it is a copy of. `read` gives the text of an article, "" where there is none.

    >>> texts = {"a.txt": "It rained in Ner all day.", "b.txt": "It rained in Ner, all day!"}
    >>> finder = CopyFinder(texts.__getitem__)
    >>> [finder.add(id, signature(text)) for id, text in texts.items()]
    [{}, {'b.txt': 'a.txt'}]
    """

    def __init__(self, read: Callable[[str], str], variants: Mapping[str, str] | None = None) -> None:
        """`variants` are the copies that are known, each with its original."""
        self._read = read
        self._roots = dict(variants or {})
        self._places: dict[str, int] = {}
        self._ids: list[str] = []
        self._digests: list[bytes] = []
        self._sizes = np.zeros(64, np.int64)
        self._hashes = np.zeros((64, _PERMUTATIONS), np.uint32)

    def know(self, id: str, known: CopySignature) -> None:
        """Takes in an article of which the catalog already says whether it is a copy; the oldest come first."""
        place = self._places.setdefault(id, len(self._ids))
        if place == len(self._ids):
            self._ids.append(id)
            self._digests.append(known.digest)
        # Twice the room each time, so that a million articles are not copied a million times.
        if place == len(self._sizes):
            self._sizes = np.concatenate([self._sizes, np.zeros_like(self._sizes)])
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
        self._digests[place], self._sizes[place], self._hashes[place] = known.digest, known.shingles, known.minhash

    def add(self, id: str, now: CopySignature) -> dict[str, str]:
        """Takes in an article that is new or has changed: the articles whose original is another one now, "" for none.

        The one that came first is the original, whichever of them changed.
        """
        before = dict(self._roots)
        # What was a copy of this article was one of its old text, so each is looked at again.
        again = [id, *(other for other, root in before.items() if root == id)]
        for other in again:
            self._roots.pop(other, None)
        self.know(id, now)
        for other in again:
            self._join(other)
        return self._changes(before)

    def forget(self, ids: Iterable[str]) -> dict[str, str]:
        """Leaves out articles that are removed: the articles whose original is another one now."""
        before, gone = dict(self._roots), set(ids)
        for id in gone:
            self._roots.pop(id, None)
            if (place := self._places.get(id)) is not None:
                # The place stays, empty, as the places of the others are kept elsewhere.
                self._sizes[place], self._digests[place] = 0, b""
                self._hashes[place] = 0
        for root in gone:
            # The oldest copy that is left becomes the original of the others.
            left = [id for id in self._ids if self._roots.get(id) == root and id not in gone]
            for id in left:
                self._roots[id] = left[0]
            if left:
                del self._roots[left[0]]
        return {id: root for id, root in self._changes(before).items() if id not in gone}

    def _join(self, id: str) -> None:
        """Makes the article a copy of the one that it is like, or that one a copy of this where this came first."""
        other = self._like(id)
        if not other:
            return
        root = self._roots.get(other, other)
        # The places are in the order of arrival.
        if self._places[root] < self._places[id]:
            self._roots[id] = root
            return
        for one in [root, *(copy for copy, of in self._roots.items() if of == root)]:
            self._roots[one] = id

    def _like(self, id: str) -> str:
        """The article that says the same, the most alike and then the oldest; "" where there is none."""
        place, count = self._places[id], len(self._ids)
        digest = self._digests[place]
        equal = (at for at, one in enumerate(self._digests) if one == digest and at != place)
        # A text without any words is no copy of another one.
        if any(digest) and (first := next(equal, None)) is not None:
            return self._ids[first]
        if self._sizes[place] < FEWEST:
            return ""
        shared = self._estimated(place, count)
        nearest = [at for at in np.argsort(-shared, kind="stable")[:COMPARED].tolist() if shared[at] >= NEAR]
        if not nearest:
            return ""
        # The estimate may be wrong by some percent, so the texts themselves decide.
        own = shingles(self._read(id))
        alike = [(_alike(own, shingles(self._read(self._ids[at]))), -at) for at in nearest]
        best, at = max(alike)
        return self._ids[-at] if best >= SAME else ""

    def _estimated(self, place: int, count: int) -> NDArray[np.float64]:
        """For each article the share of shingles that it has in common with one, as `_alike` counts it."""
        sizes, own = self._sizes[:count], self._sizes[place]
        jaccard = np.count_nonzero(self._hashes[:count] == self._hashes[place], axis=1) / _PERMUTATIONS
        # From |A∩B| / |A∪B| and the sizes of both sets follows the size of what they share.
        both = jaccard * (sizes + own) / (1 + jaccard)
        shorter, longer = np.minimum(sizes, own), np.maximum(sizes, own)
        within = np.where(shorter >= SHORTEST * longer, both / np.maximum(shorter, 1), 0.0)
        shared = np.where(sizes >= FEWEST, np.maximum(jaccard, within), 0.0)
        shared[place] = 0.0
        return shared

    def _changes(self, before: Mapping[str, str]) -> dict[str, str]:
        both = {*before, *self._roots}
        return {id: self._roots.get(id, "") for id in sorted(both) if before.get(id, "") != self._roots.get(id, "")}


def _alike(one: set[str], other: set[str]) -> float:
    """The share of all shingles that both have, or of those of the shorter where that is more and it is no mere fragment."""
    both, shorter, longer = len(one & other), *sorted((len(one), len(other)))
    if shorter < FEWEST:
        return 0.0
    jaccard = both / (shorter + longer - both)
    return max(jaccard, both / shorter) if shorter >= SHORTEST * longer else jaccard
