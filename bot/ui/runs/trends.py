"""How a metric went over time: each complete run a point, the runs over the same cases in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from bot.evals.metrics import BY_KEY, counted
from bot.ui.runs.listing import HEADLINES, ListedRun
from bot.ui.words import word

_KEY = "footnote-runs-trend"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The mean of a metric in one run; `series` are the prompt and the model that answered."""

    started: datetime
    value: float
    series: str
    name: str


def trends(entries: Sequence[ListedRun]) -> None:
    """Draw one metric over the runs that answered the same cases, which are chosen where there are several such sets."""
    groups = same_cases(entries)
    with st.container(key=f"{_KEY}-choice", horizontal=True):
        key = st.selectbox(word("runs.metric"), HEADLINES, format_func=lambda one: BY_KEY[one].label, key=f"{_KEY}-metric")
        if len(groups) > 1:
            titles = [word("runs.cases_of_runs", cases=counted(group[0].cases), runs=len(group)) for group in groups]
            # By number: two groups may well have the same title.
            at = st.selectbox(word("runs.cases"), range(len(groups)), format_func=titles.__getitem__, key=f"{_KEY}-cases")
        else:
            at = 0
    points = trend_points(groups[int(at or 0)] if groups else (), str(key or HEADLINES[0]))
    if not points:
        st.text(word("runs.no_run_has_this_metric"))
        return
    rows = [{"started": one.started, "value": one.value, "series": one.series} for one in points]
    label = BY_KEY[str(key)].label
    # Runs are single points of time: a line between two of them would claim what was never measured.
    st.scatter_chart(rows, x="started", y="value", color="series", height=320, x_label=word("runs.started"), y_label=label)
    table = [{word("runs.started"): one.started, label: one.value, word("runs.run"): one.name} for one in points]
    st.dataframe(table, hide_index=True, key=f"{_KEY}-rows", alt=word("runs.over_time"))


def same_cases(entries: Sequence[ListedRun]) -> list[list[ListedRun]]:
    """The complete runs by the cases that they answered, the largest group first: a mean over other cases is another figure."""
    groups: dict[frozenset[str], list[ListedRun]] = {}
    for one in entries:
        # What was done to the passages on purpose says nothing of how the prompt went on.
        if one.complete and not any((one.setup.shuffled is not None, one.setup.removed, one.setup.mutated)):
            # By the cases and not the file: a file may have been edited between two runs.
            groups.setdefault(frozenset(one.answered), []).append(one)
    return sorted(groups.values(), key=len, reverse=True)


def trend_points(entries: Sequence[ListedRun], metric: str) -> list[TrendPoint]:
    """The runs that have a mean of the metric, the oldest first."""
    found = []
    for one in sorted(entries, key=lambda one: one.started):
        value = dict(one.headlines).get(metric)
        if value is not None:
            # Local time without a zone, which a chart shows as it stands.
            started = one.started.astimezone().replace(tzinfo=None)
            series = ", ".join(filter(None, (one.setup.prompt, one.setup.model)))
            found.append(TrendPoint(started, value, series, one.setup.name))
    return found
