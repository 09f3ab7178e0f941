"""Runs over cases: begun and looked in on, listed with their results, and held against each other."""

import json
from collections.abc import Sequence
from functools import partial
from importlib.resources import files

import streamlit as st

from bot.errors import FootnoteError, InputError
from bot.evals import report
from bot.evals.comparing import RunComparison
from bot.evals.comparison_html import comparison_html, style
from bot.ui.components.notice import fault
from bot.ui.exchange import Problem
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

TICK = 0.5  # seconds between two looks at a run on its way
_KEY = "footnote-runs"
FAULT = f"{_KEY}-fault"


def runs(service: Service) -> None:
    """Draw the section: a new run, the one under way, the list, and what changed between two."""
    held = runs_in(service.lab.evals_home())
    entries, work = held.entries(), current_run(held.home)
    own_style = files("bot.ui.runs").joinpath("runs.css").read_text(encoding="utf-8")
    with st.container(key=_KEY):
        st.html(f"<style>{own_style}{style()}</style>")
        st.subheader(word("runs.runs"), anchor=False)
        st.text(word("runs.cases_are_answered_and_judged"))
        box = st.expander(word("runs.new_run"), not entries, key=f"{_KEY}-box", on_change="rerun")
        if box.open:
            with box:
                st.fragment(_new)(service, entries)
        problem = _trouble()
        if problem is not None:
            fault(problem, f"{_KEY}-trouble")
        if work is not None:
            running = not work.over
            st.fragment(_progress, run_every=TICK if running else None)(work, running)
        st.fragment(_listed)(service, held, entries, (work, problem))
        if len(entries) > 1:
            st.fragment(_compared)(held, entries)


def _new(service: Service, entries: Sequence[ListedRun]) -> None:
    wish = form(service, entries)
    if wish is not None:
        _begin(service, wish)
        # The whole page once more, with the run that is under way.
        st.rerun()


def _begin(service: Service, wish: RunRequest) -> None:
    st.session_state.pop(FAULT, None)
    try:
        cases = cases_of(wish, service.lab.evals_home())

        def make(work: BackgroundRun) -> None:
            work.carry_out(planned(wish, cases, service, work.store))

        start_run(service.lab, make)
    except InputError as error:
        st.session_state[FAULT] = Problem(error.message, error.help)


def _go_on(service: Service, id: str) -> None:
    st.session_state.pop(FAULT, None)
    try:
        start_run(service.lab, lambda work: work.gone_on(resumable(id, service, work.store)))
    except InputError as error:
        st.session_state[FAULT] = Problem(error.message, error.help)


def _progress(work: BackgroundRun, ticking: bool) -> None:
    """All that is drawn again and again while a run is under way."""
    # Looked at first: what came of it is whole once it is over.
    running = not work.over
    progress(work)
    if ticking != running:
        # The whole page once more, which stops the clock, and lists the run as it has become.
        st.rerun()


def _listed(
    service: Service, held: RunList, entries: Sequence[ListedRun], drawn: tuple[BackgroundRun | None, Problem | None]
) -> None:
    """The table, and the results of the run that is chosen in it; `drawn` is what the rest of the page was drawn with."""
    work = current_run(held.home)
    if (work, _trouble()) != drawn:
        # A run was gone on with, here or by another reader: the whole page once more.
        st.rerun()
    if not entries:
        st.text(word("runs.no_run_has_been_made"))
        return
    running = "" if work is None or work.over else work.current or "another"
    chosen = run_table(entries, running)
    unfinished = next((one for one in entries if not one.complete and chosen in ("", one.id)), None)
    if unfinished is not None and not running:
        label = word("runs.go_on", run=unfinished.id)
        st.button(label, key=f"{_KEY}-go-on", on_click=_go_on, args=(service, unfinished.id))
    if chosen:
        results(held, chosen)


def _trouble() -> Problem | None:
    """Why the last run could not be begun."""
    problem = st.session_state.get(FAULT)
    return problem if isinstance(problem, Problem) else None


def _compared(held: RunList, entries: Sequence[ListedRun]) -> None:
    """What changed from one run to another, of those that are chosen."""
    st.subheader(word("runs.what_changed"), anchor=False)
    names = {one.id: _name(one) for one in entries}
    before, after = default_pair(entries)
    a = _choice(word("runs.before"), names, before, f"{_KEY}-before")
    b = _choice(word("runs.after"), names, after, f"{_KEY}-after")
    if a == b:
        st.text(word("runs.choose_two_different_runs"))
        return
    try:
        found = held.comparison(a, b)
    except FootnoteError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-compare-fault")
        return
    st.html(comparison_html(found))
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
