"""The section of the versions: one of them in an editor beside its live rendering, what is different, what is in force."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.answering.rendering import needs_passages
from bot.errors import FootnoteError, InputError, PromptError
from bot.prompting import PROMPT_VARIABLES, PromptFolder, PromptListing
from bot.types import Trouble
from bot.ui.components.difference.difference import difference
from bot.ui.components.notice import fault
from bot.ui.components.prompts.prompts import prompts
from bot.ui.components.rendering.rendering import rendering
from bot.ui.lab.bench import EMPTY, Bench, parsed
from bot.ui.lab.columns import edited, label, picks
from bot.ui.lab.occasion import occasion
from bot.ui.layout import literal
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

_KEY = "footnote-lab"
NAME, VERSION, OLD, NEW = (f"{_KEY}-{one}" for one in ("name", "version", "old", "new"))
SAVE_AS, MESSAGE = f"{_KEY}-save-as", f"{_KEY}-message"
HIGH = 420
"""Pixels of the editor."""


def versions(bench: Bench, service: Service) -> None:
    """Draw the version that is open, and below it all others."""
    listed = sorted(service.lab.prompts(), key=lambda one: (one.name not in PROMPT_VARIABLES, one.name))
    listing = bench.place(listed)
    if listing is not None:
        _open(bench, service, listing, [one.name for one in listed])
    st.subheader("Every version", anchor=False)
    st.text("As the files stand just now.")
    prompts(listed)


def _open(bench: Bench, service: Service, listing: PromptListing, names: Sequence[str]) -> None:
    files = service.lab.prompt_files()
    _choices(bench, listing, names)
    if listing.name in PROMPT_VARIABLES and listing.problem[0]:
        fault(Trouble(*listing.problem), f"{_KEY}-listing")
    _force(bench, files, listing)
    if bench.told:
        st.success(literal(bench.told))
    if bench.fault is not None:
        fault(bench.fault, f"{_KEY}-fault")
    file = _file(files, listing.name, bench.version)
    if not bench.version or file is None:
        return
    text = bench.text(file)
    left, right = st.columns(2, gap="medium")
    with left:
        _editor(bench, files, text, changed=text != file)
    with right:
        _rendering(bench, service, text)
    _difference(bench, files, listing)


def _choices(bench: Bench, listing: PromptListing, names: Sequence[str]) -> None:
    shown = [one.version for one in listing.versions]
    st.session_state[NAME], st.session_state[VERSION] = bench.name, bench.version or None
    with st.container(key=f"{_KEY}-choice", horizontal=True):
        st.selectbox("Prompt", names, key=NAME, on_change=partial(_named, bench))
        called = partial(label, in_force=listing.in_force)
        st.selectbox("Version", shown, format_func=called, key=VERSION, on_change=partial(_versioned, bench))


def _named(bench: Bench) -> None:
    bench.open(str(st.session_state[NAME]))


def _versioned(bench: Bench) -> None:
    bench.open(bench.name, str(st.session_state[VERSION] or ""))


def _force(bench: Bench, files: PromptFolder, listing: PromptListing) -> None:
    """What is in force is changed here, and nowhere else on the page."""
    try:
        before = files.previous(bench.name)
    except PromptError:  # told above, as what is wrong with the prompt
        before = None
    current = bench.version == listing.in_force
    with st.container(key=f"{_KEY}-force", horizontal=True):
        st.button("Put in force", key=f"{_KEY}-use", disabled=current or not bench.version, on_click=bench.use, args=(files,))
        back = f"Roll back to {before}" if before else "Roll back"
        st.button(literal(back), key=f"{_KEY}-back", disabled=not before, on_click=bench.roll_back, args=(files,))


def _file(files: PromptFolder, name: str, version: str) -> str | None:
    try:
        return files.text(name, version) if version else None
    except PromptError as error:
        fault(Trouble(error.message, error.help), f"{_KEY}-unread")
        return None


def _editor(bench: Bench, files: PromptFolder, text: str, *, changed: bool) -> None:
    key = f"{_KEY}-text-{bench.name}-{bench.version}"
    st.session_state[key] = text
    st.text_area(f"Text of {bench.name}/{bench.version}", key=key, height=HIGH, on_change=partial(_typed, bench, key))
    found = parsed(text, bench.name, bench.version)
    if isinstance(found, Trouble):
        fault(found, f"{_KEY}-mistake")
    if changed:
        st.text("Edited, and not saved. Its file is as it was.")
        st.button("Undo the edit", key=f"{_KEY}-undo", on_click=bench.undo)
    with st.form(f"{_KEY}-save", border=True):
        st.text_input("Name of the new version", key=SAVE_AS, placeholder="Small letters, digits and hyphens")
        st.text_input("What was changed", key=MESSAGE)
        st.form_submit_button("Save as new version", on_click=partial(_save, bench, files, key))


def _typed(bench: Bench, key: str) -> None:
    bench.edit(str(st.session_state[key] or ""))


def _save(bench: Bench, files: PromptFolder, key: str) -> None:
    # As the field has it now: what was typed last may come with the very click.
    text = str(st.session_state[key] or "")
    bench.save(files, text, str(st.session_state[SAVE_AS] or "").strip(), str(st.session_state[MESSAGE] or ""))
    if bench.fault is None:
        st.session_state[SAVE_AS] = st.session_state[MESSAGE] = ""


def _rendering(bench: Bench, service: Service, text: str) -> None:
    occasion(bench, service.chat, f"{_KEY}-beside")
    prompt = parsed(text, bench.name, bench.version)
    if isinstance(prompt, Trouble):
        st.text("Once the text can be used, what a model would be sent stands here.")
        return
    try:
        passages = needs_passages(prompt)
        if not bench.turn.text:
            st.text(f"{EMPTY.message} {EMPTY.help}")
            return
        with st.spinner("Searching"):
            found = bench.searching(service.chat).found() if passages else None
        drawn = service.lab.rendered(prompt, bench.turn, found.passages if found else ())
    except (FootnoteError, VectorstoreError) as error:
        # What is said to users of the command line helps nobody here.
        help = "" if error.help == InputError.help else error.help
        fault(Trouble(error.message, help), f"{_KEY}-unrendered")
        return
    rendering(drawn, passages=passages)


def _difference(bench: Bench, files: PromptFolder, listing: PromptListing) -> None:
    drafts = {version: text for (name, version), text in bench.drafts.items() if name == bench.name}
    names = picks([one.version for one in listing.versions], drafts)
    if len(names) < 2:
        return
    st.subheader("What is different", anchor=False)
    default_new = edited(bench.version) if bench.version in drafts else bench.version
    default_old = (
        bench.version
        if bench.version in drafts
        else next((one for one in (listing.in_force, *names) if one in names and one != default_new), names[0])
    )
    with st.container(key=f"{_KEY}-compared", horizontal=True):
        key = f"{bench.name}-{default_new}-{default_old}"
        called = partial(label, in_force=listing.in_force)
        old = st.selectbox("From", names, names.index(default_old), format_func=called, key=f"{OLD}-{key}")
        new = st.selectbox("To", names, names.index(default_new), format_func=called, key=f"{NEW}-{key}")
    texts = [_picked(files, bench.name, str(one), drafts) for one in (old, new)]
    if texts[0] is not None and texts[1] is not None:
        difference(texts[0], texts[1], (label(str(old)), label(str(new))))


def _picked(files: PromptFolder, name: str, pick: str, drafts: dict[str, str]) -> str | None:
    known = {edited(version): text for version, text in drafts.items()}
    return known[pick] if pick in known else _file(files, name, pick)
