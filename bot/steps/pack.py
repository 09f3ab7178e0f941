"""Hits -> the passages that an answer may draw from, numbered, with what a reader needs to know of their articles."""

from collections.abc import Callable, Sequence

from bot.types import Passage
from vectorstore.rows import Summary
from vectorstore.types import Hit

About = Callable[[Sequence[str]], dict[str, Summary]]
"""Article ids -> what the catalog says of them, without their texts."""


def pack(hits: Sequence[Hit], about: About) -> tuple[Passage, ...]:
    """The hits as passages, best first, numbered from 1; those of an article that has just been removed are left out."""
    known = about(list(dict.fromkeys(hit.article for hit in hits)))
    kept = [hit for hit in hits if hit.article in known]
    return tuple(_passage(n, hit, known[hit.article]) for n, hit in enumerate(kept, 1))


def _passage(n: int, hit: Hit, article: Summary) -> Passage:
    return Passage(
        n=n,
        article=hit.article,
        title=article.title,
        author=article.author,
        date=article.date,
        start=hit.start,
        end=hit.end,
        text=hit.text,
        score=hit.score,
        stages=hit.stages,
        sentences=hit.sentences,
        evidence=hit.evidence,
    )
