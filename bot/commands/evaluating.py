"""The runs of one `footnote eval run`: one for each prompt and model, the later ones on the passages of the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.commands.output import Output
from bot.evals import runner, setups
from bot.evals.records import Case, Run, Setup
from bot.evals.robustness import robustness
from bot.evals.runner import OnProgress, RunContext
from bot.evals.setups import PassageChange
from bot.evals.store import RunStore
from bot.models.retry import duration
from bot.wiring.engine import Progress
from bot.wiring.lab import Lab


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be run: the cases with each of the setups. `frozen` is the run whose passages are used, None for a search.

    `fresh_search`: each of them searches for itself. `fresh`: nothing is taken from the cache.
    """

    cases: tuple[Case, ...]
    setups: tuple[Setup, ...]
    frozen: Run | None = None
    change: PassageChange = field(default_factory=PassageChange)
    fresh_search: bool = False
    fresh: bool = False
    jobs: int = runner.JOBS
    message: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The runs that were made, and what is to be said of those whose passages were shuffled or removed."""

    runs: tuple[Run, ...]
    said: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every case of every run has its result."""
        return all(run.complete for run in self.runs)


class Evaluation:
    """Carries out plans, and shows how far it has come."""

    def __init__(self, lab: Lab, store: RunStore, output: Output) -> None:
        self._lab = lab
        self._store = store
        self._output = output

    def carried_out(self, plan: RunPlan) -> RunResult:
        """All runs of a plan, or those until Ctrl-C. A model that cannot be had is told of before anything is asked."""
        means = [self._lab.evaluating(setup) for setup in plan.setups]
        runs, said = list[Run](), list[str]()
        held = plan.frozen.id if plan.frozen else ""
        for setup, way in zip(plan.setups, means, strict=True):
            plain = self._unchanged(plan, setup)
            if plain is None:
                plain = self._begun(plan, setups.frozen_to(setup, held), way)
                runs.append(plain)
            if plan.change and plain.complete:
                runs.append(self._begun(plan, setups.with_changed_passages(setup, plain.id, plan.change), way))
                said += [f"{runs[-1].id}: {one}" for one in robustness(plain, runs[-1])]
            if not runs[-1].complete:
                break
            held = held or ("" if plan.fresh_search else plain.id)
        return RunResult(tuple(runs), tuple(said))

    def gone_on(self, begun: Run, *, jobs: int, fresh: bool) -> Run:
        """A run that was interrupted, as far as it comes now."""
        means = self._lab.evaluating(begun.setup)
        with self._progress(begun.setup.name) as told:
            return runner.run(begun, means, self._store, jobs=jobs, fresh=fresh, on_progress=told)

    def _begun(self, plan: RunPlan, setup: Setup, means: RunContext) -> Run:
        begun = self._store.begin(plan.cases, setup, plan.message)
        with self._progress(setup.name) as told:
            return runner.run(begun, means, self._store, jobs=plan.jobs, fresh=plan.fresh, on_progress=told)

    def _unchanged(self, plan: RunPlan, setup: Setup) -> Run | None:
        """The run to compare a change of the passages with, where it need not be made first: the same writer on the same."""
        before = plan.frozen if plan.change else None
        if before is None or not setups.same_writer(before.setup, setup):
            return None
        return before if before.complete and {case.id for case in plan.cases} <= {case.id for case in before.cases} else None

    @contextmanager
    def _progress(self, name: str) -> Iterator[OnProgress | None]:
        with self._output.progress() as shown:
            yield _told(shown, name) if shown else None


def _told(shown: Progress, name: str) -> OnProgress:
    """The progress of a run as the command line shows it."""

    def tell(done: int, of: int, seconds: float | None, dollars: float | None) -> None:
        left = [] if seconds is None or done == of else [f"about {duration(seconds)} left"]
        left += [f"${dollars:.2f}"] if dollars and left else []
        shown(", ".join([name, *left]), done, of)

    return tell
