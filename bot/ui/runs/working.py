"""A run on its way, in a thread of its own (see `bot.ui.running`): one at a time in this process, whoever looks at it.

It goes on when its reader leaves the page, and any session finds it again. What is done is on disk at once, so a process that
is killed loses the cases that it was at, and no more.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from threading import Lock

from bot.errors import FootnoteError, InputError
from bot.evals import runner
from bot.evals.records import Run
from bot.evals.runner import JOBS, RunContext
from bot.evals.store import RunStore
from bot.request_context import BackgroundJob
from bot.types import Problem
from bot.ui.words import word
from bot.wiring.evaluation import RunPlan, carry_out
from bot.wiring.lab import Lab
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

UNEXPECTED = Problem(word("runs.something_went_wrong_inside_footnote"), word("runs.start_again_the_terminal"))
_BUSY = word("runs.a_run_is_under_way")
_WORK: "dict[Path, BackgroundRun]" = {}
# Two sessions may press Start in the same moment.
_BEGINNING = Lock()


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run has come: the `at`th of `runs`; what is left, where that is known."""

    name: str = ""
    at: int = 0
    runs: int = 1
    done: int = 0
    of: int = 0
    seconds: float | None = None
    dollars: float | None = None


class BackgroundRun(BackgroundJob):
    """What `start_run` begins. The page looks at `pace` and `current` (a run's id), and at the rest once it is `over`."""

    def __init__(self, lab: Lab, make: "Callable[[BackgroundRun], None]") -> None:
        self.lab = lab
        self.store = RunStore(lab.evals_home())
        self.pace = RunProgress()
        self.runs: tuple[Run, ...] = ()
        self.said: tuple[str, ...] = ()
        self.problem: Problem | None = None
        self.current = ""
        self._stop = Flag()
        self._make = make
        self._begin("footnote-eval")

    @property
    def stopping(self) -> bool:
        """Whether it was stopped, though the answers at hand may not be let go of yet."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Keep what is done, and do no more."""
        self._stop.set()

    def carry_out(self, plan: RunPlan) -> None:
        """All runs of a plan, the later ones on the passages of the first, or those until it is stopped."""
        # A change of the passages has each setup run once more.
        self.pace = RunProgress(runs=len(plan.setups) * (2 if plan.change else 1))

        def answer(begun: Run, context: RunContext) -> Run:
            """Answers one run of the plan."""
            return self._answered(begun, context, plan.jobs, fresh=plan.fresh)

        for done in carry_out(plan, self.lab, self.store, answer):
            # A new tuple each time: the page iterates over it in another thread.
            self.said = (*self.said, *done.notes)
            if self.stopping:
                return

    def resume(self, begun: Run) -> None:
        """A run that was interrupted, as far as it comes now."""
        self._answered(begun, self.lab.evaluating(begun.setup), JOBS, fresh=False)

    def _answered(self, begun: Run, context: RunContext, jobs: int, *, fresh: bool) -> Run:
        at, name = self.pace.at + 1, begun.setup.name
        # Known to the table, which marks the run that is under way and offers to resume none meanwhile.
        self.current = begun.id
        self.pace = replace(self.pace, name=name, at=at, done=len(begun.results), of=len(begun.cases))

        def told(done: int, of: int, seconds: float | None, dollars: float | None) -> None:
            """Keeps how far the run is, for the page that asks."""
            # Replaced as a whole, so that the page never sees half of an old and half of a new one.
            self.pace = RunProgress(name, at, self.pace.runs, done, of, seconds, dollars)

        run = runner.run(begun, context, self.store, jobs=jobs, fresh=fresh, on_progress=told, stop=self._stop)
        self.runs = (*self.runs, run)
        return run

    def _run(self) -> None:
        try:
            self._make(self)
        except (FootnoteError, VectorstoreError) as error:
            self.problem = Problem(error.message, error.help)
        except Exception:
            # The thread's last line of defence: the reader gets a sentence, the log the traceback.
            log.exception("a run failed")
            self.problem = UNEXPECTED


def current_run(home: Path) -> BackgroundRun | None:
    """The latest run that was started in this process on that folder, over or not."""
    return _WORK.get(home)


def start_run(lab: Lab, make: Callable[[BackgroundRun], None]) -> BackgroundRun:
    """Begin; raises InputError while another run is under way: two at a time would spoil each other's times."""
    home = lab.evals_home()
    with _BEGINNING:
        if (before := _WORK.get(home)) is not None and not before.over:
            raise InputError(_BUSY, word("runs.stop_it_or_wait_until"))
        found = _WORK[home] = BackgroundRun(lab, make)
    return found
