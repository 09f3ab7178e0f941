"""A turn of the chat kept as a test case, or its question as one that stands, and what the reader is told of that."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import cast

import streamlit as st

from bot.errors import FootnoteError, HistoryError
from bot.evals.keeping import case_of, keep
from bot.types import Question
from bot.ui.exchange import history
from bot.ui.runs.planning import mine
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
        said = word("runs.kept_as_a_test_case", case=_kept(state, service, id))
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
        before = {one.id for one in service.standing.questions()}
        kept = service.standing.add(question)
        said = word("answer.standing_already") if kept.id in before else word("answer.standing_now")
    except (FootnoteError, VectorstoreError) as error:
        said = word("answer.standing_not", why=f"{error.message} {error.help}").rstrip()
    _tell(id, said)


def _tell(id: str, said: str) -> None:
    kept = cast("MutableMapping[str, dict[str, KeptCase]]", st.session_state).setdefault(_KEY, {})
    kept[id] = KeptCase(said, kept_turn(id).times + 1)


def kept_turn(id: str) -> KeptCase:
    """What there is to say of a turn."""
    return cast("MutableMapping[str, dict[str, KeptCase]]", st.session_state).get(_KEY, {}).get(id, KeptCase())


def _kept(state: ChatState, service: Service, id: str) -> str:
    turn = service.archive.history().turn(id)
    if turn is None:
        raise HistoryError(word("runs.this_answer_is_not_kept"), word("runs.ask_again_then_make"))
    before = state.exchanges[: next((at for at, one in enumerate(state.exchanges) if one.id == id), 0)]
    case = case_of(turn, history(before), state.reviews.get(id, {}), state.feedback.get(id))
    keep(case, mine(service.lab.evals_home()))
    return case.id
