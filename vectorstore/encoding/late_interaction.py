"""Late interaction: how well a passage, or each sentence of it, answers a question or carries a claim.

The score is ColBERT's MaxSim (Khattab and Zaharia 2020) as a mean: for each token of the question the best cosine among the
text's tokens, averaged. Token vectors come from the pass that embedded the passage, so they cost no time, and they are kept as
one bit a dimension after a random rotation, 48 bytes a token: for a rotated unit vector q and sign bits s of d,
sqrt(pi/2) * (q . s) / sqrt(dim) estimates their cosine without bias (as in RaBitQ, Gao and Long 2024). On the development sets
that ranks as well as the float vectors do (see docs/decisions.md).

How alike a claim's words and a source's are is told by the float vectors themselves (`TokenSimilarity`), which are kept in
memory by text: the passages of an answer are encoded once, while its first words are still being written, and each claim then
costs one short pass.
"""

import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.transformer import DIMENSION, Floats, TokenVectors
from vectorstore.errors import EmbeddingError
from vectorstore.splitting.language import ENGLISH, in_english, language_of
from vectorstore.text_cache import TEXTS, remembered
from vectorstore.types import Span

VERSION = "signs-1"
_BYTES = DIMENSION // 8
_SCALE = float(np.sqrt(np.pi / 2) / np.sqrt(DIMENSION))
_HEAD = struct.Struct("<I")
# A token's place in its text: start (a chunk of white space and little else may be long), and length.
_PLACE = np.dtype([("start", "<u4"), ("length", "<u2")])
KEPT = 40_000_000
"""Bytes of vectors that are remembered: those of 100 texts as long as the model reads them, or of 1,500 short sentences."""


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A question's tokens without [CLS] and [SEP]: their characters' offsets (n, 2) and their rotated unit vectors (n, 384)."""

    offsets: NDArray[np.int32]
    vectors: Floats


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """A passage's tokens as they were packed: offsets (n, 2) into its text, and sign bits (n, 48)."""

    offsets: NDArray[np.int64]
    bits: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class MaxSimScores:
    """How well a passage answers: as a whole, and sentence by sentence (0 for one without tokens).

    `tokens` has the best cosine in the passage for each token of the question, of which `passage` is the mean.
    """

    passage: float
    sentences: Floats
    tokens: Floats


@lru_cache(maxsize=1)
def _rotation() -> Floats:
    """A fixed random rotation (384, 384), which spreads every vector evenly over the dimensions before only signs are kept."""
    normal = np.random.Generator(np.random.PCG64(0)).standard_normal((DIMENSION, DIMENSION))
    q, r = np.linalg.qr(normal)
    # The sign convention of QR differs between libraries; fixed here, the same bits mean the same everywhere.
    return np.ascontiguousarray(q * np.sign(np.diag(r)), dtype=np.float32)


def pack_tokens(tokens: TokenVectors) -> bytes:
    """A passage's token vectors, 54 bytes a token; [CLS] and [SEP] are left out."""
    inner = slice(1, -1)
    states, offsets = tokens.states[inner], tokens.offsets[inner]
    places = np.empty(len(offsets), _PLACE)
    # Where the tokens stand is kept too, so that sentences can be scored by themselves later.
    places["start"], places["length"] = offsets[:, 0], np.minimum(offsets[:, 1] - offsets[:, 0], 0xFFFF)
    # The sign of each dimension is all that is kept: one bit instead of 32, and the ranking stays what it was.
    bits = np.packbits(states @ _rotation() > 0, axis=1)
    return _HEAD.pack(len(offsets)) + places.tobytes() + bits.tobytes()


def unpack_tokens(packed: bytes) -> PassageTokens:
    """What `pack_tokens` made; an empty passage for b""."""
    if not packed:
        return PassageTokens(np.empty((0, 2), np.int64), np.empty((0, _BYTES), np.uint8))
    (count,) = _HEAD.unpack_from(packed)
    places = np.frombuffer(packed, _PLACE, count, _HEAD.size)
    starts = places["start"].astype(np.int64)
    bits = np.frombuffer(packed, np.uint8, offset=_HEAD.size + places.nbytes).reshape(count, _BYTES)
    return PassageTokens(np.stack([starts, starts + places["length"]], axis=1), bits)


def query_tokens(tokens: TokenVectors) -> QueryTokens:
    """A question's tokens, ready to be compared."""
    inner = slice(1, -1)
    return QueryTokens(tokens.offsets[inner], _unit(tokens.states[inner] @ _rotation()))


def estimated_cosines(query: QueryTokens, passages: Sequence[PassageTokens]) -> Floats:
    """The estimated cosines of all passages' tokens, in order, with those of the question: (tokens, question)."""
    bits = np.concatenate([passage.bits for passage in passages]) if passages else np.empty((0, _BYTES), np.uint8)
    signs = np.unpackbits(bits, axis=1).astype(np.float32)
    # q . (2b - 1) without making the signed matrix.
    return np.asarray((2 * (signs @ query.vectors.T) - query.vectors.sum(axis=1)) * _SCALE, np.float32)


def maxsim_scores(
    query: QueryTokens, packed: Mapping[int, bytes], sentences: Mapping[int, Sequence[Span]]
) -> dict[int, MaxSimScores]:
    """Scores of many passages by number: their packed tokens, and their sentences' spans in each passage's own text."""
    numbers = list(packed)
    passages = [unpack_tokens(packed[number]) for number in numbers]
    first = np.cumsum([0, *(len(passage.bits) for passage in passages)])
    ends = [_token_spans(passage, sentences[number]) for number, passage in zip(numbers, passages, strict=True)]
    # One pass over all tokens for all spans, of which thirty passages have some two hundred: first those of the passages, then
    # those of their sentences, numbered through all tokens.
    # `first` has one number more than there are passages: the end of the last.
    spans = np.concatenate([np.stack([first[:-1], first[1:]], axis=1), *(e + at for e, at in zip(ends, first, strict=False))])
    best = _span_maxima(estimated_cosines(query, passages), spans)
    scores = best.mean(axis=1) if best.size else np.zeros(len(spans), np.float32)
    whole, parts = scores[: len(numbers)], scores[len(numbers) :]
    each = np.split(parts, np.cumsum([len(one) for one in ends])[:-1])
    return {number: MaxSimScores(float(whole[at]), each[at], best[at]) for at, number in enumerate(numbers)}


def _token_spans(passage: PassageTokens, sentences: Sequence[Span]) -> NDArray[np.int64]:
    """The tokens that begin inside each sentence, as spans (n, 2)."""
    places = np.asarray(sentences, np.int64).reshape(-1, 2)
    return np.searchsorted(passage.offsets[:, 0], places).astype(np.int64)


def _span_maxima(cosines: Floats, spans: NDArray[np.int64]) -> Floats:
    """For each span of tokens the best cosine in it with each of the question's tokens (spans, question); 0 in an empty one."""
    best = np.zeros((len(spans), cosines.shape[1]), np.float32)
    filled = spans[:, 0] < spans[:, 1]
    if cosines.size and filled.any():
        # reduceat gives the maxima of the spans and, at the odd places, of what lies between them; the row at the end lets a
        # span reach to the last token.
        padded = np.concatenate([cosines, np.zeros((1, cosines.shape[1]), np.float32)])
        best[filled] = np.maximum.reduceat(padded, spans[filled].ravel(), axis=0)[::2]
    return best


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


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

    @property
    def size(self) -> int:
        """Bytes of all of it."""
        return self.offsets.nbytes + self.vectors.nbytes + self.pooled.nbytes


class TokenSimilarity:
    """Token likeness by a model; `encode` gives the tokens of texts in order, as `Transformer.encode` does. Thread-safe.

    So many bytes of vectors are `kept`.

    >>> from vectorstore.encoding.embed import LocalEncoder
    >>> similarity = TokenSimilarity(LocalEncoder().tokens)
    >>> source = "The bridge opened in 1932."
    >>> similarity.grid("It was opened.", source, [(0, len(source))]).cosines.shape
    (4, 6)
    """

    def __init__(self, encode: Callable[[Sequence[str]], Sequence[TokenVectors]], kept: int = KEPT) -> None:
        self._encode = encode
        self._most = kept
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Encoded] = OrderedDict()
        self._size = 0

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
            for text in dict.fromkeys(texts):
                self._size += known[text].size - (self._kept[text].size if text in self._kept else 0)
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            # What was asked for just now stays, however much it is.
            while self._size > self._most and len(self._kept) > len(texts):
                self._size -= self._kept.popitem(last=False)[1].size
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


@remembered(TEXTS)
def _foreign(text: str) -> bool:
    """Whether a text is in another language than English, as far as can be told."""
    return language_of(text) not in {"", ENGLISH} and not in_english(text)


def _normalised(tokens: TokenVectors) -> _Encoded:
    # Without the marks at both ends, which are no words.
    inner = slice(1, -1)
    states = tokens.states[inner]
    lengths = np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-12)
    return _Encoded(tokens.offsets[inner].astype(np.int64), np.asarray(states / lengths, np.float32), tokens.pooled())
