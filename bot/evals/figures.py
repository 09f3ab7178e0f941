"""Numbers of a comparison as a reader sees them; pure."""

from bot.evals.comparing import MetricDifference, RunComparison
from bot.evals.metrics import BY_KEY, Metric
from bot.evals.records import Result
from bot.evals.resampling import ALPHA

MINUS = "−"

READING = (
    "Each difference is the mean over the cases that have a value in both runs; in brackets is where it lies with 95 %, for "
    "that metric by itself (paired bootstrap). The verdict goes by a stricter test that takes all metrics at once: of 1,000 "
    f"comparisons of a prompt with itself, it calls at most {1000 * ALPHA:g} different. So it may say “can't tell” of a "
    "difference whose brackets leave out 0."
)
"""How the numbers are to be read."""


def value(metric: Metric, number: float | None) -> str:
    """A mean or a single value with its unit; "–" where there is none."""
    if number is None:
        return "–"
    match metric.unit:
        case "share":
            return f"{number:.2f}"
        case "seconds":
            return f"{number:.2f} s"
        case "dollars":
            return f"${number:.4f}"
        case "words":
            return f"{number:,.1f}"
        case "tokens":
            return f"{number:,.0f}"


def signed(metric: Metric, number: float) -> str:
    """A difference, with its sign; none where it rounds to nothing."""
    said = value(metric, abs(number))
    if not any(digit in said for digit in "123456789"):
        return said
    return f"{MINUS if number < 0 else '+'}{said}"


def change(found: MetricDifference) -> str:
    """The difference with its interval; "" where there is none."""
    metric, by = BY_KEY[found.metric], found.change
    if by is None:
        return ""
    if found.low is None or found.high is None or found.verdict == "the same":
        return signed(metric, by)
    return f"{signed(metric, by)} ({signed(metric, found.low)} to {signed(metric, found.high)})"


def directions(found: MetricDifference) -> tuple[int, int]:
    """In how many cases it went up, and in how many down."""
    return sum(one > 0 for _, one in found.each), sum(one < 0 for _, one in found.each)


def dearest_by(comparison: RunComparison) -> Metric:
    """What the dearest are ordered by: dollars where they are known, else tokens."""
    priced = any(of(one, "dollars") is not None for pair in comparison.dearest for one in (pair.before, pair.after))
    return BY_KEY["dollars" if priced else "tokens"]


def of(result: Result, key: str) -> float | None:
    """The value of a metric in a result."""
    score = result.scores.get(key)
    return score.value if score else None
