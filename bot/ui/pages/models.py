"""The models that answers can be written with: added, tried, changed, removed, and one of them made the default."""

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from bot.errors import FootnoteError
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal, room
from bot.ui.model_form import ModelForm, Outcome, forget_fields, model_form, told_outcome
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.model_choices import QUOTES, ModelDirectory, ModelEntry

_KEY = "footnote-models"


@dataclass(slots=True)
class ModelsState:
    """What this session shows of the models: the form that stands open, what came of trials by name, and the last word said.

    The environment's model has the name "".
    """

    form: ModelForm | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    problem: Problem | None = None
    told: str = ""

    def open(self, models: ModelDirectory, entry: ModelEntry | None = None) -> None:
        """Open the form, for a new model or to change one."""
        self.form, self.problem, self.told = ModelForm(entry), None, ""
        self.form.fill(models)
        # Now, as the import takes seconds, and the reader still has to type an address.
        models.prepare()

    def close(self) -> None:
        """Put the form away, with the key that was typed into it."""
        self.form = None
        forget_fields()

    def saved(self, name: str) -> None:
        """A model was kept: what it was like before says nothing of it now."""
        self.outcomes.pop(name, None)
        self.close()
        # After `close`, and told above the list: the form that it was said of is gone.
        self.told = word("models.saved", name=name)

    def make_default(self, models: ModelDirectory, name: str) -> None:
        """Make a model the default, or quotations; "" leaves it to the environment."""
        self.problem, self.told = None, ""
        try:
            models.make_default(name)
        except FootnoteError as error:
            self.problem = Problem(error.message, error.help)

    def remove(self, models: ModelDirectory, name: str) -> None:
        """Remove a model with its key."""
        self.problem, self.told = None, ""
        try:
            models.remove(name)
            # The form may stand open for this very model.
            self.close()
            self.told = word("models.removed", name=name)
        except FootnoteError as error:
            self.problem = Problem(error.message, error.help)

    def try_kept(self, models: ModelDirectory, entry: ModelEntry) -> None:
        """Ask a model for one word; what comes of it stands below it from then on."""
        try:
            # An entry without a choice is the environment's, which has no file and no key of its own.
            self.outcomes[entry.name] = models.try_kept(entry.name) if entry.choice else models.try_environment()
        except FootnoteError as error:
            self.outcomes[entry.name] = Problem(error.message, error.help)


def page(service: Service) -> None:
    """Draw the list, and the form above it while a model is added or changed."""
    state, models = st.session_state.setdefault(f"{_KEY}-state", ModelsState()), service.models
    with room():
        with st.container(key="footnote-list-head"):
            st.title(word("models.models"), anchor=False)
            st.text(word("models.what_they_are"))
        # The page's own column leaves no gaps.
        with st.container(key=_KEY, gap="medium"):
            _listed(state, models)


def _listed(state: ModelsState, models: ModelDirectory) -> None:
    if state.problem is not None:
        fault(state.problem, f"{_KEY}-fault")
    elif state.told:
        st.success(literal(state.told))
    try:
        entries = models.entries()
    except FootnoteError as error:
        # A damaged file of choices: adding one more would write over what a person may still mend, so no form is offered.
        fault(Problem(error.message, error.help), f"{_KEY}-damaged")
        return
    if state.form is not None:
        model_form(state.form, models, state.saved, state.close)
    else:
        st.button(word("models.add_a_model"), key=f"{_KEY}-add", type="primary", on_click=state.open, args=(models,))
    if models.fixed:
        st.info(literal(word("models.fixed")))
    for at, entry in enumerate(entries):
        _entry(state, models, entry, at)
    _quotations(state, models, default=not any(entry.default for entry in entries))


def _entry(state: ModelsState, models: ModelDirectory, entry: ModelEntry, at: int) -> None:
    # By place, as a name may hold any sign, and Streamlit makes a class of the style sheet from the key.
    key = f"{_KEY}-{at}"
    with st.container(key=key, border=True, gap="small"):
        _head(entry.name or word("models.environment"), default=entry.default)
        st.text(" · ".join(filter(None, (entry.provider, entry.model or word("models.first_model"), entry.address))))
        st.text(key_told(entry))
        if entry.missing:
            fault(Problem(entry.missing, ""), f"{key}-missing")
        with st.container(key=f"{key}-actions", horizontal=True, vertical_alignment="center"):
            tried = st.button(word("models.try_it"), key=f"{key}-try")
            # FOOTNOTE_MODEL goes before any default, so setting one would change nothing in this run.
            if not entry.default and not models.fixed:
                st.button(
                    word("models.make_default"), key=f"{key}-default", on_click=partial(state.make_default, models, entry.name)
                )
            # The environment's model is changed where it was set.
            if entry.choice:
                st.button(word("models.edit"), key=f"{key}-edit", on_click=partial(state.open, models, entry))
                _removal(state, models, entry, key)
        if tried:
            # Here and not in the button's callback: what a callback draws stands above the page.
            with st.spinner(word("models.asking")):
                state.try_kept(models, entry)
        if (outcome := state.outcomes.get(entry.name)) is not None:
            told_outcome(outcome, f"{key}-outcome")


def _head(name: str, *, default: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(literal(name), anchor=False, width="content")
        if default:
            st.badge(word("models.default"), color="gray")


def _removal(state: ModelsState, models: ModelDirectory, entry: ModelEntry, key: str) -> None:
    """The button that removes, behind a question: a key can't be had back."""
    with st.popover(word("models.remove"), key=f"{key}-remove"), st.container(key=f"{key}-remove-box"):
        st.text(word("models.remove_really", name=entry.name))
        st.button(word("models.remove_yes"), key=f"{key}-remove-yes", on_click=partial(state.remove, models, entry.name))


def _quotations(state: ModelsState, models: ModelDirectory, *, default: bool) -> None:
    with st.container(key=f"{_KEY}-quotes", border=True, gap="small"):
        _head(word("models.quotations"), default=default)
        st.text(word("models.quotations_are"))
        if not default and not models.fixed:
            st.button(
                word("models.make_default"), key=f"{_KEY}-quotes-default", on_click=state.make_default, args=(models, QUOTES)
            )


def key_told(entry: ModelEntry) -> str:
    """Where a model's key is, in words; the key itself is nowhere on the page."""
    if entry.choice is None:
        return word("models.environment_is")
    told = {"keyring": word("models.key_keyring"), "file": word("models.key_file"), "none": word("models.key_none")}
    return told[entry.key]
