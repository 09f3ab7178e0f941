"""The claim judge as it is built and run, held against what torch gives (data/make_claim_reference.py)."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from vectorstore import graph, minilm
from vectorstore.claim_judge import CLAIM_ADAPTER, NOTHING, ClaimJudge, ensure_claim_judge
from vectorstore.crossencoder import load_head, merged

REFERENCE = json.loads(Path(__file__).with_name("data").joinpath("claim_reference.json").read_text("utf-8"))
PAIRS = [(known["claim"], known["passage"]) for known in REFERENCE]
FILLER = "The council met again and spoke about the budget for the coming year at some length. " * 40


@pytest.fixture(scope="module")
def judging() -> ClaimJudge:
    return ensure_claim_judge()


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> ClaimJudge:
    """The same weights in float32."""
    source = next(minilm.sources())
    trained = load_file(CLAIM_ADAPTER.path())
    whole = merged(load_file(source.folder / "model.safetensors"), trained)
    target = tmp_path_factory.mktemp("judge") / "float32.onnx"
    target.write_bytes(graph.bert(whole, layers=6, heads=12, width=384).SerializeToString())
    return ClaimJudge(target, source.folder / "tokenizer.json", load_head(trained))


def test_the_merged_weights_give_what_the_adapter_beside_them_gives(exact: ClaimJudge) -> None:
    assert exact.log_odds(PAIRS) == pytest.approx([known["log_odds"] for known in REFERENCE], abs=0.02)


def test_int8_gives_about_the_same(judging: ClaimJudge) -> None:
    assert judging.log_odds(PAIRS) == pytest.approx([known["log_odds"] for known in REFERENCE], abs=1.0)


def test_claims_that_a_passage_carries_are_above_those_that_it_does_not(judging: ClaimJudge) -> None:
    carried = judging.log_odds([PAIRS[0], PAIRS[2], PAIRS[3]])
    others = judging.log_odds([PAIRS[1], PAIRS[4], PAIRS[5]])
    assert min(carried) > max(others)


def test_a_pairs_number_is_the_same_whatever_else_is_judged(judging: ClaimJudge) -> None:
    many = [*PAIRS, ("The council spoke about the budget.", FILLER), ("Short.", "So it is.")]
    alone = {pair: judging.log_odds([pair])[0] for pair in many}
    shuffled = random.Random(1).sample(many, len(many))
    assert judging.log_odds(shuffled) == [alone[pair] for pair in shuffled]


def test_the_best_part_of_a_long_passage_counts(judging: ClaimJudge) -> None:
    claim, passage = PAIRS[3]
    alone, among, without = judging.log_odds([(claim, passage), (claim, f"{FILLER}\n\n{passage}\n\n{FILLER}"), (claim, FILLER)])
    assert among > (alone + without) / 2


def test_a_sentence_longer_than_can_be_read_has_a_number(judging: ClaimJudge) -> None:
    assert np.isfinite(judging.log_odds([("The bridge is open. " * 60, "and so on, " * 400)])).all()


@pytest.mark.parametrize(("claim", "passage"), [("", "Herons nest."), ("Herons nest.", "  "), (" ", "")])
def test_what_has_no_words_is_not_carried(judging: ClaimJudge, claim: str, passage: str) -> None:
    assert judging.log_odds([(claim, passage)]) == [NOTHING]


def test_no_pairs_have_no_numbers(judging: ClaimJudge) -> None:
    assert judging.log_odds([]) == []


def test_the_adapter_is_about_a_megabyte() -> None:
    assert CLAIM_ADAPTER.path().stat().st_size < 1_200_000
