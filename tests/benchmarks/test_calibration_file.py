"""What the page Quality is given of the sentences that people judged."""

import json

import pytest

from bot.types import Verdict
from bot.verification.calibration import MeasuredGroup
from bot.verification.judging import Judgement
from tests.benchmarks.calibration_file import MEASURABLE, measured, written
from tests.benchmarks.verify import Case


def cases(of: str, verdict: Verdict, score: float, *supported: bool) -> list[Case]:
    return [Case(of, one, Judgement(verdict, score), None) for one in supported]


FOUND = [
    *cases("gensearch", "supported", 0.91, True, True, False),
    *cases("gensearch", "check", 0.2, False),
    *cases("begin", "quoted", 1.0, True),
    *cases("fm2", "quoted", 1.0, False),
]


@pytest.fixture
def groups() -> tuple[MeasuredGroup, ...]:
    return measured(FOUND).groups


def test_claims_that_people_wrote_count_in_no_group(groups: tuple[MeasuredGroup, ...]) -> None:
    assert [group.n for group in groups] == [4, 5]


def test_shares_are_those_at_the_base_rate(groups: tuple[MeasuredGroup, ...]) -> None:
    # All of the true and half of the false: 0.75 / (0.75 + 0.125).
    assert groups[0].words["supported"].supported == pytest.approx(6 / 7)


def test_each_word_that_can_be_measured_is_there(groups: tuple[MeasuredGroup, ...]) -> None:
    assert tuple(groups[0].words) == MEASURABLE
    assert (groups[0].words["denied"].n, groups[0].words["denied"].supported) == (0, None)


def test_bins_are_of_the_sentences_as_they_were_judged(groups: tuple[MeasuredGroup, ...]) -> None:
    assert (groups[0].bins[9].n, groups[0].bins[9].supported) == (3, pytest.approx(2 / 3))


def test_what_is_written_is_rounded() -> None:
    found = json.loads(written(measured(FOUND)))
    assert found["groups"][0]["words"]["supported"] == {"n": 3, "supported": 0.8571}
