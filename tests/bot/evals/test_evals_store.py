"""Runs and answers on disk: what is kept comes back, whatever becomes of the process on the way."""

from pathlib import Path

import pytest

from bot.errors import InputError
from bot.evals.records import MetricScore, Result, Run
from bot.evals.store import RESULTS, RUN, CachedAnswer, CachedPassages, RunStore
from bot.types import Part, Problem, Question
from tests.bot.evals.answering import BOTH, MODEL, ONE, QUOTES, answer, case

CASES = (case("one", must=("1931",)), case("two"))
DONE = Result(
    "one",
    "done",
    answer(Question("What of one?")),
    seconds=1.5,
    scores={"must": MetricScore(1.0), "mrr": MetricScore(None, "No.")},
)
FAILED = Result("two", "failed", trouble=Problem("It did not answer.", "Ask again.", True))


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "evals")


@pytest.fixture
def run(store: RunStore) -> Run:
    return store.begin(CASES, MODEL, "try")


def test_a_run_comes_back_as_it_was_begun(store: RunStore, run: Run) -> None:
    assert store.load(run.id) == run


def test_results_come_back_exactly_in_the_order_of_the_cases(store: RunStore, run: Run) -> None:
    store.add(run.id, FAILED)
    store.add(run.id, DONE)
    assert store.load(run.id).results == (DONE, FAILED)


def test_the_last_result_of_a_case_counts(store: RunStore, run: Run) -> None:
    again = Result("two", "done", answer(Question("What of two?")))
    for result in (FAILED, again):
        store.add(run.id, result)
    assert store.load(run.id).results == (again,)


def test_a_line_that_was_cut_off_loses_its_case_alone(store: RunStore, run: Run, tmp_path: Path) -> None:
    store.add(run.id, DONE)
    file = tmp_path / "evals" / run.id / RESULTS
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    store.add(run.id, FAILED)
    assert store.load(run.id).results == (DONE, FAILED)


def test_a_run_that_was_killed_before_it_began_is_none(store: RunStore, tmp_path: Path) -> None:
    (tmp_path / "evals" / "abcdef01").mkdir(parents=True)
    assert store.runs() == ()


def test_the_passages_and_what_was_cited_are_held(store: RunStore, run: Run) -> None:
    store.add(run.id, DONE)
    assert store.held(run.id) == {
        "one": CachedPassages("what", BOTH, (Part("bridge.md", ONE.start, ONE.end),), f"“{ONE.text}” [1]")
    }


def test_passages_are_held_where_the_model_failed_after_the_search(store: RunStore, run: Run) -> None:
    store.add(run.id, FAILED, CachedPassages("what", BOTH))
    assert store.held(run.id)["two"].passages == BOTH


def test_a_case_whose_search_failed_holds_none(store: RunStore, run: Run) -> None:
    store.add(run.id, FAILED)
    assert store.held(run.id) == {}


def test_a_beginning_names_a_run(store: RunStore, run: Run) -> None:
    assert store.find(run.id[:7]) == run.id


def test_last_counts_from_the_newest(store: RunStore, run: Run) -> None:
    newer = store.begin(CASES, QUOTES)
    assert [store.find("last"), store.find("last~1")] == [newer.id, run.id]


@pytest.mark.parametrize(
    ("name", "says"), [("nothing", "no run nothing"), ("last~7", "only 1"), ("lastly", "no run lastly"), ("", "no run")]
)
def test_a_name_that_stands_for_no_run_is_told(store: RunStore, run: Run, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        store.find(name)


def test_a_beginning_of_several_is_told_with_all_of_them(store: RunStore, tmp_path: Path) -> None:
    for id in ("abcd0001", "abcd0002"):
        (tmp_path / "evals" / id).mkdir(parents=True)
        (tmp_path / "evals" / id / RUN).write_text("{}")
    with pytest.raises(InputError, match="abcd0001, abcd0002"):
        store.find("abcd")


def test_where_nothing_was_evaluated_it_is_said_how_to_begin(store: RunStore) -> None:
    with pytest.raises(InputError) as caught:
        store.find("last")
    assert "footnote eval run" in caught.value.help


def test_a_damaged_run_is_told_and_hides_no_other(store: RunStore, run: Run, tmp_path: Path) -> None:
    damaged = store.begin(CASES, QUOTES)
    (tmp_path / "evals" / damaged.id / RUN).write_text("{")
    assert [brief.id for brief in store.runs()] == [run.id]
    with pytest.raises(InputError, match="damaged"):
        store.load(damaged.id)


def test_runs_are_listed_with_how_far_they_came(store: RunStore, run: Run) -> None:
    store.add(run.id, FAILED)
    (brief,) = store.runs()
    assert (brief.cases, brief.done, brief.failed, brief.message) == (2, 1, 1, "try")


def test_an_answer_is_kept_under_its_key(store: RunStore) -> None:
    kept = CachedAnswer(answer(Question("What?")), 2.5)
    store.keep("ab" * 32, kept)
    assert (store.answer("ab" * 32), store.answer("cd" * 32)) == (kept, None)


def test_what_cannot_be_read_in_the_cache_counts_as_missing(store: RunStore, tmp_path: Path) -> None:
    store.keep_scores("ab" * 32, {"must": MetricScore(1.0)})
    (file,) = (tmp_path / "evals" / "cache").rglob("*.json")
    file.write_text('{"scores": 3}')
    assert store.scores("ab" * 32) is None


def test_the_cache_is_no_run(store: RunStore) -> None:
    store.keep_scores("ab" * 32, {})
    assert store.runs() == ()
