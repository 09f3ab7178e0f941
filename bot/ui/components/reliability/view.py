"""What was measured of the verdicts, as a table and as reliability charts with the tables behind them. Pure."""

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import TypedDict

from bot.settings import variable
from bot.types import Verdict
from bot.ui.components.words import TextPiece, pieces
from bot.verification.calibration import (
    BINS,
    ENOUGH,
    CalibrationBin,
    MeasuredGroup,
    Measurement,
    OwnCalibration,
    calibration_error,
)
from bot.verification.verdicts import LEGEND, UNCOMPARED, Tone

FEW = 20
"""With fewer sentences than this, a share is shown as one that says little."""
SURE = 1.96
"""Standard errors on both sides of a share that hold it 95 times in 100."""


class Rate(TypedDict):
    """The share of the sentences with a verdict that people call supported; `few` says that there are too few to go by."""

    share: str
    of: str
    few: bool


class VerdictRow(TypedDict):
    """A verdict, what it means, and its rates, one for each column; none for what nothing was compared with."""

    label: str
    meaning: str
    tone: Tone
    rates: list[Rate]


class Dot(TypedDict):
    """A bin in the chart: mean score, share supported, how many sentences, and the ends of the share's 95% interval."""

    x: float
    y: float
    n: int
    low: float
    high: float


class Series(TypedDict):
    """Dots of one kind; `kind` is a class of the style."""

    label: str
    kind: str
    dots: list[Dot]


class Chart(TypedDict):
    """A reliability chart with the same figures as a table: its headings, and a row for each bin."""

    title: str
    note: str
    told: str
    series: list[Series]
    counts: list[int]
    headings: list[str]
    rows: list[list[str]]


class ReliabilityData(TypedDict):
    """Everything that the component draws."""

    lead: str
    columns: list[str]
    verdicts: list[VerdictRow]
    charts: list[Chart]
    own: list[list[TextPiece]]
    own_chart: Chart | None
    source: list[TextPiece]


def reliability_data(found: Measurement, own: OwnCalibration) -> ReliabilityData:
    """The measurement and the reader's own calibration for the browser."""
    return ReliabilityData(
        lead=_lead(found),
        columns=[group.name for group in found.groups],
        verdicts=[_row(verdict, found.groups) for verdict in LEGEND],
        charts=[_measured(group) for group in found.groups],
        own=[pieces(sentence) for sentence in _own(own)],
        own_chart=_own_chart(own) if own.before is not None else None,
        source=pieces(f"`{found.command}` prints these figures; `{found.written_by}` writes them for this page."),
    )


def _lead(found: Measurement) -> str:
    share = f"{100 * found.base_rate:.0f} in 100"
    return (
        "People judged whether real passages support sentences that models really wrote. For each verdict: what share of the "
        f"sentences that Footnote gives it they call supported, among sentences of which {share} are."
    )


def _row(verdict: Verdict, groups: Sequence[MeasuredGroup]) -> VerdictRow:
    told = LEGEND[verdict]
    rates = [] if verdict in UNCOMPARED else [_rate(group, verdict) for group in groups]
    return VerdictRow(label=told.label, meaning=told.meaning, tone=told.tone, rates=rates)


def _rate(group: MeasuredGroup, verdict: Verdict) -> Rate:
    rate = group.words[verdict]
    return Rate(
        share="–" if rate.supported is None else f"{100 * rate.supported:.0f}%",
        of=f"supported, of {rate.n:,}",
        few=rate.n < FEW,
    )


def _measured(group: MeasuredGroup) -> Chart:
    off = calibration_error(group.bins)
    note = (
        f"{group.about}: {group.n:,}, of which people call {100 * group.supported:.0f}% supported. Calibration error {off:.2f}."
    )
    return _chart(group.name, note, [("Supported", "after", group.bins)])


def _own_chart(own: OwnCalibration) -> Chart:
    note = "Dots are scores as corrected by your reviews of other answers, rings are scores as measured."
    series = [("Accepted, as measured", "before", own.bins_before), ("Accepted, as corrected", "after", own.bins_after)]
    return _chart("Before and after", note, series)


def _chart(title: str, note: str, series: Sequence[tuple[str, str, Sequence[CalibrationBin]]]) -> Chart:
    drawn = [Series(label=label, kind=kind, dots=[*_dots(bins)]) for label, kind, bins in series]
    headings = ["Scores", *(text for label, _, _ in series for text in ("Sentences", "Mean score", label))]
    rows = [[_between(at), *(text for _, _, bins in series for text in _cells(bins[at]))] for at in range(BINS)]
    counts = [one.n for one in series[-1][2]]
    told = f"{title}: the mean score of each tenth against the share that is supported. The table below has the figures."
    return Chart(title=title, note=note, told=told, series=drawn, counts=counts, headings=headings, rows=rows)


def _dots(bins: Sequence[CalibrationBin]) -> Iterator[Dot]:
    for one in bins:
        if one.score is not None and one.supported is not None:
            low, high = interval(one.supported, one.n)
            yield Dot(x=round(one.score, 4), y=round(one.supported, 4), n=one.n, low=low, high=high)


def _cells(one: CalibrationBin) -> tuple[str, str, str]:
    if one.score is None or one.supported is None:
        return "0", "–", "–"
    return f"{one.n:,}", f"{one.score:.2f}", f"{100 * one.supported:.0f}%"


def _between(at: int) -> str:
    return f"{at / BINS:.1f} to {(at + 1) / BINS:.1f}"


def interval(share: float, n: int) -> tuple[float, float]:
    """The ends of a share's 95% interval (Wilson 1927), of `n` at least 1."""
    middle, wide = share + SURE**2 / (2 * n), SURE * sqrt(share * (1 - share) / n + SURE**2 / (4 * n * n))
    return round((middle - wide) / (1 + SURE**2 / n), 4), round((middle + wide) / (1 + SURE**2 / n), 4)


def _own(own: OwnCalibration) -> Iterator[str]:
    """What the reader's own reviews do, in sentences."""
    switch = variable("own_reviews")
    if not own.wanted:
        yield f"`{switch}` is off, so your own reviews do not correct the scores."
        return
    if own.before is None or own.after is None:
        count = f"{own.reviews:,} {'does' if own.reviews == 1 else 'do'}"
        yield f"Your reviews correct the scores once {ENOUGH} of them accept or reject a citation with a score. So far {count}."
        return
    errors = f"from {own.before:.2f} to {own.after:.2f}"
    if own.in_force:
        yield f"Scores are calibrated on your own {own.reviews:,} reviews. That takes the calibration error {errors}."
        yield "It counts for answers from now on. Quotations and verdicts that name a fault are never changed by it."
    else:
        yield f"Your {own.reviews:,} reviews change no score: the calibration error would go {errors}."
    yield f"Both errors are of reviews that were left out of the fit, answer by answer. `{switch}=false` turns this off."
