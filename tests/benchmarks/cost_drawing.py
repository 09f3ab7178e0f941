"""What the index costs against its size, drawn as an SVG for docs/figures.md from `docs/cost.json`; pure.

`python -m tests.benchmarks.cost_drawing` draws it anew. It brings its own ground, light or dark as the reader's system is, so
that it can be read on any page.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_WIDTH, _HEIGHT = 880, 400
_TOP, _BOTTOM = 78, 330
_LABEL = 19  # px that two lines of text need

_STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #3d4450 }
.title { font-weight: 600; font-size: 16px; fill: #16191d }
.ground { fill: #ffffff; stroke: #d5d9df } .grid { stroke: #e3e6ea } .line { fill: none; stroke-width: 2.5 }
.p50 { --ink: #1d4ed8 } .p99 { --ink: #0e7490 } .changed { --ink: #b93a0b } .removed { --ink: #166534 }
.memory { --ink: #6d28d9 }
.line { stroke: var(--ink) } .dot, .label { fill: var(--ink) } .label { font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #b6bdc8 } .title { fill: #eef1f5 }
.ground { fill: #14171c; stroke: #363c46 } .grid { stroke: #2a2f37 }
.p50 { --ink: #7aa7ff } .p99 { --ink: #4fd1e0 } .changed { --ink: #ff9d66 } .removed { --ink: #6fdc8c }
.memory { --ink: #bfa3ff }
}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an index of so many chunks costs: milliseconds a search, seconds a change and a removal of one article, MB."""

    chunks: int
    p50: float
    p99: float
    changed: float
    removed: float
    memory: float


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the figure: where it stands, in px, the ticks of its y-axis, and whether that is logarithmic."""

    title: str
    left: int
    right: int
    ticks: Sequence[tuple[float, str]]
    log: bool

    def y(self, value: float) -> float:
        """The height of a value, in px from above."""
        low, high = self.ticks[0][0], self.ticks[-1][0]
        share = log10(value / low) / log10(high / low) if self.log else (value - low) / (high - low)
        return _BOTTOM - share * (_BOTTOM - _TOP)


def figure(costs: Sequence[Cost]) -> str:
    """The SVG: times on the left, memory on the right, over the number of chunks on a logarithmic axis."""
    last = costs[-1]
    times = {
        "p50": ([cost.p50 / 1000 for cost in costs], "a search, p50"),
        "p99": ([cost.p99 / 1000 for cost in costs], "a search, p99"),
        "changed": ([cost.changed for cost in costs], "one article changed"),
        "removed": ([cost.removed for cost in costs], "one article removed"),
    }
    spread = [value for values, _ in times.values() for value in values]
    ticks = [(tick, told_time(tick)) for tick in steps(min(spread), max(spread))]
    top = max(1000, ceil(max(cost.memory for cost in costs) / 250) * 250)
    megabytes = [(float(mb), f"{mb:,} MB") for mb in range(0, top + 1, 250)]
    left, right = _Panel("Time", 80, 350, ticks, True), _Panel("Memory", 690, 790, megabytes, False)
    parts = [
        *_axes(left, costs),
        *_axes(right, costs),
        *_lines(left, costs, {name: (values, f"{label} {told_time(values[-1])}") for name, (values, label) in times.items()}),
        *_lines(right, costs, {"memory": ([cost.memory for cost in costs], f"{last.memory:,.0f} MB")}),
    ]
    told = "; ".join(f"{cost.chunks:,} chunks: p50 {cost.p50:.0f} ms, p99 {cost.p99:.0f} ms" for cost in costs)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img">',
            f"<title>What the index costs against its size</title><desc>{told}</desc><style>{_STYLE}</style>",
            f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="8"/>',
            *parts,
            "</svg>\n",
        ]
    )


def steps(low: float, high: float) -> list[float]:
    """1, 2, 5, 10... of every decade, from the last that is not above `low` to the first that is not below `high`."""
    every = [round(digit * 10.0**power, 6) for power in range(-4, 5) for digit in (1, 2, 5)]
    first = max(number for number, step in enumerate(every) if step <= low)
    last = min(number for number, step in enumerate(every) if step >= high)
    return every[first : max(last, first + 1) + 1]


def told_time(seconds: float) -> str:
    """Seconds as a reader says them: 24 ms, 0.31 s, 2 s."""
    value, unit = (1000 * seconds, "ms") if seconds < 0.0995 else (seconds, "s")
    return f"{float(f'{value:.2g}'):g} {unit}"


def apart(heights: Sequence[float], least: float) -> list[float]:
    """The heights moved as little as it takes, from below upwards, to be `least` apart; in the order given."""
    placed: dict[int, float] = {}
    below = float("inf")
    for number in sorted(range(len(heights)), key=lambda n: -heights[n]):
        below = placed[number] = min(heights[number], below - least)
    return [placed[number] for number in range(len(heights))]


def _across(panel: _Panel, costs: Sequence[Cost], chunks: int) -> float:
    share = log10(chunks / costs[0].chunks) / log10(costs[-1].chunks / costs[0].chunks)
    return panel.left + share * (panel.right - panel.left)


def _axes(panel: _Panel, costs: Sequence[Cost]) -> Iterator[str]:
    """The title, the lines of the grid with what they stand for, and the sizes of the index below."""
    yield f'<text class="title" x="{panel.left}" y="40">{panel.title}</text>'
    for value, name in panel.ticks:
        y = panel.y(value)
        yield f'<path class="grid" d="M{panel.left} {y:.1f}H{panel.right}"/>'
        yield f'<text x="{panel.left - 10}" y="{y + 5:.1f}" text-anchor="end">{name}</text>'
    yield f'<text x="{(panel.left + panel.right) / 2}" y="{_HEIGHT - 18}" text-anchor="middle">chunks in the index</text>'
    # Every other size, so that they do not run into one another.
    for cost in costs[::2] if len(costs) > 2 else costs:
        x = _across(panel, costs, cost.chunks)
        yield f'<text x="{x:.1f}" y="{_BOTTOM + 26}" text-anchor="middle">{_size(cost.chunks)}</text>'


def _size(chunks: int) -> str:
    return f"{chunks // 1000}k" if chunks % 1000 == 0 else str(chunks)


def _lines(panel: _Panel, costs: Sequence[Cost], drawn: Mapping[str, tuple[Sequence[float], str]]) -> Iterator[str]:
    """The lines with a dot for each size, and at their ends what they are."""
    labels = apart([panel.y(values[-1]) for values, _ in drawn.values()], _LABEL)
    for (name, (values, label)), height in zip(drawn.items(), labels, strict=True):
        points = [(_across(panel, costs, cost.chunks), panel.y(value)) for cost, value in zip(costs, values, strict=True)]
        yield f'<g class="{name}"><path class="line" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>'
        yield from (f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points)
        yield f'<text class="label" x="{panel.right + 12}" y="{height + 5:.1f}">{label}</text></g>'


def main() -> None:
    """Draws docs/cost.svg from docs/cost.json."""
    costs = [Cost(**one) for one in json.loads((DOCS / "cost.json").read_text(encoding="utf-8"))]
    (DOCS / "cost.svg").write_text(figure(costs), encoding="utf-8")


if __name__ == "__main__":
    main()
