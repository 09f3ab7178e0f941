"""What every fake service of the pages keeps in its home folder: prompts, runs and their indexes."""

from collections.abc import Sequence
from pathlib import Path

from bot.prompting import PromptFolder, PromptListing
from bot.resources import prompts_dir
from bot.settings import load_settings
from bot.wiring.engine import SearchEngine
from bot.wiring.eval_indexes import EvaluationIndexes
from tests.parts import EveryPart


class FakeHome(EveryPart):
    """The real parts of a service that need no more than a folder."""

    home: Path

    def prompts(self) -> Sequence[PromptListing]:
        return self.prompt_files().listed()

    def prompt_files(self) -> PromptFolder:
        """Those of the home's folder, or else those that ship."""
        folder = self.home / "prompts"
        return PromptFolder(folder if folder.is_dir() else prompts_dir())

    def evals_home(self) -> Path:
        return self.home / "evals"

    def evaluation_indexes(self) -> EvaluationIndexes:
        """None was made."""
        settings = load_settings(home=self.home)
        return EvaluationIndexes(settings, SearchEngine(settings))
