"""How alike a claim's words and a source's are, token by token, from the same model that embeds the passages.

This is late interaction with the float vectors themselves, which are kept in memory by text: the passages of an answer are
encoded once, while its first words are still being written, and each claim then costs one short pass.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.transformer import DIMENSION, Floats, TokenVectors
from vectorstore.errors import EmbeddingError
from vectorstore.splitting.language import ENGLISH, in_english, language_of
from vectorstore.types import Span

KEPT = 192
"""Texts whose vectors are remembered, at most 0.4 MB each."""


@dataclass(frozen=True, slots=True)
class SimilarityMatrix:
    """Cosines (n, m) of a claim's n tokens with a source's m tokens, and both texts' character offsets, (n, 2) and (m, 2)."""

    claim: NDArray[np.int64]
    source: NDArray[np.int64]
    cosines: Floats


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A text's tokens without [CLS] and [SEP]: offsets (n, 2), unit vectors (n, 384), and the vector of the whole (384,)."""

    offsets: NDArray[np.int64]
    vectors: Floats
    pooled: Floats


class TokenSimilarity:
    """Token likeness by a model; `encode` gives the tokens of texts in order, as `Transformer.encode` does. Thread-safe.

    >>> from vectorstore.encoding.embed import LocalEncoder
    >>> similarity = TokenSimilarity(LocalEncoder().tokens)
    >>> source = "The bridge opened in 1932."
    >>> similarity.grid("It was opened.", source, [(0, len(source))]).cosines.shape
    (4, 6)
    """

    def __init__(self, encode: Callable[[Sequence[str]], Sequence[TokenVectors]]) -> None:
        self._encode = encode
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Encoded] = OrderedDict()

    def prepare(self, texts: Sequence[str]) -> None:
        """Encodes what is not known yet."""
        self._encoded(texts)

    def grid(self, claim: str, source: str, pieces: Sequence[Span]) -> SimilarityMatrix:
        """The likeness of the claim to these pieces of the source, each of which the model sees by itself."""
        one, *others = self._encoded([claim, *(source[start:end] for start, end in pieces)])
        moved = [other.offsets + start for other, (start, _) in zip(others, pieces, strict=True)]
        offsets = np.concatenate(moved) if moved else np.empty((0, 2), np.int64)
        vectors = np.concatenate([other.vectors for other in others]) if others else np.empty((0, DIMENSION), np.float32)
        return SimilarityMatrix(one.offsets, offsets, one.vectors @ vectors.T)

    def crosses(self, *_texts: str) -> bool:
        """Whether the encoder for all languages compares these texts: never here."""
        return False

    def alike(self, one: str, other: str) -> float:
        """The cosine of two short texts, each as a whole."""
        first, second = self._encoded([one, other])
        return float(first.pooled @ second.pooled)

    def _encoded(self, texts: Sequence[str]) -> list[_Encoded]:
        # The lock is not held while texts are encoded: two threads may encode the same text, which costs less than waiting.
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            # One by one: in int8 a text's vectors depend on what shares its batch, and so would the verdict.
            known |= {text: _normalised(self._encode([text])[0]) for text in new}
        with self._lock:
            for text in texts:
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            while len(self._kept) > max(KEPT, len(texts)):
                self._kept.popitem(last=False)
        return [known[text] for text in texts]


class MultilingualSimilarity:
    """MiniLM's likeness where claim and source are English, else that of the encoder for all languages. Thread-safe.

    `across` gives the latter when it is first needed; where its weights are not installed, MiniLM goes on with all of it.
    """

    def __init__(self, english: TokenSimilarity, across: Callable[[], TokenSimilarity]) -> None:
        self._english = english
        self._make = across
        self._lock = threading.Lock()
        self._made: TokenSimilarity | None = None
        self._lacking = False

    def prepare(self, texts: Sequence[str]) -> None:
        """Encodes what is not known yet, each text as its language wants it."""
        foreign = {text for text in texts if _foreign(text)}
        self._english.prepare([text for text in texts if text not in foreign])
        if foreign:
            (self._across() or self._english).prepare([text for text in texts if text in foreign])

    def crosses(self, *texts: str) -> bool:
        """Whether one of the texts is in another language than English, and there is an encoder for it."""
        return any(map(_foreign, texts)) and self._across() is not None

    def grid(self, claim: str, source: str, pieces: Sequence[Span]) -> SimilarityMatrix:
        """The likeness of the claim to these pieces of the source, by the encoder that knows both languages."""
        across = self._across() if _foreign(claim) or _foreign(source) else None
        return (across or self._english).grid(claim, source, pieces)

    def alike(self, one: str, other: str) -> float:
        """The cosine of two short texts; the language of a word can't be told, so MiniLM says."""
        return self._english.alike(one, other)

    def _across(self) -> TokenSimilarity | None:
        with self._lock:
            if self._made is None and not self._lacking:
                try:
                    self._made = self._make()
                    # Weights that are missing show themselves with the first text only.
                    self._made.prepare(["."])
                except EmbeddingError:
                    self._made, self._lacking = None, True
            return self._made


@lru_cache(maxsize=2048)
def _foreign(text: str) -> bool:
    """Whether a text is in another language than English, as far as can be told."""
    return language_of(text) not in {"", ENGLISH} and not in_english(text)


def _normalised(tokens: TokenVectors) -> _Encoded:
    # Without the marks at both ends, which are no words.
    inner = slice(1, -1)
    states = tokens.states[inner]
    lengths = np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-12)
    return _Encoded(tokens.offsets[inner].astype(np.int64), np.asarray(states / lengths, np.float32), tokens.pooled())
