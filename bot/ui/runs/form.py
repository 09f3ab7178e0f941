"""What is chosen for a new run: cases, models, versions of the prompts and texts that are not saved, passages, repeats."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast, get_args

import streamlit as st

from bot.errors import FootnoteError
from bot.evals.runner import JOBS
from bot.evals.setups import QUOTES, PassageChange
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.lab.columns import ANSWER_PROMPT, CONDENSE_PROMPT, JUDGE_PROMPT, Drafts, offered_picks, pick_label
from bot.ui.lab.state import lab_state
from bot.ui.model_offer import HOW, model_label, offered_models
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
# Bounds against a slip of the hand; a run of that many asks a server for as many answers at a time.
MOST_JOBS = 32
MOST_REPEATS = 20
# 254 is what MiniLM takes at most, with its two tokens for the ends of a text.
CHUNKS = (60, 100, 150, 200, 254)
ENCODERS = ("minilm", "e5", "auto")
LARGEST = 20
"""Megabytes of a file of cases."""


def form(service: Service, entries: Sequence[ListedRun]) -> RunRequest | None:
    """Draw the choices; gives what is wanted once Start is pressed."""
    which = cast(
        "CaseSource", st.selectbox(word("runs.cases"), get_args(CaseSource), format_func=NAMES.__getitem__, key=f"{_KEY}-cases")
    )
    upload = _upload() if which == "file" else None
    models = _models(service.chat)
    # A copy: the run begins with the texts as they are now, whatever is typed into the editor meanwhile.
    drafts = dict(lab_state().drafts)
    prompts = _prompts(service, models, drafts)
    condense, judge, judge_prompt = _more_prompts(service, models, drafts)
    frozen = _passages(entries)
    chunks, encoders = _index_factors(service)
    change = _change()
    with st.container(key=f"{_KEY}-foot", horizontal=True, vertical_alignment="bottom"):
        repeat = st.number_input(
            word("runs.answers_to_each_case"), 1, MOST_REPEATS, 1, key=f"{_KEY}-repeat", width=150, help=word("runs.why_repeat")
        )
        jobs = st.number_input(word("runs.cases_at_a_time"), 1, MOST_JOBS, JOBS, key=f"{_KEY}-jobs", width=150)
        message = st.text_input(
            word("runs.message_optional"), key=f"{_KEY}-message", max_chars=200, placeholder=word("runs.what_is_tried")
        )
    if not st.button(word("runs.start"), key=f"{_KEY}-start", type="primary"):
        return None
    text = str(message or "")
    request = RunRequest(which, upload, models, prompts, frozen, change, int(jobs), text, condense, judge, judge_prompt)
    return replace(request, repeat=int(repeat), drafts=drafts, chunks=chunks, encoders=encoders)


def _upload() -> UploadedCases | None:
    file = st.file_uploader(word("runs.file_of_cases"), ("yaml", "yml", "jsonl"), key=f"{_KEY}-file", max_upload_size=LARGEST)
    return UploadedCases(file.name, file.getvalue()) if file is not None else None


def _models(chat: Chat) -> tuple[str, ...]:
    offered, problem = _offered(chat)
    chosen = st.multiselect(
        word("runs.answered_by"),
        offered,
        default=_default(chat, offered),
        format_func=model_label,
        key=f"{_KEY}-models",
        placeholder=word("runs.quotations"),
    )
    if problem:
        fault(problem, f"{_KEY}-models-fault")
    # Nothing chosen is not an error: the field's placeholder says "quotations".
    return tuple(chosen) or (QUOTES,)


def _default(chat: Chat, offered: Sequence[str]) -> list[str]:
    try:
        mode = chat.mode()
    except FootnoteError:
        mode = ""
    # The first of what is offered are the quotations, so the second is a model where there is one.
    return [mode if mode in offered else offered[min(1, len(offered) - 1)]]


def _offered(chat: Chat) -> tuple[Sequence[str], Problem | None]:
    """What can be chosen; a model's server is asked once in a session, as that may take seconds."""
    held = st.session_state.get(f"{_KEY}-offered")
    if not isinstance(held, tuple):
        offer = offered_models(chat)
        held = st.session_state[f"{_KEY}-offered"] = (offer.models, offer.problem)
    return cast("tuple[Sequence[str], Problem | None]", held)


def _prompts(service: Service, models: Sequence[str], drafts: Drafts) -> tuple[str, ...]:
    """The versions of the prompt, and its edited texts, where a model writes; else why there is nothing to choose."""
    if set(models) == {QUOTES}:
        st.text(NO_PROMPT)
        if len(_offered(service.chat)[0]) == 1:
            st.text(HOW[0])
        return ()
    names, in_force = offered_picks(service.lab, ANSWER_PROMPT, drafts)
    default = [in_force] if in_force in names else list(names[:1])
    return _several(word("runs.versions_of_the_answer_prompt"), names, in_force, f"{_KEY}-prompts", default)


def _several(label: str, names: Sequence[str], in_force: str, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    # An edit that was undone since cannot be chosen any more.
    if key in st.session_state:
        st.session_state[key] = [one for one in st.session_state[key] if one in names]
    chosen = st.multiselect(
        label,
        names,
        # Streamlit warns where a field has both a default and a value in the session.
        default=None if key in st.session_state else list(default),
        format_func=partial(pick_label, in_force=in_force),
        key=key,
        placeholder=word("runs.the_one_in_force"),
    )
    return tuple(chosen)


def _more_prompts(service: Service, models: Sequence[str], drafts: Drafts) -> tuple[tuple[str, ...], str, str]:
    """The versions that rewrite follow-ups, the judge, and the version of its prompt."""
    # Quotations rewrite no follow-up, so there is nothing to choose where they alone answer.
    condense: tuple[str, ...] = ()
    with st.container(key=f"{_KEY}-more", horizontal=True):
        if set(models) != {QUOTES}:
            names, in_force = offered_picks(service.lab, CONDENSE_PROMPT, drafts)
            condense = _several(word("runs.versions_of_condense"), names, in_force, f"{_KEY}-condense")
        judges = [one for one in _offered(service.chat)[0] if one != QUOTES]
        if not judges:
            return condense, "", ""
        judge = st.selectbox(
            word("runs.judged_by"),
            # "" leaves it to the settings, as no judge is needed unless a case asks for one.
            ["", *judges],
            format_func=lambda one: one or word("runs.the_model_in_the_settings"),
            key=f"{_KEY}-judge",
            help=word("runs.only_where_a_case_asks"),
        )
        names, in_force = offered_picks(service.lab, JUDGE_PROMPT, drafts)
        version = st.selectbox(
            word("runs.version_of_the_judge"),
            ["", *names],
            format_func=lambda one: pick_label(one, in_force) if one else word("runs.the_one_in_force"),
            key=f"{_KEY}-judge-prompt",
        )
    return condense, str(judge or ""), str(version or "")


def _passages(entries: Sequence[ListedRun]) -> str:
    names = {"": word("runs.a_search_of_the_articles")} | {
        one.id: word("runs.same_passages", name=one.setup.name, run=one.id) for one in entries
    }
    return str(
        st.selectbox(word("runs.passages"), list(names), format_func=lambda id: names.get(id, id), key=f"{_KEY}-frozen") or ""
    )


def _index_factors(service: Service) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Sizes of chunks and encoders, each of which needs an index of its own."""
    with st.expander(word("runs.index_factors"), key=f"{_KEY}-index"):
        st.text(word("runs.an_index_is_made_beside"))
        with st.container(horizontal=True):
            sizes = st.multiselect(
                word("runs.tokens_of_a_chunk"), CHUNKS, key=f"{_KEY}-chunks", placeholder=word("runs.as_the_index_is")
            )
            encoders = st.multiselect(
                word("runs.encoder"), ENCODERS, key=f"{_KEY}-encoders", placeholder=word("runs.as_the_index_is")
            )
        indexes = service.lab.evaluation_indexes()
        stored = indexes.stored()
        if stored.count:
            label = word("runs.remove_indexes", count=stored.count, size=stored.size / 1e6)
            st.button(label, key=f"{_KEY}-remove-indexes", on_click=_remove_indexes, args=(service,))
    return tuple(map(int, sizes)), tuple(encoders)


def _remove_indexes(service: Service) -> None:
    service.lab.evaluation_indexes().remove()


def _change() -> PassageChange:
    with st.container(key=f"{_KEY}-changes"):
        shuffled = st.checkbox(word("runs.once_more_with_the_passages"), key=f"{_KEY}-shuffle")
        # 1 unless it is changed: the same seed shuffles the passages in the same way, so that two runs can be compared.
        seed = (
            st.number_input(word("runs.order_by_the_seed"), 0, 1_000_000, 1, key=f"{_KEY}-seed", width=200)
            if shuffled
            else None
        )
        removed = st.checkbox(word("runs.once_more_without_the_cited"), key=f"{_KEY}-removed")
    return PassageChange(None if seed is None else int(seed), bool(removed))
