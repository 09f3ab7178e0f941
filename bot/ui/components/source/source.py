"""The source beside the page: the whole article, with the words in question marked and scrolled into view.

A click on a chip reaches this component inside the browser, as an event on the document. So it is this component that reruns,
and only the fragment that it sits in: neither the conversation is drawn again nor an answer on its way disturbed.
"""

import streamlit as st

from bot.errors import FootnoteError
from bot.ui.components.load import load
from bot.ui.components.source.view import SourceData, closed, source_data
from bot.ui.service import Service
from bot.ui.state import Opened, State
from vectorstore.errors import VectorstoreError


def source(state: State, service: Service, key: str) -> None:
    """Draw the panel for what stands open in `state`, and open in it whatever is asked for later."""
    st.fragment(_panel)(state, service, key)


def _panel(state: State, service: Service, key: str) -> None:
    def shown() -> None:
        state.opened = target_of(st.session_state[key].get("show"))

    load("source")(key=key, data=_data(state, service), on_show_change=shown)


def _data(state: State, service: Service) -> SourceData:
    try:
        return source_data(state, service)
    except (FootnoteError, VectorstoreError) as error:
        opened = state.opened or Opened("article")
        note = f"{error.message} {error.help}"
        return {
            **closed(),
            "key": opened.key,
            "serial": opened.serial,
            "title": "It can't be shown",
            "tone": "bad",
            "note": note,
        }


def target_of(sent: object) -> Opened | None:
    """What the browser asks to show, or None for nothing and for what makes no sense: a browser is not to be trusted."""
    match sent:
        case {
            "kind": "citation" | "better" | "passage" as kind,
            "exchange": str(exchange),
            "n": int(n),
            "serial": int(serial),
        }:
            return Opened(kind, exchange=exchange, n=n, serial=serial)
        case {"kind": "article", "article": str(article), "serial": int(serial)}:
            return Opened("article", article=article, serial=serial)
    return None
