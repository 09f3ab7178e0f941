"""How far a run has come, with the way to stop it, and what came of it once it is over."""

import streamlit as st

from bot.evals.metrics import counted
from bot.evals.summary import failed
from bot.models.failures import duration
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.runs.working import BackgroundRun
from bot.ui.words import word

_KEY = "footnote-runs-progress"


def progress(work: BackgroundRun) -> None:
    """Draw a run that is under way, or what there is to say of it afterwards."""
    if not work.over:
        pace = work.pace
        words = " · ".join(filter(None, (progress_text(work), time_left(work))))
        # Nothing to divide by until the first run of a plan has begun.
        st.progress(pace.done / pace.of if pace.of else 0.0, literal(words))
        # It stays a button while the run is stopping: one that is switched off loses the focus.
        st.button(word("runs.stop"), key=f"{_KEY}-stop", on_click=work.stop)
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
        return word("runs.stopping_the_answers_at_hand")
    if not pace.of:
        return word("runs.getting_ready")
    which = word("runs.run_of", n=pace.at, of=pace.runs, name=pace.name) if pace.runs > 1 else pace.name
    return word("runs.done_of", run=which, done=pace.done, cases=counted(pace.of))


def time_left(work: BackgroundRun) -> str:
    """The time and the cost that are left, as far as they are known."""
    pace = work.pace
    if work.stopping or pace.seconds is None or pace.done == pace.of:
        return ""
    left = duration(pace.seconds)
    # Less than half a cent would be shown as $0.00.
    if pace.dollars and pace.dollars >= 0.005:
        left = word("runs.and_dollars", left=left, dollars=pace.dollars)
    # The time of later runs isn't known: another model may be ten times as slow.
    return word("runs.left_in_this_run", left=left) if pace.runs > pace.at else word("runs.left", left=left)


def outcome_text(work: BackgroundRun) -> str:
    """What came of a run that is over; "" where it did not even begin."""
    if not work.runs:
        return ""
    short = next((run for run in work.runs if not run.complete), None)
    wrong = sum(len(failed(run)) for run in work.runs)
    # Stopped after its last case, a run is complete, and is told as done.
    if work.stopping and short is not None:
        return word("runs.stopped", kept=len(short.results), cases=counted(len(short.cases)))
    done = sum(len(run.results) for run in work.runs)
    return word("runs.done_but", cases=counted(done), wrong=wrong) if wrong else word("runs.done", cases=counted(done))
