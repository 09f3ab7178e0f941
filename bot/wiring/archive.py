"""What is kept of the conversations of a home, and what the reader's reviews make of the scores of verdicts."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.audit import AuditLog
from bot.errors import HistoryError
from bot.permissions import Permission, needs, open_to_all
from bot.request_context import current_request
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversation.history import Conversation, History
    from bot.verification.calibration import OwnCalibration, ScoreCurve


class Archive:
    """The history of a home, opened when it is first asked for. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._audit = AuditLog(settings.home)
        self._lock = threading.RLock()
        self._history: History | None = None
        self._curve: ScoreCurve | None = None

    @needs(Permission.KEEP_CONVERSATIONS)
    def history(self) -> "History":
        """The conversations of whoever asks, in this home or the catalog's database; raises HistoryError."""
        request = current_request()
        # The owner of the machine, or a home without sign-in: nothing belongs to anybody in particular.
        if not request.person:
            return self._opened()
        # What was kept before there was sign-in, and what the owner of the machine keeps, is the admins'.
        return self._opened().owned_by(request.person, *([""] if request.role == "admin" else []))

    @needs(Permission.READ_ARTICLES)
    def shared(self, token: str) -> "Conversation | None":
        """The conversation that a link leads to, to be read; None where it leads nowhere, or not any more."""
        from bot.conversation.history import History

        # To look for a link must not make a database.
        kept = History.is_kept(self._settings.home, self._settings.catalog)
        return self._opened().shared.opened(token) if kept else None

    @needs(Permission.KEEP_CONVERSATIONS)
    def share(self, conversation: str) -> str:
        """A new link to a conversation of whoever asks, as its token; the one before is withdrawn. Raises HistoryError."""
        token = self.history().shared.make(conversation)
        self._audit.record("conversations.share", conversation=conversation)
        return token

    @needs(Permission.KEEP_CONVERSATIONS)
    def unshare(self, conversation: str) -> None:
        """Withdraws the link at once; raises HistoryError."""
        self.history().shared.withdraw(conversation)
        self._audit.record("conversations.unshare", conversation=conversation)

    @needs(Permission.MAINTAIN)
    def everybody(self) -> "History":
        """The conversations of all persons, for what Footnote does by itself; raises HistoryError."""
        return self._opened().of_everybody()

    def _opened(self) -> "History":
        from bot.conversation.history import History

        with self._lock:
            if self._history is None:
                self._history = History.open(self._settings.home, self._settings.catalog)
            return self._history

    @needs(Permission.ASK)
    def own_calibration(self) -> "OwnCalibration":
        """What the reader's own reviews, and labels of claims in the lab, make of the scores; from now on verdicts go by it.

        Raises HistoryError.
        """
        from bot.conversation.history import History
        from bot.evals.opinions import OpinionStore
        from bot.verification.calibration import own_calibration

        # A home whose history is not there yet has no reviews: to look for them must not make a database.
        kept = History.is_kept(self._settings.home, self._settings.catalog)
        # Everybody's, as answers are judged alike for all; what people said of claims in the prompt lab counts as a review.
        reviewed = self._opened().of_everybody().opinions.scores() if kept else ()
        labelled = OpinionStore(self._settings.home / "evals").scores()
        found = own_calibration((*reviewed, *labelled), wanted=self._settings.own_reviews)
        with self._lock:
            self._curve = found.curve
        return found

    @needs(Permission.ASK)
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

    @open_to_all
    def close(self) -> None:
        """Closes the history, if it was opened."""
        if self._history is not None:
            self._history.close()
