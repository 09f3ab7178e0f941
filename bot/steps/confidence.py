"""How likely it is that the passages that were found answer the question at all. Pure: no model is asked."""

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Protocol

from bot.types import Passage

LIKELY, NEAR, OUTSTANDING, MATCHED, SAID, BAR = 10.0, 3.5, 18.0, 0.12, 2.0, 13.0
"""Confidence is logistic in the best passage's late interaction, its cosine, how far the best sentence stands out over the
median one, the best BM25 score, and the share of the question's words in one sentence. Rounded from fits on the answerable and
unanswerable questions of the development sets; fitted without any one of them, it ranks that set's questions about as well (see
CONTRIBUTING.md)."""


class Candidate(Protocol):
    """A sentence of a passage, with its late interaction and the weighted share of the question's words in it."""

    @property
    def passage(self) -> Passage:
        """The passage that the sentence stands in."""

    @property
    def evidence(self) -> float:
        """Late interaction with the question."""

    @property
    def words(self) -> float:
        """The weighted share of the question's words, 0 to 1."""


def confidence(candidates: Sequence[Candidate]) -> float:
    """How likely it is that the passages of these sentences (one at least) answer at all, 0 to 1."""
    passages = {one.passage.n: one.passage for one in candidates}.values()
    evidence = [one.evidence for one in candidates]
    sure = LIKELY * _best(passages, "passage") + NEAR * _best(passages, "dense") + MATCHED * _best(passages, "lexical")
    sure += OUTSTANDING * (max(evidence) - median(evidence)) + SAID * max(one.words for one in candidates)
    return 1 / (1 + math.exp(BAR - sure))


def _best(passages: Iterable[Passage], stage: str) -> float:
    return max((passage.stages[stage].score for passage in passages if stage in passage.stages), default=0.0)
