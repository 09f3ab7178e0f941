"""How far a run has come, with the way to stop it, and what came of it once it is over."""

import streamlit as st

from bot.evals.metrics import counted
from bot.evals.summary import failed
from bot.models.retry import duration
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.runs.working import BackgroundRun

_KEY = "footnote-runs-progress"


def progress(work: BackgroundRun) -> None:
    """Draw a run that is under way, or what there is to say of it afterwards."""
    if not work.over:
        pace = work.pace
        words = " · ".join(filter(None, (progress_text(work), time_left(work))))
        st.progress(pace.done / pace.of if pace.of else 0.0, literal(words))
        # It stays a button while the run is stopping: one that is switched off loses the focus.
        st.button("Stop", key=f"{_KEY}-stop", on_click=work.stop)
        return
    if words := outcome_text(work):
        st.success(literal(words))
    for sentence in work.said:
        st.text(sentence)
    if work.problem is not None:
        fault(work.problem, f"{_KEY}-problem")


def progress_text(work: BackgroundRun) -> str:
    """How far a run has come, in words."""
    pace = work.pace
    if work.stopping:
        return "Stopping: the answers at hand come to their end."
    if not pace.of:
        return "Getting ready"
    which = f"Run {pace.at} of {pace.runs}, {pace.name}" if pace.runs > 1 else pace.name
    return f"{which}: {pace.done} of {counted(pace.of)} done"


def time_left(work: BackgroundRun) -> str:
    """The time and the cost that are left, as far as they are known."""
    pace = work.pace
    if work.stopping or pace.seconds is None or pace.done == pace.of:
        return ""
    dollars = f" and ${pace.dollars:.2f}" if pace.dollars and pace.dollars >= 0.005 else ""
    more = " in this run" if pace.runs > pace.at else ""
    return f"About {duration(pace.seconds)}{dollars} left{more}"


def outcome_text(work: BackgroundRun) -> str:
    """What came of a run that is over; "" where it did not even begin."""
    if not work.runs:
        return ""
    short = next((run for run in work.runs if not run.complete), None)
    wrong = sum(len(failed(run)) for run in work.runs)
    if work.stopping and short is not None:
        return f"Stopped: {len(short.results)} of {counted(len(short.cases))} are kept. “Go on” below the list does the rest."
    done = sum(len(run.results) for run in work.runs)
    more = f"; {wrong} went wrong" if wrong else ""
    return f"Done: {counted(done)}{more}."
