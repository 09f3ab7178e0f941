"""Why a passage was found, and why another was not: what each stage of the search thought, in the order in which they think."""

from collections.abc import Mapping
from dataclasses import dataclass

from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.searching.folding import folded, folded_words
from vectorstore.searching.scope_articles import articles_in_scope
from vectorstore.searching.search import Query, Searcher, SearchTrace
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Hit, Scope, Span, Stage

FAR = 2000
"""How far down each index a passage is looked for that was not among the candidates."""


@dataclass(frozen=True, slots=True)
class HitExplanation:
    """A hit explained: the question's words that stand in it, and its sentences with how well each answers, best first."""

    hit: Hit
    words: tuple[str, ...]
    missing: tuple[str, ...]
    sentences: tuple[tuple[Span, float], ...]


@dataclass(frozen=True, slots=True)
class MissExplanation:
    """A passage that somebody missed: its place at each stage that it reached, and the step where it fell out."""

    article: str
    start: int
    end: int
    text: str
    stages: Mapping[str, Stage]
    fell: str
    words: tuple[str, ...]
    missing: tuple[str, ...]


def explain_hits(searcher: Searcher, query: Query, k: int) -> list[HitExplanation]:
    """The `k` best hits, each explained."""
    trace = searcher.trace(query, k)
    return [_why(query, hit) for hit in trace.hits]


def explain_miss(searcher: Searcher, index: Index, query: Query, words: str, k: int) -> MissExplanation:
    """Explains the passage that holds these words; raises QueryError when none does."""
    chunk = _holding(index, words)
    trace = searcher.trace(query, k)
    gave_way = trace.displaced if trace.displaced and not _searched_in(index, trace.scope, chunk) else None
    # Only the search that gave way has seen the passage then.
    trace = gave_way or trace
    stages = {name: by[chunk.id] for name, by in trace.stages.items() if chunk.id in by}
    # The passage may lie far below the candidates; to look that far down is worth a moment to whoever asks why.
    for name in ("dense", "lexical"):
        if name not in stages and (far := searcher.rank_in_index(query, trace, name, chunk.id, FAR)) is not None:
            stages[name] = far
    if chunk.id in trace.final:
        stages["final"] = trace.final[chunk.id]
    there, missing = _words(query, chunk.text)
    fell = _fell(trace, chunk, k)
    if gave_way and (place := _place(gave_way, chunk, k)):
        fell = (
            f"Of all articles it is hit {place}, but one in another language answers the question better, so passages in the "
            "question's own language were left out."
        )
    # The scope has the last word: no stage has seen an article that it leaves out.
    if not _searched_in(index, query.scope, chunk):
        fell = "The scope leaves its article out: it was not searched."
    return MissExplanation(chunk.article_id, chunk.start, chunk.end, chunk.text, stages, fell, there, missing)


def _why(query: Query, hit: Hit) -> HitExplanation:
    there, missing = _words(query, hit.text)
    judged = sorted(zip(hit.sentences, hit.evidence, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return HitExplanation(hit, there, missing, tuple(judged))


def _words(query: Query, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The question's telling words as they are matched, by whether the text has them."""
    wanted = list(dict.fromkeys(folded_words(query.searched, stop=True)))
    inside = set(folded_words(text))
    return tuple(word for word in wanted if word in inside), tuple(word for word in wanted if word not in inside)


def _holding(index: Index, words: str) -> StoredChunk:
    """The chunk that holds the words as they stand; or else, without regard to case, accents and spaces."""
    wanted = " ".join(folded(words).split())
    if not wanted:
        raise QueryError("There are no words to look for.", "Give some words of the passage that you expected.")
    nearest = index.catalog.chunks([number for number, _ in index.lexical.query([(words, 1.0)], FAR)])
    for chunk in sorted(nearest.values(), key=lambda one: (words not in one.text, one.id)):
        if wanted in " ".join(folded(chunk.text).split()):
            return chunk
    raise QueryError(f"No passage holds the words “{words}”.", "Give a few words in a row, as they stand in the article.")


def _searched_in(index: Index, scope: Scope, chunk: StoredChunk) -> bool:
    """Whether the scope has the chunk's article."""
    return not scope or chunk.article_id in articles_in_scope(index.catalog, scope)


def _place(trace: SearchTrace, chunk: StoredChunk, k: int) -> int:
    """Which of the k hits the chunk is part of, counted from 1; 0 for none."""
    places = (place for place, run in enumerate(trace.runs[:k], 1) if any(one.id == chunk.id for one in run))
    return next(places, 0)


def _fell(trace: SearchTrace, chunk: StoredChunk, k: int) -> str:
    """The step at which the passage fell out, as a sentence; or the hit that it is part of."""
    ranking = trace.setup.ranking
    if place := _place(trace, chunk, k):
        return f"It did not fall out: it is hit {place}."
    # In the order of the stages: the passage fell out at the first that does not have it.
    if "fused" not in trace.stages or chunk.id not in trace.stages["fused"]:
        return (
            f"It is neither among the {ranking.candidates} nearest by meaning nor among the {ranking.candidates} best by words."
        )
    if chunk.id not in trace.stages["passage"]:
        return f"Its fused score is not among the {ranking.rerank_depth} best, so it was not reranked."
    return f"It was reranked, but is not among the first {k} hits."
