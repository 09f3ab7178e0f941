"""What the runs ask of Footnote."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.evals.records import Setup
from bot.evals.runner import Means
from bot.prompting import Listing
from bot.ui.service import ArticleSummary

MINE = Path("cases", "mine.yaml")
"""Where the reader's own cases stand, below the home folder."""


class Lab(Protocol):
    """Any of it may raise the roots of `bot.errors` and `vectorstore.errors`, and is called from several threads."""

    def evals_home(self) -> Path:
        """The folder of the runs, below the home folder."""
        ...

    def setup(self, model: str = "", prompt: str = "") -> Setup:
        """What answers are made with."""
        ...

    def evaluating(self, setup: Setup) -> Means:
        """What a run with that setup is made with."""
        ...

    def prompts(self) -> Sequence[Listing]:
        """All prompts with all their versions."""
        ...

    def models(self) -> Sequence[str]:
        """What can be chosen, "quotes" first."""
        ...

    def mode(self) -> str:
        """What answers unless it is said otherwise."""
        ...

    def problem(self) -> tuple[str, str] | None:
        """What stands in the way of a search."""
        ...

    def articles(self) -> Sequence[ArticleSummary]:
        """Every article in the index."""
        ...


def mine(evals_home: Path) -> Path:
    """The file of the reader's own cases."""
    return evals_home.parent / MINE
