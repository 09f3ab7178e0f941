"""The plots of a comparison as inline SVG: nothing is fetched, no script is run, and they scale with the page. Pure."""

from collections.abc import Iterator
from html import escape

from bot.evals.comparing import MetricDifference
from bot.evals.metrics import BY_KEY

_TONES = {"better": "good", "worse": "bad"}
_EDGE = 4.0
"""Per cent of the width that stay free on both sides, so that a dot at the end is whole."""


def tone(found: MetricDifference) -> str:
    """The class that its verdict is coloured by."""
    return _TONES.get(found.verdict, "soft")


def difference_plot(found: MetricDifference) -> str:
    """A line with the case's differences as ticks, their mean as a dot and its interval as a bar; the middle is no change.

    Shares go from -1 to +1, anything else from -100 % to +100 % of the earlier mean.
    """
    up, down = found.up, found.down
    label = f"{BY_KEY[found.metric].label}: {found.shown()}, up in {up} of {found.n} cases and down in {down}"
    return f'<svg class="plot {tone(found)}" role="img" aria-label="{escape(label)}">{"".join(_marks(found))}</svg>'


def _marks(found: MetricDifference) -> Iterator[str]:
    yield '<line class="axis" x1="4%" x2="96%" y1="14" y2="14"/><line class="zero" x1="50%" x2="50%" y1="2" y2="30"/>'
    scale = 1.0 if BY_KEY[found.metric].unit == "share" else (found.before or 1.0)
    # Many cases differ by the same: one tick each place, the stronger the more there are.
    places = [_x(one / scale) for _, one in found.each if one]
    for x in sorted(set(places)):
        strength = min(1.0, 0.25 + 0.75 * places.count(x) / max(found.n, 1))
        yield f'<line class="case" x1="{x}%" x2="{x}%" y1="22" y2="30" opacity="{strength:.2f}"/>'
    if found.low is not None and found.high is not None:
        yield f'<line class="bar" x1="{_x(found.low / scale)}%" x2="{_x(found.high / scale)}%" y1="14" y2="14"/>'
    if found.change is not None:
        kind = "dot" if tone(found) != "soft" else "dot open"
        yield f'<circle class="{kind}" cx="{_x(found.change / scale)}%" cy="14" r="5"/>'


def _x(share: float) -> float:
    """Where a difference stands, in per cent of the width; what is beyond the ends stands at them."""
    held = min(1.0, max(-1.0, share))
    return round(50 + held * (50 - _EDGE), 2)
