"""A run on its way, in a thread of its own (see `bot.ui.running`): one at a time in this process, whoever looks at it.

It goes on when its reader leaves the page, and any session finds it again. What is done is on disk at once, so a process that
is killed loses the cases that it was at, and no more.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread

from bot.commands.evaluating import RunPlan
from bot.errors import FootnoteError, InputError
from bot.evals import runner, setups
from bot.evals.records import Run, Setup
from bot.evals.robustness import robustness
from bot.evals.runner import JOBS, RunContext
from bot.evals.store import RunStore
from bot.types import Trouble
from bot.wiring.lab import Lab
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

UNEXPECTED = Trouble(
    "Something went wrong inside Footnote.", "Start again. The terminal that Footnote runs in tells the details."
)
_BUSY = "A run is under way already."
_WORK: "dict[Path, BackgroundRun]" = {}
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


class BackgroundRun:
    """What `start_run` begins. The page looks at `pace` and `current` (a run's id), and at the rest once it is `over`."""

    def __init__(self, lab: Lab, make: "Callable[[BackgroundRun], None]") -> None:
        self.lab = lab
        self.store = RunStore(lab.evals_home())
        self.pace = RunProgress()
        self.runs: tuple[Run, ...] = ()
        self.said: tuple[str, ...] = ()
        self.problem: Trouble | None = None
        self.current = ""
        self._stop = Flag()
        self._make = make
        self._thread = Thread(target=self._run, name="footnote-eval", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return not self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was stopped, though the answers at hand may not be let go of yet."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Keep what is done, and do no more."""
        self._stop.set()

    def join(self, seconds: float) -> bool:
        """Wait for the thread; whether it has ended."""
        self._thread.join(seconds)
        return self.over

    def carry_out(self, plan: RunPlan) -> None:
        """All runs of a plan, the later ones on the passages of the first, or those until it is stopped."""
        total = len(plan.setups) * (2 if plan.change else 1)
        self.pace = RunProgress(runs=total)
        # A model that cannot be had is told of before anything is asked.
        means = [self.lab.evaluating(setup) for setup in plan.setups]
        held = plan.frozen.id if plan.frozen else ""
        for setup, way in zip(plan.setups, means, strict=True):
            plain = _unchanged(plan, setup) or self._begun(plan, setups.frozen_to(setup, held), way)
            if plan.change and plain.complete:
                changed = self._begun(plan, setups.with_changed_passages(setup, plain.id, plan.change), way)
                self.said = (*self.said, *robustness(plain, changed))
            if self.stopping:
                return
            held = held or plain.id

    def gone_on(self, begun: Run) -> None:
        """A run that was interrupted, as far as it comes now."""
        self._answered(begun, self.lab.evaluating(begun.setup), JOBS, fresh=False)

    def _begun(self, plan: RunPlan, setup: Setup, means: RunContext) -> Run:
        return self._answered(self.store.begin(plan.cases, setup, plan.message), means, plan.jobs, fresh=plan.fresh)

    def _answered(self, begun: Run, means: RunContext, jobs: int, *, fresh: bool) -> Run:
        at, name = self.pace.at + 1, begun.setup.name
        self.current = begun.id
        self.pace = replace(self.pace, name=name, at=at, done=len(begun.results), of=len(begun.cases))

        def told(done: int, of: int, seconds: float | None, dollars: float | None) -> None:
            self.pace = RunProgress(name, at, self.pace.runs, done, of, seconds, dollars)

        run = runner.run(begun, means, self.store, jobs=jobs, fresh=fresh, on_progress=told, stop=self._stop)
        self.runs = (*self.runs, run)
        return run

    def _run(self) -> None:
        try:
            self._make(self)
        except (FootnoteError, VectorstoreError) as error:
            self.problem = Trouble(error.message, error.help)
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
            raise InputError(_BUSY, "Stop it, or wait until it is done.")
        found = _WORK[home] = BackgroundRun(lab, make)
    return found


def _unchanged(plan: RunPlan, setup: Setup) -> Run | None:
    """The run to compare a change of the passages with, where it need not be made first: the same writer on the same."""
    before = plan.frozen if plan.change else None
    if before is None or not setups.same_writer(before.setup, setup):
        return None
    return before if before.complete and {case.id for case in plan.cases} <= {case.id for case in before.cases} else None
