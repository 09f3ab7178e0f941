"""The runs of `footnote eval run`, answered while the command line shows how far they have come."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.commands.output import Output
from bot.evals import plan as plans
from bot.evals import runner
from bot.evals.plan import RunPlan, RunResult
from bot.evals.records import Run
from bot.evals.runner import OnProgress, RunContext
from bot.evals.store import RunStore
from bot.models.retry import duration
from bot.wiring.engine import Progress
from bot.wiring.lab import Lab


class Evaluation:
    """Carries out plans, and shows how far it has come."""

    def __init__(self, lab: Lab, store: RunStore, output: Output) -> None:
        self._lab = lab
        self._store = store
        self._output = output

    def carry_out(self, plan: RunPlan) -> RunResult:
        """All runs of a plan, or those until Ctrl-C. A model that cannot be had is told of before anything is asked."""
        contexts = [self._lab.evaluating(setup) for setup in plan.setups]

        def answer(begun: Run, context: RunContext) -> Run:
            return self._answer(begun, context, jobs=plan.jobs, fresh=plan.fresh)

        return plans.carry_out(plan, contexts, self._store, answer)

    def resume(self, begun: Run, *, jobs: int, fresh: bool) -> Run:
        """A run that was interrupted, as far as it comes now."""
        return self._answer(begun, self._lab.evaluating(begun.setup), jobs=jobs, fresh=fresh)

    def _answer(self, begun: Run, context: RunContext, *, jobs: int, fresh: bool) -> Run:
        with self._progress(begun.setup.name) as told:
            return runner.run(begun, context, self._store, jobs=jobs, fresh=fresh, on_progress=told)

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
