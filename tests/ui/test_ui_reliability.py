"""How often verdicts are right, as the page Quality shows it."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from bot.types import Verdict
from bot.ui.components.reliability import (
    FEW,
    Series,
    dots,
    figures,
    interval,
    measured_note,
    own_sentences,
    rate,
    verdict_table,
)
from bot.verification.calibration import (
    BINS,
    CalibrationBin,
    MeasuredGroup,
    Measurement,
    OwnCalibration,
    ScoreCurve,
    VerdictRate,
    measurement,
)
from bot.verification.verdicts import LEGEND, UNCOMPARED

EMPTY = CalibrationBin(0)
FULL = CalibrationBin(40, 0.94, 0.9)
WORDS: dict[Verdict, VerdictRate] = {one: VerdictRate(0) for one in LEGEND if one not in UNCOMPARED}
GROUP = MeasuredGroup(
    "Cited answers",
    "Sentences of answers",
    ("gensearch",),
    40,
    0.9,
    WORDS | {"supported": VerdictRate(FEW, 0.934), "likely": VerdictRate(FEW - 1, 0.7)},
    (*[EMPTY] * 9, FULL),
)
FOUND = Measurement("make bench ARGS=verify", "python -m tests.benchmarks.calibration_file", 0.75, (GROUP,))
OWN = OwnCalibration(60, True, ScoreCurve(-1, 1), 0.19, 0.08, (*[EMPTY] * 9, FULL), (*[EMPTY] * 7, FULL, EMPTY, EMPTY))


def test_every_verdict_is_told_with_its_meaning() -> None:
    told = verdict_table([GROUP])["Verdict"]
    assert all(one.meaning in cell and one.label in cell for one, cell in zip(LEGEND.values(), told, strict=True))


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("supported", f"**93%** supported, of {FEW}"),
        ("likely", f"70% supported, of {FEW - 1}: too few to go by"),
        ("denied", "– supported, of 0: too few to go by"),
        ("no such passage", "Nothing to measure"),
        ("uncited", "Nothing to measure"),
    ],
)
def test_a_share_stands_with_how_many_it_is_of(verdict: Verdict, told: str) -> None:
    assert rate(GROUP, verdict) == told


def test_a_chart_has_a_dot_and_a_row_for_each_filled_bin() -> None:
    (dot,) = dots(GROUP.bins)
    assert (dot["score"], dot["share"], dot["n"]) == (0.94, 0.9, 40)
    table = figures([Series("Supported", GROUP.bins)])
    assert [column[9] for column in table.values()] == ["0.9 to 1.0", "40", "0.94", "90%"]
    assert {len(column) for column in table.values()} == {BINS}


def test_the_chart_tells_its_error() -> None:
    assert "people call 90% supported. Calibration error 0.04." in measured_note(GROUP)


def test_an_interval_holds_the_share_and_stays_within_its_bounds() -> None:
    for share, n in ((0.0, 1), (1.0, 3), (0.5, 100)):
        low, high = interval(share, n)
        assert 0 <= low <= share <= high <= 1


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (OwnCalibration(1), "So far 1 does."),
        (OwnCalibration(12), "So far 12 do."),
        (OwnCalibration(60, wanted=False), "FOOTNOTE_OWN_REVIEWS is off"),
        (OWN, "calibrated on your own 60 reviews. That takes the calibration error from 0.19 to 0.08."),
        (replace(OWN, curve=ScoreCurve(), after=0.2), "change no score: the calibration error would go from 0.19 to 0.20."),
    ],
)
def test_what_the_readers_own_reviews_do_is_told(own: OwnCalibration, words: str) -> None:
    assert words in " ".join(own_sentences(own)).replace("`", "")


def test_own_reviews_have_a_chart_of_before_and_after() -> None:
    both = [Series("Accepted, as measured", OWN.bins_before, corrected=False), Series("Accepted, as corrected", OWN.bins_after)]
    row = [column[9] for column in figures(both).values()]
    assert row == ["0.9 to 1.0", "40", "0.94", "90%", "0", "–", "–"]


def test_what_ships_can_be_drawn() -> None:
    at = AppTest.from_function(_page, default_timeout=30).run()
    assert not at.exception
    assert len(at.table) == 1 + len(measurement().groups)


def _page() -> None:
    from bot.ui.components.reliability import reliability
    from bot.verification.calibration import OwnCalibration

    reliability(OwnCalibration())
