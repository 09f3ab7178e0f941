"""What all pages share: their style sheet, and the room with a column for the page and one for the open source."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bot.errors import with_commands
from bot.ui.words import word


def style() -> None:
    """Put the pages' static style sheet in place."""
    # With nothing but a `style` in it, what `st.html` draws takes no room on the page.
    st.html(f"<style>{files('bot.ui').joinpath('page.css').read_text(encoding='utf-8')}</style>")


@contextmanager
def room() -> Iterator[DeltaGenerator]:
    """Draw the page's own part inside the block; what is given is the place of the source beside it.

    Both places are always there, and the style sheet alone gives the source its width: so opening a source moves nothing in
    Streamlit's tree, and no component is built a second time.
    """
    # Streamlit makes a container's key a class of its element ("st-key-footnote-room"), which the style sheets go by.
    whole = st.container(key="footnote-room", gap=None)
    main = whole.container(key="footnote-main", gap=None)
    side = whole.container(key="footnote-side", gap=None)
    with main:
        yield side


def go_to_chat() -> None:
    """Leave this page for the chat; what is drawn after it is not."""
    # Streamlit knows a page by its address alone: the router has given it its content.
    st.switch_page(st.Page(lambda: None, title=word("app.chat"), url_path="chat", default=True))


def go_to_articles() -> None:
    """Leave this page for the library."""
    st.switch_page(st.Page(lambda: None, title=word("app.articles"), url_path="articles"))


def go_to_models() -> None:
    """Leave this page for that of the models."""
    st.switch_page(st.Page(lambda: None, title=word("models.models"), url_path="models"))


def by_history() -> bool:
    """Whether this run is for a reader who went back or forward in the browser, and no link led here."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def literal(text: str) -> str:
    r"""`text` as a Streamlit label that shows it to the letter: labels are Markdown, and articles never are.

    >>> print(literal("$5 (*new*)"))
    \$5 \(\*new\*\)
    """
    # Every ASCII sign with a meaning in Streamlit's Markdown: "$" for formulas, ":" for colours and icons, "~" for strikes, and
    # "/", "@" and "." for addresses that would become links.
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=/@])", r"\\\1", text)


def markdown(sentence: str) -> str:
    """`sentence`, with the commands that carry out its advice, as Markdown that shows it to the letter, but for what stands
    between backticks, which is set as code.
    """
    sentence = with_commands(sentence)
    parts = sentence.split("`")
    if len(parts) % 2 == 0:  # an odd backtick sets nothing apart
        return literal(sentence)
    return "".join(f"`{part}`" if at % 2 else literal(part) for at, part in enumerate(parts) if part)


def pair_table(rows: Sequence[tuple[str, str]], label: str) -> None:
    """Draw two columns of Markdown, which need no headings; `label` tells what they are to who does not see them."""
    # Streamlit's table takes columns, and what is known are rows.
    names, values = zip(*rows, strict=True)
    st.table({"name": names, "value": values}, border="horizontal", hide_index=True, hide_header=True, alt=label)
