"""The measures of a ranking, on rankings whose values can be worked out by hand."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.common import Record
from tests.benchmarks.retrieval_measures import covered, score

EVIDENCE = {"id": "1", "answerable": True, "relevant": ["a"], "spans": [["a", 100, 200]]}


def hit(article: str, start: int = 0, end: int = 50) -> Record:
    return {"article": article, "start": start, "end": end}


def test_the_rank_of_the_relevant_article_counts() -> None:
    found = score([EVIDENCE], {"1": [hit("b"), hit("b", 50, 90), hit("a")]})
    assert found["MRR"] == 0.5
    assert found["nDCG@10"] == pytest.approx(1 / log2(3), abs=1e-4)
    assert found["R@5"] == 1


def test_evidence_counts_whole_once_its_hits_hold_all_of_it() -> None:
    found = score([EVIDENCE], {"1": [hit("a", 0, 150), hit("b"), hit("a", 140, 400)]})
    assert (found["full@1"], found["full@3"], found["recall@5"]) == (0, 1, 1)
    assert found["iou@5"] == round(100 / (150 + 50 + 260), 4)


def test_recall_within_the_budget_cuts_the_last_hit() -> None:
    found = score([EVIDENCE], {"1": [hit("b", 0, 3950), hit("a", 100, 200)]})
    assert found["recall@budget"] == 0.5


def test_a_question_that_the_articles_do_not_answer_is_left_out() -> None:
    assert score([{**EVIDENCE, "answerable": False}], {"1": [hit("a")]}) == {}


def test_a_question_without_hits_has_nothing() -> None:
    assert set(score([EVIDENCE], {}).values()) == {0}


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100)), max_size=6))
def test_what_several_hits_hold_counts_once(places: list[tuple[int, int]]) -> None:
    hits = [hit("a", start, start + length) for start, length in places]
    held = {n for start, length in places for n in range(start, start + length)}
    assert covered(hits, {"a": [(100, 200)]}) == len(held & set(range(100, 200)))
