"""The section of the evaluation runs: start one over a file of test cases, follow it, and read what it came to.

The runs stand in one table. What is chosen in it is told beside it, or below it where the window is narrow: one run by its
cases, two by what changed between them.
"""

from collections.abc import Sequence
from importlib.resources import files

import streamlit as st

from bot.errors import InputError
from bot.evals.comparison_html import style
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.runs.comparison import comparison
from bot.ui.runs.form import form
from bot.ui.runs.listing import ListedRun, RunList, pair_of, runs_in
from bot.ui.runs.opinions import opinions_of_runs
from bot.ui.runs.planning import RunRequest, cases_of, planned
from bot.ui.runs.progress import progress
from bot.ui.runs.results import results
from bot.ui.runs.table import run_table
from bot.ui.runs.trends import trends
from bot.ui.runs.working import BackgroundRun, current_run, start_run
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.evaluation import resumable

TICK = 0.5  # seconds between two looks at a run on its way
_KEY = "footnote-runs"
START_ERROR = f"{_KEY}-fault"
VIEW = "footnote-runs-view"
CHANGED, CASES, TRENDS = word("runs.what_changed"), word("runs.case_by_case"), word("runs.over_time")
OPINIONS = word("runs.judge_blind")
_SEEN = "footnote-runs-seen"
"""The selection that the pane was drawn with last: another one opens the view that answers it."""


def runs(service: Service) -> None:
    """Draw the section: a new run, the one under way, and the list with the details of what is chosen in it."""
    run_list = runs_in(service.lab.evals_home())
    entries, work = run_list.entries(), current_run(run_list.home)
    # Two style sheets: the section's own, and that of the report, whose body is drawn here as it stands.
    own_style = files("bot.ui.runs").joinpath("runs.css").read_text(encoding="utf-8")
    with st.container(key=_KEY):
        st.html(f"<style>{own_style}{style()}</style>")
        st.subheader(word("runs.runs"), anchor=False)
        st.text(word("runs.cases_are_answered_and_judged"))
        # Open where there is no run yet. "rerun" has Streamlit tell whether it is open, so that a folded form reads no files.
        box = st.expander(word("runs.new_run"), not entries, key=f"{_KEY}-box", on_change="rerun")
        if box.open:
            with box:
                st.fragment(_new)(service, entries)
        # Kept in the session, as the run of the page that met it is replaced by the one that `_new` asks for.
        problem = _start_error()
        if problem is not None:
            fault(problem, f"{_KEY}-trouble")
        if work is not None:
            running = not work.over
            st.fragment(_progress, run_every=TICK if running else None)(work, running)
        st.fragment(_listed)(service, run_list, entries, (work, problem))


def _new(service: Service, entries: Sequence[ListedRun]) -> None:
    request = form(service, entries)
    if request is not None:
        _start(service, request)
        # The whole page is drawn again, with the run that is under way.
        st.rerun()


def _start(service: Service, request: RunRequest) -> None:
    st.session_state.pop(START_ERROR, None)
    try:
        # Read before the run begins: a broken file of cases is told here, and not as a run that failed.
        cases = cases_of(request, service.lab.evals_home())

        def make(work: BackgroundRun) -> None:
            """Carries the planned run out."""
            work.carry_out(planned(request, cases, service, work.store))

        start_run(service.lab, make)
    except InputError as error:
        st.session_state[START_ERROR] = Problem(error.message, error.help)


def _resume(service: Service, id: str) -> None:
    st.session_state.pop(START_ERROR, None)
    try:
        start_run(service.lab, lambda work: work.resume(resumable(id, service, work.store)))
    except InputError as error:
        st.session_state[START_ERROR] = Problem(error.message, error.help)


def _progress(work: BackgroundRun, was_running: bool) -> None:
    """The progress of a run, drawn anew twice a second while it is under way."""
    # Asked before it is drawn, so that a run that is over is always drawn complete.
    running = not work.over
    progress(work)
    if was_running != running:
        # The whole page is drawn again: this fragment stops repeating, and the table shows how the run ended.
        st.rerun()


def _listed(
    service: Service, run_list: RunList, entries: Sequence[ListedRun], drawn: tuple[BackgroundRun | None, Problem | None]
) -> None:
    """The table of runs with the details of what is chosen beside it; `drawn` is the run and the error of the page as drawn."""
    work = current_run(run_list.home)
    if (work, _start_error()) != drawn:
        # Here or in another browser a run was started or resumed: the whole page is drawn again.
        st.rerun()
    if not entries:
        st.text(word("runs.no_run_has_been_made"))
        return
    # The id of the run that is under way; between two runs of a series it has none yet.
    running = "" if work is None or work.over else work.current or "another"
    with st.container(key=f"{_KEY}-both"):
        with st.container(key=f"{_KEY}-list"):
            chosen = run_table(entries, running)
            # Offered is a selected run, or without a selection the newest that was not finished.
            unfinished = next((one for one in entries if not one.complete and (not chosen or one.id in chosen)), None)
            if unfinished is not None and not running:
                label = word("runs.go_on", run=unfinished.id)
                st.button(label, key=f"{_KEY}-go-on", on_click=_resume, args=(service, unfinished.id))
        with st.container(key=f"{_KEY}-pane"):
            details(service, run_list, entries, chosen)


def _start_error() -> Problem | None:
    """Why the last run could not be begun."""
    problem = st.session_state.get(START_ERROR)
    return problem if isinstance(problem, Problem) else None


def details(service: Service, run_list: RunList, entries: Sequence[ListedRun], chosen: Sequence[str]) -> None:
    """Draw what is chosen: the runs with these ids, the newest first, or none."""
    several = len(entries) > 1
    if st.session_state.get(_SEEN) != tuple(chosen):
        st.session_state[_SEEN] = tuple(chosen)
        st.session_state[VIEW] = CASES if len(chosen) == 1 or not several else CHANGED
    views = (CHANGED, CASES, TRENDS, OPINIONS) if several else (CASES,)
    # All runs but one may have been removed since a view of two was chosen.
    if st.session_state.get(VIEW) not in views:
        st.session_state[VIEW] = views[0]
    view = st.segmented_control(word("runs.view"), views, key=VIEW, required=True, label_visibility="collapsed")
    if view == CHANGED:
        comparison(service, run_list, entries, pair_of(entries, chosen))
    elif view == TRENDS:
        trends(entries)
    elif view == OPINIONS:
        opinions_of_runs(run_list, pair_of(entries, chosen))
    else:
        # Of two runs the newer one's cases are told.
        results(run_list, chosen[0] if chosen else entries[0].id)
