"""Runs over cases: begun and looked in on, listed with their results, and held against each other."""

import json
from collections.abc import Sequence
from functools import partial
from importlib.resources import files

import streamlit as st

from bot.errors import FootnoteError, InputError
from bot.evals import report
from bot.evals.comparing import Comparison
from bot.evals.records import Run
from bot.types import Trouble
from bot.ui.components.comparison.comparison import comparison
from bot.ui.components.notice import fault
from bot.ui.components.progress.progress import progress
from bot.ui.components.progress.view import progress_data
from bot.ui.components.results.results import results
from bot.ui.components.results.view import Kind, judged, result_row
from bot.ui.components.runs.runs import run_list
from bot.ui.components.runs.view import run_rows
from bot.ui.runs.form import form
from bot.ui.runs.listing import Entry, Shelf, pair, shelf
from bot.ui.runs.planning import Wish, cases_of, planned, resumable
from bot.ui.runs.working import Working, start, under_way
from bot.wiring import Service

TICK = 0.5  # seconds between two looks at a run on its way
SHOWN = 25
"""Cases, or runs, at a time."""
_KEY = "footnote-runs"
OPEN, FAULT, PAGE, MORE = f"{_KEY}-open", f"{_KEY}-fault", f"{_KEY}-page", f"{_KEY}-more"
ALL = "All"
KINDS: dict[str, tuple[Kind, ...]] = {"Not passed": ("failed", "wrong"), "Passed": ("passed",), "Not judged": ("unjudged",)}
EVERY_TAG = "All tags"


def runs(service: Service) -> None:
    """Draw the section: a new run, the one under way, the list, and what changed between two."""
    held = shelf(service.lab.evals_home())
    entries, work = held.entries(), under_way(held.home)
    style = files("bot.ui.runs").joinpath("runs.css").read_text(encoding="utf-8")
    with st.container(key=_KEY):
        st.html(f"<style>{style}</style>")
        st.subheader("Runs", anchor=False)
        st.text("Cases are answered and judged; two runs over the same cases tell what a change did.")
        box = st.expander("New run", not entries, key=f"{_KEY}-box", on_change="rerun")
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


def _new(service: Service, entries: Sequence[Entry]) -> None:
    wish = form(service, entries)
    if wish is not None:
        _begin(service, wish)
        # The whole page once more, with the run that is under way.
        st.rerun()


def _begin(service: Service, wish: Wish) -> None:
    st.session_state.pop(FAULT, None)
    try:
        cases = cases_of(wish, service.lab.evals_home())

        def make(work: Working) -> None:
            work.carry_out(planned(wish, cases, service, work.store))

        start(service.lab, make)
    except InputError as error:
        st.session_state[FAULT] = Trouble(error.message, error.help)


def _go_on(service: Service, id: str) -> None:
    st.session_state.pop(FAULT, None)
    try:
        start(service.lab, lambda work: work.gone_on(resumable(id, service, work.store)))
    except InputError as error:
        st.session_state[FAULT] = Trouble(error.message, error.help)


def _progress(work: Working, ticking: bool) -> None:
    """All that is drawn again and again while a run is under way."""
    # Looked at first: what came of it is whole once it is over.
    running = not work.over
    progress(progress_data(work), work.stop)
    if ticking != running:
        # The whole page once more, which stops the clock, and lists the run as it has become.
        st.rerun()


def _listed(service: Service, held: Shelf, entries: Sequence[Entry], drawn: tuple[Working | None, Trouble | None]) -> None:
    """The list, and the results of the run that is opened in it; `drawn` is what the rest of the page was drawn with."""
    work = under_way(held.home)
    if (work, _trouble()) != drawn:
        # A run was gone on with, here or by another reader: the whole page once more.
        st.rerun()
    if not entries:
        st.text("No run has been made yet. Open “New run” to begin; quotations need no key.")
        return
    running = "" if work is None or work.over else work.current or "another"
    opened, most = str(st.session_state.get(OPEN, "")), int(st.session_state.get(MORE, SHOWN))
    run_list(run_rows(entries[:most], opened, running), _turned, partial(_go_on, service))
    if len(entries) > most:
        st.button("Show older runs", key=f"{_KEY}-older", type="tertiary", on_click=_more, args=(most,))
    if any(entry.id == opened for entry in entries):
        _results(held, opened)


def _trouble() -> Trouble | None:
    """Why the last run could not be begun."""
    problem = st.session_state.get(FAULT)
    return problem if isinstance(problem, Trouble) else None


def _turned(id: str) -> None:
    st.session_state[OPEN] = "" if st.session_state.get(OPEN) == id else id
    st.session_state[PAGE] = 0


def _more(most: int) -> None:
    st.session_state[MORE] = most + SHOWN


def _results(held: Shelf, id: str) -> None:
    try:
        run = held.run(id)
    except InputError as error:
        fault(Trouble(error.message, error.help), f"{_KEY}-results-fault")
        return
    st.subheader("Results case by case", anchor=False)
    shown, tag = _filters(run)
    found = [
        (case, result)
        for case, result, kind in judged(run)
        if (shown == ALL or kind in KINDS[shown]) and tag in (EVERY_TAG, *case.tags)
    ]
    at = min(int(st.session_state.get(PAGE, 0)), max(0, len(found) - 1) // SHOWN)
    part = found[at * SHOWN : (at + 1) * SHOWN]
    if part:
        results([result_row(case, result) for case, result in part], f"{_KEY}-results", f"Results of {run.setup.name}")
    else:
        st.text("There is none of this kind." if run.results else "No case has a result yet.")
    _pages(at, len(found))


def _filters(run: Run) -> tuple[str, str]:
    shown = st.segmented_control(
        "Which results",
        (ALL, *KINDS),
        default=ALL,
        required=True,
        key=f"{_KEY}-kind",
        label_visibility="collapsed",
        on_change=_first,
    )
    tags = sorted({tag for case in run.cases for tag in case.tags})
    if not tags:
        return str(shown or ALL), EVERY_TAG
    tag = st.selectbox("Tag", (EVERY_TAG, *tags), key=f"{_KEY}-tag", on_change=_first)
    return str(shown or ALL), str(tag or EVERY_TAG)


def _first() -> None:
    """Another choice begins at its first page."""
    st.session_state[PAGE] = 0


def _pages(at: int, of: int) -> None:
    if of <= SHOWN:
        return

    def turned(by: int) -> None:
        st.session_state[PAGE] = max(0, at + by)

    with st.container(key=f"{_KEY}-pages", horizontal=True, vertical_alignment="center"):
        st.button("Earlier", key=f"{_KEY}-earlier", disabled=not at, on_click=turned, args=(-1,))
        st.text(f"{at * SHOWN + 1} to {min(of, (at + 1) * SHOWN)} of {of}")
        st.button("Later", key=f"{_KEY}-later", disabled=(at + 1) * SHOWN >= of, on_click=turned, args=(1,))


def _compared(held: Shelf, entries: Sequence[Entry]) -> None:
    """What changed from one run to another, of those that are chosen."""
    st.subheader("What changed", anchor=False)
    names = {one.id: _name(one) for one in entries}
    before, after = pair(entries)
    a = _choice("Before", names, before, f"{_KEY}-before")
    b = _choice("After", names, after, f"{_KEY}-after")
    if a == b:
        st.text("Choose two different runs.")
        return
    try:
        found = held.comparison(a, b)
    except FootnoteError as error:
        fault(Trouble(error.message, error.help), f"{_KEY}-compare-fault")
        return
    comparison(found, f"{_KEY}-comparison")
    _downloads(found)


def _choice(label: str, names: dict[str, str], default: str, key: str) -> str:
    # A run may be gone from the disk since it was chosen.
    if st.session_state.get(key) not in names:
        st.session_state[key] = default
    return str(st.selectbox(label, list(names), format_func=lambda id: names.get(id, id), key=key))


def _name(one: Entry) -> str:
    parts = (f"{one.started.astimezone():%Y-%m-%d %H:%M}", one.setup.name, one.message, one.id)
    return " · ".join(filter(None, parts))


def _downloads(found: Comparison) -> None:
    name = f"comparison-{found.a.id}-{found.b.id}"
    with st.container(key=f"{_KEY}-downloads", horizontal=True):
        page = partial(_encoded, found, as_page=True)
        st.download_button("Report (HTML)", page, f"{name}.html", "text/html", key=f"{_KEY}-html", on_click="ignore")
        data = partial(_encoded, found, as_page=False)
        st.download_button("Data (JSON)", data, f"{name}.json", "application/json", key=f"{_KEY}-json", on_click="ignore")


def _encoded(found: Comparison, *, as_page: bool) -> bytes:
    if as_page:
        return report.as_html(found).encode()
    return json.dumps(report.as_json(found), ensure_ascii=False, allow_nan=False, indent=2).encode()
