"""Verdicts where claim or source is not English: what holds is accepted more often than not, and what is false is not."""

from functools import cache
from pathlib import Path

import pytest

from bot.verification.verify import Verifier
from bot.wiring import open_verifier
from tests.benchmarks.common import Record, records

HALVES = ("seen", "unseen")
CROSSING = 8
"""The first pairs of each language have an English source; the others one in their own language."""


@cache
def accepted(half: str, *, crossing: bool, true: bool) -> list[bool]:
    """Which of these claims come out as supported."""
    file = Path(__file__).with_name("languages.jsonl")
    return [_holds(one) for one in records(file.read_text(encoding="utf-8")) if _is(one, half, crossing=crossing, true=true)]


def _is(one: Record, half: str, *, crossing: bool, true: bool) -> bool:
    own = int(one["id"].removeprefix(one["language"])) > CROSSING
    return one["set"] == half and own != crossing and (one["kind"] == "true") == true


@cache
def _verifier() -> Verifier:
    return open_verifier()


def _holds(one: Record) -> bool:
    return _verifier().judge(one["claim"], one["source"]).holds


@pytest.mark.parametrize("half", HALVES)
def test_a_claim_in_the_language_of_its_source_is_judged(half: str) -> None:
    assert sum(accepted(half, crossing=False, true=True)) >= 5
    assert sum(accepted(half, crossing=False, true=False)) <= 1


@pytest.mark.parametrize("half", HALVES)
def test_a_claim_in_another_language_is_never_accepted_wrongly(half: str) -> None:
    assert sum(accepted(half, crossing=True, true=True)) >= 3
    assert sum(accepted(half, crossing=True, true=False)) == 0
