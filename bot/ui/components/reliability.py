"""How often each verdict was right, and how scores compare with the shares that are: as measured, and by own reviews."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import streamlit as st

from bot.settings import variable
from bot.types import Verdict
from bot.ui.components.tally import COLOURS
from bot.ui.layout import markdown
from bot.verification.calibration import (
    BINS,
    ENOUGH,
    CalibrationBin,
    MeasuredGroup,
    Measurement,
    OwnCalibration,
    calibration_error,
    measurement,
)
from bot.verification.verdicts import LEGEND, UNCOMPARED

FEW = 20
"""With fewer sentences than this, a share is shown as one that says little."""
SURE = 1.96
"""Standard errors on both sides of a share that hold it 95 times in 100."""


@dataclass(frozen=True, slots=True)
class Series:
    """The bins of one curve; `corrected` tells the scores that are in force from those that are compared with them."""

    label: str
    bins: Sequence[CalibrationBin]
    corrected: bool = True


def reliability(own: OwnCalibration) -> None:
    """Draw the table of the verdicts and the charts, those by the reader's own reviews last."""
    found = measurement()
    st.text(_lead(found))
    st.table(verdict_table(found.groups), border="horizontal", hide_index=True, alt="How often each verdict is right")
    st.markdown("**Does the score come true?**")
    st.text(
        "Each dot is a tenth of the scores, larger for more sentences. On the dashed line, sentences with a score of 0.8 are "
        "supported 8 times in 10."
    )
    for place, group in zip(st.columns(len(found.groups)), found.groups, strict=True):
        with place:
            _chart(group.name, measured_note(group), [Series("Supported", group.bins)])
    st.markdown("**Your own reviews**")
    for sentence in own_sentences(own):
        st.markdown(markdown(sentence))
    if own.before is not None:
        before = Series("Accepted, as measured", own.bins_before, corrected=False)
        note = "Dots are scores as corrected by your reviews of other answers, rings are scores as measured."
        _chart("Before and after", note, [before, Series("Accepted, as corrected", own.bins_after)])
    st.caption(markdown(f"`{found.command}` prints these figures; `{found.written_by}` writes them for this page."))


def _lead(found: Measurement) -> str:
    share = f"{100 * found.base_rate:.0f} in 100"
    return (
        "People judged whether real passages support sentences that models really wrote. For each verdict: what share of the "
        f"sentences that Footnote gives it they call supported, among sentences of which {share} are."
    )


def verdict_table(groups: Sequence[MeasuredGroup]) -> dict[str, list[str]]:
    """The columns of the table in Markdown: each verdict with its meaning, and its rate in each group of sentences."""
    verdicts = [f"**:{COLOURS[told.tone]}[{told.label}]** {told.meaning}" for told in LEGEND.values()]
    return {"Verdict": verdicts} | {group.name: [rate(group, verdict) for verdict in LEGEND] for group in groups}


def rate(group: MeasuredGroup, verdict: Verdict) -> str:
    """The share of the sentences with this verdict that people call supported, and of how many."""
    if verdict in UNCOMPARED:
        return "Nothing to measure"
    found = group.words[verdict]
    share = "–" if found.supported is None else f"{100 * found.supported:.0f}%"
    return f"{share} supported, of {found.n:,}: too few to go by" if found.n < FEW else f"**{share}** supported, of {found.n:,}"


def measured_note(group: MeasuredGroup) -> str:
    """What the sentences of a group are, and how far their scores are off."""
    told = f"{group.about}: {group.n:,}, of which people call {100 * group.supported:.0f}% supported."
    return f"{told} Calibration error {calibration_error(group.bins):.2f}."


def _chart(title: str, note: str, series: Sequence[Series]) -> None:
    """A reliability chart, and below it the same figures as a table."""
    st.markdown(f"**{title}**")
    st.caption(note)
    told = f"{title}: the mean score of each tenth against the share that is supported. The table below has the figures."
    st.vega_lite_chart(chart_spec(series), alt=told)
    with st.expander("The figures as a table"):
        st.table(figures(series), border="horizontal", hide_index=True, alt=f"{title}: the figures")


def chart_spec(series: Sequence[Series]) -> dict[str, object]:
    """The chart as Vega-Lite has it: a diagonal, and over it a dot for each bin with the 95% interval of its share."""
    x = {"field": "score", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": "score", "axis": {"tickCount": 5}}
    y = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": "share supported"}
    size = {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [40, 300]}}
    tooltip = [{"field": name, "type": "quantitative"} for name in ("score", "share", "n")]
    layers: list[dict[str, object]] = [
        {
            "data": {"values": [{"score": 0, "share": 0}, {"score": 1, "share": 1}]},
            "mark": {"type": "line", "strokeDash": [4, 4], "color": "gray"},
            "encoding": {"x": x, "y": y},
        }
    ]
    for one in series:
        data, dot = {"values": dots(one.bins)}, {"x": x, "y": y, "size": size, "tooltip": tooltip}
        if one.corrected:
            ends = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
            layers.append({"data": data, "mark": {"type": "rule", "color": "gray"}, "encoding": ends})
        mark = {"type": "point", "filled": one.corrected, "opacity": 1}
        layers.append({"data": data, "mark": mark, "encoding": dot})
    return {"layer": layers, "height": 300}


def dots(bins: Sequence[CalibrationBin]) -> list[dict[str, float]]:
    """Mean score, share supported, how many sentences, and the ends of the share's interval; empty bins have no dot."""
    return [
        {"score": round(one.score, 4), "share": round(one.supported, 4), "n": one.n}
        | dict(zip(("low", "high"), interval(one.supported, one.n), strict=True))
        for one in bins
        if one.score is not None and one.supported is not None
    ]


def figures(series: Sequence[Series]) -> dict[str, list[str]]:
    """The same as columns of a table, a row for each tenth of the scores."""
    columns = {"Scores": [f"{at / BINS:.1f} to {(at + 1) / BINS:.1f}" for at in range(BINS)]}
    for one in series:
        of = f" ({one.label.split(', ')[-1]})" if len(series) > 1 else ""
        columns[f"Sentences{of}"] = [f"{bin.n:,}" for bin in one.bins]
        columns[f"Mean score{of}"] = ["–" if bin.score is None else f"{bin.score:.2f}" for bin in one.bins]
        columns[one.label] = ["–" if bin.supported is None else f"{100 * bin.supported:.0f}%" for bin in one.bins]
    return columns


def interval(share: float, n: int) -> tuple[float, float]:
    """The ends of a share's 95% interval (Wilson 1927), of `n` at least 1."""
    middle, wide = share + SURE**2 / (2 * n), SURE * sqrt(share * (1 - share) / n + SURE**2 / (4 * n * n))
    return round((middle - wide) / (1 + SURE**2 / n), 4), round((middle + wide) / (1 + SURE**2 / n), 4)


def own_sentences(own: OwnCalibration) -> Iterator[str]:
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
