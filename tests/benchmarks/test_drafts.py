"""The drafts: as many false sentences as the targets are for, each of a kind that is told of, and none of them twice."""

import pytest

from tests.benchmarks import drafts
from tests.benchmarks.drafts import DRAFTS, TRUE, draft_lines


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_has_enough_false_and_true_sentences(name: str) -> None:
    kinds = [line["kind"] for line in draft_lines(name)]
    assert sum(kind != TRUE for kind in kinds) >= 26
    assert sum(kind == TRUE for kind in kinds) >= 14


@pytest.mark.parametrize("name", DRAFTS)
def test_each_kind_is_told_of(name: str) -> None:
    told = drafts.__doc__ or ""
    assert [line["kind"] for line in draft_lines(name) if f"`{line['kind']}`" not in told and line["kind"] != TRUE] == []


def test_no_sentence_stands_twice() -> None:
    texts = [line["text"] for name in DRAFTS for line in draft_lines(name)]
    assert len(texts) == len(set(texts))
