"""The questions that stand: kept, asked again when the articles change, and what changed in their answers."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.conversation.history import Exchange, StandingAnswer, StandingQuestion
from bot.errors import FootnoteError
from bot.types import Problem, Question
from bot.ui.components.notice import fault
from bot.ui.components.source import source
from bot.ui.components.standing import exchange_id, standing_data, standing_question
from bot.ui.layout import literal, room
from bot.ui.scoping import scope_parts
from bot.ui.standing_run import StandingState, standing_state
from bot.ui.state import chat_state
from bot.ui.words import word
from bot.wiring import Service

TICK = 0.5  # seconds between two looks at what is being asked
EARLIER = 10
"""Answers of a question that are shown at most: the newest, and those that it changed one after another."""
_KEY = "footnote-standing"


def page(service: Service) -> None:
    """Draw the field for a new question, and the list; what is being asked goes on when the page is left."""
    state = standing_state()
    running = state.advance()
    # The source panel shows footnotes of a conversation: here, that of all answers which are in sight.
    reader = chat_state("standing")
    # These answers are kept with their standing question and not in the history: there is no turn to review or to answer again.
    reader.reading_only = True
    with room() as side:
        with st.container(key="footnote-list-head"):
            st.title(word("standing.standing_questions"), anchor=False)
            st.text(word("standing.what_they_are"))
        _form(service, state)
        st.space("small")
        # The answers are read before the panel is drawn, which asks for them.
        questions = service.standing.questions()
        # Of all questions, as a footnote that is open stays open when another question is asked again.
        answers = {one.id: service.standing.answers(one.id, EARLIER) for one in questions}
        reader.exchanges = [_exchange(one, told) for one in questions for told in answers[one.id]]
        st.fragment(_listed, run_every=TICK if running else None)(service, state, running)
    with side:
        source(reader, service, f"{_KEY}-source")


def _form(service: Service, state: StandingState) -> None:
    """The field for a new question, which is asked as soon as it is kept."""
    # A form, so that Enter keeps the question as the button does, and typing alone runs nothing.
    row = st.form(f"{_KEY}-form", clear_on_submit=True, border=False)
    with row.container(key=f"{_KEY}-new", horizontal=True, vertical_alignment="bottom"):
        asked = st.text_input(
            word("standing.a_question_to_keep"), key=f"{_KEY}-text", placeholder=word("standing.for_instance")
        )
        kept = st.form_submit_button(word("standing.keep_asking"), type="primary", key=f"{_KEY}-keep")
    if kept and asked.strip():
        try:
            one = service.standing.add(Question(asked.strip()))
        except FootnoteError as error:
            state.problem = Problem(error.message, error.help)
            return
        # The way back is offered for the last change alone.
        state.removed = None
        state.ask(service.standing, [one.id])
        st.rerun()


def _listed(service: Service, state: StandingState, ticking: bool) -> None:
    """The questions with what can be done about them; drawn again and again while any is being asked."""
    running = state.advance()
    if ticking != running:
        # The whole page once more, which starts or stops the clock, and gives the panel the new answers.
        st.rerun()
    # Read anew and not handed over by the page: the fragment is drawn by itself while questions are being asked.
    questions, due = service.standing.questions(), {one.id for one in service.standing.due()}
    if state.problem is not None:
        fault(state.problem, f"{_KEY}-fault")
    _undo(service, state)
    if not questions:
        st.text(word("standing.none_is_kept"))
        return
    _tools(service, state, [one.id for one in questions], due, running)
    titles = {article.id: article.title for article in service.library.articles()}
    for one in questions:
        with st.container(key=f"{_KEY}-one-{one.id}", border=True):
            answers = service.standing.answers(one.id, EARLIER)
            scope = " · ".join(part.label for part in scope_parts(one.asked.scope, titles))
            standing_question(standing_data(one, answers, scope, due=one.id in due), f"{_KEY}-shown-{one.id}")
            _buttons(service, state, one)


def _tools(service: Service, state: StandingState, ids: Sequence[str], due: set[str], running: bool) -> None:
    with st.container(key=f"{_KEY}-tools", horizontal=True, vertical_alignment="center"):
        st.text(word("standing.kept", count=len(ids)))
        if running and state.run is not None:
            st.text(word("standing.asking", done=state.run.done, total=len(state.run.ids)))
        elif due:
            # In the order of the list, which `due` as a set has not.
            ask = partial(state.ask, service.standing, [id for id in ids if id in due])
            st.button(word("standing.ask_due", count=len(due)), key=f"{_KEY}-due", on_click=ask)
        else:
            # Asked anew even where no article changed: another model or prompt may be in force.
            anew = partial(state.ask, service.standing, ids, anew=True)
            st.button(word("standing.ask_all_again"), key=f"{_KEY}-all", on_click=anew)


def _buttons(service: Service, state: StandingState, one: StandingQuestion) -> None:
    with st.container(key=f"{_KEY}-buttons-{one.id}", horizontal=True, vertical_alignment="center"):
        ask = partial(state.ask, service.standing, [one.id], anew=True)
        st.button(word("standing.ask_now"), key=f"{_KEY}-ask-{one.id}", on_click=ask)
        st.button(word("standing.remove"), key=f"{_KEY}-remove-{one.id}", on_click=partial(_remove, service, state, one))


def _remove(service: Service, state: StandingState, one: StandingQuestion) -> None:
    try:
        service.standing.remove(one.id)
        state.removed, state.problem = one, None
    except FootnoteError as error:
        state.problem = Problem(error.message, error.help)


def _undo(service: Service, state: StandingState) -> None:
    """What was removed last, and the way back."""
    if (one := state.removed) is None:
        return

    def back() -> None:
        """Restores it, and takes the offer away."""
        service.standing.restore(one.id)
        state.removed = None

    with st.container(key=f"{_KEY}-removed", horizontal=True, vertical_alignment="center"):
        st.markdown(literal(word("standing.removed", question=one.asked.question)))
        st.button(word("standing.undo"), key=f"{_KEY}-undo", on_click=back)


def _exchange(one: StandingQuestion, answer: StandingAnswer) -> Exchange:
    return Exchange(exchange_id(answer), one.asked, answer.answer)
