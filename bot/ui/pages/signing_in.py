"""What a browser is shown that nobody has signed in with, or whose person may not come in; and who is signed in, elsewhere."""

from collections.abc import Mapping

import streamlit as st

from bot.request_context import Role, current_request
from bot.ui.signin import Hindrance, Visitor
from bot.ui.words import word

_KEY = "footnote-signin"
LINK = "link"
"""The parameter of the page's address that opens a shared conversation."""
_WHY: Mapping[Hindrance, str] = {
    "signed out": word("signin.sign_in_to_go_on"),
    "expired": word("signin.too_long_ago"),
    "no address": word("signin.no_address"),
    "unverified": word("signin.not_verified"),
    "not on the list": word("signin.not_on_the_list"),
}

_ROLES: Mapping[Role, str] = {
    "reader": word("signin.reader"),
    "editor": word("signin.editor"),
    "admin": word("signin.admin"),
}


def signing_in(visitor: Visitor) -> None:
    """Draw why nobody is let in, and the way to sign in, as somebody else perhaps. Nothing of the home's is shown."""
    with st.container(key=_KEY, gap="small"):
        st.title(word("signin.footnote"), anchor=False)
        if visitor.address:
            # As text: Markdown would make a link of an address.
            st.text(word("signin.you_are", address=visitor.address))
        st.text(_WHY[visitor.hindrance])
        if LINK in st.query_params:
            # The provider sends everybody back to the first page.
            st.text(word("signin.open_the_link_again"))
        # For the others the same sign-in would end here again: they need another account, so they leave this one first.
        if visitor.hindrance in ("signed out", "expired"):
            st.button(word("signin.sign_in"), key=f"{_KEY}-in", type="primary", on_click=st.login)
        else:
            st.button(word("signin.sign_in_as_somebody_else"), key=f"{_KEY}-other", on_click=st.logout)


def account() -> None:
    """Draw who is signed in, below all else of the side column, and the way out; nothing where nobody signs in."""
    request = current_request()
    # The owner of the machine, who has not signed in, or nobody.
    if not request.person:
        return
    with st.sidebar, st.container(key="footnote-account", gap="small"):
        st.text(word("signin.signed_in_as", address=request.person, role=_ROLES[request.role]))
        st.button(word("signin.sign_out"), key="footnote-sign-out", type="tertiary", on_click=st.logout)
