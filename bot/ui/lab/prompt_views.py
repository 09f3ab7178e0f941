"""Prompts to be read: with a turn put in, as a difference between two texts, and all versions with their variables."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from html import escape

import streamlit as st

from bot.answering.rendering import Rendered
from bot.prompting import PROMPT_VARIABLES, Prompt, PromptListing, PromptVersion, Role, template_runs
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.layout import literal
from bot.ui.words import word

_KEY = "footnote-lab"
HIGH = 540
"""Pixels of the messages, which are as high as the editor beside them with its form; what is longer is scrolled."""
# By the name of the prompt, which is that of its folder in `prompts/`.
_USES = {
    "answer": word("lab.writes_an_answer"),
    "condense": word("lab.puts_a_follow_up_question"),
    "second-opinion": word("lab.asks_whether_passages_support"),
    "judge": word("lab.judges_answers_of_cases"),
    "follow-up": word("lab.suggests_what_to_ask_after"),
    "draft-case": word("lab.proposes_test_cases"),
}
_ROLES: dict[Role, str] = {"system": word("lab.system"), "user": word("lab.user"), "assistant": word("lab.assistant")}


def rendering(rendered: Rendered, *, passages: bool) -> None:
    """Draw what a model would be sent, to the letter, and its length; `passages` says whether the prompt takes any."""
    st.text(rendering_length(rendered, passages=passages))
    # A box of its own that scrolls: the editor beside it stays in sight.
    with st.container(height=HIGH, key=f"{_KEY}-rendering"):
        for role, text in rendered.messages:
            st.markdown(f"**{_ROLES.get(role, role)}**")
            st.code(text, language=None, wrap_lines=True)


def rendering_length(rendered: Rendered, *, passages: bool) -> str:
    """How long the messages are, in a sentence."""
    # A prompt that takes no passages, such as the one for follow-ups, has none to count.
    held = word("lab.with_passages", count=len(rendered.passages)) if passages else ""
    left = word("lab.did_not_fit", count=rendered.left) if rendered.left else ""
    return word("lab.length", tokens=rendered.tokens, passages=held + left)


def difference(old: str, new: str, names: tuple[str, str]) -> None:
    """Draw what is different in the new text, line by line; `names` are those of the two."""
    lines = list(unified_diff(old.splitlines(), new.splitlines(), *names, lineterm=""))
    st.text(difference_sum(lines, names))
    if lines:
        st.code("\n".join(lines), "diff", wrap_lines=True)


def difference_sum(lines: Sequence[str], names: tuple[str, str]) -> str:
    """How many lines of a unified diff were added and removed, in a sentence."""
    if not lines:
        return word("lab.the_same", old=names[0], new=names[1])
    # The first two lines are the names of the texts, each behind three signs.
    added, removed = (sum(line.startswith(sign) for line in lines[2:]) for sign in "+-")
    return word(
        "lab.changed",
        old=names[0],
        new=names[1],
        added=word("lab.lines", count=added),
        removed=word("lab.lines", count=removed),
    )


def prompt_list(listed: Sequence[PromptListing]) -> None:
    """Draw the prompts with all their versions, those that Footnote uses first; the version in force stands open."""
    # False sorts before True: the prompts that Footnote uses come first, then both kinds by name.
    for listing in sorted(listed, key=lambda one: (one.name not in PROMPT_VARIABLES, one.name)):
        used = listing.name in PROMPT_VARIABLES
        st.subheader(literal(listing.name), anchor=False)
        st.text(_USES.get(listing.name, "") if used else word("lab.footnote_does_not_use_it"))
        # What nothing uses needs no version in force.
        if used and listing.problem[0]:
            fault(Problem(*listing.problem), f"{_KEY}-prompt-{listing.name}")
        if not listing.versions:
            st.text(word("lab.it_has_no_version_yet"))
        for version in sorted(listing.versions, key=lambda one: (one.version != listing.in_force, one.version)):
            _version(listing.name, version, current=version.version == listing.in_force)


def _version(name: str, version: PromptVersion, *, current: bool) -> None:
    prompt = version.prompt
    badge = (
        f" :green-badge[{word('lab.in_force')}]"
        if current
        else f" :red-badge[{word('lab.cannot_be_used')}]"
        if prompt is None
        else ""
    )
    with st.expander(f"**{literal(version.version)}**{badge}", expanded=current or prompt is None):
        if prompt is None:
            fault(Problem(*version.problem), f"{_KEY}-version-{name}-{version.version}")
        else:
            # HTML and not Markdown, in which a template's own signs would be read; all text in it is escaped.
            st.html("\n".join(prompt_html(prompt)))


def prompt_html(prompt: Prompt) -> Iterator[str]:
    """A version as HTML, all text escaped: its variables, and its messages in which they stand set apart."""
    if prompt.description:
        # "auto" takes the direction from the first letter that has one: a prompt may be written in Arabic.
        yield f'<p dir="auto">{escape(prompt.description)}</p>'
    if prompt.variables:
        yield f"<p>{word('lab.variables', names=' '.join(_variable(name) for name in sorted(prompt.variables)))}</p>"
    for role, template in prompt.messages:
        pieces = (_variable(text) if variable else escape(text) for text, variable in template_runs(template))
        yield f'<p class="role">{_ROLES[role]}</p><div class="message" dir="auto">{"".join(pieces)}</div>'


def _variable(name: str) -> str:
    return f"<code>${escape(name)}</code>"
