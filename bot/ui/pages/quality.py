"""What the kept answers look like, how often each verdict is right, and what people said of answers and citations."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

import streamlit as st

from bot.conversation.history import ConversationTitle, Decision, History, ListPage, RatedAnswer, Rating, ReviewedCitation
from bot.errors import HistoryError
from bot.types import Problem
from bot.ui.components.notice import fault, notice
from bot.ui.components.opinions import Opinion, opinions, rating_row, review_row, reviews_csv
from bot.ui.components.reliability import reliability
from bot.ui.components.tally import tally
from bot.ui.layout import room
from bot.ui.words import word
from bot.wiring import Service

T = TypeVar("T")

SHOWN = 50
"""Rows at a time."""
# The labels of the buttons are their values too, so what is chosen is looked up by its label.
ALL, DIFFERENT = word("quality.all"), word("quality.where_the_two_differ")
DECISIONS: Mapping[str, Decision] = {
    word("quality.accepted"): "accepted",
    word("quality.rejected"): "rejected",
    word("quality.notes_only"): "none",
}
RATINGS: Mapping[str, Rating] = {
    word("quality.useful"): "useful",
    word("quality.wrong"): "wrong",
    word("quality.missing_source"): "missing source",
}
EVERY = ConversationTitle("", word("quality.all_conversations"))


def page(service: Service) -> None:
    """Draw the tallies, what was measured, and the two lists; a filter draws its own list alone."""
    with room():
        with st.container(key="footnote-list-head"):
            st.title(word("quality.quality"), anchor=False)
        try:
            history = service.archive.history()
            counts, own = history.opinions.tally(), service.archive.own_calibration()
        except HistoryError as error:
            with st.container(key="footnote-trouble"):
                notice(word("quality.the_conversations_cant_be_read"), Problem(error.message, error.help))
            return
        tally(counts)
        st.subheader(word("quality.how_often_each_verdict"), anchor=False)
        reliability(own)
        with st.container(key="footnote-quality-reviews"):
            # A filter draws its own list again, and not the charts above it.
            st.fragment(_reviews)(history)
        st.space("medium")
        with st.container(key="footnote-quality-feedback"):
            st.fragment(_feedback)(history)


def _reviews(history: History) -> None:
    st.subheader(word("quality.reviews"), anchor=False)
    key = "footnote-quality-review"
    shown, subject = _filters(history, key, (ALL, *DECISIONS, DIFFERENT), word("quality.which_reviews"))
    found = _listed(key, partial(reviews_of, history, shown, subject.id))
    # `_listed` has told why in the place of the list.
    if found is None:
        return
    rows = [review_row(one) for one in found.items]
    _rows(rows, key, word("quality.reviews"), word("quality.no_citation_has_been_reviewed_yet"), shown, subject)
    _pages(key, more=found.more)
    if rows:
        # Put together on the click alone, as it reads all of them; "ignore", as that click has nothing to draw again.
        everything = partial(_file, history, shown, subject.id)
        st.download_button(
            word("quality.download_as_csv"), everything, "reviews.csv", "text/csv", key=f"{key}-csv", on_click="ignore"
        )


def _feedback(history: History) -> None:
    st.subheader(word("quality.feedback"), anchor=False)
    key = "footnote-quality-rating"
    shown, subject = _filters(history, key, (ALL, *RATINGS), word("quality.which_feedback"))
    found = _listed(key, partial(_ratings_of, history, shown, subject.id))
    if found is None:
        return
    rows = [rating_row(one) for one in found.items]
    _rows(rows, key, word("quality.feedback"), word("quality.nobody_has_rated_an_answer_yet"), shown, subject)
    _pages(key, more=found.more)


def reviews_of(history: History, shown: str, conversation: str, limit: int, offset: int) -> ListPage[ReviewedCitation]:
    """The reviews that a choice stands for."""
    if shown == DIFFERENT:
        return history.opinions.differing(conversation=conversation, limit=limit, offset=offset)
    return history.opinions.reviews(DECISIONS.get(shown), conversation=conversation, limit=limit, offset=offset)


def _ratings_of(history: History, shown: str, conversation: str, limit: int, offset: int) -> ListPage[RatedAnswer]:
    return history.opinions.ratings(RATINGS.get(shown), conversation=conversation, limit=limit, offset=offset)


def _file(history: History, shown: str, conversation: str) -> bytes:
    return reviews_csv(_every(history, shown, conversation))


def _every(history: History, shown: str, conversation: str) -> Iterator[ReviewedCitation]:
    offset, more = 0, True
    while more:
        page = reviews_of(history, shown, conversation, SHOWN, offset)
        yield from page.items
        offset, more = offset + SHOWN, page.more


def _filters(history: History, key: str, choices: tuple[str, ...], label: str) -> tuple[str, ConversationTitle]:
    """What is chosen: a kind, and a conversation where something was said of more than one."""
    shown = st.segmented_control(
        label, choices, default=ALL, required=True, key=f"{key}-kind", label_visibility="collapsed", on_change=_first(key)
    )
    try:
        subjects = history.opinions.subjects()
    except HistoryError:  # told where the list would stand
        subjects = ()
    # A choice between "all conversations" and the only one is none.
    if len(subjects) < 2:
        return str(shown or ALL), EVERY
    options = {one.id: one for one in (EVERY, *subjects)}
    chosen = st.selectbox(
        word("quality.conversation"),
        list(options),
        format_func=lambda id: options[id].title,
        key=f"{key}-of",
        on_change=_first(key),
    )
    # The conversation that was chosen may be deleted by now.
    return str(shown or ALL), options.get(str(chosen or ""), EVERY)


def _first(key: str) -> Callable[[], None]:
    """Another choice begins at its first page."""

    def back() -> None:
        """Goes to the first page."""
        st.session_state[f"{key}-page"] = 0

    return back


def _listed(key: str, read: Callable[[int, int], ListPage[T]]) -> ListPage[T] | None:
    """The page of the list that is being looked at; None, and a sentence in its place, where it cannot be read."""
    at = int(st.session_state.get(f"{key}-page", 0))
    try:
        return read(SHOWN, at * SHOWN)
    except HistoryError as error:
        fault(Problem(error.message, error.help), f"{key}-fault")
        return None


def _rows(rows: list[Opinion], key: str, label: str, none: str, shown: str, subject: ConversationTitle) -> None:
    if rows:
        opinions(rows, f"{key}-rows", label)
    else:
        # There is none at all, or none of those that were chosen.
        st.text(none if shown == ALL and subject is EVERY else word("quality.there_is_none"))


def _pages(key: str, *, more: bool) -> None:
    """The way to newer and older rows, where not all are shown."""
    at = int(st.session_state.get(f"{key}-page", 0))
    if not at and not more:
        return

    def turned(by: int) -> None:
        """Turns so many pages; never before the first."""
        st.session_state[f"{key}-page"] = max(0, at + by)

    with st.container(key=f"{key}-pages", horizontal=True, vertical_alignment="center"):
        st.button(word("quality.newer"), key=f"{key}-newer", disabled=not at, on_click=turned, args=(-1,))
        st.text(word("quality.rows_from", first=at * SHOWN + 1))
        st.button(word("quality.older"), key=f"{key}-older", disabled=not more, on_click=turned, args=(1,))
