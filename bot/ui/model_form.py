"""The form in which a model is added or changed: who answers, where, with which key, and on which budget.

What is typed is read field by field, not sent as a whole: the provider chosen gives the address, and the address the models to
choose from. A key that was typed belongs to the address that stood beside it: who changes that has to type the key again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import streamlit as st

from bot.errors import FootnoteError
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal, markdown
from bot.ui.words import word
from bot.wiring.model_choices import ModelDirectory, ModelEntry, ModelTrial

_KEY = "footnote-models-form"
# Each is a key of the session behind `_KEY`; the form is filled and emptied by these names.
_FIELDS = ("provider", "name", "address", "key", "model", "temperature", "answer", "context")

Outcome = ModelTrial | Problem
"""What came of trying a model."""


@dataclass(slots=True)
class ModelForm:
    """A form that stands open; `entry` is the model that it changes, None where one is added.

    `outcome` is what came of the last trial, as long as nothing was typed since. `listed` holds what a server has told of its
    models, by a digest of where and with which key it was asked.
    """

    entry: ModelEntry | None = None
    outcome: Outcome | None = None
    problem: Problem | None = None
    listed: dict[str, tuple[str, ...] | Problem] = field(default_factory=dict)

    def fill(self, models: ModelDirectory) -> None:
        """Put into the fields what is kept of the model, but its key."""
        choice = self.entry.choice if self.entry else None
        usual = models.providers()[0]
        kept = {
            "provider": choice.provider if choice else usual.id,
            "name": choice.name if choice else "",
            "address": choice.address if choice else usual.address,
            "key": "",
            # None and not "": a select box shows its placeholder for None alone.
            "model": choice.model or None if choice else None,
            "temperature": choice.temperature if choice else None,
            "answer": choice.max_answer_tokens if choice else None,
            "context": choice.context_tokens if choice else None,
        }
        for name, value in kept.items():
            # Called before the fields are drawn: Streamlit refuses to set the value of a field that this run has drawn already.
            st.session_state[f"{_KEY}-{name}"] = value

    def touched(self) -> None:
        """What was told of what stood here before does not hold any more."""
        self.outcome, self.problem = None, None

    def moved(self) -> None:
        """Another address: the key that was typed is not sent there."""
        self.touched()
        st.session_state[f"{_KEY}-key"] = ""

    def chose_provider(self, models: ModelDirectory) -> None:
        """Another provider, at its usual address."""
        self.moved()
        chosen = next(one for one in models.providers() if one.id == st.session_state[f"{_KEY}-provider"])
        st.session_state[f"{_KEY}-address"] = chosen.address
        st.session_state[f"{_KEY}-model"] = None


def forget_fields() -> None:
    """Take what was typed out of the session, the key before all."""
    for name in _FIELDS:
        st.session_state.pop(f"{_KEY}-{name}", None)


def model_form(form: ModelForm, models: ModelDirectory, saved: Callable[[str], None], cancelled: Callable[[], None]) -> None:
    """Draw the form; `saved` is called with the name of the model that was kept."""
    with st.container(key=_KEY, border=True):
        name = form.entry.name if form.entry else ""
        st.subheader(word("models.change", name=name) if name else word("models.add_a_model"), anchor=False)
        _fields(form, models)
        _actions(form, models, saved, cancelled)


def _fields(form: ModelForm, models: ModelDirectory) -> None:
    providers = {one.id: one for one in models.providers()}
    labels = {id: one.label for id, one in providers.items()}
    chosen = providers[st.session_state[f"{_KEY}-provider"]]
    st.selectbox(
        word("models.provider"),
        list(labels),
        format_func=labels.__getitem__,
        key=f"{_KEY}-provider",
        # A callback, as it runs before the fields of the next run are drawn and may still set their values.
        on_change=form.chose_provider,
        args=(models,),
    )
    if missing := models.missing(chosen.id):
        fault(Problem(missing, ""), f"{_KEY}-missing")
    st.text_input(word("models.name"), key=f"{_KEY}-name", help=word("models.name_help"), max_chars=60, on_change=form.touched)
    # The packages of the other providers know their address by themselves.
    if chosen.compatible or chosen.id == "anthropic":
        st.text_input(word("models.address"), key=f"{_KEY}-address", help=word("models.address_help"), on_change=form.moved)
    st.text_input(
        word("models.key"),
        key=f"{_KEY}-key",
        type="password",
        help=word("models.key_help"),
        placeholder=_key_hint(form, local=chosen.local),
        # A browser takes any field of this type for a sign-in, and would fill in or keep the password of this host.
        autocomplete="new-password",
        on_change=form.touched,
    )
    _model(form, models, compatible=chosen.compatible)
    with st.expander(word("models.options")):
        _options(form)


def _key_hint(form: ModelForm, *, local: bool) -> str:
    """What the empty field of the key says: whether there is one, and whether one is asked for."""
    entry = form.entry
    if entry is not None and entry.key != "none":
        # The address is compared as it is kept, without the slash at its end.
        same = st.session_state.get(f"{_KEY}-address", "").strip().rstrip("/") == entry.address
        return word("models.key_of_its_own") if same else word("models.key_again")
    return word("models.key_if_any") if local else word("models.key_needed")


def _model(form: ModelForm, models: ModelDirectory, *, compatible: bool) -> None:
    found = _listed(form, models) if compatible else ()
    names = list(found) if isinstance(found, tuple) else []
    typed = st.session_state[f"{_KEY}-model"]
    if typed and typed not in names:
        names.append(typed)
    st.selectbox(
        word("models.model"),
        names,
        index=None,
        key=f"{_KEY}-model",
        placeholder=word("models.model_placeholder"),
        accept_new_options=True,
        on_change=form.touched,
    )
    # Always there, so that nothing below moves when the list comes.
    st.caption(_told_of_list(found, compatible=compatible))


def _told_of_list(found: tuple[str, ...] | Problem, *, compatible: bool) -> str:
    if isinstance(found, Problem):
        return markdown(f"{found.message} {found.help}")
    if found:
        return word("models.listed", count=len(found))
    if not compatible:
        return word("models.not_listed")
    return word("models.after_key") if st.session_state[f"{_KEY}-address"].strip() else word("models.after_address")


def _listed(form: ModelForm, models: ModelDirectory) -> tuple[str, ...] | Problem:
    """The models of the server that is entered; it is asked once for each address and key."""
    address, key = st.session_state.get(f"{_KEY}-address", ""), st.session_state[f"{_KEY}-key"]
    provider = st.session_state[f"{_KEY}-provider"]
    # A digest, so that the session holds the key in one place alone, which `forget_fields` empties.
    mark = sha256("\0".join((provider, address, key)).encode("utf-8", "replace")).hexdigest()
    if not address.strip():
        return ()
    if mark not in form.listed:
        try:
            # A name and a model are needed for a choice, but play no part in asking which models there are.
            asked = models.draft(form.entry, name="draft", provider=provider, address=address, model="any")
            # A provider elsewhere refuses whoever brings no key, so it is not asked before there is one.
            needed = not next(one for one in models.providers() if one.id == provider).local and not key
            form.listed[mark] = () if needed and not models.has_key(asked) else models.offered(asked, key)
        except FootnoteError as error:
            # The failure is kept as well: each change of a field runs the page again, which would wait for the dead server once
            # more.
            form.listed[mark] = Problem(error.message, error.help)
    return form.listed[mark]


def _options(form: ModelForm) -> None:
    # The bounds below are those of `ModelChoice`, which refuses what lies outside of them.
    empty = word("models.as_settings")
    st.number_input(
        word("models.temperature"),
        0.0,
        2.0,
        step=0.1,
        value=None,
        key=f"{_KEY}-temperature",
        help=word("models.temperature_help"),
        placeholder=empty,
        on_change=form.touched,
    )
    st.number_input(
        word("models.answer_tokens"),
        50,
        100_000,
        step=100,
        value=None,
        key=f"{_KEY}-answer",
        placeholder=empty,
        on_change=form.touched,
    )
    st.number_input(
        word("models.context_tokens"),
        200,
        1_000_000,
        step=500,
        value=None,
        key=f"{_KEY}-context",
        placeholder=empty,
        on_change=form.touched,
    )


def _actions(form: ModelForm, models: ModelDirectory, saved: Callable[[str], None], cancelled: Callable[[], None]) -> None:
    with st.container(key=f"{_KEY}-actions", horizontal=True, vertical_alignment="center"):
        save = st.button(word("models.save"), key=f"{_KEY}-save", type="primary")
        tried = st.button(word("models.try_it"), key=f"{_KEY}-try")
        st.button(word("models.cancel"), key=f"{_KEY}-cancel", type="tertiary", on_click=cancelled)
    if tried:
        form.touched()
        with st.spinner(word("models.asking")):
            form.outcome = _tried(form, models)
    if save:
        form.touched()
        try:
            kept = models.save(
                models.draft(form.entry, **_typed()),
                st.session_state[f"{_KEY}-key"].strip(),
                before=form.entry.name if form.entry else "",
            )
        except FootnoteError as error:
            form.problem = Problem(error.message, error.help)
        else:
            saved(kept.name)
            # The list of models was drawn above the form before this one was kept.
            st.rerun()
    if form.problem is not None:
        fault(form.problem, f"{_KEY}-fault")
    if form.outcome is not None:
        told_outcome(form.outcome, f"{_KEY}-outcome")


def _tried(form: ModelForm, models: ModelDirectory) -> Outcome:
    try:
        # A model can be tried before it has a name.
        typed = _typed()
        return models.try_out(
            models.draft(form.entry, **{**typed, "name": typed["name"] or word("models.models")}),
            st.session_state[f"{_KEY}-key"].strip(),
        )
    except FootnoteError as error:
        return Problem(error.message, error.help)


def _typed() -> dict[str, object]:
    """What stands in the fields, as a choice has it; the key is not among it."""
    # Streamlit forgets a field that is not drawn, such as the address of a provider that has but one: hence `get`.
    named = {"answer": "max_answer_tokens", "context": "context_tokens"}
    held = {name: st.session_state.get(f"{_KEY}-{name}") for name in _FIELDS if name != "key"}
    return {
        named.get(name, name): ("" if value is None and name in ("address", "model") else value) for name, value in held.items()
    }


def told_outcome(outcome: Outcome, key: str) -> None:
    """Draw what came of trying a model."""
    if isinstance(outcome, Problem):
        fault(outcome, key)
        return
    with st.container(key=key):
        st.success(literal(word("models.answered", seconds=f"{outcome.seconds:.1f}", model=outcome.model)))
