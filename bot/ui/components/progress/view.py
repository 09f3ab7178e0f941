"""How far a run has come, as plain values. Pure."""

from typing import TypedDict

from bot.evals.circumstances import counted
from bot.evals.summary import failed
from bot.models.retry import duration
from bot.ui.components.words import ProblemData, problem_data
from bot.ui.runs.working import Working


class ProgressData(TypedDict):
    """`share` is 0 to 100; `said` tells of it, and `left` of the time and the cost that are left. `told` are sentences."""

    running: bool
    stopping: bool
    share: float
    said: str
    left: str
    told: list[str]
    problem: ProblemData | None


def progress_data(work: Working) -> ProgressData:
    """What there is to see of a run."""
    pace, running = work.pace, not work.over
    return ProgressData(
        running=running,
        stopping=running and work.stopping,
        share=round(100 * pace.done / pace.of, 1) if pace.of else 0.0,
        said=_said(work) if running else _ended(work),
        left=_left(work) if running and not work.stopping else "",
        told=[] if running else list(work.said),
        problem=problem_data(work.problem) if work.problem and not running else None,
    )


def _said(work: Working) -> str:
    pace = work.pace
    if work.stopping:
        return "Stopping: the answers at hand come to their end."
    if not pace.of:
        return "Getting ready"
    which = f"Run {pace.at} of {pace.runs}, {pace.name}" if pace.runs > 1 else pace.name
    return f"{which}: {pace.done} of {counted(pace.of)} done"


def _left(work: Working) -> str:
    """An estimate, where there is one."""
    pace = work.pace
    if pace.seconds is None or pace.done == pace.of:
        return ""
    dollars = f" and ${pace.dollars:.2f}" if pace.dollars and pace.dollars >= 0.005 else ""
    more = " in this run" if pace.runs > pace.at else ""
    return f"About {duration(pace.seconds)}{dollars} left{more}"


def _ended(work: Working) -> str:
    if work.problem is not None and not work.runs:
        return ""
    short = next((run for run in work.runs if not run.complete), None)
    wrong = sum(len(failed(run)) for run in work.runs)
    if work.stopping and short is not None:
        return (
            f"Stopped: {len(short.results)} of {counted(len(short.cases))} are kept. “Go on” in the list below does the rest."
        )
    done = sum(len(run.results) for run in work.runs)
    more = f"; {wrong} went wrong" if wrong else ""
    return f"Done: {counted(done)}{more}." if work.runs else ""
