"""What one run, or several side by side, come to."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from bot.evals import summary
from bot.evals.metrics import BY_KEY
from bot.evals.records import MetricScore, Result, Run
from bot.types import Problem, Question
from tests.bot.evals.answering import MODEL, QUOTES, answer, case

NONE = MetricScore(None, "The case does not say what it must hold.")
CASES = tuple(case(name, abstain=False) for name in ("one", "two", "three"))
RESULTS = (
    Result("one", "done", answer(Question("?")), scores={"must": MetricScore(1.0), "cited": NONE}, cached=True),
    Result("two", "done", answer(Question("?")), scores={"must": MetricScore(0.5), "cited": NONE}),
    Result(
        "three", "failed", trouble=Problem("No answer came.", "Ask again."), scores={"must": MetricScore(None, "It failed.")}
    ),
)
RUN = Run("abcd", CASES, MODEL, datetime(2026, 5, 4, tzinfo=UTC), RESULTS)


def test_a_mean_is_over_the_cases_that_have_a_value() -> None:
    assert summary.mean(RUN, BY_KEY["must"]) == (MetricScore(0.75), 2)


def test_a_metric_without_any_value_says_why() -> None:
    assert summary.mean(RUN, BY_KEY["cited"]) == (NONE, 0)
    assert summary.mean(RUN, BY_KEY["mrr"]) == (MetricScore(None, "No case was scored."), 0)


def test_the_table_has_each_run_with_its_id_and_name() -> None:
    lines = summary.as_text((RUN, replace(RUN, id="ef01", setup=QUOTES))).splitlines()
    assert lines[0].split() == ["abcd", "ef01"] and lines[1].split() == ["strict", "quotes"]
    assert next(line for line in lines if line.startswith("Holds")).split("  ")[-1] == "0.75 (2)"


def test_what_failed_is_told_once_with_what_to_do() -> None:
    told = summary.as_text((RUN,))
    assert "In run abcd 1 of 3 cases failed:\n  1 x No answer came. Ask again." in told


def test_many_kinds_of_trouble_are_counted_beyond_the_first() -> None:
    failed = tuple(Result(f"c{n}", "failed", trouble=Problem(f"No {n}.", "")) for n in range(5))
    assert "and 2 for other reasons" in summary.as_text((replace(RUN, results=failed),))


def test_a_run_as_json_has_no_number_that_is_none() -> None:
    found = summary.as_json(RUN)
    json.dumps(found, allow_nan=False)
    assert (found["cases"], found["done"], found["failed"], found["cached"]) == (3, 3, 1, 1)
    assert found["metrics"]["cited"] == {"value": None, "why": NONE.why, "cases": 0}  # type: ignore[index]
