"""Hits of copies of one article, folded into the best of them, so that one text is never shown as two sources.

Only what says the same is folded: where a corrected version differs, its passage stays a hit of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vectorstore.searching.folding import folded
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.records import StoredChunk

ChunkRun = Sequence[StoredChunk]
"""Neighbouring chunks of one article, in reading order, which become one hit."""


@dataclass(slots=True)
class FoldedRun:
    """A run of chunks that becomes a hit, and the other articles in which the same was found."""

    run: ChunkRun
    also_in: list[str] = field(default_factory=list)

    @property
    def article(self) -> str:
        """The article's id."""
        return self.run[0].article_id


class VariantFolder:
    """Folds the runs of one catalog's copies. Threads may share it.

    >>> catalog = Catalog.open("sqlite://", create=True)
    >>> run = [StoredChunk(1, "a.md", 0, 0, 9, "It froze.", ((0, 9),))]
    >>> [one.article for one in VariantFolder(catalog).folded([run], 5)]
    ['a.md']
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: tuple[int, dict[str, str]] = (-1, {})

    def folded(self, runs: Sequence[ChunkRun], k: int) -> list[FoldedRun]:
        """The first `k` runs, best first, of which no two say the same in copies of one article."""
        roots, kept = self._roots(), list[FoldedRun]()
        if not roots:
            return [FoldedRun(run) for run in runs[:k]]
        for run in runs:
            article = run[0].article_id
            root = roots.get(article, article)
            copies = (one for one in kept if one.article != article and roots.get(one.article, one.article) == root)
            if same := next((one for one in copies if self._says_the_same(run, one)), None):
                if article not in same.also_in:
                    same.also_in.append(article)
            elif len(kept) == k:
                break
            else:
                kept.append(FoldedRun(run))
        return kept

    def _roots(self) -> dict[str, str]:
        """The copies with their originals, asked for once for each state of the catalog."""
        generation = self._catalog.generation()
        if self._known[0] != generation:
            self._known = generation, self._catalog.variants()
        return self._known[1]

    def _says_the_same(self, run: ChunkRun, other: FoldedRun) -> bool:
        """Whether a run shares a sentence with the other, and all the rest of it stands in the other's article, too."""
        own, others = _sentences(run), _sentences(other.run)
        if not own & others:
            return False
        # Chunks of two versions seldom begin and end at the same sentence, so what the hits alone say would not tell.
        left = own - others
        article = self._catalog.article(other.article) if left else None
        return not left or (article is not None and all(one in _plain(article.text) for one in left))


def _sentences(run: ChunkRun) -> set[str]:
    texts = (chunk.text[start - chunk.start : end - chunk.start] for chunk in run for start, end in chunk.sentences)
    return {_plain(text) for text in texts}


def _plain(text: str) -> str:
    """The text as it is compared: without case, accents and line ends."""
    return " ".join(folded(text).split())
