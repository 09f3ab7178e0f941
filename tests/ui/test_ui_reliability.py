"""How often verdicts are right, as the page Quality shows it."""

from dataclasses import replace

import pytest

from bot.types import Verdict
from bot.ui.components.reliability.view import FEW, VerdictRow, interval, reliability_data
from bot.verification.calibration import (
    BINS,
    CalibrationBin,
    MeasuredGroup,
    Measurement,
    OwnCalibration,
    ScoreCurve,
    WordRate,
    measurement,
)
from bot.verification.verdicts import LEGEND, UNCOMPARED

EMPTY = CalibrationBin(0)
FULL = CalibrationBin(40, 0.94, 0.9)
WORDS: dict[Verdict, WordRate] = {one: WordRate(0) for one in LEGEND if one not in UNCOMPARED}
GROUP = MeasuredGroup(
    "Cited answers",
    "Sentences of answers",
    ("gensearch",),
    40,
    0.9,
    WORDS | {"supported": WordRate(FEW, 0.934), "likely": WordRate(FEW - 1, 0.7)},
    (*[EMPTY] * 9, FULL),
)
FOUND = Measurement("make bench ARGS=verify", "python -m tests.benchmarks.calibration_file", 0.75, (GROUP,))
OWN = OwnCalibration(60, True, ScoreCurve(-1, 1), 0.19, 0.08, (*[EMPTY] * 9, FULL), (*[EMPTY] * 7, FULL, EMPTY, EMPTY))


def rows() -> dict[str, VerdictRow]:
    return {one["label"]: one for one in reliability_data(FOUND, OwnCalibration())["verdicts"]}


def told(own: OwnCalibration) -> str:
    return " ".join("".join(piece["text"] for piece in sentence) for sentence in reliability_data(FOUND, own)["own"])


def test_every_verdict_is_told_with_its_meaning() -> None:
    assert [one["meaning"] for one in rows().values()] == [one.meaning for one in LEGEND.values()]


def test_a_share_stands_with_how_many_it_is_of() -> None:
    (rate,) = rows()["Supported by the passage"]["rates"]
    assert rate == {"share": "93%", "of": f"supported, of {FEW}", "few": False}


def test_a_share_of_a_few_says_so() -> None:
    assert [one["few"] for one in rows()["Likely supported by the passage"]["rates"]] == [True]


def test_what_never_came_up_has_no_share() -> None:
    assert [one["share"] for one in rows()["Denied by the passage"]["rates"]] == ["–"]


def test_what_is_held_against_no_passage_has_nothing_to_measure() -> None:
    assert rows()["No such passage"]["rates"] == rows()["No source is given for this"]["rates"] == []


def test_a_chart_has_a_dot_for_each_bin_that_holds_something_and_a_row_for_each() -> None:
    (chart,) = reliability_data(FOUND, OwnCalibration())["charts"]
    (series,) = chart["series"]
    assert [(one["x"], one["y"], one["n"]) for one in series["dots"]] == [(0.94, 0.9, 40)]
    assert chart["counts"] == [*[0] * 9, 40]
    assert (len(chart["rows"]), chart["rows"][9]) == (BINS, ["0.9 to 1.0", "40", "0.94", "90%"])
    assert len(chart["headings"]) == len(chart["rows"][0])


def test_the_chart_tells_its_error() -> None:
    (chart,) = reliability_data(FOUND, OwnCalibration())["charts"]
    assert "people call 90% supported. Calibration error 0.04." in chart["note"]


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
    assert words in told(own)


def test_own_reviews_have_a_chart_of_before_and_after() -> None:
    chart = reliability_data(FOUND, OWN)["own_chart"]
    assert chart is not None
    assert [one["kind"] for one in chart["series"]] == ["before", "after"]
    assert chart["rows"][9] == ["0.9 to 1.0", "40", "0.94", "90%", "0", "–", "–"]


def test_without_enough_reviews_there_is_no_chart_of_them() -> None:
    assert reliability_data(FOUND, OwnCalibration(12))["own_chart"] is None


def test_what_ships_can_be_drawn() -> None:
    assert len(reliability_data(measurement(), OWN)["charts"]) == len(measurement().groups)
