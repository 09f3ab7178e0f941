"""The table of how often each verdict is right, and the charts of scores against the share of sentences that are supported.

The figures are those of the shipped measurement, and below them those of the reader's own reviews.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import streamlit as st

from bot.settings import variable
from bot.types import Verdict
from bot.ui.components.tally import COLOURS
from bot.ui.layout import markdown
from bot.ui.words import word
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
Z_95 = 1.96
"""The standard normal quantile of a two-sided 95% interval."""


@dataclass(frozen=True, slots=True)
class Series:
    """The bins of one curve. With `corrected=False` it is only there for comparison: drawn as rings, without intervals."""

    label: str
    bins: Sequence[CalibrationBin]
    corrected: bool = True


def reliability(own: OwnCalibration) -> None:
    """Draw the table of the verdicts and the charts, those by the reader's own reviews last."""
    found = measurement()
    st.text(_lead(found))
    st.table(verdict_table(found.groups), border="horizontal", hide_index=True, alt=word("reliability.how_often_each_verdict"))
    st.markdown(f"**{word('reliability.does_it_come_true')}**")
    st.text(word("reliability.each_dot_is_a_tenth"))
    for place, group in zip(st.columns(len(found.groups)), found.groups, strict=True):
        with place:
            _chart(group.name, measured_note(group), [Series(word("reliability.supported"), group.bins)])
    st.markdown(f"**{word('reliability.own_reviews')}**")
    own_reliability(own)
    st.caption(markdown(word("reliability.source", command=found.command, written_by=found.written_by)))


def own_reliability(own: OwnCalibration) -> None:
    """Draw what people's own reviews make of the scores, with a chart once there are enough."""
    for sentence in own_sentences(own):
        st.markdown(markdown(sentence))
    if own.before is not None:
        before = Series(word("reliability.accepted_as_measured"), own.bins_before, corrected=False)
        note = word("reliability.dots_are_scores_as_corrected")
        _chart(
            word("reliability.before_and_after"),
            note,
            [before, Series(word("reliability.accepted_as_corrected"), own.bins_after)],
        )


def _lead(found: Measurement) -> str:
    return word("reliability.lead", percent=100 * found.base_rate)


def verdict_table(groups: Sequence[MeasuredGroup]) -> dict[str, list[str]]:
    """The columns of the table in Markdown: each verdict with its meaning, and its rate in each group of sentences."""
    verdicts = [f"**:{COLOURS[told.tone]}[{told.label}]** {told.meaning}" for told in LEGEND.values()]
    return {word("reliability.verdict"): verdicts} | {
        group.name: [rate(group, verdict) for verdict in LEGEND] for group in groups
    }


def rate(group: MeasuredGroup, verdict: Verdict) -> str:
    """The share of the sentences with this verdict that people call supported, and of how many."""
    if verdict in UNCOMPARED:
        return word("reliability.nothing_to_measure")
    found = group.words[verdict]
    # No sentence with this verdict was measured.
    share = "–" if found.supported is None else f"{100 * found.supported:.0f}%"
    if found.n < FEW:
        return word("reliability.few", share=share, n=found.n)
    return word("reliability.share", share=f"**{share}**", n=found.n)


def measured_note(group: MeasuredGroup) -> str:
    """What the sentences of a group are, and how far their scores are off."""
    percent, error = 100 * group.supported, calibration_error(group.bins)
    return word("reliability.group", about=group.about, n=group.n, percent=percent, error=error)


def _chart(title: str, note: str, series: Sequence[Series]) -> None:
    """A reliability chart, and below it the same figures as a table."""
    st.markdown(f"**{title}**")
    st.caption(note)
    told = word("reliability.chart", title=title)
    st.vega_lite_chart(chart_spec(series), alt=told)
    with st.expander(word("reliability.the_figures_as_a_table")):
        st.table(figures(series), border="horizontal", hide_index=True, alt=word("reliability.figures_of", title=title))


def chart_spec(series: Sequence[Series]) -> dict[str, object]:
    """The chart as Vega-Lite has it: a diagonal, and over it a dot for each bin with the 95% interval of its share."""
    x = {
        "field": "score",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "title": word("reliability.score"),
        "axis": {"tickCount": 5},
    }
    y = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": word("reliability.share_supported")}
    # A dot's area shows how many sentences it stands for, from 40 to 300 square pixels.
    size = {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [40, 300]}}
    tooltip = [{"field": name, "type": "quantitative"} for name in ("score", "share", "n")]
    # The first layer is the diagonal on which a score is exactly as often right as it says.
    layers: list[dict[str, object]] = [
        {
            "data": {"values": [{"score": 0, "share": 0}, {"score": 1, "share": 1}]},
            "mark": {"type": "line", "strokeDash": [4, 4], "color": "gray"},
            "encoding": {"x": x, "y": y},
        }
    ]
    for one in series:
        data, dot = {"values": dots(one.bins)}, {"x": x, "y": y, "size": size, "tooltip": tooltip}
        # Intervals for one curve alone: two on the same scores would lie over one another.
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
    columns = {
        word("reliability.scores"): [word("reliability.tenth", low=at / BINS, high=(at + 1) / BINS) for at in range(BINS)]
    }
    for one in series:
        # Labels such as "Accepted, as measured" (`words.toml`) are told apart by what follows the comma: the columns show that.
        of = f" ({one.label.split(', ')[-1]})" if len(series) > 1 else ""
        columns[word("reliability.sentences") + of] = [f"{bin.n:,}" for bin in one.bins]
        columns[word("reliability.mean_score") + of] = ["–" if bin.score is None else f"{bin.score:.2f}" for bin in one.bins]
        columns[one.label] = ["–" if bin.supported is None else f"{100 * bin.supported:.0f}%" for bin in one.bins]
    return columns


def interval(share: float, n: int) -> tuple[float, float]:
    """The ends of a share's 95% interval (Wilson 1927), of `n` at least 1.

    >>> interval(0.5, 10)
    (0.2366, 0.7634)
    """
    # Wilson's interval stays within 0 and 1 and holds for small `n`, where the usual one (share ± 1.96 standard errors) does
    # not.
    middle, wide = share + Z_95**2 / (2 * n), Z_95 * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return round((middle - wide) / (1 + Z_95**2 / n), 4), round((middle + wide) / (1 + Z_95**2 / n), 4)


def own_sentences(own: OwnCalibration) -> Iterator[str]:
    """What the reader's own reviews do, in sentences."""
    switch = variable("own_reviews")
    # Own reviews are left out by a setting, whatever they say.
    if not own.wanted:
        yield word("reliability.off", switch=switch)
        return
    # Fewer reviews than a correction is fitted on.
    if own.before is None or own.after is None:
        yield word("reliability.so_far", enough=ENOUGH, count=own.reviews)
        return
    errors = {"before": own.before, "after": own.after}
    if own.in_force:
        yield word("reliability.calibrated", count=own.reviews, **errors)
        yield word("reliability.it_counts_for_answers")
    else:
        yield word("reliability.no_change", count=own.reviews, **errors)
    yield word("reliability.left_out", switch=switch)
