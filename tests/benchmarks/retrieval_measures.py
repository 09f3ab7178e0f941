"""How good a ranking is: over articles where a set names the relevant ones, over characters where it marks the evidence.

A hit is an article with a place in it, as `footnote search --json` prints it; a question is one of a set (docs/figures.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log2
from statistics import mean

from tests.benchmarks.common import Record

BUDGET = 4000
"""Characters of context that recall is measured within."""
WHOLE = 0.999
"""The share of the evidence from which on it counts as held whole."""

Spans = Mapping[str, list[tuple[int, int]]]
"""Places in articles, as (start, end) in characters."""


def score(questions: Sequence[Record], run: Mapping[str, Sequence[Record]]) -> dict[str, float]:
    """The mean of each measure over the questions that the articles answer; `run` has the hits of a question by its id.

    nDCG@10 (Järvelin and Kekäläinen 2002), MRR and R@5 over articles. Where the evidence is marked: how much of it stands
    within the first 4,000 characters and in the first five hits, their intersection over union with it, and how often the first
    one, three and five hits hold all of it.

    >>> question = {"id": "1", "answerable": True, "relevant": ["a"], "spans": [["a", 0, 10]]}
    >>> score([question], {"1": [{"article": "a", "start": 0, "end": 20}]})["full@1"]
    1.0
    """
    values = defaultdict[str, list[float]](list)
    for question in questions:
        if question["answerable"]:
            hits = run.get(question["id"], [])
            for name, value in [*_over_articles(question, hits), *_over_characters(question, hits)]:
                values[name].append(value)
    return {name: round(mean(of), 4) for name, of in values.items()}


def _over_articles(question: Record, hits: Sequence[Record]) -> Iterator[tuple[str, float]]:
    relevant = question["relevant"]
    seen = list(dict.fromkeys(hit["article"] for hit in hits))
    gains = [int(article in relevant) for article in seen[:10]]
    ideal = sum(1 / log2(rank + 2) for rank in range(min(10, len(relevant))))
    yield "nDCG@10", sum(gain / log2(rank + 2) for rank, gain in enumerate(gains)) / ideal
    yield "MRR", next((1 / (rank + 1) for rank, gain in enumerate(gains) if gain), 0.0)
    yield "R@5", sum(gains[:5]) / len(relevant)


def _over_characters(question: Record, hits: Sequence[Record]) -> Iterator[tuple[str, float]]:
    if not question.get("spans"):
        return
    evidence = defaultdict[str, list[tuple[int, int]]](list)
    for article, start, end in question["spans"]:
        evidence[article].append((start, end))
    total = sum(end - start for spans in evidence.values() for start, end in spans)
    size = sum(hit["end"] - hit["start"] for hit in hits[:5]) or 1
    held = covered(hits[:5], evidence)
    yield "recall@5", held / total
    yield "iou@5", held / (total + size - held)
    yield "recall@budget", covered(list(_within(hits, BUDGET)), evidence) / total
    for first in (1, 3, 5):
        yield f"full@{first}", float(covered(hits[:first], evidence) >= WHOLE * total)


def covered(hits: Sequence[Record], evidence: Spans) -> int:
    """How many characters of the evidence the hits hold; what two of them hold counts once."""
    return sum(
        max(0, min(end, stop) - max(start, begin))
        for article, spans in evidence.items()
        for begin, stop in _merged(hit for hit in hits if hit["article"] == article)
        for start, end in spans
    )


def _merged(hits: Iterator[Record]) -> list[tuple[int, int]]:
    """The places of hits of one article, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((hit["start"], hit["end"]) for hit in hits):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _within(hits: Sequence[Record], budget: int) -> Iterator[Record]:
    """The hits that fit into so many characters of context, the last one cut."""
    used = 0
    for hit in hits:
        if used >= budget:
            return
        yield {**hit, "end": min(hit["end"], hit["start"] + budget - used)}
        used += hit["end"] - hit["start"]
