"""What changed between two runs, as plain values; the places of the plots are those of `bot.evals.plots`. Pure."""

from collections.abc import Iterator, Sequence
from typing import TypedDict

from bot.evals.comparing import CasePair, MetricDifference, MetricVerdict, OverallVerdict, RunComparison
from bot.evals.flips import Flip
from bot.evals.flipspage import result_state
from bot.evals.metrics import BY_KEY, METRICS, AbstentionScores, MetricKind, counted
from bot.evals.records import Run
from bot.evals.resampling import READING
from bot.ui.components.results.view import AnswerData, CitationData, answer_of, citation_data, spoken, wants
from bot.ui.components.runs.view import details
from bot.verification.verdicts import Tone

_TONES: dict[MetricVerdict, Tone] = {"better": "good", "worse": "bad"}
_OVERALL: dict[OverallVerdict, Tone] = {"better": "good", "worse": "bad", "mixed": "weak"}
_SIGNS: dict[MetricVerdict, str] = {
    "better": "▲",
    "worse": "▼",
    "more": "▲",
    "less": "▼",
    "the same": "=",
    "can't tell": "?",
}
_KINDS: dict[MetricKind, tuple[str, str]] = {
    "quality": ("How good the answers are", "The middle of each line is no change, its ends are −1 and +1."),
    "cost": ("What they cost", "The middle of each line is no change, its ends are −100 % and +100 %. None of it decides."),
}
_EDGE = 4.0
"""Per cent of the width that stay free on both sides, so that a dot at the end is whole."""


class Tick(TypedDict):
    """A case's difference: where it stands in per cent of the width, and how strongly it is drawn."""

    x: float
    strength: float


class Plot(TypedDict):
    """A line with ticks, a dot and a bar, in per cent of the width; a bar of no ends is none."""

    label: str
    ticks: list[Tick]
    bar: list[float]
    dot: float
    open: bool


class MetricData(TypedDict):
    """A metric in both runs."""

    name: str
    before: str
    after: str
    change: str
    moved: str
    sign: str
    said: str
    tone: Tone
    plot: Plot | None


class GroupData(TypedDict):
    """Metrics that belong together, and how their plots are read; `without` tells of those that no case has a value of."""

    title: str
    reading: str
    metrics: list[MetricData]
    without: str


class MovedData(TypedDict):
    """What became of a citation."""

    what: str
    citation: CitationData


class FlipData(TypedDict):
    """A case that passes in one run only."""

    id: str
    won: bool
    question: str
    history: list[str]
    wants: list[str]
    notes: str
    before: AnswerData
    after: AnswerData
    moved: list[MovedData]


class TopData(TypedDict):
    """The slowest, or the dearest: the name of each case with both figures."""

    title: str
    rows: list[list[str]]


class SideData(TypedDict):
    """One of the two runs."""

    side: str
    name: str
    told: str


class ComparisonData(TypedDict):
    """Everything that is drawn of a comparison."""

    said: str
    tone: Tone
    sides: list[SideData]
    differs: list[str]
    robust: list[str]
    groups: list[GroupData]
    abstention: list[str]
    reading: str
    flips: list[FlipData]
    flipped: str
    tops: list[TopData]
    failed: list[str]
    left_out: list[str]
    definitions: list[list[str]]


def comparison_data(found: RunComparison) -> ComparisonData:
    """The comparison for the browser."""
    return ComparisonData(
        said=found.said(),
        tone=_OVERALL.get(found.verdict, "pending"),
        sides=[_side("Before", found.a), _side("After", found.b)],
        differs=list(found.setup_diff),
        robust=list(found.robust),
        groups=[_group(kind, found.differences) for kind in _KINDS] if found.pairs else [],
        abstention=list(_abstention(found.abstention)) if found.pairs else [],
        reading=READING if found.pairs else "",
        flips=[_flip(one) for one in found.flips],
        flipped=_flipped(found),
        tops=[one for one in (_top("The slowest", found.slowest, "seconds"), _dearest(found)) if one["rows"]],
        failed=[f"{pair.case.id}: {state}" for pair in found.pairs if (state := result_state(pair))],
        left_out=[f"{case}: {why}" for case, why in found.left_out],
        definitions=[[metric.label, metric.definition] for metric in METRICS],
    )


def plot(one: MetricDifference) -> Plot | None:
    """Shares go from -1 to +1, anything else from -100 % to +100 % of the earlier mean; None where there is no case."""
    if not one.n or one.change is None:
        return None
    scale = 1.0 if BY_KEY[one.metric].unit == "share" else (one.before or 1.0)
    # Many cases differ by the same: one tick each place, the stronger the more there are.
    places = [_x(each / scale) for _, each in one.each if each]
    ticks = [Tick(x=x, strength=round(min(1.0, 0.25 + 0.75 * places.count(x) / one.n), 2)) for x in sorted(set(places))]
    bounds = (one.low, one.high)
    return Plot(
        label=f"{BY_KEY[one.metric].label}: {one.shown()}, up in {one.up} of {counted(one.n)} and down in {one.down}",
        ticks=ticks,
        bar=[_x(bound / scale) for bound in bounds if bound is not None],
        dot=_x(one.change / scale),
        open=one.verdict not in _TONES,
    )


def _x(share: float) -> float:
    """What is beyond the ends stands at them."""
    return round(50 + min(1.0, max(-1.0, share)) * (50 - _EDGE), 2)


def _side(side: str, run: Run) -> SideData:
    started = f"{run.started.astimezone():%Y-%m-%d %H:%M}"
    told = (run.id, started, f"{len(run.results)} of {counted(len(run.cases))}", *details(run.setup), run.message)
    return SideData(side=side, name=run.setup.name, told=" · ".join(filter(None, told)))


def _group(kind: MetricKind, differences: Sequence[MetricDifference]) -> GroupData:
    title, reading = _KINDS[kind]
    own = [one for one in differences if BY_KEY[one.metric].kind == kind]
    bare = ", ".join(BY_KEY[one.metric].label for one in own if not one.n)
    return GroupData(
        title=title,
        reading=reading,
        metrics=[_metric(one) for one in own if one.n],
        without=f"No case has a value in both runs for: {bare}." if bare else "",
    )


def _metric(one: MetricDifference) -> MetricData:
    metric = BY_KEY[one.metric]
    return MetricData(
        name=metric.label,
        before=metric.shown(one.before),
        after=metric.shown(one.after),
        change=one.shown(),
        moved=f"{counted(one.n)}, {one.up} up, {one.down} down",
        sign=_SIGNS[one.verdict],
        said=one.said(),
        tone=_TONES.get(one.verdict, "pending"),
        plot=plot(one),
    )


def _abstention(both: tuple[AbstentionScores, AbstentionScores]) -> Iterator[str]:
    before, after = both
    for name, was, now in (("Precision", before.precision, after.precision), ("Recall", before.recall, after.recall)):
        if was.value is not None or now.value is not None:
            told = [BY_KEY["abstained"].shown(one.value) if one.value is not None else f"– ({one.why})" for one in (was, now)]
            yield f"{name} of abstention: {told[0]} before, {told[1]} after."


def _flip(flip: Flip) -> FlipData:
    return FlipData(
        id=flip.case.id,
        won=flip.won,
        question=flip.case.question,
        history=spoken(flip.case),
        wants=list(wants(flip.case)),
        notes=flip.case.notes,
        before=answer_of(flip.case, flip.before),
        after=answer_of(flip.case, flip.after),
        moved=list(_moved(flip)),
    )


def _moved(flip: Flip) -> Iterator[MovedData]:
    told = flip.citations
    yield from (MovedData(what="Gained", citation=citation_data(one)) for one in told.gained)
    yield from (MovedData(what="Lost", citation=citation_data(one)) for one in told.lost)
    for one in told.changed:
        data = citation_data(one.after)
        was = citation_data(one.before)["said"]
        yield MovedData(what=f"Judged otherwise, before: {was}", citation=data)


def _flipped(found: RunComparison) -> str:
    won = sum(flip.won for flip in found.flips)
    lost = len(found.flips) - won
    if not found.pairs:
        return ""
    if not found.flips:
        return "No case passes in one of the runs only."
    return f"{counted(won)} won, {counted(lost)} lost."


def _dearest(found: RunComparison) -> TopData:
    return _top("The dearest", found.dearest, found.dearest_by.key)


def _top(title: str, pairs: Sequence[CasePair], key: str) -> TopData:
    metric = BY_KEY[key]
    rows = [[pair.case.id, metric.shown(pair.before.value(key)), metric.shown(pair.after.value(key))] for pair in pairs]
    return TopData(title=title, rows=rows)
