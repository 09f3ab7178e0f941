"""Reranked chunks -> hits: late interaction with the best candidates, and what each hit keeps of it for the answer.

Two articles may be copies of one text, and must not count as two sources. A hit that only repeats a better hit from a copy gets
its `copy_of` set, but stays in the list, as a search may be for either article. An answer folds the two into one passage.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vectorstore.encoding.embed import EncodedQuery
from vectorstore.encoding.late_interaction import MaxSimScores
from vectorstore.searching.folding import folded
from vectorstore.searching.ranking import Ranking, Scores, fuse, ranked, with_ranks
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Hit, Span, Stage

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
ChunkRun = Sequence[StoredChunk]
"""Neighbouring chunks of one article, in reading order, which become one hit."""


@dataclass(frozen=True, slots=True)
class Reranked:
    """The candidates after late interaction: its scores by chunk, the ranks at each stage, and the final score of each."""

    matches: Mapping[int, MaxSimScores]
    stages: Mapping[str, Mapping[int, Stage]]
    scores: Scores

    @property
    def order(self) -> list[int]:
        """The chunks, best first."""
        return ranked(self.scores)

    def hit(self, run: Sequence[StoredChunk], text: str, words: Sequence["QuestionWord"]) -> Hit:
        """A run of chunks, whose text is given, as one hit with the score and the stages of its best chunk."""
        # A run is as good as its best chunk: its neighbours are there to be read with it.
        best = max(run, key=lambda chunk: (self.scores[chunk.id], -chunk.id))
        return Hit(
            article=best.article_id,
            start=run[0].start,
            end=run[-1].end,
            text=text,
            score=self.scores[best.id],
            stages={name: by[best.id] for name, by in self.stages.items() if best.id in by},
            chunk=best.id,
            ordinal=run[0].ordinal,
            sentences=tuple(span for chunk in run for span in chunk.sentences),
            evidence=tuple(one for chunk in run for one in self._evidence(chunk)),
            words=self._matched(run, words),
        )

    def _evidence(self, chunk: StoredChunk) -> list[float]:
        """How well each sentence of the chunk answers; 0 for a chunk that was not reranked."""
        return self.matches[chunk.id].sentences.tolist() if chunk.id in self.matches else [0.0] * len(chunk.sentences)

    def _matched(self, run: Sequence[StoredChunk], words: Sequence["QuestionWord"]) -> dict[str, float]:
        """How well the run answers to each word: the best cosines of the word's tokens, averaged; {} if it was not reranked."""
        seen = [self.matches[chunk.id].tokens for chunk in run if chunk.id in self.matches]
        if not seen:
            return {}
        # For each token, the best over the chunks of the run.
        cosines = np.max(seen, axis=0)
        # `weighed` multiplied each token's vector by its weight, so the products must be divided by it to be cosines again.
        return {word.text: float(cosines[word.tokens].mean()) / word.weight for word in words}


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word of the question, the places of its tokens, and the weight that these have in late interaction."""

    text: str
    tokens: NDArray[np.int64]
    weight: float


def rerank(
    ranking: Ranking, matches: Mapping[int, MaxSimScores], order: Sequence[int], fused: Scores, before: Mapping[str, Scores]
) -> Reranked:
    """The final scores of the candidates in `order`; `before` are the stages so far, which keep their ranks."""
    passage = {number: one.passage for number, one in matches.items()}
    sentence = {number: float(one.sentences.max(initial=0.0)) for number, one in matches.items()}
    stages = [(fused, ranking.fused), (passage, ranking.passage), (sentence, ranking.sentence)]
    scores = fuse(stages, sorted(matches))
    # What was not reranked keeps its order behind the last that was.
    floor = min(scores.values(), default=0.0)
    scores |= {number: floor - place for place, number in enumerate((one for one in order if one not in matches), 1)}
    ranks = {
        name: with_ranks(one) for name, one in {**before, "fused": fused, "passage": passage, "sentence": sentence}.items()
    }
    return Reranked(matches, ranks, scores)


def weighed(encoded: EncodedQuery, before: str, weight: float) -> EncodedQuery:
    """The question with the tokens of the turns `before` it counting less in late interaction; the mean weight stays 1."""
    tokens = encoded.tokens
    if not before or not len(tokens.offsets):
        return encoded
    weights = np.where(tokens.offsets[:, 0] < len(before), weight, 1.0).astype(np.float32)
    # A cosine with a scaled vector is scaled alike, so the weights need no place of their own further on.
    vectors = tokens.vectors * (weights / weights.mean())[:, None]
    return replace(encoded, tokens=replace(tokens, vectors=vectors))


def question_words(searched: str, own: int, encoded: EncodedQuery) -> list[QuestionWord]:
    """The words among the last `own` characters of the searched text, which are the question itself."""
    tokens = encoded.tokens
    lengths = np.linalg.norm(tokens.vectors, axis=1)
    found = []
    for word in _WORD.finditer(searched, len(searched) - own):
        # A word of the text may be several tokens of the model.
        (places,) = np.nonzero((tokens.offsets[:, 0] < word.end()) & (tokens.offsets[:, 1] > word.start()))
        if len(places):
            found.append(QuestionWord(word.group(), places, float(lengths[places[0]])))
    return found


def local_spans(chunk: StoredChunk) -> tuple[Span, ...]:
    """The chunk's sentences as offsets into its own text."""
    return tuple((start - chunk.start, end - chunk.start) for start, end in chunk.sentences)


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
        """For each run, best first, the article of a better run from a copy that already says all of it; "" for none."""
        roots = self._roots()
        if not roots:
            return [""] * len(runs)
        copied, distinct = list[str](), list[ChunkRun]()
        for run in runs:
            article = run[0].article_id
            root = roots.get(article, article)
            copies = (one for one in distinct if (other := one[0].article_id) != article and roots.get(other, other) == root)
            same = next((one for one in copies if self._says_the_same(run, one)), None)
            copied.append(same[0].article_id if same else "")
            if same is None:
                distinct.append(run)
        return copied

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
        # Two versions of an article are seldom cut into chunks at the same sentences, so what the other hit lacks is looked for
        # in the whole text of its article.
        left = own - others
        article = self._catalog.article(other[0].article_id) if left else None
        return not left or (article is not None and all(one in _plain(article.text) for one in left))


def _sentences(run: ChunkRun) -> set[str]:
    texts = (chunk.text[start - chunk.start : end - chunk.start] for chunk in run for start, end in chunk.sentences)
    return {_plain(text) for text in texts}


def _plain(text: str) -> str:
    """The text as it is compared: without case, accents and line ends."""
    return " ".join(folded(text).split())
