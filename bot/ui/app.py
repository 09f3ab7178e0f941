"""The router: opens the service, names the pages, draws the one that is asked for."""

from collections.abc import Callable
from importlib.resources import files

import streamlit as st

from bot.errors import FootnoteError
from bot.types import Trouble
from bot.ui.components.notice import notice
from bot.ui.layout import style
from bot.ui.pages import articles, chat, check, health, prompts, quality
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

_TROUBLE = "The articles can't be asked yet"


def main(service_factory: Callable[[], Service]) -> None:
    """Draw the page that the address names, on the service that `service_factory` opens (and had better cache)."""
    here = files("bot.ui")
    icon = here.joinpath("mark.svg").read_text(encoding="utf-8")
    st.set_page_config(page_title="Footnote", page_icon=icon, layout="wide", initial_sidebar_state="auto")
    style()
    st.logo(here.joinpath("logo.svg").read_text(encoding="utf-8"), size="large")
    pages = [
        st.Page(_guarded(service_factory, chat.page), title="Chat", url_path="chat", default=True),
        st.Page(_guarded(service_factory, articles.page), title="Articles", url_path="articles"),
        st.Page(_guarded(service_factory, check.page), title="Check a draft", url_path="check"),
        st.Page(_guarded(service_factory, prompts.page, indexed=False), title="Prompts", url_path="prompts"),
        st.Page(_guarded(service_factory, quality.page, indexed=False), title="Quality", url_path="quality"),
        st.Page(_guarded(service_factory, health.page, indexed=False), title="Health", url_path="health"),
    ]
    st.navigation(pages, position="top").run()


def _guarded(
    service_factory: Callable[[], Service], page: Callable[[Service], None], *, indexed: bool = True
) -> Callable[[], None]:
    """The page as Streamlit runs it: what stands in its way is told as a sentence, whichever part of Footnote raised it.

    A page that is not `indexed` needs no index: it is drawn whatever is wrong with it.
    """

    def run() -> None:
        try:
            service = service_factory()
            if indexed and (problem := service.library.problem()) is not None:
                _trouble(Trouble(*problem))
            else:
                page(service)
        except (FootnoteError, VectorstoreError) as error:
            _trouble(Trouble(error.message, error.help))

    return run


def _trouble(problem: Trouble) -> None:
    with st.container(key="footnote-trouble"):
        notice(_TROUBLE, problem)
        # A click reruns the page, and the page looks at the index first of all.
        st.button("Look again", key="footnote-again", type="primary")


if __name__ == "__main__":
    from bot.wiring import shared_service

    main(st.cache_resource(show_spinner="Opening the articles")(shared_service))
