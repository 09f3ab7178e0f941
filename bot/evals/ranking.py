"""Metrics of a ranking, over what a case says should be cited: recall@k, nDCG@k, MRR. Pure.

A ranking is given as one set for each passage, best first: which of the `wanted` things, numbered from 0, stand in it. A case
wants articles, or words of them, and several passages of one article may hold the same wanted thing: only the first of them
counts, as the second tells nothing new.
"""

from collections.abc import Sequence
from math import log2

from bot.evals.checks import meets
from bot.evals.records import ExpectedCitation
from bot.types import Passage

RankedHits = Sequence[frozenset[int]]


def ranking(wanted: Sequence[ExpectedCitation], passages: Sequence[Passage]) -> list[frozenset[int]]:
    """Which of the wanted things stand in each passage, in the order that the search gave them, whatever their numbers."""
    # Passages that were shuffled keep their scores; the sort leaves equal ones as they came.
    ordered = sorted(passages, key=lambda one: -one.score)
    return [frozenset(i for i, one in enumerate(wanted) if meets(one, passage)) for passage in ordered]


def recall_at(found: RankedHits, wanted: int, k: int) -> float:
    """The share of the wanted things that stand in the first k passages (Manning, Raghavan and Schütze 2008, chapter 8)."""
    return len(frozenset[int]().union(*found[:k])) / wanted


def ndcg_at(found: RankedHits, wanted: int, k: int) -> float:
    """Normalised discounted cumulative gain with binary gains (Järvelin and Kekäläinen 2002), discount 1 / log2(1 + rank).

    A passage gains 1 if it holds a wanted thing that none before it held. The ideal ranking has one gaining passage for each of
    those of the k first, and one more for each thing that was not found, all at the top: 1.0 is reached by no other order.

    >>> found = [frozenset(), frozenset({0})]
    >>> round(ndcg_at(found, wanted=1, k=8), 2), ndcg_at(found[1:], wanted=1, k=8)
    (0.63, 1.0)
    """
    gains = new_at_each(found[:k])
    # What was not found counts in the ideal, else a search that finds one of three things would be perfect.
    missing = wanted - len(frozenset[int]().union(*found[:k]))
    # No more than k passages can gain anything.
    ideal = min(k, sum(gains) + missing)
    return _dcg(gains) / _dcg([True] * ideal)


def reciprocal_rank(found: RankedHits) -> float:
    """1 / rank of the first passage with anything wanted, 0 if there is none; its mean over cases is MRR (Voorhees 1999).

    >>> reciprocal_rank([frozenset(), frozenset({0})]), reciprocal_rank([])
    (0.5, 0.0)
    """
    return next((1 / rank for rank, held in enumerate(found, 1) if held), 0.0)


def new_at_each(found: RankedHits) -> list[bool]:
    """Whether each passage holds a wanted thing that none before it held."""
    seen, gains = set[int](), list[bool]()
    for held in found:
        gains.append(bool(held - seen))
        seen |= held
    return gains


def _dcg(gains: Sequence[bool]) -> float:
    return sum(gain / log2(1 + rank) for rank, gain in enumerate(gains, 1))
