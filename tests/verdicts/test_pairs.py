"""The rates on the pairs are held to their floors, on each half of the articles, and the pairs to what they say they are."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.steps.verify import Verifier
from tests.benchmarks.verdicts import FLOORS, HALVES, pairs, rates
from tests.verdicts.make import half
from vectorstore.embed import LocalEncoder
from vectorstore.likeness import Likeness

PARAPHRASES = Path(__file__).with_name("paraphrases.jsonl")


@pytest.fixture(scope="module")
def found(minilm_encoder: LocalEncoder) -> dict[tuple[str, str], float]:
    return rates(Verifier(Likeness(minilm_encoder.tokens)), pairs())


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("kind", FLOORS)
def test_a_kind_keeps_to_its_floor(kind: str, half: str, found: dict[tuple[str, str], float]) -> None:
    assert found[kind, half] >= FLOORS[kind]


def test_there_are_enough_pairs_of_each_kind() -> None:
    counts = Counter(pair["kind"] for pair in pairs())
    assert counts.total() >= 500
    assert all(counts[kind] >= 40 for kind in (*FLOORS, "altered"))


def test_the_claims_that_were_changed_are_not_in_their_sources() -> None:
    changed = [pair for pair in pairs() if pair["kind"] in ("number", "date", "name", "negated")]
    assert not [pair["id"] for pair in changed if pair["claim"] in pair["source"]]


def test_every_paraphrase_is_in_the_half_of_its_article() -> None:
    wanted = {}
    for line in PARAPHRASES.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        wanted[record["claim"]] = half(record["article"])
    got = {pair["claim"]: pair["set"] for pair in pairs() if pair["kind"] == "paraphrase"}
    assert got == wanted
