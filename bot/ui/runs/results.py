"""The results of one run, case by case: which of them, and so many at a time."""

import streamlit as st

from bot.errors import InputError
from bot.evals.case_html import results_html
from bot.evals.checks import CaseOutcome, case_outcome
from bot.evals.records import Run
from bot.ui.components.notice import fault
from bot.ui.exchange import Problem
from bot.ui.runs.listing import RunList
from bot.ui.runs.table import PAGE

SHOWN = 25
"""Cases at a time."""
_KEY = "footnote-runs"
ALL = "All"
OUTCOMES: dict[str, tuple[CaseOutcome, ...]] = {
    "Not passed": ("failed", "wrong"),
    "Passed": ("passed",),
    "Not judged": ("unjudged",),
}
EVERY_TAG = "All tags"


def results(held: RunList, id: str) -> None:
    """Draw the results of a run."""
    try:
        run = held.run(id)
    except InputError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-results-fault")
        return
    st.subheader("Results case by case", anchor=False)
    shown, tag = _filters(run)
    answered = [(case, result) for case in run.cases if (result := run.result(case.id)) is not None]
    found = [
        (case, result)
        for case, result in answered
        if shown == ALL or case_outcome(case, result) in OUTCOMES[shown]
        if tag in (EVERY_TAG, *case.tags)
    ]
    at = min(int(st.session_state.get(PAGE, 0)), max(0, len(found) - 1) // SHOWN)
    part = found[at * SHOWN : (at + 1) * SHOWN]
    if part:
        st.html(f'<div class="report">{results_html(part, f"Results of {run.setup.name}")}</div>')
    else:
        st.text("There is none of this kind." if run.results else "No case has a result yet.")
    _pages(at, len(found))


def _filters(run: Run) -> tuple[str, str]:
    """The kind of results and the tag that are chosen."""
    shown = st.segmented_control(
        "Which results",
        (ALL, *OUTCOMES),
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
