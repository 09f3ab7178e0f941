"""Which sentence of a passage answers a question, judged by a cross-encoder (`crossencoder.py`).

The adapter was trained by `tests/training/answer_judge.py`. Question and passage are read together, and each token of the
passage gets a logit: how likely the answer begins there. A sentence's score is the log of the sum of their exponentials, as log
odds against "nothing in this passage answers".
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.encoding.crossencoder import LIMIT, CrossEncoder, Floats, LoraAdapter, ensure, token_ranges, windows
from vectorstore.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding

ANSWER_ADAPTER = LoraAdapter(
    "answer_judge.safetensors", "3604ddfac7bc8a552caf127e685c3d1c6041e324261f7f377d8f686c2c22ef8c", "answer-judge"
)
_QUESTION = 48  # tokens of a question that are read


class AnswerJudge(CrossEncoder):
    """Scores the sentences of passages as answers to a question. Safe to share between threads."""

    def scores(self, question: str, passages: Sequence[tuple[str, Sequence[Span]]]) -> list[Floats]:
        """For each passage, a text and the spans of its sentences, the log odds (sentences,) that each of them answers.

        A passage's scores do not depend on the other passages: each is read alone. 0 is as likely as that nothing in the
        passage answers; a sentence without tokens, or behind what the model can read, has -20.
        """
        asked = self.first(question, _QUESTION)
        texts = self.encoded([text for text, _ in passages])
        with ThreadPoolExecutor(self.threads) as pool:
            pairs = zip(texts, passages, strict=True)
            return list(pool.map(lambda pair: self._passage(asked, pair[0], pair[1][1]), pairs))

    def _passage(self, asked: list[int], text: "Encoding", spans: Sequence[Span]) -> Floats:
        firsts, lasts = token_ranges(text, spans)
        found = np.full(len(spans), -20.0, np.float32)
        room = LIMIT - len(asked) - 1
        for sentences, known in windows(firsts, lasts, room):
            begin, stop = firsts[sentences[0]], lasts[sentences[-1]]
            logits = self.logits(asked, text.ids[begin:stop][:room])[len(asked) : -1]
            for i in sentences[known:]:
                part = logits[firsts[i] - begin : lasts[i] - begin]
                if len(part):
                    found[i] = np.logaddexp.reduce(part)
        return found


def ensure_judge(cache: Path | None = None, adapter: Path | None = None, threads: int = 0) -> AnswerJudge:
    """The answer judge (see `crossencoder.ensure`); `adapter` is the file beside this module, by default."""
    return ensure(AnswerJudge, ANSWER_ADAPTER, cache, adapter, threads)
