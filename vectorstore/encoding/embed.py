"""Texts -> what the index keeps of them: a vector for similarity, and token vectors for late interaction.

Both come from one pass of an encoder on this machine: MiniLM for English, multilingual-e5-small for whatever crosses or leaves
it. With a hosted embedding model the vector is the server's; the token vectors stay the local encoder's.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from vectorstore.encoding import e5, late_interaction, minilm
from vectorstore.encoding.transformer import DIMENSION, Floats, TokenVectors, Transformer
from vectorstore.errors import EmbeddingError, Remedy, VectorstoreError

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A passage: `vector` (dim,) of unit length, and its packed token vectors, which only `late_interaction` can read."""

    vector: Floats
    late: bytes


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A question: `vector` (dim,) of unit length, and its token vectors as `late_interaction.query_tokens` makes them."""

    vector: Floats
    tokens: late_interaction.QueryTokens


class Encoder(Protocol):
    """What makes vectors. Two encoders with one fingerprint give the same vectors; the index is bound to the fingerprint."""

    @property
    def fingerprint(self) -> str:
        """The model, and the version of everything that shapes its vectors."""

    @property
    def dimension(self) -> int:
        """The length of the vectors."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """The texts in the order given; raises EmbeddingError."""

    def encode_query(self, text: str) -> EncodedQuery:
        """A question; raises EmbeddingError."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the splitter's limit counts them."""


@dataclass(frozen=True, slots=True)
class LocalModel:
    """An encoder that runs on this machine, and what its texts and its tokens need before they are compared.

    `files` gives the paths of graph and tokenizer; `query` and `passage` stand before what is encoded; `centre` (384,) is taken
    from every token vector before late interaction; a text is read up to `limit` tokens.
    """

    fingerprint: str
    files: Callable[[Path | None], tuple[Path, Path]]
    limit: int
    query: str = ""
    passage: str = ""
    centre: Callable[[], Floats] | None = None

    def own_tokens(self, tokens: TokenVectors, before: str) -> TokenVectors:
        """The text's tokens without those of what was put before it, centred, and with places in the text alone."""
        if before:
            # The special tokens at both ends have no place in the text, and stay.
            kept = tokens.offsets[:, 1] > len(before)
            kept[[0, -1]] = True
            places = np.maximum(tokens.offsets[kept] - len(before), 0).astype(np.int32)
            tokens = TokenVectors(tokens.ids[kept], places, tokens.states[kept])
        return tokens if self.centre is None else replace(tokens, states=tokens.states - self.centre())


MINILM = LocalModel(minilm.FINGERPRINT, minilm.ensure_model, limit=256)
"""English; fast. It was trained with 256 tokens, though it has positions for 512."""
E5 = LocalModel(e5.FINGERPRINT, e5.ensure_model, 512, e5.QUERY, e5.PASSAGE, e5.centre)
"""A hundred languages in one space, at less than half of MiniLM's speed."""


class LocalEncoder:
    """An encoder on this machine. The model is loaded when it is first needed.

    >>> encoder = LocalEncoder()
    >>> ships, boats, taxes = (one.vector for one in encoder.encode(["Ships sailed.", "Boats set sail.", "Taxes rose."]))
    >>> bool(ships @ boats > ships @ taxes)
    True
    """

    def __init__(self, cache: Path | None = None, local_model: LocalModel = MINILM) -> None:
        self._cache = cache
        self._local_model = local_model
        self._lock = threading.Lock()
        self._model: Transformer | None = None

    @property
    def fingerprint(self) -> str:
        """The graph's and the packing's versions."""
        return f"{self._local_model.fingerprint}+{late_interaction.VERSION}"

    @property
    def dimension(self) -> int:
        """384."""
        return DIMENSION

    @property
    def model(self) -> Transformer:
        """The model itself, loaded once; raises EmbeddingError when its weights cannot be had."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Transformer:
        # The first start of all builds the graph here, in 3 seconds for MiniLM and 15 for e5.
        model, tokenizer = self._local_model.files(self._cache)
        try:
            return Transformer(model, tokenizer, self._local_model.limit)
        except Exception as error:  # onnxruntime and tokenizers raise their own kinds for a file that is broken
            raise EmbeddingError(
                f"The embedding model in {model.parent} cannot be loaded: {_first_line(error)}",
                "Remove that folder; it is made anew at the next start.",
            ) from error

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Vectors and packed token vectors from one pass."""
        before = self._local_model.passage
        made = self.model.encode([before + text for text in texts])
        return [
            Encoded(tokens.pooled(), late_interaction.pack_tokens(self._local_model.own_tokens(tokens, before)))
            for tokens in made
        ]

    def encode_query(self, text: str) -> EncodedQuery:
        """The question's vector and tokens from one pass."""
        before = self._local_model.query
        (tokens,) = self.model.encode([before + text])
        return EncodedQuery(tokens.pooled(), late_interaction.query_tokens(self._local_model.own_tokens(tokens, before)))

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The token vectors of each text, to be compared with each other (see `vectorstore.encoding.late_interaction`)."""
        before = self._local_model.query
        return [self._local_model.own_tokens(tokens, before) for tokens in self.model.encode([before + text for text in texts])]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The model's word pieces."""
        return self.model.count(texts)


class HostedEncoder:
    """A hosted model behind LangChain's `Embeddings` for similarity; a local one for the rest. `name` is the model's."""

    def __init__(self, embeddings: "Embeddings", name: str, dimension: int, local: LocalEncoder) -> None:
        self._embeddings = embeddings
        self._local = local
        self._name = name
        self.dimension = dimension

    @property
    def fingerprint(self) -> str:
        """The hosted model's name with the local model's version."""
        return f"{self._name}/{self.dimension}+{self._local.fingerprint}"

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """The server's vectors, with MiniLM's token vectors."""
        vectors = self._units(_asked(self._name, lambda: self._embeddings.embed_documents(list(texts))), len(texts))
        return [Encoded(vector, one.late) for vector, one in zip(vectors, self._local.encode(texts), strict=True)]

    def encode_query(self, text: str) -> EncodedQuery:
        """The server's vector, with MiniLM's tokens."""
        # A question is one request to the server; its tokens cost a millisecond here.
        (vector,) = self._units([_asked(self._name, lambda: self._embeddings.embed_query(text))], 1)
        return EncodedQuery(vector, self._local.encode_query(text).tokens)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """MiniLM's word pieces: its token vectors are the tighter limit."""
        return self._local.count_tokens(texts)

    def _units(self, rows: Sequence[Sequence[float]], wanted: int) -> list[Floats]:
        """The server's rows at unit length; raises EmbeddingError where there are not so many, or of another dimension."""
        told = f"{len(rows)} of {wanted} vectors" if len(rows) != wanted else ""
        for row in rows:
            if len(row) != self.dimension:
                told = f"{len(row)} dimensions where {self.dimension} were expected"
        if told:
            raise EmbeddingError(f"The embedding model {self._name} gave {told}.", Remedy.CHECK_EMBEDDING)
        # Some servers give vectors of other lengths; the index takes a dot product for the cosine.
        vectors = [np.asarray(row, np.float32) for row in rows]
        # A vector of zeros stays one.
        return [vector / max(float(np.linalg.norm(vector)), 1e-12) for vector in vectors]


def hosted_dimension(embeddings: "Embeddings", name: str) -> int:
    """Asks the server once how many dimensions the vectors of its model `name` have; raises EmbeddingError."""
    return len(_asked(name, lambda: embeddings.embed_query("dimension")))


def _asked(name: str, call: Callable[[], Reply]) -> Reply:
    """What the server of the model `name` answers; its failures become one sentence."""
    try:
        return call()
    except VectorstoreError:
        raise
    except Exception as error:  # every provider's package raises its own; the user's cure is the same
        raise EmbeddingError(f"The embedding model {name} did not answer: {_first_line(error)}", Remedy.EMBED_HERE) from error


def _first_line(error: Exception) -> str:
    """What went wrong as one sentence: the server's own message where the client passes one on, else the error's first line."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    lines = str(message or error).strip().splitlines()
    return (lines[0][:200] if lines else type(error).__name__).rstrip(".") + "."
