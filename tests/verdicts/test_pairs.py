"""The rates on the pairs are held to their floors, on each half of the articles, and the pairs to what they say they are."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.verification.verify import Verifier
from tests.benchmarks.verdicts import BOUND, BOUND_FLOORS, FLOORS, HALVES, bound_rates, pairs, rates, share
from tests.verdicts.make import half
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

PARAPHRASES = Path(__file__).with_name("paraphrases.jsonl")


@pytest.fixture(scope="module")
def verifier(minilm_encoder: LocalEncoder) -> Verifier:
    return Verifier(TokenSimilarity(minilm_encoder.tokens))


@pytest.fixture(scope="module")
def found(verifier: Verifier) -> dict[tuple[str, str], float]:
    return rates(verifier, pairs())


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("kind", FLOORS)
def test_a_kind_keeps_to_its_floor(kind: str, half: str, found: dict[tuple[str, str], float]) -> None:
    assert found[kind, half] >= FLOORS[kind]


@pytest.mark.parametrize("half", HALVES)
def test_claims_are_held_against_the_speaker_the_row_and_the_question(half: str, verifier: Verifier) -> None:
    right = bound_rates(verifier, [line for line in pairs(BOUND) if line["set"] == half])
    assert {label: share(right, label) >= floor for label, floor in BOUND_FLOORS.items()} == {1: True, 0: True}


def test_there_are_enough_bound_pairs() -> None:
    counts = Counter(line["kind"] for line in pairs(BOUND))
    assert set(counts) == {
        "table",
        "aligned",
        "keyvalue",
        "bullets",
        "headings",
        "interview",
        "chat",
        "speeches",
        "faq",
        "pronouns",
    }
    assert counts.total() >= 300


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
