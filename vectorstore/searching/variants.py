"""Hits of copies of one article: which of them say what a better hit says already, so that one text is no second source.

They stay in the list, since what is sought may be wanted in any copy; an answer folds them when its passages are packed.
"""

from collections.abc import Sequence

from vectorstore.searching.folding import folded
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.records import StoredChunk

ChunkRun = Sequence[StoredChunk]
"""Neighbouring chunks of one article, in reading order, which become one hit."""


class RepeatedRuns:
    """Tells the runs of one catalog's copies that say the same. Threads may share it.

    >>> catalog = Catalog.open("sqlite://", create=True)
    >>> run = [StoredChunk(1, "a.md", 0, 0, 9, "It froze.", ((0, 9),))]
    >>> RepeatedRuns(catalog).copied_from([run])
    ['']
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: tuple[int, dict[str, str]] = (-1, {})

    def copied_from(self, runs: Sequence[ChunkRun]) -> list[str]:
        """For each run, best first, the article of the better one that says all of it in a copy; "" for none."""
        roots = self._roots()
        if not roots:
            return [""] * len(runs)
        told, first = list[str](), list[ChunkRun]()
        for run in runs:
            article = run[0].article_id
            root = roots.get(article, article)
            copies = (one for one in first if (other := one[0].article_id) != article and roots.get(other, other) == root)
            same = next((one for one in copies if self._says_the_same(run, one)), None)
            told.append(same[0].article_id if same else "")
            if same is None:
                first.append(run)
        return told

    def _roots(self) -> dict[str, str]:
        """The copies with their originals, asked for once for each state of the catalog."""
        generation = self._catalog.generation()
        if self._known[0] != generation:
            self._known = generation, self._catalog.variants()
        return self._known[1]

    def _says_the_same(self, run: ChunkRun, other: ChunkRun) -> bool:
        """Whether a run shares a sentence with the other, and all the rest of it stands in the other's article, too."""
        own, others = _sentences(run), _sentences(other)
        if not own & others:
            return False
        # Chunks of two versions seldom begin and end at the same sentence, so what the hits alone say would not tell.
        left = own - others
        article = self._catalog.article(other[0].article_id) if left else None
        return not left or (article is not None and all(one in _plain(article.text) for one in left))


def _sentences(run: ChunkRun) -> set[str]:
    texts = (chunk.text[start - chunk.start : end - chunk.start] for chunk in run for start, end in chunk.sentences)
    return {_plain(text) for text in texts}


def _plain(text: str) -> str:
    """The text as it is compared: without case, accents and line ends."""
    return " ".join(folded(text).split())
