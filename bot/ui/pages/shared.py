"""A conversation that somebody shares by a link: its questions, answers and footnotes, to be read and nothing else."""

import streamlit as st

from bot.conversation.history import Conversation, Exchange
from bot.types import Citation, Problem
from bot.ui.components.notice import notice
from bot.ui.layout import literal
from bot.ui.words import word
from bot.wiring import Service

_KEY = "footnote-shared"


def shared_conversation(service: Service, token: str) -> None:
    """Draw what the link opens, as it is now; or that it opens nothing any more."""
    # Asked with each run: the owner may have withdrawn the link a moment ago.
    found = service.archive.shared(token)
    with st.container(key=_KEY):
        if found is None:
            notice(word("shared.no_such_link"), Problem(word("shared.withdrawn"), word("shared.ask_for_another")))
        else:
            _conversation(found)


def _conversation(found: Conversation) -> None:
    st.caption(word("shared.to_be_read"))
    st.title(literal(found.head.title), anchor=False)
    for exchange in found.turns:
        with st.container(key=f"{_KEY}-{exchange.id}", border=True):
            _turn(exchange)


def _turn(exchange: Exchange) -> None:
    answer = exchange.answer
    st.subheader(literal(exchange.asked.question), anchor=False)
    # Articles and models write the text, so nothing in it is taken for markup.
    for line in filter(str.strip, answer.text.split("\n")):
        st.markdown(literal(line))
    if not answer.complete:
        st.caption(word("shared.not_whole"))
    # A model may cite a passage several times, under one number: it is listed once, with the last words that it was cited for.
    for number, cited in {one.n: one for one in answer.citations if one.quote}.items():
        _footnote(number, cited)


def _footnote(number: int, cited: Citation) -> None:
    place = literal(cited.title or cited.article)
    st.markdown(f"**{number}** {place}")
    quote = " ".join(cited.quote.split())
    st.markdown(f"> {literal(quote)}")
