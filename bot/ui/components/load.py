"""Reads a component's script and style from beside its Python, in a checkout and installed alike."""

from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@cache
def load(name: str, *parts: str) -> ComponentRenderer:
    """The mounting command of the component in the folder `name`. What all components share is put before its own files, and
    so are `parts`: files of this component or of another, as "answer/lines", a script and a style of which one may be missing.
    """
    return st.components.v2.component(f"footnote_{name}", css=text(name, "css", *parts), js=text(name, "js", *parts))


def text(name: str, ending: str, *parts: str) -> str:
    """All scripts ("js") or all styles ("css") of a component as one."""
    here = files("bot.ui.components")
    paths = [here.joinpath(f"{path}.{ending}") for path in ("shared", *parts, f"{name}/{name}")]
    return "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
