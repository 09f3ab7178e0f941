"""What changed between two runs: which two, the report, and what can be done about it: put in force, taken along as a file."""

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.errors import FootnoteError, PromptError
from bot.evals import report
from bot.evals.comparing import RunComparison
from bot.evals.comparison_html import comparison_html
from bot.evals.records import Run
from bot.prompting import PromptFolder
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.runs.listing import ListedRun, RunList
from bot.ui.words import word
from bot.wiring import Service

FLIPS = 50  # told in full on the page; of thousands a browser would draw for seconds
_KEY = "footnote-runs"
_PAIR = f"{_KEY}-pair"
"""The pair that the table asks for: another one is taken over by the fields, in which any two can be chosen."""
TOLD = f"{_KEY}-told"


def comparison(service: Service, run_list: RunList, entries: Sequence[ListedRun], pair: tuple[str, str]) -> None:
    """Draw what changed; `pair` are the ids of the two runs that the table asks for, the earlier first."""
    keys = f"{_KEY}-before", f"{_KEY}-after"
    names = {one.id: run_name(one) for one in entries}
    if st.session_state.get(_PAIR) != pair:
        st.session_state[_PAIR] = pair
        # Before the fields are drawn. Only when the table asks for another pair: what is chosen in the fields stays otherwise.
        st.session_state[keys[0]], st.session_state[keys[1]] = pair
        st.session_state.pop(TOLD, None)
    with st.container(key=f"{_KEY}-chosen-pair", horizontal=True):
        labels = word("runs.before"), word("runs.after")
        a, b = (_choice(label, names, default, key) for label, default, key in zip(labels, pair, keys, strict=True))
    if a == b:
        st.text(word("runs.choose_two_different_runs"))
        return
    try:
        # A comparison of large runs resamples their cases, which may take seconds the first time.
        with st.spinner(word("runs.comparing")):
            found = run_list.comparison(a, b)
    except FootnoteError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-compare-fault")
        return
    _decision(service, found)
    st.html(comparison_html(found, FLIPS))


def run_name(one: ListedRun) -> str:
    """A run in one line, as it is chosen."""
    parts = (one.setup.name, f"{one.started.astimezone():%Y-%m-%d %H:%M}", one.message, one.id)
    return " · ".join(filter(None, parts))


def _choice(label: str, names: dict[str, str], default: str, key: str) -> str:
    # A run may be gone from the disk since it was chosen.
    if st.session_state.get(key) not in names:
        st.session_state[key] = default
    return str(st.selectbox(label, list(names), format_func=lambda id: names.get(id, id), key=key))


def _decision(service: Service, found: RunComparison) -> None:
    """What can be done with the comparison, and what came of it."""
    with st.container(key=f"{_KEY}-downloads", horizontal=True):
        files = service.lab.prompt_files()
        # The later run's, as it is the one that was made to try something.
        version, why = usable_version(files, found.b)
        if version:
            label = word("runs.put_in_force", version=found.b.setup.prompt)
            st.button(literal(label), key=f"{_KEY}-use", on_click=_use, args=(files, version), type="primary")
        _downloads(found)
    told = st.session_state.get(TOLD)
    if isinstance(told, Problem):
        fault(told, f"{_KEY}-use-fault")
    elif told:
        st.success(literal(str(told)))
    elif why:
        st.text(why)


def usable_version(files: PromptFolder, run: Run) -> tuple[str, str]:
    """The version of the answer prompt that a run was made with, where it can be put in force, and else the reason, or ""."""
    name, _, version = run.setup.prompt.partition("/")
    # Quotations, or an edited text that was never saved under a name.
    if not version:
        return "", ""
    try:
        if version not in files.versions(name):
            return "", word("runs.not_a_saved_version", prompt=run.setup.prompt)
        if files.in_force(name) == version:
            return "", word("runs.in_force_already", prompt=run.setup.prompt)
        # What was measured must be what answers from then on.
        if files.text(name, version) != run.setup.prompt_text:
            return "", word("runs.file_has_changed", prompt=run.setup.prompt)
    except PromptError as error:
        return "", error.message
    return version, ""


def _use(files: PromptFolder, version: str) -> None:
    try:
        before = files.use("answer", version)
        st.session_state[TOLD] = word("lab.now_in_force", prompt="answer", version=version, before=before)
    except PromptError as error:
        st.session_state[TOLD] = Problem(error.message, error.help)


def _downloads(found: RunComparison) -> None:
    name = f"comparison-{found.a.id}-{found.b.id}"
    page = partial(_encoded, found, as_page=True)
    st.download_button(word("runs.report_html"), page, f"{name}.html", "text/html", key=f"{_KEY}-html", on_click="ignore")
    data = partial(_encoded, found, as_page=False)
    st.download_button(word("runs.data_json"), data, f"{name}.json", "application/json", key=f"{_KEY}-json", on_click="ignore")


def _encoded(found: RunComparison, *, as_page: bool) -> bytes:
    if as_page:
        return report.as_html(found).encode()
    # `allow_nan=False`: a NaN is no JSON, and a metric without a value is null.
    return json.dumps(report.as_json(found), ensure_ascii=False, allow_nan=False, indent=2).encode()
