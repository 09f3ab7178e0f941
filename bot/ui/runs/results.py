"""The results of one run, case by case: which of them, and so many at a time."""

import streamlit as st

from bot.errors import InputError
from bot.evals.case_html import results_html
from bot.evals.checks import CaseOutcome, case_outcome
from bot.evals.records import Run
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.runs.listing import RunList
from bot.ui.runs.table import PAGE
from bot.ui.words import word

SHOWN = 25
"""Cases at a time."""
_KEY = "footnote-runs"
ALL = word("runs.all")
# By the label of its button; a case that went wrong was not answered at all, and counts as not passed.
OUTCOMES: dict[str, tuple[CaseOutcome, ...]] = {
    word("runs.not_passed"): ("failed", "wrong"),
    word("runs.passed"): ("passed",),
    word("runs.not_judged"): ("unjudged",),
}
EVERY_TAG = word("runs.all_tags")


def results(run_list: RunList, id: str) -> None:
    """Draw the results of a run."""
    try:
        run = run_list.run(id)
    except InputError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-results-fault")
        return
    st.markdown(f"**{literal(run.setup.name)}** · {literal(run.id)}")
    shown, tag = _filters(run)
    answered = list(run.answered())
    found = [
        (case, result)
        for case, result in answered
        if shown == ALL or case_outcome(case, result) in OUTCOMES[shown]
        if tag in (EVERY_TAG, *case.tags)
    ]
    # A filter may leave fewer pages than the one that was open.
    at = min(int(st.session_state.get(PAGE, 0)), max(0, len(found) - 1) // SHOWN)
    part = found[at * SHOWN : (at + 1) * SHOWN]
    if part:
        # The report's own HTML, as `footnote eval` writes it into a file.
        st.html(f'<div class="report">{results_html(part, word("runs.results_of", name=run.setup.name))}</div>')
    else:
        st.text(word("runs.there_is_none") if run.results else word("runs.no_case_has_a_result"))
    _pages(at, len(found))


def _filters(run: Run) -> tuple[str, str]:
    """The kind of results and the tag that are chosen."""
    shown = st.segmented_control(
        word("runs.which_results"),
        (ALL, *OUTCOMES),
        default=ALL,
        required=True,
        key=f"{_KEY}-kind",
        label_visibility="collapsed",
        on_change=_first,
    )
    tags = sorted({tag for case in run.cases for tag in case.tags})
    # A choice of one is none.
    if not tags:
        return str(shown or ALL), EVERY_TAG
    tag = st.selectbox(word("runs.tag"), (EVERY_TAG, *tags), key=f"{_KEY}-tag", on_change=_first)
    return str(shown or ALL), str(tag or EVERY_TAG)


def _first() -> None:
    """Another choice begins at its first page."""
    st.session_state[PAGE] = 0


def _pages(at: int, of: int) -> None:
    if of <= SHOWN:
        return

    def turned(by: int) -> None:
        """Turns so many pages; never before the first."""
        st.session_state[PAGE] = max(0, at + by)

    with st.container(key=f"{_KEY}-pages", horizontal=True, vertical_alignment="center"):
        st.button(word("runs.earlier"), key=f"{_KEY}-earlier", disabled=not at, on_click=turned, args=(-1,))
        st.text(word("runs.rows", first=at * SHOWN + 1, last=min(of, (at + 1) * SHOWN), of=of))
        st.button(word("runs.later"), key=f"{_KEY}-later", disabled=(at + 1) * SHOWN >= of, on_click=turned, args=(1,))
