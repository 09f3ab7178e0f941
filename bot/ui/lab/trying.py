"""The section in which a turn is answered by one to four columns side by side, so that only their setups differ."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from bot.ui.components.notice import fault
from bot.ui.lab import columns as setups
from bot.ui.lab.columns import (
    ANSWER_PROMPT,
    CONDENSE_PROMPT,
    JUDGE_PROMPT,
    MOST_COLUMNS,
    TRIED_PROMPTS,
    Column,
    offered_picks,
)
from bot.ui.lab.state import LabState
from bot.ui.lab.trial import JudgedText
from bot.ui.lab.trial_view import trial_answers
from bot.ui.lab.turn_field import turn_field
from bot.ui.model_offer import HOW, ModelOffer, choices, default_model, model_label, offered_models
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.model_choices import QUOTES

_KEY = "footnote-lab"
OFFER = f"{_KEY}-offer"
SHARED = word("lab.all_columns_answer_the_same")
_SAID = {
    ANSWER_PROMPT: SHARED,
    CONDENSE_PROMPT: word("lab.each_column_searches_for_itself"),
    JUDGE_PROMPT: word("lab.each_column_judges_the_answer"),
}
TICK = 0.1  # seconds between two looks at the answers


def trying(state: LabState, service: Service) -> None:
    """Draw the prompt that is tried, the turn, the columns' setups, and what they answered."""
    # First, as it decides what the field of the turn and the columns offer.
    _choose_prompt(state)
    turn_field(state, service.chat, f"{_KEY}-try")
    _beside_the_turn(state)
    offer, started = _offer(), default_model(service.chat)
    models = choices(offer, started)
    names, in_force = offered_picks(service.lab, state.tried, state.drafts)
    if not _tell_missing_model(offer, models):
        st.text(_SAID[state.tried])
    # Before the columns are drawn: Streamlit refuses a choice that is not among the options.
    _fill_columns(state, models, started, names, in_force)
    for at, place in enumerate(st.columns(len(state.columns), gap="medium")):
        with place, st.container(key=f"{_KEY}-column-{at}", border=True):
            _column(state, at, models, names, in_force)
    # After the columns and before the buttons, which offer "Stop" only while something runs.
    running = state.trial is not None and state.trial.advance()
    _buttons(state, service, running=running, full=len(state.columns) >= MOST_COLUMNS or tuple(models) == (QUOTES,))
    st.fragment(_answers, run_every=TICK if running else None)(state, running)


def _choose_prompt(state: LabState) -> None:
    key = f"{_KEY}-tried"
    # Set in every run, as opening a version in the editor changes what is tried, too.
    st.session_state[key] = state.tried

    def chosen() -> None:
        """Keeps which prompt is tried."""
        state.try_prompt(str(st.session_state[key]))

    st.selectbox(word("lab.prompt_that_is_tried"), TRIED_PROMPTS, key=key, on_change=chosen, width=320)
    if state.name not in TRIED_PROMPTS:
        st.text(word("lab.is_not_tried_on_a_turn", prompt=state.name))


def _beside_the_turn(state: LabState) -> None:
    """What a follow-up leans on, or what is to be judged: only where that prompt is tried."""
    if state.tried == CONDENSE_PROMPT and state.held is None:
        with st.container(key=f"{_KEY}-before", horizontal=True):
            asked = st.text_input(word("lab.question_before"), state.asked_before, key=f"{_KEY}-asked-before")
            answered = st.text_input(word("lab.answer_before"), state.answered_before, key=f"{_KEY}-answered-before")
        state.asked_before, state.answered_before = str(asked or ""), str(answered or "")
    # A judge reads an answer and not a question: one is typed here, so that all columns judge the same.
    elif state.tried == JUDGE_PROMPT:
        criterion = st.text_input(word("lab.criterion"), state.judged.criterion, key=f"{_KEY}-criterion")
        text = st.text_area(word("lab.answer_to_judge"), state.judged.text, key=f"{_KEY}-judged", height=110)
        state.judged = JudgedText(str(text or ""), str(criterion or ""))


def _offer() -> ModelOffer:
    """What can be chosen. A server may take seconds to tell, so it is asked once for each session, or again on request."""
    found = st.session_state.get(OFFER)
    return found if isinstance(found, ModelOffer) else ModelOffer((QUOTES,))


def ask_models(service: Service) -> None:
    """Ask the model's server what it has, if that is not known yet."""
    if not isinstance(st.session_state.get(OFFER), ModelOffer):
        with st.spinner(word("lab.asking_which_models_there_are")):
            st.session_state[OFFER] = offered_models(service.chat)


def _tell_missing_model(offer: ModelOffer, models: Sequence[str]) -> bool:
    """What needs a model and how to get one, where there is none; whether that had to be said."""
    if offer.problem is not None:
        fault(offer.problem, f"{_KEY}-models")
        # To forget the answer is to ask again: `ask_models` finds none in the next run.
        st.button(word("lab.ask_for_the_models_again"), key=f"{_KEY}-again", on_click=st.session_state.pop, args=(OFFER, None))
    elif tuple(models) == (QUOTES,):
        st.text(word("lab.one_column", how=" ".join(HOW)))
    return offer.problem is not None or tuple(models) == (QUOTES,)


def _fill_columns(state: LabState, models: Sequence[str], started: str, names: Sequence[str], in_force: str) -> None:
    """Columns to begin with: two versions where there is a model, else the quotations. What is gone gives way."""
    model = started if started in models and started != QUOTES else next((one for one in models if one != QUOTES), QUOTES)
    # The version in force may be broken, and what is broken is not offered.
    first = in_force if in_force in names else next(iter(names), "")
    if not state.columns:
        state.columns = [Column(model, first)]
        other = next((one for one in names if one != first), "")
        # Two columns from the start: a comparison is what the section is for.
        if model != QUOTES and other:
            state.columns.append(Column(model, other))
    for at, one in enumerate(state.columns):
        # A server may have lost the model since, and a draft may have been saved or undone.
        kept = one if one.model in models else replace(one, model=model)
        state.columns[at] = kept if kept.pick in names else replace(kept, pick=first)


def _column(state: LabState, at: int, models: Sequence[str], names: Sequence[str], in_force: str) -> None:
    column = state.columns[at]
    keys = {name: f"{_KEY}-{name}-{at}" for name in ("model", "pick", "temperature", "most")}
    for name, key in keys.items():
        # The columns are kept in the state and put into the fields in each run: a field is known by its place, and the columns
        # move when one is removed.
        st.session_state[key] = getattr(column, name)
    changed = partial(_changed, state, at, keys)
    st.selectbox(word("lab.answers_in", n=at + 1), models, format_func=model_label, key=keys["model"], on_change=changed)
    if column.model == QUOTES:
        st.text(word("lab.quotations_use_no_prompt"))
        return
    called = partial(setups.pick_label, in_force=in_force)
    st.selectbox(word("lab.version"), names, format_func=called, key=keys["pick"], on_change=changed)
    with st.container(horizontal=True):
        st.number_input(
            word("lab.temperature"),
            0.0,
            2.0,
            None,
            step=0.1,
            key=keys["temperature"],
            placeholder=word("lab.as_set"),
            on_change=changed,
        )
        st.number_input(
            word("lab.most_tokens"),
            1,
            100_000,
            None,
            step=100,
            key=keys["most"],
            placeholder=word("lab.as_set"),
            on_change=changed,
        )


def _changed(state: LabState, at: int, keys: dict[str, str]) -> None:
    """Take over what the fields of a column say; those that are not in sight stay as they were."""
    # A column of quotations has no fields but the first.
    given = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
    state.set_column(at, replace(state.columns[at], **given))


def _buttons(state: LabState, service: Service, *, running: bool, full: bool) -> None:
    with st.container(key=f"{_KEY}-run", horizontal=True):
        st.button(word("lab.answer"), key=f"{_KEY}-answer", type="primary", on_click=state.run, args=(service,))
        if running:
            st.button(word("lab.stop"), key=f"{_KEY}-stop", on_click=state.stop)
        st.button(word("lab.add_a_column"), key=f"{_KEY}-add", disabled=full, on_click=_added, args=(state,))
        if len(state.columns) > 1:
            st.button(word("lab.remove_the_last_column"), key=f"{_KEY}-remove", on_click=_removed, args=(state,))


def _added(state: LabState) -> None:
    # A copy of the last, so that one thing at a time is changed between two columns; columns are frozen, so the two share
    # nothing.
    state.columns.append(state.columns[-1])


def _removed(state: LabState) -> None:
    state.columns.pop()


def _answers(state: LabState, ticking: bool) -> None:
    """The answers; while they are on their way, this is all that is drawn again and again."""
    if state.trial is None:
        return
    running = state.trial.advance()
    trial_answers(state.trial)
    if ticking != running:
        # The whole page once more, which stops the clock.
        st.rerun()
