"""How often a score comes true: by people's judgements, as measured, and by the reader's own reviews, which correct it.

What was measured stands in `calibration.json`, which `python -m tests.benchmarks.calibration_file` writes. A reader's reviews
are fitted with two numbers (Platt 1999, "Probabilistic outputs for support vector machines"), drawn towards changing nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from bot.types import Verdict

MEASUREMENT_FILE = Path(__file__).with_name("calibration.json")

BINS = 10
"""Of equal width: the first is of scores below 0.1."""
ENOUGH = 50
"""Reviews from which a reader's own calibration is tried."""
FOLDS = 10
"""The answers are dealt out to so many groups; each group's reviews are left out once, to see what the others tell of them."""
SPREAD = (1.0, 0.5)
"""How far shift and slope go from 0 and 1 before any review is seen: standard deviations, in log odds."""
FLATTEST = 0.1
"""A slope below this would say that a score tells nothing, or the opposite: reviews like that are no calibration."""
SUREST = 7.0
"""Log odds beyond this, 0.999, count as this much: one review of a score near 1 must not outweigh the others."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The sentences whose scores lie in one bin: how many, their mean score, and the share that people call supported."""

    n: int
    score: float | None = None
    supported: float | None = None


@dataclass(frozen=True, slots=True)
class VerdictRate:
    """Of `n` sentences with one verdict, the share that people call supported at the base rate; None without any sentence."""

    n: int
    supported: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredGroup:
    """Sentences that were judged by people: what kind they are, the sets that they come from, and how they came out.

    `supported` is the share that people call supported as the sets have it, which is what the bins are of.
    """

    name: str
    about: str
    sets: tuple[str, ...]
    n: int
    supported: float
    words: Mapping[Verdict, VerdictRate]
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """How often each verdict was right, at a base rate of supported sentences, and the commands that print and write it."""

    command: str
    written_by: str
    base_rate: float
    groups: tuple[MeasuredGroup, ...]


@dataclass(frozen=True, slots=True)
class ScoreCurve:
    """A score as it is corrected: its log odds are stretched by `slope` and moved by `shift`. It rises; 0 and 1 stay.

    >>> lower = ScoreCurve(shift=-1.0)
    >>> round(lower(0.5), 2), lower(1.0)
    (0.27, 1.0)
    """

    shift: float = 0.0
    slope: float = 1.0

    def __call__(self, score: float) -> float:
        """The corrected score, 0 to 1."""
        # 0 and 1 have no finite log odds, and a curve that changes nothing must not even round.
        if (self.shift, self.slope) == (0.0, 1.0) or score in (0.0, 1.0):
            return score
        return 1 / (1 + exp(-self.shift - self.slope * _log_odds(score)))


AS_MEASURED = ScoreCurve()
"""Changes nothing."""


@dataclass(frozen=True, slots=True)
class ReviewedScore:
    """A citation that a person reviewed: the answer that it is of, its score as measured, and whether it holds."""

    turn: str
    score: float
    holds: bool


@dataclass(frozen=True, slots=True)
class OwnCalibration:
    """What the reader's own reviews make of the scores.

    `before` and `after` are errors of calibration, of the scores as measured and as corrected by the reviews of other answers;
    None while there are too few reviews. `bins` are of the same two. `wanted` is False where a setting turns it off.
    """

    reviews: int = 0
    wanted: bool = True
    curve: ScoreCurve = AS_MEASURED
    before: float | None = None
    after: float | None = None
    bins_before: tuple[CalibrationBin, ...] = ()
    bins_after: tuple[CalibrationBin, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it changes any score."""
        return self.curve != AS_MEASURED


def own_calibration(reviews: Sequence[ReviewedScore], *, wanted: bool = True) -> OwnCalibration:
    """The calibration by a reader's reviews, put in force where there are enough and those left out come closer by it."""
    if not wanted or len(reviews) < ENOUGH:
        return OwnCalibration(len(reviews), wanted)
    truth = [one.holds for one in reviews]
    before, after = calibration_bins([one.score for one in reviews], truth), calibration_bins(_left_out(reviews), truth)
    # Judged on reviews that each curve has not seen; the curve in force is then fitted on all of them.
    errors = calibration_error(before), calibration_error(after)
    curve = fit_curve(reviews) if errors[1] < errors[0] else AS_MEASURED
    return OwnCalibration(len(reviews), wanted, curve, *errors, before, after)


def fit_curve(reviews: Sequence[ReviewedScore]) -> ScoreCurve:
    """The most likely curve, given the reviews and `SPREAD`, by Newton's method; `AS_MEASURED` where none rises."""
    # A normal prior around "no change": with few reviews the curve stays near it, and the system below has a solution for any.
    usual, pull = np.array([0.0, 1.0]), 1 / np.square(SPREAD)
    # The reshape keeps two columns where there are no reviews at all.
    x = np.array([[1.0, _log_odds(one.score)] for one in reviews]).reshape(-1, 2)
    truth = np.array([one.holds for one in reviews], float)
    found = usual
    # Newton's method; the prior makes the problem strictly concave, so few steps are needed and the rest is margin.
    for _ in range(25):
        likely = 1 / (1 + np.exp(-x @ found))
        slope = x.T @ (truth - likely) - pull * (found - usual)
        found = found + np.linalg.solve((x.T * (likely * (1 - likely))) @ x + np.diag(pull), slope)
    return ScoreCurve(float(found[0]), float(found[1])) if found[1] >= FLATTEST else AS_MEASURED


def _left_out(reviews: Sequence[ReviewedScore]) -> list[float]:
    """Each review's score as the reviews of other answers correct it; those of one answer are left out together."""
    # Whole answers are left out: the sentences of one share a model and a topic, and would tell of each other.
    turns = {turn: at % FOLDS for at, turn in enumerate(sorted({one.turn for one in reviews}))}
    curves = [fit_curve([one for one in reviews if turns[one.turn] != fold]) for fold in range(FOLDS)]
    return [curves[turns[one.turn]](one.score) for one in reviews]


def calibration_bins(scores: Sequence[float], truth: Sequence[bool]) -> tuple[CalibrationBin, ...]:
    """The bins of a reliability chart, lowest scores first."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, true in zip(scores, truth, strict=True):
        # A score of 1 belongs to the last bin, which has no bin above it.
        held[min(int(score * BINS), BINS - 1)].append((score, true))
    return tuple(_bin(one) for one in held)


def _bin(held: Sequence[tuple[float, bool]]) -> CalibrationBin:
    n = len(held)
    return CalibrationBin(n, sum(score for score, _ in held) / n, sum(true for _, true in held) / n) if n else CalibrationBin(0)


def calibration_error(bins: Sequence[CalibrationBin]) -> float:
    """How far mean scores are from the shares that are supported, each bin by its sentences (Naeini et al. 2015)."""
    # The expected calibration error: gaps weighed by how many sentences a bin has.
    off = sum(one.n * abs(one.score - one.supported) for one in bins if one.score is not None and one.supported is not None)
    return off / max(1, sum(one.n for one in bins))


def _log_odds(score: float) -> float:
    least = 1 / (1 + exp(SUREST))
    held = min(1 - least, max(least, score))
    return log(held / (1 - held))


@cache
def measurement() -> Measurement:
    """What was measured, as the file that ships has it."""
    return TypeAdapter(Measurement).validate_json(MEASUREMENT_FILE.read_bytes())
