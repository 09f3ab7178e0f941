"""The router: opens the service, names the pages, draws the one that is asked for."""

from collections.abc import Callable
from importlib.resources import files

import streamlit as st

from bot.errors import FootnoteError
from bot.permissions import Permission, allowed
from bot.request_context import current_request
from bot.types import Problem
from bot.ui.components.navigation import navigation
from bot.ui.components.notice import notice
from bot.ui.layout import go_to_articles, style
from bot.ui.library.side_list import side_list
from bot.ui.pages import articles, chat, check, health, models, prompts, quality, standing
from bot.ui.pages.shared import shared_conversation
from bot.ui.pages.signing_in import LINK, account, signing_in
from bot.ui.signin import Visitor, server_signin
from bot.ui.words import word
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

# The addresses of all pages, as `_pages` gives them below: each shows the sign-in to whoever is not let in.
_PATHS = ("chat", "articles", "standing", "check", "models", "prompts", "quality", "health")
_TROUBLE = word("app.the_articles_cant_be_asked")


def main(service_factory: Callable[[], Service]) -> None:
    """Draw the page that the address names, on the service that `service_factory` opens (and had better cache)."""
    here = files("bot.ui")
    icon = here.joinpath("mark.svg").read_text(encoding="utf-8")
    # `layout="wide"` leaves the width to the page's own style sheet, which sets text and source side by side.
    st.set_page_config(page_title="Footnote", page_icon=icon, layout="wide", initial_sidebar_state="auto")
    style()
    if current_request().role == "none":
        # Before anything of the home is looked at, so that nothing of it can be sent.
        # Whatever page the address names, it is this one.
        paths = ("", *_PATHS)
        # Streamlit takes an empty address for the default page alone.
        shown = [st.Page(_signing_in, title=word("signin.sign_in"), url_path=path, default=not path) for path in paths]
        st.navigation(shown, position="hidden").run()
        return
    st.logo(here.joinpath("logo.svg").read_text(encoding="utf-8"), size="large")
    navigation()
    if token := st.query_params.get(LINK, ""):
        # Nothing but the conversation is offered to who follows a link, so the other pages are not even named.
        read = _guarded(service_factory, lambda service: shared_conversation(service, token), indexed=False)
        st.navigation([st.Page(read, title=word("app.chat"))], position="hidden").run()
    else:
        st.navigation(_pages(service_factory), position="top").run()
    account()


def _signing_in() -> None:
    """What is drawn instead of every page for who is not let in."""
    sign_in = server_signin()
    signing_in(sign_in.visitor(st.user.to_dict()) if sign_in else Visitor())


def _pages(service_factory: Callable[[], Service]) -> dict[str, list[st.Page]]:
    """The pages by the heading that they stand under: those for readers have none, those for builders share one."""
    # Streamlit draws the default page for an address that is not named here, so what is left out below can't be opened by hand.
    library = _guarded(service_factory, articles.page, without_articles=True)
    readers = [
        st.Page(_guarded(service_factory, chat.page), title=word("app.chat"), url_path="chat", default=True),
        st.Page(library, title=word("app.articles"), url_path="articles"),
        st.Page(_guarded(service_factory, standing.page), title=word("app.standing_questions"), url_path="standing"),
        st.Page(_guarded(service_factory, check.page), title=word("app.check_a_draft"), url_path="check"),
    ]
    if allowed(Permission.CHOOSE_MODELS):
        choose = _guarded(service_factory, models.page, indexed=False)
        readers.append(st.Page(choose, title=word("models.models"), url_path="models"))
    if not allowed(Permission.USE_LAB):
        return {"": readers}
    builders = [
        st.Page(_guarded(service_factory, prompts.page, indexed=False), title=word("app.prompts"), url_path="prompts"),
        st.Page(_guarded(service_factory, quality.page, indexed=False), title=word("app.quality"), url_path="quality"),
        st.Page(_guarded(service_factory, health.page, indexed=False), title=word("app.health"), url_path="health"),
    ]
    return {"": readers, word("app.for_builders"): builders}


def _guarded(
    service_factory: Callable[[], Service],
    page: Callable[[Service], None],
    *,
    indexed: bool = True,
    without_articles: bool = False,
) -> Callable[[], None]:
    """The page as Streamlit runs it: what stands in its way is told as a sentence, whichever part of Footnote raised it.

    A page that is not `indexed` needs no index: it is drawn whatever is wrong with it. The library is drawn `without_articles`,
    which is where they are added.
    """

    def run() -> None:
        """Draws the side list and the page, or says in their place what keeps the page from being drawn."""
        try:
            service = service_factory()
            # The list of sources stands on every page, so it is drawn before anything can keep the page from being drawn.
            side_list(service.library)
            # Looked at in every run: another process may have built, emptied or changed the index since.
            if indexed and (problem := service.library.problem()) is not None:
                if without_articles and not service.library.has_index():
                    page(service)
                else:
                    _trouble(Problem(*problem), empty=not service.library.has_index())
            else:
                page(service)
        except (FootnoteError, VectorstoreError) as error:
            _trouble(Problem(error.message, error.help))

    return run


def _trouble(problem: Problem, *, empty: bool = False) -> None:
    with st.container(key="footnote-trouble"):
        notice(_TROUBLE, problem)
        empty = empty and allowed(Permission.EDIT_ARTICLES)
        if empty and st.button(word("app.add_articles"), key="footnote-add-articles", type="primary"):
            go_to_articles()
        # A click reruns the page, and the page looks at the index first of all.
        st.button(word("app.look_again"), key="footnote-again", type="secondary" if empty else "primary")


if __name__ == "__main__":
    from bot.wiring import shared_service

    main(st.cache_resource(show_spinner=word("app.opening_the_articles"))(shared_service))
