"""A question and its answer, with a chip in the running text for each footnote, and what can be done with it below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from bot.conversation.history import Exchange, Rating
from bot.ui.components.answer.view import AnswerContext, answer_data
from bot.ui.components.mounting import component

# `AnswerContext` stands in `view.py`, and is used by pages that know this package alone.
__all__ = ["AnswerCallbacks", "AnswerContext", "answer"]
# The answer's script in pieces, each with the style of its name; they are put into one file in this order.
PARTS = ("answer/lines", "answer/editor", "answer/teller", "answer/icons", "answer/menu", "answer/actions")


@dataclass(frozen=True, slots=True)
class AnswerCallbacks:
    """What the reader may do with an answer.

    Stop it; search in words of their own; have it answered again by a model ("" for the one that is chosen), or from all
    articles; ask another question in its place; show the branch through another turn; ask a question that was offered; say
    what they think of it (None takes it back), with a note; show its trace or put it away; begin to review its footnotes; keep
    it as a test case; keep its question as one that is asked again when the articles change.
    """

    stop: Callable[[], None]
    search: Callable[[str], None]
    again: Callable[[str], None]
    everywhere: Callable[[], None]
    edit: Callable[[str], None]
    branch: Callable[[str], None]
    ask: Callable[[str], None]
    rate: Callable[[Rating | None, str], None]
    trace: Callable[[], None]
    review: Callable[[], None]
    keep: Callable[[], None]
    stand: Callable[[], None]


def answer(exchange: Exchange, context: AnswerContext, callbacks: AnswerCallbacks) -> None:
    """Draw the exchange with what surrounds it."""
    key = f"answer-{exchange.id}"

    def told(name: str, act: Callable[[str], None]) -> Callable[[], None]:
        """Calls `act` with the words that the browser sent under the name."""

        def call() -> None:
            """Passes the words on, if the browser sent any."""
            if isinstance(words := st.session_state[key].get(name), str) and words.strip():
                act(words)

        return call

    def rated() -> None:
        """Passes a thumb up or down on, with its note."""
        if (sent := rating(st.session_state[key].get("rate"))) is not None:
            callbacks.rate(*sent)

    def again() -> None:
        """Asks once more: by quoting where the browser says so, otherwise by the model that is chosen."""
        callbacks.again("quotes" if st.session_state[key].get("again") == "quotes" else "")

    component("answer", *PARTS)(
        key=key,
        data=answer_data(exchange, context),
        on_stop_change=callbacks.stop,
        on_search_change=told("search", callbacks.search),
        on_again_change=again,
        on_everywhere_change=callbacks.everywhere,
        on_edit_change=told("edit", callbacks.edit),
        on_branch_change=told("branch", callbacks.branch),
        on_ask_change=told("ask", callbacks.ask),
        on_rate_change=rated,
        on_trace_change=callbacks.trace,
        on_review_change=callbacks.review,
        on_keep_change=callbacks.keep,
        on_standing_change=callbacks.stand,
    )


def rating(sent: object) -> tuple[Rating | None, str] | None:
    """What the browser says that the reader thinks; None for what makes no sense: a browser is not to be trusted."""
    if not isinstance(sent, Mapping) or not isinstance(note := sent.get("note"), str):
        return None
    verdict: Rating | None = next((one for one in get_args(Rating) if one == sent.get("verdict")), None)
    # "" takes the feedback back; anything else that is no rating was made up.
    return (verdict, note) if verdict or sent.get("verdict") == "" else None
