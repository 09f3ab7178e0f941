"""A draft as it stands, each of its sentences with a verdict that opens its source."""

from collections.abc import Callable

from bot.ui.checking import Desk
from bot.ui.components.draft.view import draft_data
from bot.ui.components.load import load


def draft(state: Desk, on_stop: Callable[[], None]) -> None:
    """Draw the check that is on the desk; `on_stop` is called when the reader stops it.

    The browser is sent what it was not told of yet, and asks for all of it where it has missed something.
    """
    if (check := state.check) is None:
        return

    def missed() -> None:
        state.told = None

    data = draft_data(check, state.told)
    load("draft")(key="footnote-draft", data=data, on_stop_change=on_stop, on_missed_change=missed)
    state.told = None if check.spans is None else len(check.found)
