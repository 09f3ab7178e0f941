"""The check of a draft: its sentences are checked in a thread of their own, as answers are given (see `bot.ui.running`).

The thread keeps what it finds, not the page: it is there when the page is loaded again while it is checked, when its reader has
left, and when the server was ended in the middle of it.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from uuid import uuid4
from weakref import WeakValueDictionary

from bot.conversation.history import Drafts, StoredDraft
from bot.errors import FootnoteError, HistoryError
from bot.request_context import BackgroundJob
from bot.types import Checked, Problem, Status
from bot.ui.words import word
from bot.wiring.chat import DraftChecker
from vectorstore.errors import VectorstoreError
from vectorstore.types import Span

log = logging.getLogger(__name__)

PAUSE = 0.4
"""Seconds between two times that new verdicts are written down."""
UNEXPECTED = Problem(word("draft.something_went_wrong_inside_footnote"), word("draft.check_the_draft_again"))


@dataclass(slots=True)
class DraftCheck:
    """The check of one text. `spans` are its sentences, None until they are known; `found` are those that have been checked, by
    their place from 0, and `order` their places in the order in which they came.

    Mutable on purpose: its thread fills it, and pages look in on it every so often. `id` is that of the draft; each change of
    the text and each new check of it is another `edition`, with a check of its own. `at` is the place of the sentence that the
    reader has just changed, -1 for none. `unkept` says why it is not kept, if it is not.
    """

    text: str
    id: str = field(default_factory=lambda: uuid4().hex[:12])
    edition: int = 1
    status: Status = "running"
    spans: Sequence[Span] | None = None
    found: dict[int, Checked] = field(default_factory=dict)
    # The browser is told what is new by a count of verdicts, so the order of their arrival matters and never changes.
    order: list[int] = field(default_factory=list)
    problem: Problem | None = None
    unkept: Problem | None = None
    at: int = -1

    @property
    def key(self) -> str:
        """Names this very edition to the browser.

        >>> DraftCheck("It rained.", id="1f", edition=3).key
        '1f-3'
        """
        return f"{self.id}-{self.edition}"

    @property
    def left(self) -> list[int]:
        """The places of the sentences that have not been checked."""
        return [at for at in range(len(self.spans or ())) if at not in self.found]

    @property
    def checked(self) -> list[Checked]:
        """The sentences that have been checked, in the order of the text."""
        # By `order` and not the keys of `found`: a dictionary to which the thread adds meanwhile can't be iterated.
        return [self.found[at] for at in sorted(self.order)]

    def take(self, at: int, one: Checked) -> None:
        """Take in what was found for the sentence at a place."""
        # In this order: whoever sees the place in `order`, in another thread, finds its verdict.
        self.found[at] = one
        self.order.append(at)

    def sentences(self) -> list[tuple[Span, Checked | None]]:
        """All sentences as they are kept."""
        return [(span, self.found.get(at)) for at, span in enumerate(self.spans or ())]

    def take_known(self, known: Mapping[int, Checked]) -> None:
        """Take in what is known already, by place."""
        for at in sorted(known):
            self.take(at, known[at])


# The checks on their way by their draft, for pages that are loaded again. Weak: one that has ended and is watched by no page
# goes.
_LIVE: "WeakValueDictionary[str, DraftCheckThread]" = WeakValueDictionary()


class DraftCheckThread(BackgroundJob):
    """Checks what has not been checked of a text, from the moment that it is made; `kept` is where it is written down."""

    def __init__(self, drafts: DraftChecker, check: DraftCheck, kept: Drafts | None = None) -> None:
        self.check = check
        self._drafts = drafts
        self._kept = kept
        self._new: dict[int, Checked] = {}
        self._written = time.monotonic()
        self._let_go = Flag()
        # A draft that is not kept has no address by which another page could ask for it.
        if kept is not None:
            _LIVE[check.id] = self
        self._begin("footnote-check")

    def cancel(self) -> None:
        """Let it go: it ends after the sentence at hand, and nobody waits for it. What there is of it is kept."""
        self._let_go.set()
        self.check.status = "stopped"

    def _run(self) -> None:
        status: Status = "failed"
        try:
            self._pump()
            status = "stopped" if self._let_go.is_set() else "done"
        except (FootnoteError, VectorstoreError) as error:
            self.check.problem = Problem(error.message, error.help)
        except Exception:
            # The thread's last line of defence: the reader gets a sentence, the log the traceback.
            log.exception("the check of a draft failed")
            self.check.problem = UNEXPECTED
        self._write(status)
        # Last: whoever sees that it has ended sees all of it.
        self.check.status = status

    def _pump(self) -> None:
        check = self.check
        # Known already where a check is resumed or a sentence was rewritten.
        if check.spans is None:
            check.spans = self._drafts.statements(check.text)
            self._keep(lambda kept: kept.set_sentences(check.id, check.edition, check.sentences()))
        left = check.left
        if self._let_go.is_set() or not left:
            return
        # `check` gives one verdict after the other as the loop asks for it, so letting go between two ends the work.
        for at, one in zip(left, self._drafts.check(check.text, [check.spans[at] for at in left]), strict=False):
            if self._let_go.is_set():
                return
            check.take(at, one)
            self._new[at] = one
            if time.monotonic() - self._written >= PAUSE:
                self._write("running")

    def _write(self, status: Status) -> None:
        """Keep what is new, and how the check has ended if it has."""
        check, new = self.check, self._new
        # Emptied before it is written: what could not be written once is not tried again, as then the draft counts as not kept.
        self._new, self._written = {}, time.monotonic()
        if new:
            self._keep(lambda kept: kept.add(check.id, check.edition, new))
        if status != "running":
            self._keep(lambda kept: kept.end(check.id, check.edition, status))

    def _keep(self, write: Callable[[Drafts], None]) -> None:
        if self._kept is None:
            return
        try:
            write(self._kept)
        except HistoryError as error:
            # After one failure nothing more is tried: the disk that is full now is full for the next sentence as well.
            self._kept = None
            self.check.unkept = unkept(error)


def unkept(error: HistoryError) -> Problem:
    """What the reader is told where a draft is not kept."""
    return Problem(word("draft.not_kept", why=error.message), error.help)


def running_check(id: str) -> DraftCheckThread | None:
    """The check of this draft, if it goes on in this process: a page that was loaded again goes on with it."""
    found = _LIVE.get(id)
    return found if found is not None and not found.over else None


def restored_check(kept: StoredDraft) -> DraftCheck:
    """The check that was kept; one that another process goes on with counts as stopped, and shows what there is by now."""
    status: Status = "stopped" if kept.head.status == "running" else kept.head.status
    check = DraftCheck(kept.text, kept.head.id, kept.edition, status)
    # No sentences of a check that was stopped mean that they were not split yet; of one that is done, that the text states
    # nothing.
    check.spans = tuple(span for span, _ in kept.sentences) if kept.sentences or status == "done" else None
    check.take_known({at: one for at, (_, one) in enumerate(kept.sentences) if one is not None})
    return check
