"""The source beside the page: the whole article, with the words in question marked and scrolled into view.

A click on a chip reaches this component inside the browser, as an event on the document. So it is this component that reruns,
and only the fragment that it sits in: neither the conversation is drawn again nor an answer on its way disturbed.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from bot.errors import FootnoteError, with_commands
from bot.ui.components.mounting import component
from bot.ui.components.source.pages import WantedPage
from bot.ui.components.source.review import decided
from bot.ui.components.source.view import SourceData, closed, source_data, with_page, without_known_text
from bot.ui.exchange import SourceTarget
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.errors import VectorstoreError


@dataclass(frozen=True, slots=True)
class PanelMessage:
    """What a message of the browser leaves for the run that answers it: the texts that it `has`, and what went wrong.

    `page` is the page of the original that it wants to see, as `WantedPage` has it.
    """

    has: tuple[str, ...] = ()
    fault: str = ""
    page: int = -1


NOTHING = PanelMessage()


def source(state: ChatState, service: Service, key: str) -> None:
    """Draw the panel for what stands open in `state`, and open in it whatever is asked for later."""
    st.fragment(_panel)(state, service, key)


def mounted() -> ComponentRenderer:
    """The panel's mounting command."""
    return component(
        "source",
        "source/structure",
        "source/text",
        "source/rail",
        "source/width",
        "source/find",
        "source/review",
        "source/pair",
        "source/page",
    )


def _panel(state: ChatState, service: Service, key: str) -> None:
    def shown() -> None:
        """Takes what the browser asks for, and keeps the reply until the panel is drawn."""
        st.session_state[f"{key}-heard"] = take_message(state, service, st.session_state[key].get("show"))

    # Popped, so that what went wrong is told once, and a run of the page for another reason sends all texts.
    heard: PanelMessage = st.session_state.pop(f"{key}-heard", NOTHING)
    data = {**without_known_text(_data(state, service, heard), heard.has), "fault": heard.fault}
    # A trigger needs a callback to come back as a value, even one that does nothing.
    told = mounted()(key=key, data=data, on_show_change=shown, on_without_change=lambda: None)
    if answer_without(state, service, told.without) or state.redraw:
        # What else has changed is drawn outside of this fragment: the answer, or the list in which this was opened.
        st.rerun()


def _data(state: ChatState, service: Service, heard: PanelMessage) -> SourceData:
    try:
        return with_page(source_data(state, service.library), WantedPage(heard.page, heard.has), service.library)
    except (FootnoteError, VectorstoreError) as error:
        opened = state.opened or SourceTarget("article")
        note = with_commands(f"{error.message} {error.help}")
        return {
            **closed(),
            "key": opened.key,
            "serial": opened.serial,
            "title": word("source.it_cant_be_shown"),
            "tone": "bad",
            "note": note,
        }


def take_message(state: ChatState, service: Service, sent: object) -> PanelMessage:
    """Take in what the browser says: what was decided on the citations, and what to show from now on."""
    # `review` tells what goes wrong in `state.fault`: emptied first, it shows whether this message did anything wrong.
    before, state.fault = state.fault, None
    for one in decided(sent):
        state.review(service, one.exchange, one.n, one.decision, one.note, one.who)
    problem = state.fault
    state.fault = problem or before
    # A decision and the next target come in one message: a reviewer's key decides on one footnote and opens the next.
    state.opened = target_of(sent)
    reviewing = state.opened is not None and isinstance(sent, dict) and sent.get("reviewing") is True
    state.reviewing = state.opened.exchange if state.opened and reviewing else ""
    return PanelMessage(_texts(sent), f"{problem.message} {problem.help}" if problem else "", _page(sent))


def _texts(sent: object) -> tuple[str, ...]:
    match sent:
        case {"has": list(names)}:
            return tuple(name for name in names if isinstance(name, str))
    return ()


def _page(sent: object) -> int:
    match sent:
        case {"page": int(number)}:
            return number
    return -1


def answer_without(state: ChatState, service: Service, sent: object) -> bool:
    """Have an answer given again without the passage of a citation, if that is what the browser asks for."""
    match sent:
        case {"exchange": str(exchange), "n": int(n), "close": bool(close)}:
            state.compare(service, exchange, n)
            # In a narrow window the panel covers the answers, and the new one would come behind it.
            if close:
                state.opened = None
            return True
    return False


def target_of(sent: object) -> SourceTarget | None:
    """What the browser asks to show, or None for nothing and for what makes no sense: a browser is not to be trusted.

    >>> target_of({"kind": "article", "article": "ice.md", "serial": 7}).article
    'ice.md'
    >>> target_of({"kind": "file", "article": "/etc/passwd", "serial": 7}) is None
    True
    """
    match sent:
        case {
            "kind": "citation" | "better" | "passage" | "against" as kind,
            "exchange": str(exchange),
            "n": int(n),
            "serial": int(serial),
        }:
            return SourceTarget(kind, exchange=exchange, n=n, serial=serial)
        case {"kind": "article", "article": str(article), "serial": int(serial)}:
            return SourceTarget("article", article=article, serial=serial)
    return None
