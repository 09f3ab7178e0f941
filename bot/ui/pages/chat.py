"""The chat: questions, answers with their footnotes, and the source beside them."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bot.ui.components.answer.answer import Acts, answer
from bot.ui.components.mode import default, mode
from bot.ui.components.passages.passages import passages
from bot.ui.components.scope.scope import scope
from bot.ui.components.source.source import source
from bot.ui.exchange import Exchange
from bot.ui.layout import literal, room
from bot.ui.service import Service
from bot.ui.spending import in_all
from bot.ui.state import State, session

TICK = 0.08  # seconds between two looks at an answer on its way: a dozen a second reads as flowing text
_INPUT = "footnote-question"


def page(service: Service) -> None:
    """Draw the conversation of this session."""
    state = session("chat")
    state.advance()
    with room() as side:
        _head(state, service)
        welcome = st.container(key="footnote-welcome")
        for exchange in state.exchanges:
            # Every turn is a fragment, the running one with a clock: so a turn that ends stays where it is in Streamlit's tree.
            ticking = exchange.status == "running"
            st.fragment(_turn, run_every=TICK if ticking else None)(state, exchange.id, service, ticking)
    with side:
        source(state, service, "footnote-source")
    with st.bottom:
        scope(state, service)
    st.chat_input("Ask the articles", key=_INPUT, on_submit=partial(_submitted, state, service))
    if not state.exchanges:
        # Last, because the examples may take a moment to be found the first time, and nothing else should wait for them.
        _welcome(welcome, state, service)


def _submitted(state: State, service: Service) -> None:
    state.ask(service, str(st.session_state[_INPUT] or ""))


def _head(state: State, service: Service) -> None:
    with st.container(key="footnote-head", horizontal=True, vertical_alignment="center"):
        mode(state, service)
        if state.exchanges:
            st.button("New chat", key="footnote-new", type="tertiary", on_click=state.clear)


def _welcome(place: DeltaGenerator, state: State, service: Service) -> None:
    with place:
        st.title("Ask your articles", anchor=False)
        st.text("Every sentence of an answer opens the exact words that it rests on.")
        with st.container(key="footnote-examples"):
            for at, example in enumerate(service.examples()):
                st.button(literal(example), key=f"footnote-example-{at}", on_click=partial(state.ask, service, example))


def _turn(state: State, id: str, service: Service, ticking: bool) -> None:
    """One question and its answer; while that is on its way, this is all that is drawn again and again."""
    state.advance()
    if (exchange := state.exchange(id)) is None:
        return
    acts = Acts(state.stop, partial(state.search_again, service, id), partial(state.answer_again, service, id))
    last = exchange is state.exchanges[-1] and exchange.status != "running"
    with st.container(key=f"footnote-turn-{id}", gap=None):
        answer(exchange, _quotes(exchange, service), acts, in_all(state.spent) if last else "")
        if exchange.status != "running":
            passages(exchange)
    if ticking != (exchange.status == "running"):
        # The whole page once more, which stops the clock, or starts it for an answer that was asked for again.
        st.rerun()


def _quotes(exchange: Exchange, service: Service) -> bool:
    """Whether the text is quotations, word for word."""
    if exchange.answer is not None:
        return exchange.answer.mode == "quotes"
    return (exchange.model or default(service)) == "quotes"
