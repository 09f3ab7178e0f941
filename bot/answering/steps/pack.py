"""Hits -> the passages that an answer may draw from, numbered, with what a reader needs to know of their articles.

The same words in two articles are one passage that names both: a copy would take the place of something new, in the answer and
in what a model is sent. The search itself keeps every copy, because somebody may look for just that one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.types import Part, Passage
from vectorstore.searching.folding import folded
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Hit

SAME = 0.9
"""The share of a text's runs of three words that a better passage must hold for it to count as a copy."""
SPARE = 4
"""Hits to be asked for beyond the passages that are wanted, to stand in for copies; and once more for each part of an article
that must be done without, as no hit has more chunks than that."""

About = Callable[[Sequence[str]], dict[str, ArticleSummary]]
"""Article ids -> what the catalog says of them, without their texts."""


def untouched(hits: Sequence[Hit], parts: Sequence[Part]) -> tuple[Hit, ...]:
    """The hits that share no character with any of the parts.

    To be asked before the hits are packed: where the same words stand in another article too, that copy is then used, as it has
    not been folded into the one that must be done without.
    """
    return tuple(hit for hit in hits if not touched(hit, parts))


def touched(found: Hit | Passage, parts: Sequence[Part]) -> bool:
    """Whether it shares a character with one of the parts."""
    return any(found.article == part.article and found.start < part.end and part.start < found.end for part in parts)


def pack(hits: Sequence[Hit], about: About, most: int) -> tuple[Passage, ...]:
    """The first `most` hits as passages, best first, numbered from 1, copies folded into the best of them.

    Those of an article that has just been removed are left out.
    """
    known = about(list(dict.fromkeys(hit.article for hit in hits)))
    kept: list[tuple[Passage, _Print]] = []
    for hit in hits:
        if hit.article not in known:
            continue
        one = _print(hit.text)
        first = next((at for at, (_, other) in enumerate(kept) if one.copies(other)), None)
        if first is not None:
            passage, other = kept[first]
            kept[first] = (replace(passage, also=(*passage.also, hit.article)), other)
        elif len(kept) < most:
            kept.append((_passage(len(kept) + 1, hit, known[hit.article]), one))
    return tuple(passage for passage, _ in kept)


@dataclass(frozen=True, slots=True)
class _Print:
    """What a text is compared by: its runs of three words, and its numbers."""

    runs: frozenset[tuple[str, ...]]
    numbers: frozenset[str]

    def copies(self, other: "_Print") -> bool:
        """Whether the other says all this in the same words. A report that differs in a year or a sum does not."""
        return self.numbers <= other.numbers and len(self.runs & other.runs) >= SAME * len(self.runs)


def _print(text: str) -> _Print:
    words = re.findall(r"\w+", folded(text))
    runs = zip(words, words[1:], words[2:], strict=False) if len(words) > 3 else [tuple(words)]
    return _Print(frozenset(runs), frozenset(word for word in words if word[0].isdigit()))


def _passage(n: int, hit: Hit, article: ArticleSummary) -> Passage:
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
        source=article.source,
        across=hit.across,
        language=article.language,
        asked=hit.words,
    )
