"""How hits are ordered: the weights of the ranking, scores fused into one, the best of a part, and neighbours joined; pure.

Scores are added after each stage's were put on one scale by their mean and standard deviation over the candidates (z-scores;
Lee 1997, "Analyses of Multiple Evidence Combination", and Bruch et al. 2023, who find such convex sums above rank fusion).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.storage.records import StoredChunk
from vectorstore.types import Stage

Scores = Mapping[int, float]
"""A score by candidate's number."""
Numbers = NDArray[np.int64]
RankedArrays = tuple[Numbers, NDArray[np.float64]]
"""Chunk numbers and their scores, both of shape (n,), best first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers that decide the order of the hits; measured on the development sets, see docs/ranking.md.

    >>> from dataclasses import replace
    >>> replace(Ranking(), rerank_depth=60).candidates
    100
    """

    candidates: int = 100
    """Hits taken from each index: 50 lose some evidence, 200 move no set by as much as a point."""
    rerank_depth: int = 30
    """The best fused candidates that late interaction sees; 60 gave the same figures."""
    dense: float = 1.0
    lexical: float = 2.0
    """Exact words decide more often than likeness where a corpus is about one subject; 1 to 2 make little difference."""
    fused: float = 1.0
    passage: float = 0.5
    sentence: float = 0.5
    """Late interaction over the whole passage and over its best sentence: together steadier than either alone."""
    join_depth: int = 20
    """Neighbours among so many of the best hits become one: evidence often runs over the end of a chunk."""
    longest_run: int = 3
    """The most chunks in one hit."""
    before: float = 0.5
    """How much a word of the turns before counts in a follow-up, for BM25 and late interaction; the question's own count 1."""
    across: bool = False
    """Whether the vectors are those of the encoder for all languages."""


MULTILINGUAL_RANKING = Ranking(lexical=0.5, passage=1.0, sentence=1.0, across=True)
"""The ranking for e5: across languages words seldom match, and its late interaction is the better half (docs/ranking.md)."""


def zscores(values: Sequence[float]) -> NDArray[np.float64]:
    """The values less their mean, over their standard deviation; zeros where they do not differ.

    >>> zscores([1.0, 2.0, 3.0]).round(2).tolist(), zscores([2.0, 2.0]).tolist()
    ([-1.22, 0.0, 1.22], [0.0, 0.0])
    """
    array = np.asarray(values, np.float64)
    spread = array.std() if array.size else 0.0
    # Scores that differ by rounding alone must not be blown up to differences of a whole deviation.
    return (array - array.mean()) / spread if spread > 1e-9 else np.zeros_like(array)


def fuse(stages: Iterable[tuple[Scores, float]], candidates: Sequence[int]) -> dict[int, float]:
    """The weighted sum of each candidate's z-scores. A candidate that a stage does not know counts there as 0.

    >>> cosines, bm25 = {1: 0.8, 2: 0.6, 3: 0.4}, {1: 0.0, 2: 6.0}
    >>> fused = fuse([(cosines, 1.0), (bm25, 2.0)], [1, 2, 3])
    >>> ranked(fused)
    [2, 1, 3]
    """
    total = np.zeros(len(candidates))
    for scores, weight in stages:
        # A stage that tells nothing (all scores equal) adds zeros and does not decide.
        total += weight * zscores([scores.get(number, 0.0) for number in candidates])
    return dict(zip(candidates, total.tolist(), strict=True))


def ranked(scores: Scores) -> list[int]:
    """The candidates, best first; equals in the order of their numbers, so that the same scores give the same order."""
    return sorted(scores, key=lambda number: (-scores[number], number))


def with_ranks(scores: Scores) -> dict[int, Stage]:
    """Each candidate's rank and score at a stage."""
    return {number: Stage(rank, scores[number]) for rank, number in enumerate(ranked(scores), 1)}


def best(numbers: Numbers, scores: NDArray[np.floating], k: int) -> list[tuple[int, float]]:
    """The `k` highest scores with their numbers; equals in the order of their numbers.

    >>> best(np.array([7, 3, 5]), np.array([0.5, 0.5, 0.9]), 2)
    [(5, 0.9), (3, 0.5)]
    """
    if 0 < k < len(scores):
        # Ties with the last one are all let through, or the cut between them would be arbitrary.
        kept = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
        numbers, scores = numbers[kept], scores[kept]
    order = np.lexsort((numbers, -scores))[: max(k, 0)]
    return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))


def best_among(
    ask: Callable[[int], RankedArrays], k: int, among: Numbers, whole: int, deepest: int | None = None
) -> RankedArrays | None:
    """The `k` best of those `among` out of a ranking of the whole, by looking deeper into it until there are enough.

    `ask(depth)` gives the best of all, about `whole` in number; when it gives fewer than it was asked for, there are no more.
    None if more than `deepest` hits would have to be looked through.
    """
    # A part that is like the rest of the whole needs this depth; a third more makes nearly sure.
    depth = max(1, min(whole, 4 * k * whole // (3 * max(len(among), 1)) + 1))
    while deepest is None or depth <= deepest:
        numbers, scores = ask(depth)
        kept = np.flatnonzero(np.isin(numbers, among))[:k]
        if len(kept) == k or len(numbers) < depth:
            return numbers[kept], scores[kept]
        # Each round asks again from the start, so the depth grows fast enough that few rounds are needed.
        depth *= 3
    return None


def join_neighbours(chunks: Sequence[StoredChunk], within: int, most: int) -> list[list[StoredChunk]]:
    """The chunks, best first, in runs of neighbours in reading order; a run stands where its best chunk stood.

    A chunk ends where a limit was met, not where the subject ends: when two neighbours rank high, one passage without a seam
    serves better than two hits. Only the first `within` chunks are joined, and at most `most` to a run.

    >>> chunks = [StoredChunk(number, "a.md", number, 0, 9, "It froze.", ()) for number in (4, 9, 5)]
    >>> [[chunk.ordinal for chunk in run] for run in join_neighbours(chunks, within=20, most=3)]
    [[4, 5], [9]]
    """
    found: list[list[StoredChunk]] = []
    for rank, chunk in enumerate(chunks):
        run = next((run for run in found if len(run) < most and _touches(run, chunk)), None) if rank < within else None
        if run is None:
            found.append([chunk])
        else:
            # Chunks come by their rank, and a run is kept in reading order.
            run.insert(0 if chunk.ordinal < run[0].ordinal else len(run), chunk)
    return found


def _touches(run: Sequence[StoredChunk], chunk: StoredChunk) -> bool:
    return run[0].article_id == chunk.article_id and chunk.ordinal in (run[0].ordinal - 1, run[-1].ordinal + 1)
