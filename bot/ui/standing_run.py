"""Standing questions asked in a thread of its own, so that the page may be left meanwhile, and looks in on it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from bot.conversation.history import StandingQuestion
from bot.errors import FootnoteError
from bot.request_context import BackgroundJob
from bot.types import Problem
from bot.ui.words import word
from bot.wiring.standing import StandingAsker
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

_KEY = "footnote-standing-state"


class StandingRun(BackgroundJob):
    """Questions that are being asked, one after another; `current` is the id of that which is just being asked."""

    def __init__(self, standing: StandingAsker, ids: Sequence[str], *, anew: bool = False) -> None:
        self.current = ""
        self.done = 0
        self.problem: Problem | None = None
        self.ids = tuple(ids)
        self._standing = standing
        self._anew = anew
        self._begin("footnote-standing")

    def _run(self) -> None:
        for id in self.ids:
            self.current = id
            try:
                self._standing.ask(id, anew=self._anew)
            except (FootnoteError, VectorstoreError) as error:
                # Removed meanwhile, or the history fails: the others are asked all the same.
                self.problem = Problem(error.message, error.help)
            except Exception:
                log.exception("the standing question %s failed", id)
                self.problem = Problem(
                    word("answer.something_went_wrong_inside_footnote"), word("answer.ask_again_the_terminal")
                )
            # Failed ones count too, so that the progress reaches its end.
            self.done += 1
        self.current = ""


@dataclass(slots=True)
class StandingState:
    """One session's view of the page. Mutable on purpose: the page looks in on the run every so often."""

    run: StandingRun | None = None
    removed: StandingQuestion | None = None
    problem: Problem | None = None

    @property
    def running(self) -> bool:
        """Whether questions are being asked for this session."""
        return self.run is not None and not self.run.over

    def ask(self, standing: StandingAsker, ids: Sequence[str], *, anew: bool = False) -> None:
        """Begins to ask, unless that is under way."""
        if not self.running and ids:
            self.problem = None
            self.run = StandingRun(standing, ids, anew=anew)

    def advance(self) -> bool:
        """Takes over what a run that is over has to tell; whether one is under way."""
        # `over` before `problem`: the thread sets the problem before it ends, so nothing it has to tell is missed.
        if self.run is not None and self.run.over:
            self.problem, self.run = self.run.problem, None
        return self.running


def standing_state() -> StandingState:
    """That of the browser's session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = StandingState()
    found = st.session_state[_KEY]
    assert isinstance(found, StandingState)
    return found
