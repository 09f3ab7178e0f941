"""A turn of the chat kept as a test case, or its question as one that stands, and what the reader is told of that."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import streamlit as st

from bot.errors import FootnoteError, HistoryError, InputError
from bot.evals.case_table import ANSWERS, edits
from bot.evals.cases import dump, load
from bot.evals.keeping import case_of, keep
from bot.evals.records import Case
from bot.types import Problem, Question
from bot.ui.components.notice import fault
from bot.ui.exchange import history
from bot.ui.runs.planning import own_cases_path
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

_KEY = "footnote-cases"


@dataclass(frozen=True, slots=True)
class KeptCase:
    """What is said of a turn that was made a case, and how often that was done in this session."""

    said: str = ""
    times: int = 0


def keep_turn(state: ChatState, service: Service, id: str) -> None:
    """Keep a turn as a test case, with the reviews and the feedback on it; what came of it is told under the answer."""
    try:
        case = _kept(state, service, id)
        said = word("runs.kept_as_a_test_case", case=case)
        # After it is kept: nothing is asked of a case that is in no file.
        _asking()[id] = case
    except FootnoteError as error:
        said = word("runs.case_not_kept", why=f"{error.message} {error.help}").rstrip()
    _tell(id, said)


def keep_asking(state: ChatState, service: Service, id: str) -> None:
    """Keep a turn's question, with its search, its scope and its model, as a standing one; what came of it is told."""
    exchange = state.exchange(id)
    if exchange is None:
        return
    asked = exchange.asked
    # A follow-up is asked again as it was understood: there is no conversation around it then.
    searched = asked.wanted or (exchange.answer.query if exchange is not state.exchanges[0] else "")
    question = Question(asked.question, (), asked.scope, searched, exchange.model)
    try:
        # `add` gives the question that is kept already where it is the same, so only a look before tells which it was.
        before = {one.id for one in service.standing.questions()}
        kept = service.standing.add(question)
        said = word("answer.standing_already") if kept.id in before else word("answer.standing_now")
    except (FootnoteError, VectorstoreError) as error:
        said = word("answer.standing_not", why=f"{error.message} {error.help}").rstrip()
    _tell(id, said)


def right_answer(service: Service, id: str) -> None:
    """Ask what the right answer is, below a turn that was just made a case; what is said goes into the case's file."""
    case_id = _asking().get(id)
    if not case_id:
        return
    path = own_cases_path(service.lab.evals_home())
    try:
        case = next((one for one in load(path) if one.id == case_id), None)
    except FootnoteError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-unread-{id}")
        return
    if case is None:  # it was taken out of the file since
        _asking().pop(id, None)
        return
    with st.container(key=f"{_KEY}-right-{id}", border=True):
        st.markdown(f"**{word('cases.what_is_right')}**")
        st.text(word("cases.kept_in", case=case_id, file=path))
        keys = {name: f"{_KEY}-{name}-{id}" for name in ("must", "must_not", "answered")}
        help = word("cases.right_words_help")
        st.text_area(word("cases.right_words"), "\n".join(case.must), key=keys["must"], height=80, help=help)
        st.text_area(word("cases.wrong_words"), "\n".join(case.must_not), key=keys["must_not"], height=80)
        at = list(ANSWERS).index(case.abstain)
        st.selectbox(word("cases.what_of_it"), list(ANSWERS.values()), at, key=keys["answered"])
        with st.container(horizontal=True):
            st.button(
                word("cases.keep"), key=f"{_KEY}-keep-{id}", type="primary", on_click=_keep_right, args=(path, case, id, keys)
            )
            st.button(word("cases.not_now"), key=f"{_KEY}-close-{id}", on_click=_not_now, args=(id,))
        with st.expander(word("cases.as_it_stands")):
            # The passages that it was answered from are pages long, and nobody edits them.
            st.code(dump([replace(case, given=None)]), "yaml", wrap_lines=True)


def _keep_right(path: Path, case: Case, id: str, keys: Mapping[str, str]) -> None:
    # One piece of text a line, as the table of cases has a list for each.
    row = {name: str(st.session_state.get(keys[name]) or "").splitlines() for name in ("must", "must_not")}
    try:
        (kept,) = edits([case], {0: {**row, "answered": st.session_state.get(keys["answered"])}}, [], []).kept
        keep(kept, path)
        said = word("cases.kept_in", case=case.id, file=path)
        _asking().pop(id, None)
    except InputError as error:
        said = word("runs.case_not_kept", why=f"{error.message} {error.help}").rstrip()
    _tell(id, said)


def _not_now(id: str) -> None:
    _asking().pop(id, None)


def _asking() -> MutableMapping[str, str]:
    """The cases whose right answer is asked for, by the turn that they were made from."""
    return cast("MutableMapping[str, MutableMapping[str, str]]", st.session_state).setdefault(f"{_KEY}-asking", {})


def _tell(id: str, said: str) -> None:
    kept = cast("MutableMapping[str, dict[str, KeptCase]]", st.session_state).setdefault(_KEY, {})
    # The number tells the browser that the same sentence was said once more, so that it shows it again.
    kept[id] = KeptCase(said, kept_turn(id).times + 1)


def kept_turn(id: str) -> KeptCase:
    """What there is to say of a turn."""
    return cast("MutableMapping[str, dict[str, KeptCase]]", st.session_state).get(_KEY, {}).get(id, KeptCase())


def _kept(state: ChatState, service: Service, id: str) -> str:
    # From the history and not the session: a case must be made from what others can look up.
    turn = service.archive.history().turn(id)
    if turn is None:
        raise HistoryError(word("runs.this_answer_is_not_kept"), word("runs.ask_again_then_make"))
    before = state.exchanges[: next((at for at, one in enumerate(state.exchanges) if one.id == id), 0)]
    case = case_of(turn, history(before), state.reviews.get(id, {}), state.feedback.get(id))
    keep(case, own_cases_path(service.lab.evals_home()))
    return case.id
