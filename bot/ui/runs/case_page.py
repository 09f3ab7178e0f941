"""The section of the test cases: a file of them as a table to edit, with what is stale in it, and cases that are proposed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from bot.errors import FootnoteError, InputError
from bot.evals import cases as case_files
from bot.evals.case_table import ANSWERS, case_row, edits
from bot.evals.keeping import keep, remove
from bot.evals.metrics import counted
from bot.evals.records import Case
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.runs.planning import OWN_CASES
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

_KEY = "footnote-case-table"
TOLD = f"{_KEY}-told"
"""What came of the last change: a sentence, or the problem."""
_TIMES = f"{_KEY}-times"
"""How often something was saved: the table after that is another one, with no edits in it."""
STARTER = word("cases.starter")
MOST_DRAFTS = 100


def case_page(service: Service) -> None:
    """Draw the file that is chosen, and what can be done with it."""
    with st.container(key=_KEY):
        st.subheader(word("cases.cases"), anchor=False)
        st.text(word("cases.what_they_are"))
        folder = service.lab.evals_home().parent / OWN_CASES.parent
        # The reader's own file is offered before it exists: cases that are proposed are written into it.
        names = [*sorted({path.name for path in folder.glob("*.yaml")} | {OWN_CASES.name}), STARTER]
        chosen = str(st.selectbox(word("cases.file"), names, key=f"{_KEY}-file", on_change=_untold, width=420))
        # The starter set is shown and never written: it comes with the program.
        path = case_files.STARTER if chosen == STARTER else folder / chosen
        _file(service, path, fixed=chosen == STARTER)
        if chosen != STARTER:
            _drafting(service, path)


def _untold() -> None:
    st.session_state.pop(TOLD, None)


def _file(service: Service, path: Path, *, fixed: bool) -> None:
    try:
        found = case_files.load(path) if path.exists() else ()
    except InputError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-unread")
        return
    tags = sorted({tag for case in found for tag in case.tags})
    splits = sorted({case.split for case in found if case.split})
    shown = _chosen(found, tags, splits)
    texts = _ArticleTexts(service)
    rows = [case_row(case, texts) for case in shown]
    stale = sum(bool(row["state"]) for row in rows)
    st.text(word("cases.counts", cases=counted(len(rows)), stale=stale, file=path if not fixed else STARTER))
    times = int(st.session_state.get(_TIMES, 0))
    # An editor keeps its edits by the numbers of its rows: other rows, or the same after they were saved, need another key.
    key = f"{_KEY}-rows-{path.name}-{times}-{'-'.join(case.id for case in shown[:1])}-{len(shown)}"
    if fixed:
        st.dataframe(rows, hide_index=True, column_config=_columns(), key=key, alt=word("cases.cases"))
        return
    # An editor without any row has no columns either, so a file without cases begins with one empty row.
    st.data_editor(rows or [_EMPTY], hide_index=True, num_rows="dynamic", column_config=_columns(), key=key)
    with st.container(horizontal=True):
        st.button(
            word("cases.save"), key=f"{_KEY}-save", type="primary", on_click=partial(_save, path, shown, key, fresh=not rows)
        )
        _told()


_EMPTY: dict[str, object] = {
    "id": "",
    "question": "",
    "must": [],
    "must_not": [],
    "cites": [],
    "answered": "",
    "tags": [],
    "split": "",
    "notes": "",
    "state": "",
}


def _chosen(cases: Sequence[Case], tags: Sequence[str], splits: Sequence[str]) -> tuple[Case, ...]:
    """The cases with any of the tags, and of the split, that are chosen."""
    if not tags and not splits:
        return tuple(cases)
    with st.container(horizontal=True):
        wanted = st.multiselect(word("runs.tag"), tags, key=f"{_KEY}-tags") if tags else []
        split = st.selectbox(word("cases.split"), ["", *splits], key=f"{_KEY}-split") if splits else ""
    # Any of the tags, and the split: tags say what a case is about, and a case is in one split at most.
    return tuple(case for case in cases if (not wanted or set(wanted) & set(case.tags)) and (split or "") in ("", case.split))


class _ArticleTexts:
    """The texts of the articles by their ids, each read once for a page."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[str, str | None] = {}

    def __call__(self, id: str) -> str | None:
        if id not in self._known:
            try:
                article = self._service.library.article(id)
            # An article that can't be read makes its cases stale, and the table is shown all the same.
            except (FootnoteError, VectorstoreError):
                article = None
            self._known[id] = article.text if article else None
        return self._known[id]


def _columns() -> dict[str, ColumnConfig | str | None]:
    config = st.column_config
    return {
        # Pinned, so that a row can be told when the table is scrolled to its notes.
        "id": config.TextColumn(word("cases.id"), pinned=True, required=True, width="medium"),
        "question": config.TextColumn(word("lab.question"), required=True, width="large"),
        "must": config.ListColumn(word("cases.must"), help=word("cases.must_help")),
        "must_not": config.ListColumn(word("cases.must_not")),
        "cites": config.ListColumn(word("cases.cites"), help=word("cases.cites_help")),
        "answered": config.SelectboxColumn(
            word("cases.answered"), options=list(ANSWERS.values()), help=word("cases.answered_help")
        ),
        "tags": config.ListColumn(word("cases.tags")),
        "split": config.TextColumn(word("cases.split"), help=word("cases.split_help")),
        "notes": config.TextColumn(word("cases.notes")),
        "state": config.TextColumn(word("cases.stale"), disabled=True, help=word("cases.stale_help")),
    }


def _save(path: Path, cases: Sequence[Case], key: str, *, fresh: bool) -> None:
    # What Streamlit keeps of an editor: the changed cells by row and column, the new rows, and the numbers of deleted ones.
    changes = st.session_state.get(key) or {}
    known = [Case("", "")] if fresh else list(cases)
    try:
        # JSON from the browser, whose keys are strings.
        changed = {int(at): row for at, row in changes.get("edited_rows", {}).items()}
        added, deleted = list(changes.get("added_rows", ())), list(changes.get("deleted_rows", ()))
        if fresh:  # the empty row that a table without cases begins with is a new case
            added, changed = [*changed.values(), *added], {}
            known, deleted = [], []
        found = edits(known, changed, added, deleted)
        for case in found.kept:
            keep(case, path)
        if found.removed:
            remove(found.removed, path)
    except InputError as error:
        st.session_state[TOLD] = Problem(error.message, error.help)
        return
    # Only where it went well: after a mistake the edits stay in the table, to be put right.
    st.session_state[_TIMES] = int(st.session_state.get(_TIMES, 0)) + 1
    st.session_state[TOLD] = word("cases.saved", kept=counted(len(found.kept)), removed=counted(len(found.removed)))


def _told() -> None:
    told = st.session_state.get(TOLD)
    if isinstance(told, Problem):
        fault(told, f"{_KEY}-fault")
    elif told:
        st.success(literal(str(told)))


def _drafting(service: Service, path: Path) -> None:
    """Cases proposed from the articles, which stand in the file as soon as they are made."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = st.number_input(word("cases.how_many"), 1, MOST_DRAFTS, 10, key=f"{_KEY}-most", width=150)
        pressed = st.button(word("cases.propose"), key=f"{_KEY}-draft", help=word("cases.propose_help"))
    if not pressed:
        return
    try:
        with st.spinner(word("cases.proposing")):
            known = {case.id for case in case_files.load(path)} if path.exists() else set()
            # A second click proposes some of the same cases again.
            found = [case for case in service.lab.drafted(int(most)) if case.id not in known]
            for case in found:
                keep(case, path)
    except (FootnoteError, VectorstoreError) as error:
        st.session_state[TOLD] = Problem(error.message, error.help)
    else:
        st.session_state[TOLD] = word("cases.proposed", cases=counted(len(found)))
    # Also where it failed half-way: some cases may be in the file already.
    st.session_state[_TIMES] = int(st.session_state.get(_TIMES, 0)) + 1
    st.rerun()
