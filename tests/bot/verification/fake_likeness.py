"""Likeness without a model: a token a word, 1 for the same stem, 0.9 for words that a test calls alike, 0 for all others."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from bot.reading.words import stem
from bot.verification.evidence import Evidence
from bot.verification.pairing import Pairing
from bot.verification.statements import claimed, taken_apart
from vectorstore.encoding.late_interaction import SimilarityMatrix
from vectorstore.types import Span


class FakeLikeness:
    def __init__(self, alike: Mapping[str, str] | None = None) -> None:
        self._alike = {stem(one): stem(other) for one, other in (alike or {}).items()}
        self.prepared: list[str] = []
        self.grids = 0

    def prepare(self, texts: Sequence[str]) -> None:
        self.prepared += texts

    def crosses(self, *_texts: str) -> bool:
        """All is English here."""
        return False

    def grid(self, claim: str, source: str, pieces: Sequence[Span]) -> SimilarityMatrix:
        self.grids += 1
        mine = [match.span() for match in re.finditer(r"\w+", claim)]
        theirs = [m.span() for m in re.finditer(r"\w+", source) if any(start <= m.start() < end for start, end in pieces)]
        cosines = [[self.alike(claim[a:b], source[c:d]) for c, d in theirs] for a, b in mine]
        shape = (len(mine), len(theirs))
        return SimilarityMatrix(_spans(mine), _spans(theirs), np.array(cosines, np.float32).reshape(shape))

    def alike(self, one: str, other: str) -> float:
        first, second = stem(one), stem(other)
        return 1.0 if first == second else 0.9 * (self._alike.get(first) == second)


def _spans(found: Sequence[Span]) -> np.ndarray:
    return np.array(found, np.int64).reshape(-1, 2)


def evidence_of(claim: str, source: str, context: str = "", alike: Mapping[str, str] | None = None) -> Evidence:
    """What the sentences of a source say of a claim."""
    return Evidence(claimed(claim), taken_apart(source, context), FakeLikeness(alike))


def pairing_of(claim: str, source: str, context: str = "", alike: Mapping[str, str] | None = None) -> Pairing:
    """A claim beside the sentences of the source that say most of it."""
    return evidence_of(claim, source, context, alike).pairing
