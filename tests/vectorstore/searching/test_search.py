"""Searching a real index of the articles in `seeds/`, whole and with parts of it broken."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.errors import IndexDamaged, IndexMismatch, IndexMissing, QueryError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.hits import local_spans
from vectorstore.searching.ranking import Ranking
from vectorstore.searching.search import Query, Searcher, SearchHits
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Hit

Opener = Callable[..., Searcher]

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
ALLIANCE = "co-prosperity-leader-alliance.md"
CHINESE = "鄧小平的改革是從什麼時候開始的？"


@pytest.fixture
def home(seeds_home: Path, tmp_path: Path) -> Home:
    """A copy of the index, to be broken."""
    return Home(Path(shutil.copytree(seeds_home, tmp_path / "home")))


@pytest.fixture
def opened(home: Home, minilm_encoder: LocalEncoder) -> Iterator[Opener]:
    """Opens the copy for searching, when it has been broken."""
    indexes: list[Index] = []

    def opener(chunk_tokens: int = 200) -> Searcher:
        indexes.append(Index.open(home))
        return Searcher(indexes[-1], minilm_encoder, manifest_of(minilm_encoder, chunk_tokens))

    yield opener
    for index in indexes:
        index.close()


@pytest.fixture(scope="module")
def apart(seeds_index: Index, minilm_encoder: LocalEncoder) -> Searcher:
    """The search with no chunks joined: a hit is one chunk."""
    return Searcher(seeds_index, minilm_encoder, manifest_of(minilm_encoder), Ranking(join_depth=0))


def broken(home: Home, name: str) -> None:
    """Overwrites the files of a derived index."""
    (folder,) = home.folders(name).values()
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"not an index")


def gone_chunk(home: Home, article: str) -> None:
    """Takes an article out of the catalog, as a writer that is then killed does before the other indexes follow."""
    catalog = Catalog.open(home.catalog_url)
    catalog.remove([article])
    catalog.close()


def articles(found: SearchHits) -> list[str]:
    return [hit.article for hit in found.hits]


def test_the_passage_with_the_answer_comes_first(seeds_searcher: Searcher) -> None:
    best = seeds_searcher.search(Query(QUESTION), 5).hits[0]
    assert best.article == ALLIANCE
    assert "Dec. 23" in best.text


def test_the_same_question_gives_the_same_hits_in_the_same_order(seeds_searcher: Searcher, seeds_home: Path) -> None:
    first = seeds_searcher.search(Query(QUESTION), 20).hits
    assert all(seeds_searcher.search(Query(QUESTION), 20).hits == first for _ in range(3))


def test_another_opening_of_the_index_gives_the_same_hits(seeds_searcher: Searcher, opened: Opener) -> None:
    assert opened().search(Query(QUESTION), 20).hits == seeds_searcher.search(Query(QUESTION), 20).hits


def test_a_hit_is_a_chunk_of_its_article(seeds_searcher: Searcher, seeds_index: Index) -> None:
    for hit in seeds_searcher.search(Query(QUESTION), 20).hits:
        article = seeds_index.catalog.article(hit.article)
        assert article is not None
        assert article.text[hit.start : hit.end] == hit.text


def test_hits_come_best_first_and_once(seeds_searcher: Searcher) -> None:
    hits = seeds_searcher.search(Query(QUESTION), 20).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.chunk for hit in hits}) == len(hits) == 20


def test_a_smaller_k_gives_the_beginning_of_a_larger_ones_hits(seeds_searcher: Searcher) -> None:
    found = [seeds_searcher.search(Query(QUESTION), k).hits for k in (1, 5, 20)]
    assert found[0] == found[2][:1]
    assert found[1] == found[2][:5]


def test_a_k_above_the_number_of_chunks_gives_them_all(apart: Searcher, seeds_index: Index) -> None:
    assert len(apart.search(Query(QUESTION), 10_000).hits) == seeds_index.catalog.counts()[1]


def test_joined_or_apart_the_same_sentences_are_found_once(seeds_searcher: Searcher, apart: Searcher) -> None:
    def found(searcher: Searcher) -> list[tuple[str, int, int]]:
        return sorted((hit.article, *span) for hit in searcher.search(Query(QUESTION), 10_000).hits for span in hit.sentences)

    assert found(seeds_searcher) == found(apart)


def test_neighbours_among_the_best_are_one_hit_with_the_score_of_the_best(seeds_searcher: Searcher, apart: Searcher) -> None:
    whole, best = seeds_searcher.search(Query(QUESTION), 1).hits[0], apart.search(Query(QUESTION), 1).hits[0]
    assert whole.start <= best.start < best.end <= whole.end
    assert len(whole.sentences) > len(best.sentences)
    assert (whole.score, whole.stages, whole.chunk) == (best.score, best.stages, best.chunk)


def test_no_more_chunks_are_joined_than_allowed(seeds_searcher: Searcher, apart: Searcher) -> None:
    chunks = [(hit.article, hit.start, hit.end) for hit in apart.search(Query(QUESTION), 10_000).hits]
    for hit in seeds_searcher.search(Query(QUESTION), 10_000).hits:
        inside = [one for one in chunks if one[0] == hit.article and hit.start <= one[1] and one[2] <= hit.end]
        assert 1 <= len(inside) <= Ranking().longest_run


def joined(searcher: Searcher, apart: Searcher) -> list[tuple[Hit, list[Hit]]]:
    """The hits that are more than one chunk, each with its chunks in reading order."""
    chunks = sorted(apart.search(Query(QUESTION), 10_000).hits, key=lambda one: (one.article, one.start))
    parts = [
        (hit, [one for one in chunks if one.article == hit.article and hit.start <= one.start and one.end <= hit.end])
        for hit in searcher.search(Query(QUESTION), 20).hits
    ]
    return [(hit, inside) for hit, inside in parts if len(inside) > 1]


def test_a_joined_hit_is_the_text_from_its_first_to_last_chunk(
    seeds_searcher: Searcher, apart: Searcher, seeds_index: Index
) -> None:
    found = joined(seeds_searcher, apart)
    assert found
    for hit, inside in found:
        article = seeds_index.catalog.article(hit.article)
        assert article is not None
        assert (hit.start, hit.end, hit.ordinal) == (inside[0].start, inside[-1].end, inside[0].ordinal)
        assert hit.text == article.text[hit.start : hit.end]


def test_a_joined_hit_has_its_chunks_sentences_with_their_evidence(seeds_searcher: Searcher, apart: Searcher) -> None:
    found = joined(seeds_searcher, apart)
    assert found
    for hit, inside in found:
        assert hit.sentences == tuple(span for one in inside for span in one.sentences)
        assert hit.evidence == tuple(number for one in inside for number in one.evidence)


def test_a_joined_hits_score_and_stages_are_those_of_its_best_chunk(seeds_searcher: Searcher, apart: Searcher) -> None:
    found = joined(seeds_searcher, apart)
    assert found
    for hit, inside in found:
        best = max(inside, key=lambda one: (one.score, -one.chunk))
        assert (hit.chunk, hit.score, hit.stages) == (best.chunk, best.score, best.stages)


def test_every_stage_tells_its_rank_and_score(seeds_searcher: Searcher) -> None:
    stages = seeds_searcher.search(Query(QUESTION), 1).hits[0].stages
    assert set(stages) == {"dense", "lexical", "fused", "passage", "sentence"}


@pytest.mark.parametrize("stage", ["dense", "lexical", "fused", "passage", "sentence"])
def test_a_stages_ranks_follow_its_scores(apart: Searcher, stage: str) -> None:
    hits = apart.search(Query(QUESTION), 10_000).hits
    placed = sorted((hit.stages[stage] for hit in hits if stage in hit.stages), key=lambda one: one.rank)
    assert [one.rank for one in placed] == list(range(1, len(placed) + 1))
    assert [one.score for one in placed] == sorted((one.score for one in placed), reverse=True)


def test_a_chunk_without_a_word_of_the_question_has_no_lexical_stage(apart: Searcher) -> None:
    hits = apart.search(Query("Okinawa"), 10_000).hits
    assert all(("lexical" in hit.stages) == ("okinawa" in hit.text.lower()) for hit in hits)


def test_evidence_has_a_number_for_each_sentence(seeds_searcher: Searcher) -> None:
    for hit in seeds_searcher.search(Query(QUESTION), 20).hits:
        assert len(hit.evidence) == len(hit.sentences) > 0


def test_a_hit_answers_best_to_the_words_that_stand_in_it(seeds_searcher: Searcher) -> None:
    (hit,) = seeds_searcher.search(Query("Okinawa dentists", before="Where is that?"), 1).hits
    assert list(hit.words) == ["Okinawa", "dentists"]
    assert hit.words["Okinawa"] > 0.8 > hit.words["dentists"]


def test_the_sentence_stage_is_the_best_evidence(apart: Searcher) -> None:
    for hit in apart.search(Query(QUESTION), 20).hits:
        assert hit.stages["sentence"].score == pytest.approx(max(hit.evidence))


def test_the_evidence_is_strongest_where_the_answer_stands(seeds_searcher: Searcher) -> None:
    best = seeds_searcher.search(Query(QUESTION), 1).hits[0]
    start, end = best.sentences[best.evidence.index(max(best.evidence))]
    assert "launched" in best.text[start - best.start : end - best.start]


def test_what_was_not_reranked_follows_in_its_order_without_evidence(seeds_index: Index, minilm_encoder: LocalEncoder) -> None:
    few = Searcher(seeds_index, minilm_encoder, manifest_of(minilm_encoder), Ranking(rerank_depth=3, join_depth=0))
    hits = few.search(Query(QUESTION), 10).hits
    assert [any(hit.evidence) for hit in hits] == [True] * 3 + [False] * 7
    rest = [hit.stages["fused"].rank for hit in hits[3:]]
    assert rest == sorted(rest)


def test_a_follow_up_finds_what_its_words_alone_do_not(seeds_searcher: Searcher) -> None:
    follow_up = "Why did he say so?"
    alone = seeds_searcher.search(Query(follow_up), 1)
    together = seeds_searcher.search(Query(follow_up, "What did Elon Musk say about Chinese workers?"), 1)
    assert articles(alone) != articles(together) == ["musk-on-chinese-workers.md"]


def test_what_is_searched_is_the_turn_before_and_the_question() -> None:
    assert Query("And where?", "When was it launched?").searched == "When was it launched? And where?"


def test_a_first_question_is_searched_as_it_is() -> None:
    assert Query("When was it launched?").searched == "When was it launched?"


def test_milliseconds_are_told_for_every_stage(seeds_searcher: Searcher) -> None:
    ms = seeds_searcher.search(Query(QUESTION), 5).ms
    assert set(ms) == {"embed", "dense", "lexical", "fuse", "rerank", "join", "total"}
    assert ms["total"] >= max(ms[stage] for stage in ms if stage != "total")


def test_a_sound_index_gives_no_notes(seeds_searcher: Searcher) -> None:
    assert seeds_searcher.search(Query(QUESTION), 5).notes == ()


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000"])
def test_an_empty_question_is_refused(seeds_searcher: Searcher, text: str) -> None:
    with pytest.raises(QueryError, match=r"^The question is empty\.$"):
        seeds_searcher.search(Query(text, "When was it launched?"), 5)


@pytest.mark.parametrize("text", ["What is it about?", "?!", "🚀", "the", "a" * 5000, 'AND OR NOT ("', "\ud800"])
def test_any_other_question_finds_something(seeds_searcher: Searcher, text: str) -> None:
    assert len(seeds_searcher.search(Query(text), 3).hits) == 3


def test_a_chinese_question_finds_the_chinese_name(seeds_searcher: Searcher) -> None:
    found = seeds_searcher.search(Query(CHINESE), 3)
    assert "鄧小平" in found.hits[0].text


def test_what_the_catalog_does_not_know_is_not_shown(home: Home, opened: Opener) -> None:
    assert ALLIANCE in articles(opened().search(Query(QUESTION), 5))
    gone_chunk(home, ALLIANCE)
    found = opened().search(Query(QUESTION), 5)
    assert ALLIANCE not in articles(found)
    assert len(found.hits) == 5


def test_an_open_search_sees_what_another_process_removed(home: Home, opened: Opener) -> None:
    searcher = opened()
    searcher.search(Query(QUESTION), 5)
    gone_chunk(home, ALLIANCE)
    assert ALLIANCE not in articles(searcher.search(Query(QUESTION), 5))


def test_an_open_search_finds_what_another_opening_ingested(
    home: Home, opened: Opener, minilm_encoder: LocalEncoder, tmp_path: Path
) -> None:
    searcher = opened()
    searcher.search(Query(QUESTION), 5)
    (tmp_path / "news.txt").write_text("The lighthouse keeper of Ner counted 214 seals in March 1931.")
    other = Index.open(home)
    Ingestor(other, minilm_encoder).ingest([tmp_path / "news.txt"])
    other.close()
    assert articles(searcher.search(Query("How many seals did the lighthouse keeper count?"), 1)) == ["news.txt"]


@pytest.mark.parametrize(("name", "left"), [("dense", "lexical"), ("lexical", "dense")])
def test_one_damaged_index_is_done_without_and_said(home: Home, opened: Opener, name: str, left: str) -> None:
    broken(home, name)
    found = opened().search(Query(QUESTION), 5)
    assert articles(found)[0] == ALLIANCE
    assert left in found.hits[0].stages
    (note,) = found.notes
    assert note.startswith(f"The {name} index")
    assert "found without it. Repair the index" in note


def test_two_damaged_indexes_are_an_error(home: Home, opened: Opener) -> None:
    broken(home, "dense")
    broken(home, "lexical")
    with pytest.raises(IndexDamaged, match=r"^The dense index"):
        opened().search(Query(QUESTION), 5)


def test_another_chunker_is_refused(opened: Opener) -> None:
    with pytest.raises(
        IndexMismatch, match=r"^The index was made differently: the chunker is .*120 tokens.*, the index has .*200 tokens"
    ):
        opened(chunk_tokens=120).search(Query(QUESTION), 5)


def test_a_refused_index_is_refused_again(opened: Opener) -> None:
    searcher = opened(chunk_tokens=120)
    for _ in range(2):
        with pytest.raises(IndexMismatch):
            searcher.check()


def test_an_index_that_nothing_went_into_is_missing(minilm_encoder: LocalEncoder, tmp_path: Path) -> None:
    home = Home(tmp_path)
    index = Index(home, Catalog.open(home.catalog_url, create=True))
    with pytest.raises(IndexMissing, match=r"^There are no articles here yet\.$"):
        Searcher(index, minilm_encoder, manifest_of(minilm_encoder)).search(Query(QUESTION), 5)
    index.close()


def test_sentences_are_counted_from_their_chunk() -> None:
    chunk = StoredChunk(1, "a.txt", 0, 100, 120, "Twenty characters.. ", ((100, 107), (108, 119)))
    assert local_spans(chunk) == ((0, 7), (8, 19))
