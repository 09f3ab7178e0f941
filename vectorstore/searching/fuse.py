"""Score fusion: lists of scores from several stages into one; pure.

Scores are added after each stage's were put on one scale by their mean and standard deviation over the candidates (z-scores;
Lee 1997, "Analyses of Multiple Evidence Combination", and Bruch et al. 2023, who find such convex sums above rank fusion).
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.types import Stage

Scores = Mapping[int, float]
"""A score by candidate's number."""


def zscores(values: Sequence[float]) -> NDArray[np.float64]:
    """The values less their mean, over their standard deviation; zeros where they do not differ."""
    array = np.asarray(values, np.float64)
    spread = array.std() if array.size else 0.0
    # Scores that differ by rounding alone must not be blown up to differences of a whole deviation.
    return (array - array.mean()) / spread if spread > 1e-9 else np.zeros_like(array)


def fuse(stages: Iterable[tuple[Scores, float]], candidates: Sequence[int]) -> dict[int, float]:
    """The weighted sum of each candidate's z-scores. A candidate that a stage does not know counts there as 0."""
    total = np.zeros(len(candidates))
    for scores, weight in stages:
        total += weight * zscores([scores.get(number, 0.0) for number in candidates])
    return dict(zip(candidates, total.tolist(), strict=True))


def ranked(scores: Scores) -> list[int]:
    """The candidates, best first; equals in the order of their numbers, so that the same scores give the same order."""
    return sorted(scores, key=lambda number: (-scores[number], number))


def staged(scores: Scores) -> dict[int, Stage]:
    """Each candidate's rank and score at a stage."""
    return {number: Stage(rank, scores[number]) for rank, number in enumerate(ranked(scores), 1)}
