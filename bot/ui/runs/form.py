"""What is chosen for a new run: cases, models, versions of the prompt, passages."""

from collections.abc import Sequence
from typing import cast, get_args

import streamlit as st

from bot.errors import FootnoteError
from bot.evals.runner import JOBS
from bot.evals.setups import QUOTES, PassageChange
from bot.types import Problem
from bot.ui.components.mode import HOW, label
from bot.ui.components.mode import offered as model_offer
from bot.ui.components.notice import fault
from bot.ui.runs.listing import ListedRun
from bot.ui.runs.planning import CaseSource, RunRequest, UploadedCases
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.chat import Chat

_KEY = "footnote-runs-new"
NAMES: dict[CaseSource, str] = {
    "starter": word("runs.the_starter_set_on"),
    "mine": word("runs.my_cases"),
    "file": word("runs.from_a_file"),
}
NO_PROMPT = word("runs.quotations_are_taken_word")
MOST_JOBS = 32
LARGEST = 20
"""Megabytes of a file of cases."""


def form(service: Service, entries: Sequence[ListedRun]) -> RunRequest | None:
    """Draw the choices; gives what is wanted once Start is pressed."""
    which = cast(
        "CaseSource", st.selectbox(word("runs.cases"), get_args(CaseSource), format_func=NAMES.__getitem__, key=f"{_KEY}-cases")
    )
    upload = _upload() if which == "file" else None
    models = _models(service.chat)
    prompts = _prompts(service, models)
    frozen = _passages(entries)
    change = _change()
    with st.container(key=f"{_KEY}-foot", horizontal=True, vertical_alignment="bottom"):
        jobs = st.number_input(word("runs.cases_at_a_time"), 1, MOST_JOBS, JOBS, key=f"{_KEY}-jobs", width=150)
        message = st.text_input(
            word("runs.message_optional"), key=f"{_KEY}-message", max_chars=200, placeholder=word("runs.what_is_tried")
        )
    if not st.button(word("runs.start"), key=f"{_KEY}-start", type="primary"):
        return None
    return RunRequest(which, upload, models, prompts, frozen, change, int(jobs), str(message or ""))


def _upload() -> UploadedCases | None:
    file = st.file_uploader(word("runs.file_of_cases"), ("yaml", "yml", "jsonl"), key=f"{_KEY}-file", max_upload_size=LARGEST)
    return UploadedCases(file.name, file.getvalue()) if file is not None else None


def _models(chat: Chat) -> tuple[str, ...]:
    offered, problem = _offered(chat)
    chosen = st.multiselect(
        word("runs.answered_by"),
        offered,
        default=_default(chat, offered),
        format_func=label,
        key=f"{_KEY}-models",
        placeholder=word("runs.quotations"),
    )
    if problem:
        fault(problem, f"{_KEY}-models-fault")
    return tuple(chosen) or (QUOTES,)


def _default(chat: Chat, offered: Sequence[str]) -> list[str]:
    try:
        mode = chat.mode()
    except FootnoteError:
        mode = ""
    return [mode if mode in offered else offered[min(1, len(offered) - 1)]]


def _offered(chat: Chat) -> tuple[Sequence[str], Problem | None]:
    """What can be chosen; a model's server is asked once in a session, as that may take seconds."""
    held = st.session_state.get(f"{_KEY}-offered")
    if not isinstance(held, tuple):
        offer = model_offer(chat)
        held = st.session_state[f"{_KEY}-offered"] = (offer.models, offer.problem)
    return cast("tuple[Sequence[str], Problem | None]", held)


def _prompts(service: Service, models: Sequence[str]) -> tuple[str, ...]:
    """The versions of the prompt, where a model writes; else why there is nothing to choose."""
    if set(models) == {QUOTES}:
        st.text(NO_PROMPT)
        if len(_offered(service.chat)[0]) == 1:
            st.text(HOW[0])
        return ()
    listing = next((one for one in service.lab.prompts() if one.name == "answer"), None)
    versions = [one.version for one in listing.versions if one.prompt is not None] if listing else []
    default = [listing.in_force] if listing and listing.in_force in versions else versions[:1]
    chosen = st.multiselect(
        word("runs.versions_of_the_answer_prompt"),
        versions,
        default=default,
        key=f"{_KEY}-prompts",
        placeholder=word("runs.the_one_in_force"),
    )
    return tuple(chosen)


def _passages(entries: Sequence[ListedRun]) -> str:
    names = {"": word("runs.a_search_of_the_articles")} | {
        one.id: word("runs.same_passages", name=one.setup.name, run=one.id) for one in entries
    }
    return str(
        st.selectbox(word("runs.passages"), list(names), format_func=lambda id: names.get(id, id), key=f"{_KEY}-frozen") or ""
    )


def _change() -> PassageChange:
    with st.container(key=f"{_KEY}-changes"):
        shuffled = st.checkbox(word("runs.once_more_with_the_passages"), key=f"{_KEY}-shuffle")
        seed = (
            st.number_input(word("runs.order_by_the_seed"), 0, 1_000_000, 1, key=f"{_KEY}-seed", width=200)
            if shuffled
            else None
        )
        removed = st.checkbox(word("runs.once_more_without_the_cited"), key=f"{_KEY}-removed")
    return PassageChange(None if seed is None else int(seed), bool(removed))
