"""A small deterministic encoder, and ways to make an index with it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vectorstore.encoding import late_interaction
from vectorstore.encoding.embed import Encoded, EncodedQuery
from vectorstore.index import Index
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home

DIMENSION = 32


class FakeEncoder:
    """Adds up a random direction for each word, so that texts with words in common are near; keeps what it was asked."""

    def __init__(self, fingerprint: str = "fake-1", dimension: int = DIMENSION) -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        self.asked += texts
        return [Encoded(self.vector(text), text[:8].encode()) for text in texts]

    def encode_query(self, text: str) -> EncodedQuery:
        none = late_interaction.QueryTokens(np.zeros((0, 2), np.int32), np.zeros((0, self.dimension), np.float32))
        return EncodedQuery(self.vector(text), none)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def vector(self, text: str) -> np.ndarray:
        total = sum((self._direction(word) for word in text.lower().split()), np.full(self.dimension, 1e-3, np.float32))
        return (total / np.linalg.norm(total)).astype(np.float32)

    def _direction(self, word: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.blake2b(f"{self.fingerprint} {word}".encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)


def open_index(folder: Path, page: int = 2048) -> Index:
    """The index in a folder, made if need be."""
    home = Home(folder)
    return Index(home, Catalog.open(home.catalog_url, create=True), page=page)


def write(folder: Path, texts: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def prose(subject: str, paragraphs: int) -> str:
    """An article of so many paragraphs, each about `subject` and no two alike."""
    return "\n\n".join(
        f"The {subject} of part {n} is told here at some length. "
        f"Nobody saw {subject} number {n} before it was the turn of {n + 1}."
        for n in range(paragraphs)
    )
