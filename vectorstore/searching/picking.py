"""Picks the best of a part of an index out of a ranking of the whole of it, by looking deeper until there are enough; pure."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Hits = tuple[Numbers, NDArray[np.float64]]
"""Chunk numbers and their scores, both of shape (n,), best first."""


def picked(ask: Callable[[int], Hits], k: int, among: Numbers, whole: int, deepest: int | None = None) -> Hits | None:
    """The `k` best of those `among`, which are ascending; None if more than `deepest` hits would have to be looked through.

    `ask(depth)` gives the best of all, about `whole` in number; when it gives fewer than it was asked for, there are no more.
    """
    depth = first_depth(k, len(among), whole)
    while deepest is None or depth <= deepest:
        numbers, scores = ask(depth)
        kept = np.flatnonzero(members(numbers, among))[:k]
        if len(kept) == k or len(numbers) < depth:
            return numbers[kept], scores[kept]
        depth *= 3
    return None


def first_depth(k: int, part: int, whole: int) -> int:
    """How many hits to ask for to have `k` of a part that is like the rest of the whole; a third more, to be nearly sure."""
    return max(1, min(whole, 4 * k * whole // (3 * max(part, 1)) + 1))


def members(numbers: Numbers, among: Numbers) -> NDArray[np.bool_]:
    """Which of the numbers, in any order, are among these, which are ascending; shape (n,)."""
    if not len(among):
        return np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(among, numbers), len(among) - 1)
    return np.equal(among[places], numbers)


def best(numbers: Numbers, scores: NDArray[np.floating], k: int) -> list[tuple[int, float]]:
    """The `k` highest scores with their numbers; equals in the order of their numbers."""
    if 0 < k < len(scores):
        # Ties with the last one are all let through, or the cut between them would be arbitrary.
        kept = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
        numbers, scores = numbers[kept], scores[kept]
    order = np.lexsort((numbers, -scores))[: max(k, 0)]
    return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))
