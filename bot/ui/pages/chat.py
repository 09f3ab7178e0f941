"""The chat: questions, answers with their footnotes, the source beside them, and the conversations that are kept."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bot.answering.as_read import read_plain
from bot.conversation.history import Exchange
from bot.errors import HistoryError
from bot.permissions import Permission, allowed
from bot.ui.addresses import Address, read
from bot.ui.components.ablation import ablation
from bot.ui.components.answer import AnswerCallbacks, AnswerContext, answer
from bot.ui.components.composer import composer
from bot.ui.components.conversations import ListCallbacks, conversations, no_conversations
from bot.ui.components.export import export
from bot.ui.components.keys import keys
from bot.ui.components.mode import mode
from bot.ui.components.notice import fault
from bot.ui.components.passages import passages
from bot.ui.components.scope import scope
from bot.ui.components.sharing import sharing
from bot.ui.components.source import source
from bot.ui.components.trace import trace
from bot.ui.layout import by_history, literal, room
from bot.ui.library.adding import file_types
from bot.ui.library.dropping import drop, dropped, settle_drop
from bot.ui.runs.test_cases import keep_asking, keep_turn, kept_turn, right_answer
from bot.ui.spending import spent_text
from bot.ui.state import ChatState, chat_state
from bot.ui.words import word
from bot.wiring import Service

P = ParamSpec("P")
TICK = 0.08  # seconds between two looks at an answer on its way: a dozen a second reads as flowing text
_INPUT = "footnote-question"


def page(service: Service) -> None:
    """Draw the conversation of this session."""
    state = chat_state("chat")
    # Before anything is drawn: whatever asks for the page from now on asks for another run of it.
    state.redraw = False
    # The address first: it may bring another conversation, of which everything below is drawn.
    _arrive(state, service)
    state.advance()
    # After the address, as the files belong to the conversation that is now shown; before the turns, to which its question is
    # added.
    settle_drop(state, service)
    with st.sidebar:
        _conversations(state, service)
    with room() as side:
        _head(state, service)
        # Its place is kept here, and filled at the very end.
        welcome = st.container(key="footnote-welcome")
        _turns(state, service)
        dropped(state)
    with side:
        source(state, service, "footnote-source")
    with st.bottom:
        composer(state, service)
        scope(state, service.library)
        keys()
        # Inside the block: a field that Streamlit puts at the bottom by itself makes it scroll the page to its end, ever again.
        st.chat_input(
            word("chat.ask_the_articles"),
            key=_INPUT,
            # Files that are dropped here become articles.
            accept_file="multiple" if allowed(Permission.EDIT_ARTICLES) else False,
            file_type=file_types(),
            on_submit=partial(_submitted, state, service),
        )
    if not state.exchanges:
        # Last, because the examples may take a moment to be found the first time, and nothing else should wait for them.
        _welcome(welcome, state, service)


def _arrive(state: ChatState, service: Service) -> None:
    """Bring the conversation and the page's address together: the one that has changed since the last run leads."""
    wanted = read(st.query_params)
    if wanted.conversation and wanted != state.address:
        state.visit(service, wanted)
    elif state.conversation and not wanted.conversation and by_history():
        # Back to where nothing was asked yet. A link to the chat names no conversation either, and means the one left there.
        state.clear()
    if state.address.conversation != state.conversation:
        state.address = Address(state.conversation)
    if wanted != state.address:
        st.query_params.from_dict(state.address.parameters)


def _submitted(state: ChatState, service: Service) -> None:
    sent = st.session_state[_INPUT]
    if sent is None:
        return
    if isinstance(sent, str):
        state.ask(service, sent)
    # The field gives a plain text where it takes no files, and an object with both where it does.
    elif sent.files:
        drop(state, service, sent.files, sent.text)
    else:
        state.ask(service, sent.text)


def _conversations(state: ChatState, service: Service) -> None:
    try:
        history = service.archive.history()
    except HistoryError as error:
        no_conversations(error)
        return
    callbacks = ListCallbacks(
        open=lambda id, turn: state.visit(service, Address(id, turn)),
        new=state.clear,
        deleted=lambda id: state.clear() if id == state.conversation else None,
    )
    conversations(history, state.conversation, callbacks)


def _head(state: ChatState, service: Service) -> None:
    with st.container(key="footnote-head", horizontal=True, vertical_alignment="center"):
        mode(state, service.chat)
        if state.conversation and state.exchanges:
            export(state, service)
            sharing(service, state.conversation)
        if state.exchanges:
            st.button(word("chat.new_chat"), key="footnote-new", type="tertiary", on_click=state.clear)
    if state.fault is not None:
        fault(state.fault, "footnote-fault")


def _welcome(place: DeltaGenerator, state: ChatState, service: Service) -> None:
    with place:
        st.title(word("chat.ask_your_articles"), anchor=False)
        st.text(word("chat.every_sentence_of_an_answer"))
        with st.container(key="footnote-examples"):
            for at, example in enumerate(map(read_plain, service.chat.examples())):
                st.button(literal(example), key=f"footnote-example-{at}", on_click=partial(state.ask, service, example))


def _turns(state: ChatState, service: Service) -> None:
    if state.first:
        label = word("chat.earlier", n=state.first)
        st.button(label, key="footnote-earlier", type="tertiary", on_click=state.earlier)
    for exchange in state.exchanges[state.first :]:
        # Every turn is a fragment, the running one with a clock: so a turn that ends stays where it is in Streamlit's tree.
        ticking = state.busy(exchange.id)
        st.fragment(_turn, run_every=TICK if ticking else None)(state, exchange.id, service, ticking)


def _turn(state: ChatState, id: str, service: Service, ticking: bool) -> None:
    """One question and its answer; while that is on its way, this is all that is drawn again and again."""
    state.advance()
    exchange = state.exchange(id)
    # None after the turn was replaced: an overtaken fragment may run once more before the page does.
    if exchange is None or state.redraw:
        st.rerun()
    with st.container(key=f"footnote-turn-{id}", gap=None):
        answer(exchange, _answer_context(state, exchange), _answer_callbacks(state, id, service))
        if exchange.answer.status != "running":
            passages(exchange)
            right_answer(service, id)
        if id in state.traced:
            trace(exchange)
        if (ablated := state.ablations.get(id)) is not None:
            ablated.advance()
            ablation(exchange, ablated, partial(state.uncompare, id))
    if ticking != state.busy(id):
        # The whole page once more, which stops the clock, or starts it for an answer that was asked for again.
        st.rerun()


def _answer_context(state: ChatState, exchange: Exchange) -> AnswerContext:
    # The sum of the conversation stands below its last answer alone, once that is complete.
    last = exchange is state.exchanges[-1] and exchange.answer.status != "running"
    kept = kept_turn(exchange.id)
    return AnswerContext(
        sums=spent_text(state.spent) if last else "",
        branches=state.branches.get(exchange.id, ()),
        feedback=state.feedback.get(exchange.id),
        conversation=state.conversation,
        traced=exchange.id in state.traced,
        last=last,
        # The answer is complete and its thread goes on: that is when questions to go on with are thought of.
        offering=exchange is state.exchanges[-1] and state.running is not None,
        target=exchange.id == state.target,
        kept=kept.said,
        kept_times=kept.times,
        lab=allowed(Permission.USE_LAB),
    )


def _answer_callbacks(state: ChatState, id: str, service: Service) -> AnswerCallbacks:
    return AnswerCallbacks(
        stop=state.stop,
        # These change what stands outside of the turn (other turns, the head, the list, the source), so they need the whole
        # page; the others draw their turn alone.
        search=_widely(state, partial(state.search_again, service, id)),
        again=_widely(state, partial(state.answer_again, service, id)),
        everywhere=_widely(state, partial(state.search_everywhere, service, id)),
        edit=_widely(state, partial(state.edit, service, id)),
        branch=_widely(state, partial(state.branch, service)),
        ask=_widely(state, partial(state.ask, service)),
        rate=partial(state.rate, service, id),
        trace=partial(state.trace, id),
        review=_widely(state, partial(state.begin_review, id)),
        keep=partial(keep_turn, state, service, id),
        stand=partial(keep_asking, state, service, id),
    )


def _widely(state: ChatState, act: Callable[P, None]) -> Callable[P, None]:
    """The act, after which the whole page is drawn again and not only the turn that it was done in."""

    def done(*given: P.args, **named: P.kwargs) -> None:
        """Does it, and asks for the whole page."""
        act(*given, **named)
        state.redraw = True

    return done
