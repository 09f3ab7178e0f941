"""Reads a component's script and style from beside its Python, in a checkout and installed alike."""

from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@cache
def load(name: str) -> ComponentRenderer:
    """The mounting command of the component in the folder `name`; what all components share is put before its own files."""
    here = files("bot.ui.components")
    css = here.joinpath("shared.css").read_text(encoding="utf-8") + here.joinpath(name, f"{name}.css").read_text(
        encoding="utf-8"
    )
    js = here.joinpath("shared.js").read_text(encoding="utf-8") + here.joinpath(name, f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"footnote_{name}", css=css, js=js)
