"""Retrieval kept to a scope, against a ranking by brute force of the articles that are in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.searching.lexical import FILTERED, LexicalIndex
from vectorstore.searching.scoped_retrieval import BOUNDS, RetrievalBounds, ScopeCache, ScopedRetrieval
from vectorstore.searching.search import Query, Searcher
from vectorstore.types import EVERYWHERE, Article, Scope

WORDS = [f"word{n}" for n in range(40)]
AUTHORS = ("", "Ada Brandt", "Jo Li", "Ada Brandt, Jo Li", "José Núñez")
DATES = ("", "2018", "2019-02", "2019-11-05", "2020-06", "2020", "2021-01-31")
ENDS = ("", "2018-12", "2019", "2019-02-15", "2020-06-30", "2020-07", "2022")
ENCODER = FakeEncoder()
WAYS = {
    "calculated": BOUNDS,
    "picked": RetrievalBounds(calculated=0),
    "too deep": RetrievalBounds(calculated=0, deepest=5),
    "not kept": RetrievalBounds(calculated=0, deepest=0, kept=0),
}
PARTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
SCOPED = st.builds(
    Scope,
    articles=st.just(())
    | st.lists(st.integers(0, 59).map("article-{}".format), min_size=1, max_size=20, unique=True).map(tuple),
    authors=st.sampled_from([(), ("Brandt",), ("jo li",), ("Nunez", "Jo Li")]),
    since=st.sampled_from(ENDS),
    until=st.sampled_from(ENDS),
)


def article(n: int, draw: Random) -> dict[str, str]:
    """An article of a few chunks whose words are drawn from a few."""
    text = "\n\n".join(" ".join(draw.choices(WORDS, k=30)).capitalize() + "." for _ in range(draw.randint(1, 9)))
    return {"id": f"article-{n}", "text": text, "author": draw.choice(AUTHORS), "date": draw.choice(DATES)}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Sixty articles of some 300 chunks."""
    folder, draw = tmp_path_factory.mktemp("scope"), Random(0)
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(article(n, draw)) + "\n" for n in range(60)), encoding="utf-8")
    made = open_index(folder / "home")
    Ingestor(made, ENCODER, limit=40).ingest([file])
    yield made
    made.close()


def in_scope(scope: Scope, one: Article) -> bool:
    """Whether the article is in the scope, by another way: dates written out compare as texts do."""
    first, last = (one.date + "-01-01"[len(one.date) - 4 :], one.date + "-12-31"[len(one.date) - 4 :]) if one.date else ("", "")
    since, until = (
        scope.since + "-01-01"[max(len(scope.since) - 4, 0) :],
        scope.until + "-12-31"[max(len(scope.until) - 4, 0) :],
    )
    if scope.since and scope.until and since > until:
        return False
    names = {"Brandt": "Brandt", "jo li": "Jo Li", "Jo Li": "Jo Li", "Nunez": "Núñez"}
    return (
        (not scope.articles or one.id in scope.articles)
        and (not scope.authors or any(names[name] in one.author for name in scope.authors))
        and (not scope.since or (bool(one.date) and last >= since))
        and (not scope.until or (bool(one.date) and first <= until))
    )


def chunks_in(index: Index, scope: Scope) -> set[int]:
    """The chunks of the articles that are in the scope, found one by one."""
    stored = [index.catalog.article(summary.id) for summary in index.catalog.articles()]
    inside = [one.id for one in stored if one and in_scope(scope, one)]
    return {chunk.id for id in inside for chunk in index.catalog.chunks_of(id)}


@pytest.mark.parametrize("way", WAYS)
@given(scope=SCOPED, question=PARTS, k=st.sampled_from([1, 10, 100, 1000]))
def test_a_scopes_ranking_is_that_of_its_chunks_by_brute_force(
    index: Index, way: str, scope: Scope, question: str, k: int
) -> None:
    allowed = chunks_in(index, scope)
    if not allowed:
        with pytest.raises(QueryError):
            ScopeCache(index, WAYS[way]).within(scope)
        return
    within = ScopeCache(index, WAYS[way]).within(scope)
    check_dense(index, within, question, k, allowed)
    everything = [hit for hit in index.lexical.query([(question, 1.0)], 10_000) if hit[0] in allowed]
    found = within.lexical([(question, 1.0)], k)
    assert [score for _, score in found] == [score for _, score in everything[:k]]
    # Which of several equals stands last depends on tantivy's segments where not all of them are wanted.
    lowest = found[-1][1] if found else 0.0
    above = {hit for hit in everything if hit[1] > lowest}
    assert above <= set(found) <= set(everything)


def check_dense(index: Index, within: ScopedRetrieval, question: str, k: int, allowed: set[int]) -> None:
    """The numbers are of the scope and each once; the cosines are the best that there are, and each its chunk's."""
    vector = ENCODER.vector(question)
    found = within.dense(vector, k)
    cosines = {number: float(one @ vector) for number, one in index.catalog.vectors(allowed).items()}
    assert {number for number, _ in found} <= allowed
    assert len({number for number, _ in found}) == len(found) == min(k, len(allowed))
    assert [cosine for _, cosine in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:k], abs=1e-5)
    assert [cosine for _, cosine in found] == pytest.approx([cosines[number] for number, _ in found], abs=1e-5)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """More chunks than tantivy is told by their numbers."""
    made, draw = LexicalIndex(tmp_path_factory.mktemp("lexical")), Random(1)
    made.apply([(number, " ".join(draw.choices(WORDS, k=draw.randint(3, 12)))) for number in range(2 * FILTERED)], [])
    return made


@settings(max_examples=30)
@given(PARTS, st.randoms(use_true_random=False), st.integers(1, 2 * FILTERED), st.sampled_from([1, 20, 5000]))
def test_words_are_found_among_few_or_many_chunks_with_the_same_scores(
    lexical: LexicalIndex, question: str, draw: Random, size: int, k: int
) -> None:
    among = np.array(sorted(draw.sample(range(2 * FILTERED), size)), np.int64)
    whole = [hit for hit in lexical.query([(question, 1.0)], 10_000) if hit[0] in set(among.tolist())]
    found = lexical.query([(question, 1.0)], k, among)
    assert [score for _, score in found] == pytest.approx([score for _, score in whole[:k]])
    assert set(found) <= set(whole)


def test_without_a_scope_both_indexes_are_as_they_are(index: Index) -> None:
    within, vector = ScopeCache(index).within(EVERYWHERE), ENCODER.vector("word1")
    assert within.dense(vector, 7) == index.dense.query(vector, 7)
    assert within.lexical([("word1", 1.0)], 7) == index.lexical.query([("word1", 1.0)], 7)


@pytest.mark.parametrize("scope", [Scope(("a",)), Scope(authors=("a",)), Scope(since="2019"), Scope(until="2019")])
def test_a_scope_with_anything_in_it_is_true(scope: Scope) -> None:
    assert scope and not EVERYWHERE


def test_a_search_finds_what_is_in_its_scope_and_nothing_else(seeds_searcher: Searcher) -> None:
    scope = Scope(("new-space-race.md", "musk-on-chinese-workers.md"))
    hits = seeds_searcher.search(Query("What did Musk say?", scope=scope), 1000).hits
    assert {hit.article for hit in hits} == set(scope.articles)


def test_a_search_of_an_empty_scope_is_refused(seeds_searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=r"^There is no article new-space\. The nearest is new-space-race\.md\.$"):
        seeds_searcher.search(Query("What did Musk say?", scope=Scope(("new-space",))), 5)


@pytest.mark.parametrize("way", WAYS)
def test_an_article_that_comes_or_goes_is_seen_at_the_next_question(tmp_path: Path, way: str) -> None:
    index, vector, scope = open_index(tmp_path / "home"), ENCODER.vector("word1"), Scope(authors=("Li",))
    scopes, ingestor, draw = ScopeCache(index, WAYS[way]), Ingestor(index, ENCODER, limit=40), Random(2)
    for names in (["one"], ["one", "two"], ["two"], ["three", "two"]):
        for old in {summary.id for summary in index.catalog.articles()} - set(names):
            ingestor.remove([old])
        file = tmp_path / "articles.jsonl"
        made = [article(n, draw) | {"id": name, "author": "Jo Li"} for n, name in enumerate(names)]
        file.write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")
        ingestor.ingest([file])
        found = {number for number, _ in scopes.within(scope).dense(vector, 1000)}
        assert found == set(index.catalog.chunk_ids())
    index.close()


def test_scopes_that_outgrow_the_room_for_their_vectors_are_read_again(index: Index) -> None:
    vector, scopes = ENCODER.vector("word1"), ScopeCache(index, RetrievalBounds(kept=60 * 4 * ENCODER.dimension))
    parts = [Scope(tuple(f"article-{n}" for n in range(start, start + 9))) for start in (0, 9, 18)]
    first = [scopes.within(scope).dense(vector, 5) for scope in parts]
    assert [scopes.within(scope).dense(vector, 5) for scope in parts] == first


def test_more_scopes_than_are_remembered_do_no_harm(index: Index) -> None:
    scopes, vector = ScopeCache(index), ENCODER.vector("word1")
    many = [Scope((f"article-{n}",)) for n in range(BOUNDS.scopes + 3)]
    first = [scopes.within(scope).dense(vector, 2) for scope in many]
    assert [scopes.within(scope).dense(vector, 2) for scope in many] == first
