"""The prompt lab: what a model is given, edited, compared, tried side by side, and run over many cases."""

from importlib.resources import files

import streamlit as st

from bot.ui.addresses import NOWHERE, read
from bot.ui.lab.state import CASES, RUNS, SECTIONS, TRY, LabState, lab_state
from bot.ui.lab.trying import ask_models, trying
from bot.ui.lab.versions import versions
from bot.ui.pages.runs import runs
from bot.ui.runs.case_page import case_page
from bot.ui.words import word
from bot.wiring import Service

_SECTION = "footnote-lab-section"


def page(service: Service) -> None:
    """Draw the section that is chosen; an address with a turn of the chat opens that one for trying prompts on it."""
    state = lab_state()
    _arrive(state, service)
    style = files("bot.ui.lab").joinpath("lab.css").read_text(encoding="utf-8")
    with st.container(key="footnote-lab"):
        st.html(f"<style>{style}</style>")
        with st.container(key="footnote-list-head"):
            st.title(word("lab.prompts"), anchor=False)
        st.text(word("lab.what_a_model_is_given"))
        section = _section(state)
        if section == TRY:
            ask_models(service)
            trying(state, service)
        elif section == CASES:
            case_page(service)
        elif section == RUNS:
            runs(service)
        else:
            versions(state, service)


def _arrive(state: LabState, service: Service) -> None:
    wanted = read(st.query_params)
    if wanted.turn and wanted != state.address:
        state.arrive(service, wanted)
    elif not wanted.turn:
        state.address = NOWHERE  # so that the same turn can be come from again


def _section(state: LabState) -> str:
    # Set in every run: Streamlit forgets a field that is not drawn, as when another page was open meanwhile.
    st.session_state[_SECTION] = state.section

    def chosen() -> None:
        """Keeps the section in the state of the lab, where a link from the chat sets it too."""
        state.section = str(st.session_state[_SECTION] or SECTIONS[0])

    st.segmented_control(
        word("lab.section"), SECTIONS, key=_SECTION, required=True, label_visibility="collapsed", on_change=chosen
    )
    return state.section
