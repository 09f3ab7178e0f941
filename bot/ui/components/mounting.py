"""What all components share: how they are mounted, and our own sentences as they are sent to them.

A component's script and style are read from beside its Python, in a checkout and installed alike.
"""

import json
from functools import cache
from importlib.resources import files
from typing import TypedDict

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from bot.errors import with_commands
from bot.types import Problem
from bot.ui.words import script_words


class TextPiece(TypedDict):
    """A run of a sentence; `code` is something to type or to copy."""

    text: str
    code: bool


class ProblemData(TypedDict):
    """A problem as the components draw it, with the ways out of it that are offered."""

    message: list[TextPiece]
    help: list[TextPiece]
    again: bool
    quotes: bool


def pieces(sentence: str) -> list[TextPiece]:
    """The sentence, with the commands that carry out its advice, cut at its backticks; an odd one is left as it is.

    >>> pieces("Run `footnote ingest`.")
    [{'text': 'Run ', 'code': False}, {'text': 'footnote ingest', 'code': True}, {'text': '.', 'code': False}]
    """
    sentence = with_commands(sentence)
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return [TextPiece(text=sentence, code=False)]
    return [TextPiece(text=part, code=at % 2 == 1) for at, part in enumerate(parts) if part]


def problem_data(problem: Problem) -> ProblemData:
    """A problem in pieces."""
    return ProblemData(
        message=pieces(problem.message), help=pieces(problem.help), again=problem.retryable, quotes=problem.quotable
    )


# Once for each: Streamlit logs a warning where a second component is registered under a name.
@cache
def component(name: str, *parts: str) -> ComponentRenderer:
    """The mounting command of the component in the folder `name`. What all components share is put before its own files, and
    so are `parts`: files of this component or of another, as "answer/lines", a script and a style of which one may be missing.
    """
    return st.components.v2.component(
        f"footnote_{name}", css=component_text(name, "css", *parts), js=component_script(name, *parts)
    )


def component_script(name: str, *parts: str) -> str:
    """The whole script of a component; it begins with the WORDS that its files show, as a constant."""
    # In order and each once: words of the component itself come last, and so win over those of a part.
    folders = dict.fromkeys([*(part.split("/")[0] for part in parts), name])
    return f"const WORDS = {json.dumps(script_words(*folders))};\n{component_text(name, 'js', *parts)}"


def component_text(name: str, ending: str, *parts: str) -> str:
    """All scripts ("js") or all styles ("css") of a component as one."""
    here = files("bot.ui.components")
    # "shared" first: what it declares is used by all that follows in the one script.
    paths = [here.joinpath(f"{path}.{ending}") for path in ("shared", *parts, f"{name}/{name}")]
    return "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
