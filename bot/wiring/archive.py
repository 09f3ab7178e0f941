"""What is kept of the conversations of a home, and what the reader's reviews make of the scores of verdicts."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import HistoryError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversation.history import History
    from bot.verification.calibration import OwnCalibration, ScoreCurve


class Archive:
    """The history of a home, opened when it is first asked for. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._history: History | None = None
        self._curve: ScoreCurve | None = None

    def history(self) -> "History":
        """The conversations of this home, or of the catalog's database; raises HistoryError where they cannot be kept."""
        from bot.conversation.history import History

        with self._lock:
            if self._history is None:
                self._history = History.open(self._settings.home, self._settings.catalog)
            return self._history

    def own_calibration(self) -> "OwnCalibration":
        """What the reader's own reviews, and labels of claims in the lab, make of the scores; from now on verdicts go by it.

        Raises HistoryError.
        """
        from bot.conversation.history import History
        from bot.evals.preferences import OpinionStore
        from bot.verification.calibration import own_calibration

        # A home whose history is not there yet has no reviews: to look for them must not make a database.
        kept = History.is_kept(self._settings.home, self._settings.catalog)
        reviewed = self.history().opinions.scores() if kept else ()
        # What people said of claims in the prompt lab counts as much as a review in the chat.
        labelled = OpinionStore(self._settings.home / "evals").scores()
        found = own_calibration((*reviewed, *labelled), wanted=self._settings.own_reviews)
        with self._lock:
            self._curve = found.curve
        return found

    def score_curve(self) -> "ScoreCurve":
        """The correction of scores by the reviews that there were when `own_calibration` was called last, or now.

        It stays the same in between, so that no verdict of an answer goes by other reviews than the rest of it.
        """
        from bot.verification.calibration import AS_MEASURED

        if self._curve is None:
            # A history that cannot be read is told of where it is asked for; verdicts do without it.
            with suppress(HistoryError):
                return self.own_calibration().curve
            self._curve = AS_MEASURED
        return self._curve

    def close(self) -> None:
        """Closes the history, if it was opened."""
        if self._history is not None:
            self._history.close()
