"""The pane beside the table of runs: what changed between two, the cases of one, how the metrics went over time, and
what people say of answers without knowing whose they are.
"""

from collections.abc import Sequence

import streamlit as st

from bot.ui.runs.comparison import comparison
from bot.ui.runs.listing import ListedRun, RunList, pair_of
from bot.ui.runs.opinions import opinions_of_runs
from bot.ui.runs.results import results
from bot.ui.runs.trends import trends
from bot.ui.words import word
from bot.wiring import Service

VIEW = "footnote-runs-view"
CHANGED, CASES, TRENDS = word("runs.what_changed"), word("runs.case_by_case"), word("runs.over_time")
OPINIONS = word("runs.judge_blind")
_SEEN = "footnote-runs-seen"
"""The selection that the pane was drawn with last: another one opens the view that answers it."""


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
