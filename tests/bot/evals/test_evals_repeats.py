"""Cases that are answered several times: means, spread, flaky cases, and a run held against itself."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.evals.records import Case, MetricScore, Result, Run, Setup
from bot.evals.repeats import against_itself, combined, spread, spread_record, spread_text
from bot.evals.runner import run
from bot.evals.store import RunStore
from bot.types import Answer, Done, Event, Problem, Question
from tests.bot.evals import lab_runs
from tests.bot.evals.answering import QUOTES, Answers, case, means
from tests.bot.evals.lab_runs import WHEN, bare, good, result


def test_each_case_is_asked_so_often_and_once_more_from_the_cache(tmp_path: Path) -> None:
    store, answers = RunStore(tmp_path), Answers()
    setup = replace(QUOTES, repeat=3)
    first = run(store.begin([case("a"), case("b")], setup), means(answers), store)
    assert len(answers.asked) == 6 and first.complete
    assert [len(one.repeats) for one in first.results] == [3, 3]
    again = run(store.begin([case("a"), case("b")], setup), means(answers), store)
    assert len(answers.asked) == 6 and all(one.cached for one in again.results)
    assert store.load(again.id).results == again.results
    # A run without repeats shares its answers with the first repeat.
    run(store.begin([case("a")], QUOTES), means(answers), store)
    assert len(answers.asked) == 6


def test_a_case_with_one_failed_answer_is_asked_again_for_that_alone(tmp_path: Path) -> None:
    store, count = RunStore(tmp_path), itertools.count()

    def answer(question: Question) -> Iterator[Event]:
        broken = next(count) == 1
        yield Done(Answer(question.text, "?", "It did.", trouble=Problem("Gone.", "", True) if broken else None))

    context = replace(means(Answers()), answer=answer)
    begun = store.begin([case("a")], replace(QUOTES, repeat=3))
    first = run(begun, context, store, jobs=1)
    assert not first.complete or first.results[0].outcome == "failed"
    resumed = run(store.load(begun.id), context, store, jobs=1)
    assert resumed.results[0].outcome == "done" and next(count) == 4


def test_the_result_of_a_case_is_the_mean_and_its_answer_the_usual_one() -> None:
    asked = lab_runs.case(0)
    found = combined(asked, [result(asked, bare(asked)), result(asked, good(asked)), result(asked, good(asked))])
    assert found.value("passed") == pytest.approx(2 / 3) and found.answer == good(asked)
    failed = result(asked, None, trouble=Problem("Gone.", ""))
    assert combined(asked, [result(asked, good(asked)), failed]).outcome == "failed"
    assert combined(asked, [result(asked, good(asked))]).repeats == ()


def repeated(n: int, times: int, seed: int) -> Run:
    """A run whose cases are passed by chance alone, each as likely as any other."""
    draw = np.random.default_rng(seed)
    cases = tuple(Case(f"case-{i}", "?") for i in range(n))
    results = []
    for one in cases:
        parts = [Result(one.id, "done", scores={"passed": MetricScore(float(draw.random() < 0.5))}) for _ in range(times)]
        results.append(combined(one, parts))
    return Run("run", cases, Setup("q", repeat=times), WHEN, tuple(results))


def test_two_runs_of_one_setup_differ_by_no_more_than_the_floor() -> None:
    floor = spread(repeated(100, 3, 0))
    assert floor is not None and 0.4 < floor.within["passed"] < 0.6
    found = [repeated(100, 3, seed) for seed in range(1, 41)]
    rates = [float(np.mean([one.value("passed") for one in each.results])) for each in found]  # type: ignore[arg-type]
    within = [abs(one - other) <= floor.floor["passed"] for one, other in itertools.pairwise(rates)]
    assert sum(within) >= 34


def test_flaky_cases_are_named_and_the_run_is_held_against_itself() -> None:
    cases = lab_runs.cases(8)
    results = [
        combined(one, [result(one, good(one)), result(one, bare(one) if i == 0 else good(one))]) for i, one in enumerate(cases)
    ]
    made = Run("run", cases, Setup("q", repeat=2), WHEN, tuple(results))
    said = spread_text(made)
    assert "1 case passed in some answers only: case-0 (1 of 2)." in said
    assert "Each case was answered 2 times" in said and "by luck alone" in said
    same = against_itself(made)
    assert same is not None and same.verdict == "can't tell"
    assert spread_record(made)["repeats"]["flaky"] == {"case-0": {"passed": 1, "of": 2}}  # type: ignore[index]
    assert spread_text(lab_runs.run("one", cases, good)) == "" and spread_record(lab_runs.run("one", cases, good)) == {}
