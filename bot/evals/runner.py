"""Answers every case of a run: those that were answered before from the cache, the others several at a time.

A case that goes wrong is a result as well, with what went wrong. Interrupted, a run keeps what is done, and can go on later.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Generic, TypeVar

from bot.answering.streamed import after
from bot.errors import FootnoteError, with_commands
from bot.evals import asking, cache_key
from bot.evals.records import Case, MetricScore, Result, Run
from bot.evals.repeats import combined
from bot.evals.store import CachedAnswer, CachedPassages, RunStore
from bot.request_context import current_request, request_copy
from bot.types import Answer, Event, Problem, Question
from vectorstore.errors import VectorstoreError

T = TypeVar("T")
R = TypeVar("R")

Answering = Callable[[Question], Iterator[Event]]
Judging = Callable[[Case, Result], Mapping[str, MetricScore]]
OnProgress = Callable[[int, int, float | None, float | None], None]
"""Told how many cases are done, of how many, and the seconds and dollars that the rest will take; None while not known."""

BROKE_OFF = Problem("The answer broke off before its end.", "Go on with the run to ask again.", True)
JOBS = 4
"""Cases that are answered at a time unless it is said how many."""
GRACE = 2.0
"""Seconds for which a stopped pool waits for the tasks that are under way."""
_POLL = 0.05
"""Seconds between two looks at whether the pool was stopped."""


def _no_scores(_case: Case, _result: Result) -> Mapping[str, MetricScore]:
    return {}


def _nothing() -> None:
    """Used where nothing has to be opened before the first case."""


def _no_text(_article: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run is answered with: `wiring.App.evaluating` makes it for a setup.

    `basis` is what goes into an answer beside the case and the setup: another one, and nothing is taken from the cache;
    `judging` is the same for the scores. `text` gives an article's text by its id, in which the words are found that an answer
    must do without. `warm` opens what answers need, so that the first case's time is not that of the opening; it is left out
    where all cases are cached.
    """

    answer: Answering
    judge: Judging = _no_scores
    basis: str = ""
    judging: str = ""
    text: asking.Text = _no_text
    warm: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class _Job:
    """A case that has to be asked; `repeat` is which of its answers this is to be, from 0."""

    case: Case
    question: Question
    key: str
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a job; `held` is what was found before it failed."""

    job: _Job
    result: Result
    held: CachedPassages | None = None


def run(
    begun: Run,
    context: RunContext,
    store: RunStore,
    *,
    jobs: int = JOBS,
    fresh: bool = False,
    on_progress: OnProgress | None = None,
    stop: Flag | None = None,
) -> Run:
    """The run as far as it came: whole, unless `stop` was set or Ctrl-C pressed. Cases that failed before are asked again.

    `begun` is from `store.begin`, or from `store.load` to go on with it; with `fresh` nothing is taken from the cache. Raises
    InputError where the run whose passages it is frozen to cannot be read.
    """
    # Read once for the whole run: a run's file of results may have thousands of lines.
    held = store.held(begun.setup.frozen) if begun.setup.frozen else {}
    work = _Work(begun, context, store, held, fresh, stop or Flag())
    # Failed cases are left out of this, so they are asked again.
    done = {result.case: result for result in begun.results if result.outcome == "done"}
    _run(work, done, jobs, on_progress or _no_progress)
    # In the order of the cases, whichever answer came first.
    return replace(begun, results=tuple(done[case.id] for case in begun.cases if case.id in done))


def _run(work: "_Work", done: dict[str, Result], jobs: int, told: OnProgress) -> None:
    """Adds the results that are missing, the cached ones first, as they take no time."""
    cases, asked, parts = work.run.cases, list[_Job](), _Repeats(work, done)
    try:
        # All repeats of a case one after the other, so that an interrupted run has few half cases.
        for case, repeat in [(case, repeat) for case in cases for repeat in range(work.run.setup.repeat)]:
            if case.id in done or work.stop.is_set():
                continue
            match work.prepared(case, repeat):
                case Result() as result:
                    parts.add(case, repeat, result)
                    # No estimate from cached answers: they take no time and would promise a run of seconds.
                    told(len(done), len(cases), None, None)
                case job:
                    asked.append(job)
        # Where all is cached no model and no index has to be opened.
        if asked:
            with suppress(Exception):  # what is wrong is told by each case that it keeps from being answered
                work.context.warm()
    except KeyboardInterrupt:
        work.stop.set()
    pool, pace = WorkerPool(asked, work.answered, jobs, work.stop), _Pace()
    answers = 0
    # Ctrl-C may arrive anywhere in here: the `try` is inside the loop, so the pool's last results are still taken.
    while True:
        try:
            # None where all is done, or where the grace after a stop is over.
            if (outcome := pool.next()) is None:
                return
            work.keep(outcome)
            parts.add(outcome.job.case, outcome.job.repeat, outcome.result, outcome.held)
            # Answers are counted here, not cases: with repeats a case takes several.
            answers += 1
            seconds, dollars = pace.after(outcome.result, len(asked) - answers)
            told(len(done), len(cases), seconds, dollars)
        except KeyboardInterrupt:
            if work.stop.is_set():
                raise  # pressed again: not even what is nearly done is waited for
            work.stop.set()


def _no_progress(_done: int, _of: int, _seconds: float | None, _dollars: float | None) -> None:
    """Used where nobody asked to be told."""


class _Repeats:
    """Gathers the results of each case until all its repeats are there; only then the case is done."""

    def __init__(self, work: "_Work", done: dict[str, Result]) -> None:
        self._work = work
        self._done = done
        self._found: dict[str, dict[int, Result]] = {}

    def add(self, case: Case, repeat: int, result: Result, held: CachedPassages | None = None) -> None:
        """Takes one result, and puts the case's own where it outlives the process once that is whole."""
        found = self._found.setdefault(case.id, {})
        found[repeat] = result
        if len(found) == self._work.run.setup.repeat:
            # In their order, not in that in which they came: the first is the one that a run without repeats has.
            self._done[case.id] = whole = combined(case, [found[at] for at in sorted(found)])
            self._work.store.add(self._work.run.id, whole, held)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done to each case of a run. Only `answered` is called by other threads than the run's own."""

    run: Run
    context: RunContext
    store: RunStore
    held: Mapping[str, CachedPassages]
    fresh: bool
    stop: Flag

    def prepared(self, case: Case, repeat: int) -> _Job | Result:
        """The case's result where that can be had at once: it was answered before, or cannot be asked."""
        setup = self.run.setup
        try:
            question = asking.question(case, setup, self.held.get(case.id), self.context.text)
            key = cache_key.answer_key(question, setup, self.context.basis, repeat)
            # `fresh` skips reading the cache; what is answered is written to it all the same.
            kept = None if self.fresh else self.store.answer(key)
            if kept is None:
                return _Job(case, question, key, repeat)
            # The seconds are those of its making: a cached answer must not look fast.
            result = Result(case.id, "done", kept.answer, kept.answer.trouble, True, kept.seconds)
            return self._scored(case, result, key)
        except Exception as error:  # one case that goes wrong must not stop the run
            return self._failed(case, error)

    def answered(self, job: _Job) -> _Outcome | None:
        """Asks; None where the run was stopped before the answer was whole."""
        # An answer that breaks off stays "running", which `_result` tells from one that ended.
        answer = Answer(job.question.text, status="running")
        start = time.perf_counter()
        try:
            # Between two events is where a stop is noticed; the generator that is let go then closes its request to the model.
            for event in self.context.answer(job.question):
                if self.stop.is_set():
                    return None
                answer = after(answer, event)
            result = _result(job.case, answer, time.perf_counter() - start)
            result = replace(result, scores=self.context.judge(job.case, result))
        except Exception as error:  # one case that goes wrong must not stop the run
            result = self._failed(job.case, error, time.perf_counter() - start)
        # What was found is kept even where the model then fails: another run may be frozen to it.
        held = CachedPassages(answer.query, answer.passages) if answer.searched else None
        return _Outcome(job, result, held)

    def keep(self, outcome: _Outcome) -> None:
        """Puts an answer and its scores into the cache."""
        result, job = outcome.result, outcome.job
        if result.outcome == "done" and result.answer:
            # Under the answer's key alone: an edit of the case's checks scores it anew without asking again.
            self.store.keep(job.key, CachedAnswer(result.answer, result.seconds))
            self.store.keep_scores(cache_key.scores_key(job.key, job.case, self.context.judging), result.scores)

    def _failed(self, case: Case, error: Exception, seconds: float = 0.0) -> Result:
        result = Result(case.id, "failed", trouble=_trouble(error), seconds=seconds)
        try:
            return replace(result, scores=self.context.judge(case, result))
        except Exception:  # where judging is what went wrong, it does so again
            return result

    def _scored(self, case: Case, result: Result, key: str) -> Result:
        """The result of a cached answer, with its scores: those that were kept, where the case asks for the same as then."""
        key = cache_key.scores_key(key, case, self.context.judging)
        scores = self.store.scores(key)
        if scores is None:
            scores = self.context.judge(case, result)
            self.store.keep_scores(key, scores)
        return replace(result, scores=scores)


def _result(case: Case, answer: Answer, seconds: float) -> Result:
    """What came of the case. An answer that broke off is none: asked again, it may be whole."""
    # A failure that may pass is asked again; one that would come again is a result.
    trouble = answer.trouble if answer.complete else BROKE_OFF
    if trouble and (trouble.retryable or not answer.complete):
        return Result(case.id, "failed", trouble=trouble, seconds=seconds)
    return Result(case.id, "done", answer, trouble, seconds=seconds)


def _trouble(error: Exception) -> Problem:
    if isinstance(error, FootnoteError | VectorstoreError):
        # Not every error of the index knows whether it is worth another try.
        return Problem(error.message, with_commands(error.help), getattr(error, "retryable", False))
    # The first line alone: some libraries put a whole page into the text of an exception.
    first = (str(error).splitlines() or [""])[0]
    return Problem(f"Something went wrong that was not foreseen: {type(error).__name__}: {first}", FootnoteError.help)


@dataclass(slots=True)
class _Pace:
    """How fast the run goes and what it costs, by what was asked since it was made."""

    start: float = field(default_factory=time.perf_counter)
    asked: int = 0
    dollars: float | None = None

    def after(self, result: Result, left: int) -> tuple[float | None, float | None]:
        """The seconds and the dollars that the answers which are left will take, once this one more was asked."""
        self.asked += 1
        cost = result.answer.usage.get("cost_usd") if result.answer else None
        if cost is not None:
            self.dollars = cost + (self.dollars or 0.0)
        # The answers that are left are taken to be like those that were asked so far.
        share = left / self.asked
        seconds = (time.perf_counter() - self.start) * share
        return seconds, None if self.dollars is None else self.dollars * share


class WorkerPool(Generic[T, R]):
    """Does `work` to each of the `tasks`, `size` at a time, until `stop` is set. Work that returns None was not finished.

    >>> pool = WorkerPool([1, 2], lambda n: 10 * n, size=1, stop=Flag())
    >>> pool.next(), pool.next(), pool.next()
    (10, 20, None)
    """

    def __init__(self, tasks: Sequence[T], work: Callable[[T], R | None], size: int, stop: Flag) -> None:
        self._work = work
        self._stop = stop
        # `ThreadPoolExecutor` joins its threads when the process ends, so a slow model would hold up Ctrl-C.
        self._todo = SimpleQueue[T]()
        for task in tasks:
            self._todo.put(task)
        self._done = SimpleQueue[R]()
        self._until = float("inf")
        # Daemons: a process that ends does not wait for them.
        # Each in a context of its own, as one cannot be entered twice, for whoever has begun the run.
        runs = [request_copy(current_request()).run for _ in range(min(size, len(tasks)))]
        self._threads = [Thread(target=run, args=(self._run,), daemon=True) for run in runs]
        # Started only when `_done` is there, as a task may be over before the loop is.
        for thread in self._threads:
            thread.start()

    def next(self) -> R | None:
        """The next result as soon as it is there; None once there are no more, or none that is worth waiting for.

        May be called again after Ctrl-C: where `stop` was then set, what comes to its end within `GRACE` still counts.
        """
        while True:
            over = not any(thread.is_alive() for thread in self._threads) or time.monotonic() > self._until
            try:
                # Asked for after it was seen that nobody works any more, so that the last result is not lost.
                return self._done.get(block=not over, timeout=_POLL)
            except Empty:
                if over:
                    return None
            if self._stop.is_set():
                # Set once: `min` keeps the first moment although this is passed on each look.
                self._until = min(self._until, time.monotonic() + GRACE)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                task = self._todo.get_nowait()
            except Empty:
                return
            result = self._work(task)
            if result is not None:
                self._done.put(result)
