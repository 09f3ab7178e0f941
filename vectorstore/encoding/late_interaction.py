"""Late interaction: how well a passage, or each sentence of it, answers a question or carries a claim.

The score is ColBERT's MaxSim (Khattab and Zaharia 2020) as a mean: for each token of the question the best cosine among the
text's tokens, averaged. Token vectors come from the pass that embedded the passage, so they cost no time, and they are kept as
one bit a dimension after a random rotation, 48 bytes a token: for a rotated unit vector q and sign bits s of d,
sqrt(pi/2) * (q . s) / sqrt(dim) estimates their cosine without bias (as in RaBitQ, Gao and Long 2024). On the development sets
that ranks as well as the float vectors do (see docs/decisions.md).
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.transformer import DIMENSION, Floats, TokenVectors
from vectorstore.types import Span

VERSION = "signs-1"
_BYTES = DIMENSION // 8
_SCALE = float(np.sqrt(np.pi / 2) / np.sqrt(DIMENSION))
_HEAD = struct.Struct("<I")
# A token's place in its text: start (a chunk of white space and little else may be long), and length.
_PLACE = np.dtype([("start", "<u4"), ("length", "<u2")])


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
