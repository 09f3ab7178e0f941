"""A transformer encoder in memory: an ONNX graph and its tokenizer; texts in, token vectors out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import SessionOptions
    from tokenizers import Encoding

DIMENSION = 384
"""The width of the hidden states; both encoders that are read here have it."""
_UNKNOWN = ("[UNK]", "<unk>")
# Characters of a word without a piece of its own that count as one token: a Thai phrase may be one such word.
_UNKNOWN_LENGTH = 2
# Batches of texts of like length, at most so many padded tokens in each: larger ones fall out of the processor's cache.
_BATCH_TOKENS = 512

Floats = NDArray[np.float32]


class Transformer:
    """The model in memory: texts in, token vectors out. Safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, limit: int, threads: int = 0) -> None:
        import onnxruntime
        from threadpoolctl import threadpool_limits
        from tokenizers import Tokenizer

        # numpy's own threads cost a query of small matrices more than they give: 26 to 51 ms on two busy cores, 0.4 with one.
        threadpool_limits(1, user_api="blas")
        options = onnxruntime.SessionOptions()
        # 0 leaves the number to onnxruntime.
        options.intra_op_num_threads = threads
        # onnxruntime's threads wait for each other by spinning. Where the processors are busy with anything else, that costs a
        # query three times the processor time, and a batch of passages twice; the values are the same.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        let_go_of_memory(options)
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        # Texts are cut in `_tokens` and padded in `_run`, batch by batch.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._limit = limit
        self._unknown = {self._tokenizer.token_to_id(piece) for piece in _UNKNOWN}

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, the two special ones not counted; a word without a piece of its own counts by its length."""
        return [self._count(text, e.ids) for text, e in zip(texts, self._fast(texts), strict=True)]

    def _fast(self, texts: Sequence[str]) -> "list[Encoding]":
        return self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)

    def _count(self, text: str, ids: Sequence[int]) -> int:
        # One unknown token may stand for a whole phrase, which would make a chunk far larger than its limit.
        if self._unknown.isdisjoint(ids):
            return len(ids)
        whole = self._tokenizer.encode(text, add_special_tokens=False)
        lengths = (end - start for id_, (start, end) in zip(whole.ids, whole.offsets, strict=True) if id_ in self._unknown)
        return len(ids) + sum((length - 1) // _UNKNOWN_LENGTH for length in lengths)

    def encode(self, texts: Sequence[str]) -> list["TokenVectors"]:
        """The token vectors of each text, in the order given; a text longer than the limit is cut at it."""
        pieces = [self._tokens(e) for e in self._tokenizer.encode_batch(list(texts))]
        # Texts of one length in a batch: padding costs as much time as words do.
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i].ids))
        for batch in _batches(order, [len(p.ids) for p in pieces]):
            for i, states in zip(batch, self._run([pieces[i].ids for i in batch]), strict=True):
                pieces[i] = TokenVectors(pieces[i].ids, pieces[i].offsets, states)
        return pieces

    def _tokens(self, encoding: "Encoding") -> "TokenVectors":
        ids, offsets = encoding.ids, encoding.offsets
        # What is cut off keeps the last token, which marks the end.
        if len(ids) > self._limit:
            ids, offsets = [*ids[: self._limit - 1], ids[-1]], [*offsets[: self._limit - 1], offsets[-1]]
        return TokenVectors(
            np.array(ids, np.int64), np.array(offsets, np.int32).reshape(-1, 2), np.empty((0, DIMENSION), np.float32)
        )

    def _run(self, rows: Sequence[NDArray[np.int64]]) -> Iterator[Floats]:
        longest = max(len(row) for row in rows)
        ids, mask = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, feed)[0]
        # What the model makes of padding means nothing.
        yield from (states[i, : len(row)] for i, row in enumerate(rows))


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text as the model sees it: ids (n,), character offsets (n, 2), last hidden states (n, 384); with [CLS] and [SEP]."""

    ids: NDArray[np.int64]
    offsets: NDArray[np.int32]
    states: Floats

    def pooled(self) -> Floats:
        """The text's vector (384,), unit length: the mean over all its tokens, as sentence-transformers pools this model."""
        mean = self.states.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def let_go_of_memory(options: "SessionOptions") -> None:
    """Sets that a session keeps no memory between its runs."""
    # An arena never gives back what the longest text took, and a pattern asks it for one block for each shape of a batch, so
    # that it grows for thousands of texts. Both encoders took 90 MB more with them, and no less time.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Runs of `order` (sorted by length) whose padded size stays within _BATCH_TOKENS; a single text may exceed it."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * lengths[i] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
