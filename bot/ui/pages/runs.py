"""The section of the evaluation runs: start one over a file of test cases, follow it, read its results, compare two."""

import json
from collections.abc import Sequence
from functools import partial
from importlib.resources import files

import streamlit as st

from bot.errors import FootnoteError, InputError
from bot.evals import report
from bot.evals.comparing import RunComparison
from bot.evals.comparison_html import comparison_html, style
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.runs.form import form
from bot.ui.runs.listing import ListedRun, RunList, default_pair, runs_in
from bot.ui.runs.planning import RunRequest, cases_of, planned
from bot.ui.runs.progress import progress
from bot.ui.runs.results import results
from bot.ui.runs.table import run_table
from bot.ui.runs.working import BackgroundRun, current_run, start_run
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.evaluation import resumable

FLIPS = 100  # told in full on the page; of thousands a browser would draw for seconds
TICK = 0.5  # seconds between two looks at a run on its way
_KEY = "footnote-runs"
START_ERROR = f"{_KEY}-fault"


def runs(service: Service) -> None:
    """Draw the section: a new run, the one under way, the list, and what changed between two."""
    run_list = runs_in(service.lab.evals_home())
    entries, work = run_list.entries(), current_run(run_list.home)
    own_style = files("bot.ui.runs").joinpath("runs.css").read_text(encoding="utf-8")
    with st.container(key=_KEY):
        st.html(f"<style>{own_style}{style()}</style>")
        st.subheader(word("runs.runs"), anchor=False)
        st.text(word("runs.cases_are_answered_and_judged"))
        box = st.expander(word("runs.new_run"), not entries, key=f"{_KEY}-box", on_change="rerun")
        if box.open:
            with box:
                st.fragment(_new)(service, entries)
        problem = _start_error()
        if problem is not None:
            fault(problem, f"{_KEY}-trouble")
        if work is not None:
            running = not work.over
            st.fragment(_progress, run_every=TICK if running else None)(work, running)
        st.fragment(_listed)(service, run_list, entries, (work, problem))
        if len(entries) > 1:
            st.fragment(_compared)(run_list, entries)


def _new(service: Service, entries: Sequence[ListedRun]) -> None:
    request = form(service, entries)
    if request is not None:
        _start(service, request)
        # The whole page is drawn again, with the run that is under way.
        st.rerun()


def _start(service: Service, request: RunRequest) -> None:
    st.session_state.pop(START_ERROR, None)
    try:
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
        start_run(service.lab, lambda work: work.gone_on(resumable(id, service, work.store)))
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
    """The table of runs, and the results of the selected one; `drawn` is the run and the error that the page was drawn with."""
    work = current_run(run_list.home)
    if (work, _start_error()) != drawn:
        # Here or in another browser a run was started or resumed: the whole page is drawn again.
        st.rerun()
    if not entries:
        st.text(word("runs.no_run_has_been_made"))
        return
    # The id of the run that is under way; between two runs of a series it has none yet.
    running = "" if work is None or work.over else work.current or "another"
    chosen = run_table(entries, running)
    # Offered is the selected run, or without a selection the newest that was not finished.
    unfinished = next((one for one in entries if not one.complete and chosen in ("", one.id)), None)
    if unfinished is not None and not running:
        label = word("runs.go_on", run=unfinished.id)
        st.button(label, key=f"{_KEY}-go-on", on_click=_resume, args=(service, unfinished.id))
    if chosen:
        results(run_list, chosen)


def _start_error() -> Problem | None:
    """Why the last run could not be begun."""
    problem = st.session_state.get(START_ERROR)
    return problem if isinstance(problem, Problem) else None


def _compared(run_list: RunList, entries: Sequence[ListedRun]) -> None:
    """What changed between two selected runs."""
    st.subheader(word("runs.what_changed"), anchor=False)
    names = {one.id: _name(one) for one in entries}
    before, after = default_pair(entries)
    a = _choice(word("runs.before"), names, before, f"{_KEY}-before")
    b = _choice(word("runs.after"), names, after, f"{_KEY}-after")
    if a == b:
        st.text(word("runs.choose_two_different_runs"))
        return
    try:
        found = run_list.comparison(a, b)
    except FootnoteError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-compare-fault")
        return
    st.html(comparison_html(found, FLIPS))
    _downloads(found)


def _choice(label: str, names: dict[str, str], default: str, key: str) -> str:
    # A run may be gone from the disk since it was chosen.
    if st.session_state.get(key) not in names:
        st.session_state[key] = default
    return str(st.selectbox(label, list(names), format_func=lambda id: names.get(id, id), key=key))


def _name(one: ListedRun) -> str:
    parts = (f"{one.started.astimezone():%Y-%m-%d %H:%M}", one.setup.name, one.message, one.id)
    return " · ".join(filter(None, parts))


def _downloads(found: RunComparison) -> None:
    name = f"comparison-{found.a.id}-{found.b.id}"
    with st.container(key=f"{_KEY}-downloads", horizontal=True):
        page = partial(_encoded, found, as_page=True)
        st.download_button(word("runs.report_html"), page, f"{name}.html", "text/html", key=f"{_KEY}-html", on_click="ignore")
        data = partial(_encoded, found, as_page=False)
        st.download_button(
            word("runs.data_json"), data, f"{name}.json", "application/json", key=f"{_KEY}-json", on_click="ignore"
        )


def _encoded(found: RunComparison, *, as_page: bool) -> bytes:
    if as_page:
        return report.as_html(found).encode()
    return json.dumps(report.as_json(found), ensure_ascii=False, allow_nan=False, indent=2).encode()
