"""Prompts to be read: with a turn put in, as a difference between two texts, and all versions with their variables."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from html import escape

import streamlit as st

from bot.answering.rendering import Rendered
from bot.evals.metrics import counted
from bot.prompting import PROMPT_VARIABLES, Prompt, PromptListing, PromptVersion, Role, template_runs
from bot.ui.components.notice import fault
from bot.ui.exchange import Problem
from bot.ui.layout import literal

_KEY = "footnote-lab"
HIGH = 540
"""Pixels of the messages, which are as high as the editor beside them with its form; what is longer is scrolled."""
_USES = {
    "answer": "Writes an answer from the passages that were found.",
    "condense": "Puts a follow-up question into words that can be searched without the conversation.",
    "second-opinion": "Asks whether passages support the sentences that are in doubt, where that is turned on.",
    "follow-up": "Suggests what to ask after an answer.",
    "draft-case": "Proposes test cases from an article: questions with what their answers must hold.",
}
_ROLES: dict[Role, str] = {"system": "System", "user": "User", "assistant": "Assistant"}


def rendering(rendered: Rendered, *, passages: bool) -> None:
    """Draw what a model would be sent, to the letter, and its length; `passages` says whether the prompt takes any."""
    st.text(rendering_length(rendered, passages=passages))
    with st.container(height=HIGH, key=f"{_KEY}-rendering"):
        for role, text in rendered.messages:
            st.markdown(f"**{_ROLES.get(role, role)}**")
            st.code(text, language=None, wrap_lines=True)


def rendering_length(rendered: Rendered, *, passages: bool) -> str:
    """How long the messages are, in a sentence."""
    held = f", with {counted(len(rendered.passages), 'passage')}" if passages else ""
    left = f"; {rendered.left} more did not fit" if rendered.left else ""
    return f"About {rendered.tokens:,} tokens{held}{left}. Nothing is sent."


def difference(old: str, new: str, names: tuple[str, str]) -> None:
    """Draw what is different in the new text, line by line; `names` are those of the two."""
    lines = list(unified_diff(old.splitlines(), new.splitlines(), *names, lineterm=""))
    st.text(difference_sum(lines, names))
    if lines:
        st.code("\n".join(lines), "diff", wrap_lines=True)


def difference_sum(lines: Sequence[str], names: tuple[str, str]) -> str:
    """How many lines of a unified diff were added and removed, in a sentence."""
    if not lines:
        return f"{names[0]} and {names[1]} are the same."
    # The first two lines are the names of the texts, each behind three signs.
    added, removed = (sum(line.startswith(sign) for line in lines[2:]) for sign in "+-")
    return f"From {names[0]} to {names[1]}: {counted(added, 'line')} added, {counted(removed, 'line')} removed."


def prompt_list(listed: Sequence[PromptListing]) -> None:
    """Draw the prompts with all their versions, those that Footnote uses first; the version in force stands open."""
    for listing in sorted(listed, key=lambda one: (one.name not in PROMPT_VARIABLES, one.name)):
        used = listing.name in PROMPT_VARIABLES
        st.subheader(literal(listing.name), anchor=False)
        st.text(_USES.get(listing.name, "") if used else "Footnote does not use it.")
        # What nothing uses needs no version in force.
        if used and listing.problem[0]:
            fault(Problem(*listing.problem), f"{_KEY}-prompt-{listing.name}")
        if not listing.versions:
            st.text("It has no version yet.")
        for version in sorted(listing.versions, key=lambda one: (one.version != listing.in_force, one.version)):
            _version(listing.name, version, current=version.version == listing.in_force)


def _version(name: str, version: PromptVersion, *, current: bool) -> None:
    prompt = version.prompt
    badge = " :green-badge[in force]" if current else " :red-badge[cannot be used]" if prompt is None else ""
    with st.expander(f"**{literal(version.version)}**{badge}", expanded=current or prompt is None):
        if prompt is None:
            fault(Problem(*version.problem), f"{_KEY}-version-{name}-{version.version}")
        else:
            st.html("\n".join(prompt_html(prompt)))


def prompt_html(prompt: Prompt) -> Iterator[str]:
    """A version as HTML, all text escaped: its variables, and its messages in which they stand set apart."""
    if prompt.description:
        yield f'<p dir="auto">{escape(prompt.description)}</p>'
    if prompt.variables:
        yield f"<p>Variables: {' '.join(_variable(name) for name in sorted(prompt.variables))}</p>"
    for role, template in prompt.messages:
        pieces = (_variable(text) if variable else escape(text) for text, variable in template_runs(template))
        yield f'<p class="role">{_ROLES[role]}</p><div class="message" dir="auto">{"".join(pieces)}</div>'


def _variable(name: str) -> str:
    return f"<code>${escape(name)}</code>"
