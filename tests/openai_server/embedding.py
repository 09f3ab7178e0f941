"""Embeddings that mean something without a model: texts that share words have vectors that are near each other."""

import base64
import hashlib

import numpy as np


def vector(text: str, dimension: int) -> np.ndarray:
    """A vector (dimension,) that is not of unit length: the sum of a random direction for each word."""
    total = np.full(dimension, 0.01)
    for word in text.lower().split():
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
        total += np.random.default_rng(seed).standard_normal(dimension)
    return total.astype(np.float32)


def packed(vector: np.ndarray, form: str) -> list[float] | str:
    """A vector as JSON carries it in one of the two encoding formats."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if form == "base64" else vector.tolist()
