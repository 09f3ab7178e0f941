"""What the catalog stores and gives back, as frozen dataclasses, and how they are packed into rows; pure."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import IndexMismatch
from vectorstore.types import Article, Chunk, IngestSource, OmittedText, PageSpan, Span

Vector = NDArray[np.float32]

# Day 0, in Python's own count of days.
_EPOCH = date(1970, 1, 1).toordinal()

# What a person is told of each part.
_MANIFEST_NAMES = {
    "fingerprint": "the embedding model",
    "dimension": "the number of dimensions",
    "splitter": "the chunker",
    "embedded": "what is embedded of a chunk",
    "normaliser": "the folding of words",
}


@dataclass(frozen=True, slots=True)
class ArticleOrigin:
    """How an article was read, for reading it again.

    `read_hash` is the article's hash as it was read, before a person's edits; "" where it has none. `part` says which article
    of its file it is, from 1, and is 0 where the file itself gives the id. `signature` is that of `vectorstore.copies`.
    `fetched` is what a web server said, or the file's size and time.
    """

    read_hash: str = ""
    part: int = 0
    signature: bytes = b""
    fetched: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChunkedArticle:
    """An article as it goes into the catalog: its chunks, and the hash of what is embedded of each."""

    article: Article
    chunks: Sequence[Chunk]
    hashes: Sequence[bytes]
    origin: ArticleOrigin = ArticleOrigin()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as the catalog knows it; the sentences' spans are offsets into the article, like `start` and `end`."""

    id: int
    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article without its text; `chars` and `chunks` are its sizes.

    The days are those of `day_range`, None where there is no date. `added` is a time in ISO 8601, "" where nobody noted it;
    `gone` says that the file is not there any more, `variant_of` names the article of which this one is a copy.
    """

    id: str
    title: str
    author: str
    date: str
    source: str
    cut_off: bool
    chars: int
    chunks: int
    language: str = ""
    first_day: int | None = None
    last_day: int | None = None
    media_type: str = ""
    origin: str = ""
    added: str = ""
    archived: bool = False
    gone: bool = False
    variant_of: str = ""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


class KnownArticle(NamedTuple):
    """What tells whether an article has changed since it was stored, and which file it is of.

    `hash` is that of the article as it was read; `part` as `ArticleOrigin` has it.
    """

    hash: str
    origin: str
    language: str
    original: str = ""
    part: int = 0
    archived: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class DeletedArticle:
    """An article in the trash: its id, its title, where it came from, and when it was deleted (ISO 8601 in UTC)."""

    id: str
    title: str
    origin: str
    deleted: str


@dataclass(frozen=True, slots=True)
class KeptFailure:
    """Something that could not be taken in, kept until it succeeds or is dismissed.

    `origin` is the file or the address, `where` the place in it, `at` the time in ISO 8601, and `source` the whole of what was
    tried, to try it again.
    """

    origin: str
    where: str
    reason: str
    at: str
    source: IngestSource


@dataclass(frozen=True, slots=True)
class IndexPosition:
    """How far a derived index follows the journal, and the number of its folder. `seq` -1 means that it has to be made anew."""

    seq: int
    folder: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: a chunk that came or went."""

    seq: int
    chunk: int
    added: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with: the model's fingerprint and dimension, and the versions of what prepares the texts.

    >>> made = Manifest("some-model/1", 384, "version 2", "1", "2")
    >>> made.check(made)
    >>> made.check(Manifest("another-model/1", 384, "version 2", "1", "2"))
    Traceback (most recent call last):
    vectorstore.errors.IndexMismatch: The index was made differently: the embedding model is another-model/1, ...
    """

    fingerprint: str
    dimension: int
    splitter: str
    embedded: str
    normaliser: str

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> "Manifest":
        """The manifest as it was kept, key by key; what another version did not keep is empty, and so differs."""
        words = {name: kept.get(name, "") for name in ("fingerprint", "splitter", "embedded", "normaliser")}
        return cls(dimension=int(kept.get("dimension", 0)), **words)

    def check(self, wanted: "Manifest") -> None:
        """Raises IndexMismatch, naming both values of each difference, unless this index serves what is `wanted` now."""
        values = [(told, getattr(wanted, name), getattr(self, name)) for name, told in _MANIFEST_NAMES.items()]
        differing = [f"{told} is {now}, the index has {then}" for told, now, then in values if now != then]
        if differing:
            raise IndexMismatch(f"The index was made differently: {'; '.join(differing)}.")


def packed_vector(vector: Vector) -> bytes:
    """Little-endian float32, shape (dim,)."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpacked_vector(blob: bytes) -> Vector:
    """The inverse of `packed_vector`."""
    return np.frombuffer(blob, dtype="<f4").astype(np.float32, copy=False)


def packed_spans(spans: Sequence[Span], start: int) -> bytes:
    """Spans as pairs of little-endian 32-bit numbers that count from the chunk's start, so that a moved chunk keeps them."""
    return (np.asarray(spans, dtype=np.int64).reshape(-1, 2) - start).astype("<u4").tobytes()


def unpacked_spans(blob: bytes, start: int) -> tuple[Span, ...]:
    """The inverse of `packed_spans`."""
    numbers = (np.frombuffer(blob, dtype="<u4").astype(np.int64) + start).tolist()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def day_range(text: str) -> tuple[int, int] | None:
    """The first and last day, counted from 1970-01-01, that an ISO date (year, month or day) may mean; None if it is none.

    >>> day_range("1970-02"), day_range("1970-01-05"), day_range("May 1970")
    ((31, 58), (4, 4), None)
    """
    # A year or a month is a date as well; `date.fromisoformat` takes whole days alone.
    parts = text.strip().split("-")
    if not (1 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() for part in parts)):
        return None
    year, month, day = (*(int(part) for part in parts), 0, 0)[:3]
    try:
        last_month = month if len(parts) > 1 else 12
        first = date(year, month if len(parts) > 1 else 1, day if len(parts) > 2 else 1)
        last = date(year, last_month, day if len(parts) > 2 else calendar.monthrange(year, last_month)[1])
    except (ValueError, OverflowError):
        return None
    return first.toordinal() - _EPOCH, last.toordinal() - _EPOCH


_SHARED_NAMES = "id text title author translator date source cut_off origin language media_type original"
_SAME_IN_TABLE = tuple(_SHARED_NAMES.split())
"""The fields of an article that table `articles` has under the same name."""


def article_row(entry: ChunkedArticle) -> dict[str, object]:
    """The row of table `articles`."""
    article = entry.article
    first_day, last_day = day_range(article.date) or (None, None)
    return {
        **{name: getattr(article, name) for name in _SAME_IN_TABLE},
        # That of the article as it was read: after an edit, the file would seem to have changed for ever.
        "hash": entry.origin.read_hash or article.hash,
        "first_day": first_day,
        "last_day": last_day,
        "metadata": dict(article.metadata),
        "pages": [astuple(page) for page in article.pages],
        "omitted": [astuple(part) for part in article.omitted],
        "chars": len(article.text),
        "chunks": len(entry.chunks),
    }


def article_of(row: Mapping[str, Any]) -> Article:
    """The article behind a row of table `articles`."""
    return Article(
        **{name: row[name] for name in _SAME_IN_TABLE},
        metadata=row["metadata"],
        pages=tuple(PageSpan(*page) for page in row["pages"]),
        omitted=tuple(OmittedText(*part) for part in row["omitted"]),
    )


def chunk_row(article_id: str, ordinal: int, chunk: Chunk, text_hash: bytes) -> dict[str, object]:
    """The row of table `chunks`, without the id."""
    return {
        "article_id": article_id,
        "ordinal": ordinal,
        "start": chunk.start,
        "end": chunk.end,
        "text_hash": text_hash,
        "sentences": packed_spans(chunk.sentences, chunk.start),
        "text": chunk.text,
    }
