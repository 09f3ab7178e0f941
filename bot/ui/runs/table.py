"""The table of runs, which sorts by any column, and in which one is chosen to see its cases, two to see what changed."""

from collections.abc import Mapping, Sequence

import streamlit as st

from bot.evals.metrics import BY_KEY
from bot.ui.runs.listing import HEADLINES, ListedRun
from bot.ui.words import word

_KEY = "footnote-runs-table"
CHOSEN = "footnote-runs-chosen"
PAGE = "footnote-runs-page"
"""The place of the first result that is shown, in pages; another run begins at 0."""
_FORMATS = {"share": "%.2f", "seconds": "%.2f s", "dollars": "$%.4f"}

Row = Mapping[str, object]


def run_table(entries: Sequence[ListedRun], running: str) -> tuple[str, ...]:
    """Draw the table; the ids of the runs that are chosen in it, the newest first. `running` is the id of the one under way,
    "" for none.
    """
    ids = [one.id for one in entries]
    # A run may have been deleted from the disk since.
    chosen = tuple(id for id in st.session_state.get(CHOSEN, ()) if id in ids)
    metrics = {
        BY_KEY[key].label: st.column_config.NumberColumn(format=_FORMATS[BY_KEY[key].unit], help=BY_KEY[key].definition)
        for key in HEADLINES
    }
    # Rows are chosen by their place, so a list with another run in it is another table, with the same runs chosen in it.
    picked = st.dataframe(
        [dict(run_row(one, running)) for one in entries],
        key=f"{_KEY}-{ids[0]}-{len(ids)}",
        hide_index=True,
        column_config={
            word("runs.run"): st.column_config.TextColumn(pinned=True, width=150),
            word("runs.started"): st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            **metrics,
        },
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": sorted(ids.index(id) for id in chosen)}},
        alt=word("runs.runs"),
    )
    st.caption(word("runs.choose_one_or_two"))
    # A table that the browser has sorted still tells of the rows by their places in this list.
    found = tuple(ids[row] for row in sorted(picked["selection"]["rows"]) if row < len(ids))
    if found != chosen:
        # Only where it changes: paging through the results of one run draws the table, too.
        st.session_state[CHOSEN], st.session_state[PAGE] = found, 0
    return found


def run_row(entry: ListedRun, running: str) -> Row:
    """A run as a row of the table."""
    means = {BY_KEY[key].label: dict(entry.headlines).get(key) for key in HEADLINES}
    details = [*entry.setup.passage_changes(), entry.message]
    return {
        word("runs.run"): entry.setup.name,
        **means,
        # Local time without a zone, which a table shows as it stands.
        word("runs.started"): entry.started.astimezone().replace(tzinfo=None),
        word("runs.cases"): entry.cases,
        word("runs.state"): state(entry, running),
        word("runs.details"): " · ".join(filter(None, details)),
        word("runs.id"): entry.id,
    }


def state(entry: ListedRun, running: str) -> str:
    """How far a run has come, and whether anything went wrong in it."""
    told = word("runs.failed", n=entry.failed) if entry.failed else ""
    if entry.id == running:
        return " · ".join(filter(None, (word("runs.under_way"), told)))
    if not entry.complete:
        return " · ".join(filter(None, (word("runs.stopped_after", done=entry.done, cases=entry.cases), told)))
    return told or word("runs.is_done")
