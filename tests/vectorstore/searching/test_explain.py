"""Why a passage was found and another was not, on the real index of `seeds/`."""

import pytest

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.ingest import manifest_of
from vectorstore.searching.explain import explain_hits, explain_miss
from vectorstore.searching.ranking import Ranking
from vectorstore.searching.search import Query, Searcher
from vectorstore.types import Scope

QUERY = Query("When was the Japan-Taiwan Co-prosperity Leader Alliance launched?")
ALLIANCE = "co-prosperity-leader-alliance.md"
TOFU_QUESTION = "How long do you soak the beans before making tofu?"
FAR_AWAY = "praise of Chinese workers"
STAGES = ["dense", "fused", "lexical", "passage", "sentence"]


@pytest.fixture(scope="module")
def narrow(seeds_index: Index, minilm_encoder: LocalEncoder) -> Searcher:
    """A search that has few candidates, so that a small corpus has passages that are none, and joins nothing."""
    return Searcher(
        seeds_index, minilm_encoder, manifest_of(minilm_encoder), Ranking(candidates=5, rerank_depth=3, join_depth=0)
    )


# --- why


def test_the_hits_are_those_of_the_search(seeds_searcher: Searcher) -> None:
    assert tuple(one.hit for one in explain_hits(seeds_searcher, QUERY, 5)) == seeds_searcher.search(QUERY, 5).hits


def test_each_sentence_of_a_hit_is_there_once_best_first(seeds_searcher: Searcher) -> None:
    for one in explain_hits(seeds_searcher, QUERY, 20):
        scores = [score for _, score in one.sentences]
        assert scores == sorted(scores, reverse=True)
        assert dict(one.sentences) == dict(zip(one.hit.sentences, one.hit.evidence, strict=True))


def test_the_best_sentence_is_the_one_with_the_answer(seeds_searcher: Searcher) -> None:
    (best,) = explain_hits(seeds_searcher, QUERY, 1)
    (start, end), _ = best.sentences[0]
    assert "was launched by" in best.hit.text[start - best.hit.start : end - best.hit.start]


def test_words_are_the_questions_telling_words_as_they_are_matched(seeds_searcher: Searcher) -> None:
    (best,) = explain_hits(seeds_searcher, QUERY, 1)
    assert best.words == ("japan", "taiwan", "co", "prosper", "leader", "allianc", "launch")
    assert best.missing == ()


def test_each_word_is_either_found_or_missing(seeds_searcher: Searcher) -> None:
    for one in explain_hits(seeds_searcher, QUERY, 20):
        assert sorted(one.words + one.missing) == sorted({"japan", "taiwan", "co", "prosper", "leader", "allianc", "launch"})


def test_a_word_counts_once_in_whatever_form_it_is_repeated(seeds_searcher: Searcher) -> None:
    (best,) = explain_hits(seeds_searcher, Query("Launch, launched, LAUNCHES: a zeppelin?"), 1)
    assert (best.words, best.missing) == (("launch",), ("zeppelin",))


def test_words_of_the_turn_before_count_as_well(seeds_searcher: Searcher) -> None:
    (best,) = explain_hits(seeds_searcher, Query("Who launched it?", "The Leader Alliance."), 1)
    assert set(best.words) == {"leader", "allianc", "launch"}


def test_chinese_is_matched_by_pairs_of_characters(seeds_searcher: Searcher) -> None:
    (best,) = explain_hits(seeds_searcher, Query("鄧小平"), 1)
    assert (best.words, best.missing) == (("鄧小", "小平"), ())


# --- why not


def test_a_passage_that_is_found_is_said_to_be_a_hit_with_its_place(seeds_searcher: Searcher, seeds_index: Index) -> None:
    found = explain_miss(seeds_searcher, seeds_index, QUERY, "took place in Tokyo", 5)
    assert (found.article, found.fell) == (ALLIANCE, "It did not fall out: it is hit 1.")
    assert sorted(found.stages) == sorted([*STAGES, "final"])


def test_a_chunk_that_another_was_joined_to_is_part_of_that_hit(seeds_searcher: Searcher, seeds_index: Index) -> None:
    (hit,) = seeds_searcher.search(QUERY, 1).hits
    joined = [one for one in seeds_index.catalog.chunks_of(ALLIANCE) if hit.start <= one.start < one.end <= hit.end]
    told = [explain_miss(seeds_searcher, seeds_index, QUERY, one.text[-60:], 1) for one in joined]
    assert len(told) > 1
    assert {one.fell for one in told} == {"It did not fall out: it is hit 1."}


def test_its_place_is_in_the_stored_text(seeds_searcher: Searcher, seeds_index: Index) -> None:
    found = explain_miss(seeds_searcher, seeds_index, QUERY, FAR_AWAY, 3)
    article = seeds_index.catalog.article(found.article)
    assert article is not None
    assert article.text[found.start : found.end] == found.text
    assert FAR_AWAY in found.text


def test_a_reranked_passage_below_the_first_k_is_told_with_its_final_rank(seeds_searcher: Searcher, seeds_index: Index) -> None:
    found = explain_miss(seeds_searcher, seeds_index, QUERY, "first island chain is the line of islands", 3)
    assert found.fell == "It was reranked, but is not among the first 3 hits."
    assert found.stages["final"].rank > 3


def test_a_larger_k_takes_it_in(seeds_searcher: Searcher, seeds_index: Index) -> None:
    words = "first island chain is the line of islands"
    assert explain_miss(seeds_searcher, seeds_index, QUERY, words, 100).fell.startswith("It did not fall out: it is hit ")


def test_a_candidate_that_was_not_reranked_is_told_with_its_fused_rank(narrow: Searcher, seeds_index: Index) -> None:
    fourth = narrow.search(QUERY, 4).hits[3]
    found = explain_miss(narrow, seeds_index, QUERY, fourth.text, 3)
    assert found.fell == "Its fused score is not among the 3 best, so it was not reranked."
    assert found.stages["fused"].rank == 4
    assert "passage" not in found.stages


def test_a_passage_that_was_no_candidate_has_its_places_further_down(narrow: Searcher, seeds_index: Index) -> None:
    found = explain_miss(narrow, seeds_index, QUERY, FAR_AWAY, 3)
    assert found.fell == "It is neither among the 5 nearest by meaning nor among the 5 best by words."
    assert set(found.stages) == {"dense", "lexical"}
    assert min(stage.rank for stage in found.stages.values()) > 5


def test_places_further_down_are_those_of_a_wider_search(
    narrow: Searcher, seeds_searcher: Searcher, seeds_index: Index
) -> None:
    near, far = (explain_miss(searcher, seeds_index, QUERY, FAR_AWAY, 3).stages for searcher in (narrow, seeds_searcher))
    assert near == {name: far[name] for name in ("dense", "lexical")}


def test_without_a_word_of_the_question_there_is_no_place_by_words(seeds_searcher: Searcher, seeds_index: Index) -> None:
    found = explain_miss(seeds_searcher, seeds_index, Query("zeppelins"), FAR_AWAY, 3)
    assert "lexical" not in found.stages
    assert (found.words, found.missing) == ((), ("zeppelin",))


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("TOOK  PLACE\nin tókyo", "took place in Tokyo"),
        ("“anti-China, pro-Taiwan”", '"anti-China, pro-Taiwan"'),
        ("ｔｏｏｋ place", "took place"),
        ("鄧小平", "鄧小平"),
    ],
)
def test_case_accents_width_and_spaces_do_not_matter_in_the_words(
    seeds_searcher: Searcher, seeds_index: Index, words: str, held: str
) -> None:
    assert held in explain_miss(seeds_searcher, seeds_index, QUERY, words, 3).text


@pytest.mark.parametrize("words", ["The launch", "the launch"])
def test_a_passage_with_the_words_as_they_stand_comes_first(seeds_searcher: Searcher, seeds_index: Index, words: str) -> None:
    assert words in explain_miss(seeds_searcher, seeds_index, QUERY, words, 3).text


@pytest.mark.parametrize("words", ["zeppelins over Ner", "alliance launch the", "?!"])
def test_words_that_stand_nowhere_in_a_row_are_refused(seeds_searcher: Searcher, seeds_index: Index, words: str) -> None:
    with pytest.raises(QueryError, match=r"^No passage holds the words “") as caught:
        explain_miss(seeds_searcher, seeds_index, QUERY, words, 3)
    assert "in a row" in caught.value.help


@pytest.mark.parametrize("words", ["", " \n "])
def test_no_words_are_refused(seeds_searcher: Searcher, seeds_index: Index, words: str) -> None:
    with pytest.raises(QueryError, match=r"^There are no words to look for\.$"):
        explain_miss(seeds_searcher, seeds_index, QUERY, words, 3)


def test_an_empty_question_is_refused(seeds_searcher: Searcher, seeds_index: Index) -> None:
    with pytest.raises(QueryError, match=r"^The question is empty\.$"):
        explain_miss(seeds_searcher, seeds_index, Query(" "), "Tokyo", 3)


def test_a_passage_outside_of_the_scope_has_no_place_at_any_stage(seeds_searcher: Searcher, seeds_index: Index) -> None:
    elsewhere = Query(QUERY.text, scope=Scope((ALLIANCE,)))
    assert explain_miss(seeds_searcher, seeds_index, elsewhere, FAR_AWAY, 3).stages == {}


@pytest.mark.parametrize(
    ("question", "words", "place"),
    [
        (TOFU_QUESTION, "depends on its warmth", 2),
        ("养蜂人给蜜蜂吃什么？", "豆浆煮透以后", 1),
    ],
    ids=["in English", "in Chinese"],
)
def test_a_passage_that_gave_way_to_another_language_is_told_so(
    mixed: Searcher, mixed_index: Index, question: str, words: str, place: int
) -> None:
    found = explain_miss(mixed, mixed_index, Query(question), words, 3)
    assert found.fell == (
        f"Of all articles it is hit {place}, but one in another language answers the question better, so passages in the "
        "question's own language were left out."
    )
    assert "passage" in found.stages


def test_a_passage_that_had_fallen_out_before_is_told_where(mixed: Searcher, mixed_index: Index) -> None:
    found = explain_miss(mixed, mixed_index, Query(TOFU_QUESTION), "depends on its warmth", 1)
    assert found.fell == "It was reranked, but is not among the first 1 hits."
