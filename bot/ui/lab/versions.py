"""The section of the versions: one of them in an editor beside its live rendering, what is different, what is in force."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.answering.rendering import needs_passages
from bot.errors import FootnoteError, InputError, PromptError
from bot.prompting import PROMPT_VARIABLES, PromptFolder, PromptListing
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.components.prompt_lines import prompt_lines
from bot.ui.lab.columns import edited, pick_label, picks
from bot.ui.lab.prompt_views import difference, prompt_list, rendering
from bot.ui.lab.state import EMPTY, LabState, parsed
from bot.ui.lab.turn_field import turn_field
from bot.ui.lab.version_scores import version_scores
from bot.ui.layout import literal
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

_KEY = "footnote-lab"
NAME, VERSION, OLD, NEW = (f"{_KEY}-{one}" for one in ("name", "version", "old", "new"))
SAVE_AS, MESSAGE = f"{_KEY}-save-as", f"{_KEY}-message"
USUAL_LABELS = ("production", "staging")
HIGH = 420
"""Pixels of the editor."""


def versions(state: LabState, service: Service) -> None:
    """Draw the version that is open, and below it all others."""
    listed = sorted(service.lab.prompts(), key=lambda one: (one.name not in PROMPT_VARIABLES, one.name))
    listing = state.find_open(listed)
    if listing is not None:
        _open(state, service, listing, [one.name for one in listed])
    st.subheader(word("lab.every_version"), anchor=False)
    if listing is not None:
        version_scores(service.lab, listing)
    st.text(word("lab.as_the_files_stand_just"))
    prompt_list(listed)


def _open(state: LabState, service: Service, listing: PromptListing, names: Sequence[str]) -> None:
    files = service.lab.prompt_files()
    _choices(state, listing, names)
    if listing.name in PROMPT_VARIABLES and listing.problem[0]:
        fault(Problem(*listing.problem), f"{_KEY}-listing")
    _force(state, files, listing)
    _outcome(state, saving=False)
    file = _file(files, listing.name, state.version)
    # A prompt that has no version yet, or whose file can't be read, which `_file` has told.
    if not state.version or file is None:
        return
    text = state.text(file)
    left, right = st.columns(2, gap="medium")
    with left:
        _editor(state, files, text, changed=text != file)
    with right:
        _rendering(state, service, text)
    _difference(state, files, listing)


def _choices(state: LabState, listing: PromptListing, names: Sequence[str]) -> None:
    shown = [one.version for one in listing.versions]
    # The state leads, as a version is also opened by saving it and by a link; None is Streamlit's empty choice.
    st.session_state[NAME], st.session_state[VERSION] = state.name, state.version or None
    with st.container(key=f"{_KEY}-choice", horizontal=True):
        st.selectbox(word("lab.prompt"), names, key=NAME, on_change=partial(_named, state))
        called = partial(pick_label, in_force=listing.in_force)
        st.selectbox(word("lab.version"), shown, format_func=called, key=VERSION, on_change=partial(_versioned, state))


def _named(state: LabState) -> None:
    state.open(str(st.session_state[NAME]))


def _versioned(state: LabState) -> None:
    state.open(state.name, str(st.session_state[VERSION] or ""))


def _force(state: LabState, files: PromptFolder, listing: PromptListing) -> None:
    """What is in force is changed here, and nowhere else on the page."""
    try:
        before = files.previous(state.name)
    except PromptError:  # told above, as what is wrong with the prompt
        before = None
    current = state.version == listing.in_force
    with st.container(key=f"{_KEY}-force", horizontal=True):
        st.button(
            word("lab.put_in_force"),
            key=f"{_KEY}-use",
            disabled=current or not state.version,
            on_click=state.use,
            args=(files,),
        )
        back = word("lab.roll_back_to", version=before) if before else word("lab.roll_back")
        st.button(literal(back), key=f"{_KEY}-back", disabled=not before, on_click=state.roll_back, args=(files,))
        if state.version:
            with st.popover(word("lab.labels"), key=f"{_KEY}-labels"):
                _labels(state, files)


def _labels(state: LabState, files: PromptFolder) -> None:
    """The labels of the open version, to be taken away, and the field for another one."""
    try:
        known = files.labels().of(state.name, state.version)
    except PromptError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-labels-fault")
        return
    for one in known:
        st.button(
            literal(word("lab.take_away_label", label=one)),
            key=f"{_KEY}-unlabel-{one}",
            on_click=state.label,
            args=(files, one, ""),
        )
    # Production and staging are what most people call them; any other name can be typed.
    hint, key = word("lab.type_a_label"), f"{_KEY}-label"
    label = st.selectbox(word("lab.label"), USUAL_LABELS, None, key=key, accept_new_options=True, placeholder=hint)
    act = partial(state.label, files, str(label or "").strip(), state.version)
    st.button(word("lab.put_on_this_version"), key=f"{_KEY}-label-add", disabled=not label, on_click=act)


def _file(files: PromptFolder, name: str, version: str) -> str | None:
    try:
        return files.text(name, version) if version else None
    except PromptError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-unread")
        return None


def _editor(state: LabState, files: PromptFolder, text: str, *, changed: bool) -> None:
    # A key for each version, so that Streamlit keeps no text of another one in the field.
    key = f"{_KEY}-text-{state.name}-{state.version}"
    # Before the field is drawn: afterwards Streamlit refuses it.
    st.session_state[key] = text
    st.text_area(
        word("lab.text_of", prompt=state.name, version=state.version),
        key=key,
        height=HIGH,
        on_change=partial(_typed, state, key),
    )
    # The script finds the field by this key, numbers its lines and colours its variables.
    prompt_lines(key, _known_variables(state.name))
    found = parsed(text, state.name, state.version)
    if isinstance(found, Problem):
        fault(found, f"{_KEY}-mistake")
    if changed:
        st.text(word("lab.edited_and_not_saved_its"))
        st.button(word("lab.undo_the_edit"), key=f"{_KEY}-undo", on_click=state.undo)
    with st.form(f"{_KEY}-save", border=True):
        st.text_input(
            word("lab.name_of_the_new_version"), key=SAVE_AS, placeholder=word("lab.small_letters_digits_and_hyphens")
        )
        st.text_input(word("lab.what_was_changed"), key=MESSAGE)
        st.form_submit_button(word("lab.save_as_new_version"), on_click=partial(_save, state, files, key))
    _outcome(state, saving=True)


def _known_variables(name: str) -> frozenset[str]:
    """The variables that a prompt may use; of one that Footnote does not use, none is known."""
    found = PROMPT_VARIABLES.get(name)
    return found.needed | found.may if found else frozenset()


def _outcome(state: LabState, *, saving: bool) -> None:
    """What came of the last change, told where it was made: a version is saved far below where it is put in force."""
    if state.saving != saving:
        return
    if state.told:
        st.success(literal(state.told))
    if state.fault is not None:
        fault(state.fault, f"{_KEY}-fault")


def _typed(state: LabState, key: str) -> None:
    state.edit(str(st.session_state[key] or ""))


def _save(state: LabState, files: PromptFolder, key: str) -> None:
    # As the field has it now: what was typed last may come with the very click.
    text = str(st.session_state[key] or "")
    state.save(files, text, str(st.session_state[SAVE_AS] or "").strip(), str(st.session_state[MESSAGE] or ""))
    if state.fault is None:
        # Allowed here, as a callback comes before the fields of the next run; what failed keeps its name, to be put right.
        st.session_state[SAVE_AS] = st.session_state[MESSAGE] = ""


def _rendering(state: LabState, service: Service, text: str) -> None:
    turn_field(state, service.chat, f"{_KEY}-beside")
    prompt = parsed(text, state.name, state.version)
    if isinstance(prompt, Problem):
        st.text(word("lab.once_the_text_can"))
        return
    try:
        passages = needs_passages(prompt)
        if not state.turn.text:
            st.text(f"{EMPTY.message} {EMPTY.help}")
            return
        with st.spinner(word("lab.searching")):
            # Nothing is searched for a prompt that takes no passages: the first search of a session may load the encoder.
            found = state.searching(service.chat).found() if passages else None
        drawn = service.lab.rendered(prompt, state.turn, found.passages if found else ())
    except (FootnoteError, VectorstoreError) as error:
        # What is said to users of the command line helps nobody here.
        help = "" if error.help == InputError.help else error.help
        fault(Problem(error.message, help), f"{_KEY}-unrendered")
        return
    rendering(drawn, passages=passages)


def _difference(state: LabState, files: PromptFolder, listing: PromptListing) -> None:
    drafts = {version: text for (name, version), text in state.drafts.items() if name == state.name}
    names = picks([one.version for one in listing.versions], state.drafts, state.name)
    if len(names) < 2:
        return
    st.subheader(word("lab.what_is_different"), anchor=False)
    # What one wants to see first: what was edited against its file, else the open version against the one in force.
    default_new = edited(state.version) if state.version in drafts else state.version
    default_old = (
        state.version
        if state.version in drafts
        else next((one for one in (listing.in_force, *names) if one in names and one != default_new), names[0])
    )
    with st.container(key=f"{_KEY}-compared", horizontal=True):
        # In the key, so that another version begins with its own two and not with what was chosen for the one before.
        key = f"{state.name}-{default_new}-{default_old}"
        called = partial(pick_label, in_force=listing.in_force)
        old = st.selectbox(word("lab.from"), names, names.index(default_old), format_func=called, key=f"{OLD}-{key}")
        new = st.selectbox(word("lab.to"), names, names.index(default_new), format_func=called, key=f"{NEW}-{key}")
    texts = [_picked(files, state.name, str(one), drafts) for one in (old, new)]
    if texts[0] is not None and texts[1] is not None:
        difference(texts[0], texts[1], (pick_label(str(old)), pick_label(str(new))))


def _picked(files: PromptFolder, name: str, pick: str, drafts: dict[str, str]) -> str | None:
    known = {edited(version): text for version, text in drafts.items()}
    return known[pick] if pick in known else _file(files, name, pick)
