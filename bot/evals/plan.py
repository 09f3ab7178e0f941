"""Runs that belong together: one for each setup, the later ones on the passages of the first, so that only setups differ.

The command line and the page both carry plans out with this; they differ in how they show it and in how it is stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.evals import setups
from bot.evals.records import Case, Run, Setup
from bot.evals.robustness import robustness
from bot.evals.runner import JOBS, RunContext
from bot.evals.setups import PassageChange
from bot.evals.store import RunStore

AnswerRun = Callable[[Run, RunContext], Run]
"""Answers the cases of a run that was just begun, as far as it comes."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be run: the cases with each of the setups. `frozen` is the run whose passages are used, None for a search.

    `fresh_search`: each of them searches for itself. `fresh`: nothing is taken from the cache.

    >>> RunPlan(cases=(), setups=(Setup("quotes"),), change=PassageChange(shuffled=1)).run_count
    2
    """

    cases: tuple[Case, ...]
    setups: tuple[Setup, ...]
    frozen: Run | None = None
    change: PassageChange = field(default_factory=PassageChange)
    fresh_search: bool = False
    fresh: bool = False
    jobs: int = JOBS
    message: str = ""

    @property
    def run_count(self) -> int:
        """How many runs it comes to, where none that was made before will do."""
        return len(self.setups) * (2 if self.change else 1)


@dataclass(frozen=True, slots=True)
class RunResult:
    """The runs that were made, and in `said`, by a run's id, a sentence on each whose passages were changed."""

    runs: tuple[Run, ...]
    said: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every case of every run has its result."""
        return all(run.complete for run in self.runs)


def _never() -> bool:
    return False


def carry_out(
    plan: RunPlan,
    contexts: Sequence[RunContext],
    store: RunStore,
    answer: AnswerRun,
    stopped: Callable[[], bool] = _never,
) -> RunResult:
    """All runs of a plan, with a context for each setup, or those until one is not completed, or it is `stopped`."""
    runs, said = list[Run](), list[tuple[str, str]]()
    held = plan.frozen.id if plan.frozen else ""
    for setup, context in zip(plan.setups, contexts, strict=True):
        plain = _unchanged(plan, setup)
        if plain is None:
            plain = answer(store.begin(plan.cases, setups.frozen_to(setup, held), plan.message), context)
            runs.append(plain)
        if plan.change and plain.complete:
            changed = setups.with_changed_passages(setup, plain.id, plan.change)
            runs.append(answer(store.begin(plan.cases, changed, plan.message), context))
            said += [(runs[-1].id, sentence) for sentence in robustness(plain, runs[-1])]
        # A run is incomplete only where somebody stopped it, who then wants no other one either.
        if stopped() or not runs[-1].complete:
            break
        held = held or ("" if plan.fresh_search else plain.id)
    return RunResult(tuple(runs), tuple(said))


def _unchanged(plan: RunPlan, setup: Setup) -> Run | None:
    """The run to compare a change of the passages with, where it need not be made first: the same writer on the same cases."""
    before = plan.frozen if plan.change else None
    if before is None or not before.complete or not setups.same_writer(before.setup, setup):
        return None
    return before if {case.id for case in plan.cases} <= {case.id for case in before.cases} else None
