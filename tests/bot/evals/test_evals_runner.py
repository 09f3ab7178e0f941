"""Runs: every case gets its result, what is done is kept, and what was answered before is not asked again."""

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.evals.records import Case, MetricScore, Run, Setup
from bot.evals.runner import RunContext, WorkerPool, run
from bot.evals.store import RunStore
from bot.types import Question
from tests.bot.evals.answering import BOTH, MODEL, QUOTES, Answers, case, means

CASES = tuple(case(f"c{n}", must=("1931", "bridge")) for n in range(6))


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "evals")


@pytest.fixture
def answers() -> Answers:
    return Answers()


def done(store: RunStore, way: RunContext, cases: tuple[Case, ...] = CASES, setup: Setup = QUOTES, **how: object) -> Run:
    return run(store.begin(cases, setup), way, store, **how)  # type: ignore[arg-type]


def test_every_case_is_answered_scored_and_kept(store: RunStore, answers: Answers) -> None:
    made = done(store, means(answers))
    assert made.complete and [one.case for one in made.results] == [one.id for one in CASES]
    assert [one.scores["must"].value for one in made.results] == [2.0] * 6
    assert store.load(made.id) == made


def test_a_case_that_goes_wrong_is_a_result_and_stops_nothing(store: RunStore, answers: Answers) -> None:
    made = done(store, means(answers), (case("fail"), case("bug"), case("half"), case("good")))
    assert [one.outcome for one in made.results] == ["failed", "failed", "failed", "done"]
    told = [one.trouble.message for one in made.results if one.trouble]
    assert told == [
        "The model did not answer.",
        "Something went wrong that was not foreseen: KeyError: 'a mistake'",
        "It broke off.",
    ]
    assert [one.scores["done"].value for one in made.results] == [0.0, 0.0, 0.0, 1.0]


def test_a_metric_that_breaks_stops_nothing(store: RunStore, answers: Answers) -> None:
    made = done(store, replace(means(answers), judge=lambda _case, _result: {}[""]))
    assert [one.outcome for one in made.results] == ["failed"] * 6


def test_the_passages_of_a_failed_case_are_there_for_another_run(store: RunStore, answers: Answers) -> None:
    first = done(store, means(answers), (case("fail"),))
    done(store, means(answers), (case("fail"),), replace(MODEL, frozen=first.id))
    assert answers.asked[-1].given == BOTH


def test_a_second_run_asks_nobody(store: RunStore, answers: Answers) -> None:
    first = done(store, means(answers))
    second = done(store, means(answers))
    assert len(answers.asked) == 6
    assert all(one.cached for one in second.results)
    assert [(one.answer, one.seconds, one.scores) for one in second.results] == [
        (one.answer, one.seconds, one.scores) for one in first.results
    ]


def test_only_what_changed_is_asked_again(store: RunStore, answers: Answers) -> None:
    done(store, means(answers))
    done(store, means(answers), (*CASES[:5], replace(CASES[5], question="And now?")))
    assert [one.text for one in answers.asked[6:]] == ["And now?"]


def test_another_label_is_scored_anew_without_asking(store: RunStore, answers: Answers) -> None:
    done(store, means(answers))
    made = done(store, means(answers), (replace(CASES[0], must=("1931",)),))
    assert (made.results[0].scores["must"].value, len(answers.asked)) == (1.0, 6)


def test_other_metrics_score_anew_without_asking(store: RunStore, answers: Answers) -> None:
    done(store, means(answers, judging="old"))
    way = replace(means(answers, judging="new"), judge=lambda _case, _result: {"new": MetricScore(0.5)})
    made = done(store, way)
    assert [dict(one.scores) for one in made.results] == [{"new": MetricScore(0.5)}] * 6 and len(answers.asked) == 6


def test_what_failed_is_not_taken_from_the_cache(store: RunStore, answers: Answers) -> None:
    for _ in range(2):
        done(store, means(answers), (case("fail"), case("half")))
    assert len(answers.asked) == 4


def test_another_basis_asks_anew(store: RunStore, answers: Answers) -> None:
    done(store, means(answers, "one server"))
    done(store, means(answers, "another server"))
    assert len(answers.asked) == 12


def test_fresh_takes_nothing_from_the_cache(store: RunStore, answers: Answers) -> None:
    for _ in range(2):
        done(store, means(answers), fresh=True)
    assert len(answers.asked) == 12


def test_frozen_it_answers_from_the_passages_of_the_run(store: RunStore, answers: Answers) -> None:
    first = done(store, means(answers), CASES[:1])
    done(store, means(answers), CASES[:1], replace(MODEL, frozen=first.id))
    assert [one.given for one in answers.asked] == [None, BOTH]


def test_a_case_that_the_frozen_run_has_not_says_so(store: RunStore, answers: Answers) -> None:
    first = done(store, means(answers), CASES[:1])
    made = done(store, means(answers), CASES[:2], replace(MODEL, frozen=first.id))
    assert [one.outcome for one in made.results] == ["done", "failed"]
    assert made.results[1].trouble and f"{first.id} has no passages" in made.results[1].trouble.message


def test_no_more_than_so_many_are_asked_at_a_time(store: RunStore) -> None:
    answers = Answers(takes=0.01)
    done(store, means(answers), jobs=3)
    assert answers.most_at_once == 3


def test_opening_what_is_needed_is_left_out_where_nobody_is_asked(store: RunStore, answers: Answers) -> None:
    opened: list[int] = []
    way = replace(means(answers), warm=lambda: opened.append(len(answers.asked)))
    for _ in range(2):
        done(store, way)
    assert opened == [0]


def test_progress_tells_what_is_done_and_what_is_left(store: RunStore, answers: Answers) -> None:
    told: list[tuple[int, int, float | None, float | None]] = []
    done(store, means(answers), jobs=1, on_progress=lambda *at: told.append(at))
    assert [at[:2] for at in told] == [(n, 6) for n in range(1, 7)]
    assert [at[3] for at in told] == [2.5, 2.0, 1.5, 1.0, 0.5, 0.0]
    assert told[-1][2] == 0.0 < (told[0][2] or 0.0)


def test_stopped_it_keeps_what_is_done_and_goes_on_later(store: RunStore, answers: Answers) -> None:
    stop = threading.Event()

    def halt(done: int, *_: object) -> None:
        if done == 2:
            stop.set()
            answers.go.set()

    begun = store.begin((*CASES[:2], case("wait"), *CASES[2:]), QUOTES)
    part = run(begun, means(answers), store, jobs=1, on_progress=halt, stop=stop)
    assert [one.case for one in part.results] == ["c0", "c1"]
    assert store.load(begun.id) == part
    whole = run(store.load(begun.id), means(answers, "nothing is cached"), store)
    assert whole.complete and [one.text for one in answers.asked].count("What of c0?") == 1
    assert store.load(begun.id) == whole


def test_going_on_asks_again_for_what_failed(store: RunStore, answers: Answers) -> None:
    made = done(store, means(answers), (case("fail"), case("good")))
    run(made, means(answers), store)
    assert [one.text for one in answers.asked].count("What of fail?") == 2
    assert [one.text for one in answers.asked].count("What of good?") == 1


def test_ctrl_c_keeps_what_is_done_and_does_not_wait_for_a_silent_model(store: RunStore, answers: Answers) -> None:
    def interrupt(done: int, *_: object) -> None:
        if done == 2:
            signal.raise_signal(signal.SIGINT)

    cases = (*CASES[:2], case("wait"), *CASES[2:])
    # Where the tests run in the background of a shell, SIGINT is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        made = done(store, means(answers), cases, jobs=1, on_progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not made.complete and len(made.results) >= 2
    assert store.load(made.id).results == made.results
    answers.go.set()


KILLED = """
import os, sys
from pathlib import Path
from bot.evals.runner import run
from bot.evals.store import RunStore
from tests.bot.evals.answering import QUOTES, Answers, case, means

store = RunStore(Path(sys.argv[1]))
begun = store.begin(tuple(case(f"c{n}") for n in range(6)), QUOTES)
run(begun, means(Answers()), store, jobs=1, on_progress=lambda done, *_: os.kill(os.getpid(), 9) if done == 3 else None)
"""


def test_killed_it_has_what_was_done_and_can_go_on(tmp_path: Path, answers: Answers) -> None:
    root = Path(__file__).parents[3]
    code = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=root, check=False).returncode
    store = RunStore(tmp_path)
    part = store.load("last")
    assert (code, len(part.results)) == (-9, 3)
    assert run(part, means(answers), store).complete
    assert len(answers.asked) == 3


def test_a_question_is_asked_as_its_case_has_it(store: RunStore, answers: Answers) -> None:
    done(store, means(answers), CASES[:1])
    assert answers.asked == [Question("What of c0?")]


# The pool of threads


def drained(pool: WorkerPool[int, int]) -> list[int]:
    found = []
    while (one := pool.next()) is not None:
        found.append(one)
    return found


def test_all_is_worked_through() -> None:
    assert sorted(drained(WorkerPool(range(20), lambda n: 2 * n, 3, threading.Event()))) == list(range(0, 40, 2))


def test_nothing_to_do_is_done_at_once() -> None:
    assert drained(WorkerPool((), lambda n: n, 3, threading.Event())) == []


def test_what_was_not_finished_is_left_out() -> None:
    assert sorted(drained(WorkerPool(range(4), lambda n: n if n % 2 else None, 2, threading.Event()))) == [1, 3]


def test_stopped_it_begins_nothing_more() -> None:
    stop = threading.Event()

    def work(n: int) -> int:
        stop.set()
        return n

    assert drained(WorkerPool(range(4), work, 1, stop)) == [0]


def test_a_task_that_does_not_end_is_left_behind() -> None:
    stop, release = threading.Event(), threading.Event()

    def work(n: int) -> int:
        release.wait(30) if n else stop.set()
        return n

    try:
        assert drained(WorkerPool(range(2), work, 2, stop)) == [0]
    finally:
        release.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_not_waited_for() -> None:
    def work(n: int) -> int:
        raise SystemExit

    assert drained(WorkerPool(range(3), work, 2, threading.Event())) == []
