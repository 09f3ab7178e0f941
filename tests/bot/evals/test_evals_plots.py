"""The plot of a difference: everything stands where it belongs, and nothing leaves the picture."""

import re

import pytest

from bot.evals.comparing import MetricDifference
from bot.evals.plots import difference_plot, tone


def plot(metric: str = "must", before: float = 0.5, after: float = 0.75, *each: float) -> str:
    told = tuple((f"c{i}", one) for i, one in enumerate(each))
    return difference_plot(MetricDifference(metric, len(each), before, after, -0.25, 0.5, 0.01, "better", told))


def spots(drawn: str, kind: str) -> list[float]:
    found = re.findall(rf'class="{kind}"[^>]*?(?:x1|cx)="([\d.]+)%"', drawn)
    return [float(one) for one in found]


def test_no_change_is_in_the_middle() -> None:
    assert spots(plot("must", 0.5, 0.5, 0.0), "dot") == [50.0]


def test_a_share_goes_from_minus_one_to_one() -> None:
    drawn = plot("must", 0.5, 0.75, 1.0, -1.0, 0.0)
    assert spots(drawn, "dot") == [61.5]
    assert spots(drawn, "case") == [4.0, 96.0]
    assert spots(drawn, "bar") == [38.5]


def test_a_cost_goes_by_the_earlier_mean_and_stops_at_the_end() -> None:
    drawn = plot("tokens", 100.0, 150.0, 50.0, 900.0)
    assert spots(drawn, "dot") == [73.0]
    assert spots(drawn, "case") == [73.0, 96.0]


def test_a_cost_that_was_nothing_can_be_drawn() -> None:
    assert spots(plot("dollars", 0.0, 0.5, 0.5), "dot") == [73.0]


def test_cases_that_differ_alike_are_one_mark_and_a_stronger_one() -> None:
    drawn = plot("must", 0.5, 0.75, 1.0, 1.0, -1.0)
    assert re.findall(r'opacity="([\d.]+)"', drawn) == ["0.50", "0.75"]


def test_its_name_says_what_it_shows() -> None:
    label = "Holds what it must: +0.25 (−0.25 to +0.50), up in 2 of 3 cases and down in 1"
    assert f'aria-label="{label}"' in plot("must", 0.5, 0.75, 1.0, 0.5, -1.0)


@pytest.mark.parametrize(
    ("verdict", "shown"), [("better", "good"), ("worse", "bad"), ("more", "soft"), ("can't tell", "soft"), ("the same", "soft")]
)
def test_only_better_and_worse_have_a_colour(verdict: str, shown: str) -> None:
    assert tone(MetricDifference("must", 1, 0.0, 1.0, verdict=verdict)) == shown  # type: ignore[arg-type]
