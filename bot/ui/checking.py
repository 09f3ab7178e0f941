"""A draft and its check: the sentences are checked in a thread of their own, as answers are given (see `bot.ui.running`)."""

import logging
import weakref
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Literal, cast
from uuid import uuid4

import streamlit as st

from bot.errors import FootnoteError, InputError
from bot.types import Checked
from bot.ui.exchange import Problem
from bot.ui.service import Service
from bot.ui.state import Opened
from vectorstore.errors import VectorstoreError
from vectorstore.types import Span

log = logging.getLogger(__name__)

Status = Literal["running", "done", "stopped", "failed"]

LARGEST = 5_000_000
"""Bytes of the largest draft, as on the command line."""
UNEXPECTED = Problem(
    "Something went wrong inside Footnote.", "Check the draft again. The terminal that Footnote runs in tells the details."
)
EMPTY = Problem("There is no text to check yet.", "Paste a text, or upload a file.")
TOO_LARGE = Problem(f"The draft is larger than {LARGEST // 1_000_000} MB.", "Check it in parts.")
NOT_TEXT = Problem("The file is not UTF-8 text.", "Save it as plain text or Markdown in UTF-8.")
_KEY = "footnote-checking"


@dataclass(frozen=True, slots=True)
class _Ended:
    problem: Problem | None = None


_Came = Sequence[Span] | Checked | _Ended


@dataclass(slots=True)
class Check:
    """The check of one text. `spans` are its sentences, None until they are known, and `found` what came out, in their order.

    Mutable on purpose: the page looks in on it every so often.
    """

    text: str
    id: str = field(default_factory=lambda: uuid4().hex[:12])
    status: Status = "running"
    spans: Sequence[Span] | None = None
    found: list[Checked] = field(default_factory=list)
    problem: Problem | None = None

    def take(self, came: _Came) -> None:
        """Take in one thing that the thread has brought."""
        if isinstance(came, _Ended):
            self.status, self.problem = ("failed" if came.problem else "done"), came.problem
        elif isinstance(came, Checked):
            self.found.append(came)
        else:
            self.spans = came


class Checker:
    """Checks a text from the moment that it is made; `advance` takes what has come since the last look."""

    def __init__(self, service: Service, text: str) -> None:
        self._came: SimpleQueue[_Came] = SimpleQueue()
        self._let_go = Flag()
        self._thread = Thread(target=_run, args=(service, text, self._came, self._let_go), name="footnote-check", daemon=True)
        self._thread.start()
        # A long draft takes minutes: the thread must not go on for a reader who has left, and whose session is forgotten.
        weakref.finalize(self, self._let_go.set)

    def cancel(self) -> None:
        """Let it go: it ends after the sentence at hand, and nobody waits for it."""
        self._let_go.set()

    def advance(self, check: Check) -> None:
        """Take in all that is there by now; never waits."""
        while True:
            try:
                check.take(self._came.get_nowait())
            except Empty:
                return

    def join(self, seconds: float) -> bool:
        """Wait for the thread; whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


def _run(service: Service, text: str, came: SimpleQueue[_Came], let_go: Flag) -> None:
    try:
        _pump(service, text, came, let_go)
    except (FootnoteError, VectorstoreError) as error:
        came.put(_Ended(Problem(error.message, error.help)))
    except Exception:
        # The thread's last line of defence: the reader gets a sentence, the log the traceback.
        log.exception("the check of a draft failed")
        came.put(_Ended(UNEXPECTED))
    else:
        came.put(_Ended())


def _pump(service: Service, text: str, came: SimpleQueue[_Came], let_go: Flag) -> None:
    came.put(service.statements(text))
    if let_go.is_set():
        return
    for one in service.check(text):
        if let_go.is_set():
            return
        came.put(one)


@dataclass(slots=True)
class Desk:
    """What one browser session has on its desk: the text as it is written, and the check of it.

    `writing`: whether the text is in sight, and not its check. `told` counts the sentences that the browser was told of, and is
    None as long as it does not have the text that they stand in.
    """

    text: str = ""
    writing: bool = True
    fault: Problem | None = None
    check: Check | None = None
    checker: Checker | None = None
    opened: Opened | None = None
    told: int | None = None

    def start(self, service: Service) -> None:
        """Check the text from its beginning; a check that is still running is let go."""
        try:
            text = checkable(self.text)
        except InputError as error:
            self.fault = Problem(error.message, error.help)
            return
        self.stop()
        self.fault, self.opened, self.writing, self.told = None, None, False, None
        self.check = Check(text)
        self.checker = Checker(service, text)

    def upload(self, raw: bytes) -> None:
        """Put what a file holds in the place of the text; the text stays where the file cannot be read."""
        try:
            self.text, self.fault = decoded(raw), None
        except InputError as error:
            self.fault = Problem(error.message, error.help)

    def advance(self) -> bool:
        """Take in what the check has brought; whether it is still running."""
        if self.check is None or self.checker is None:
            return False
        self.checker.advance(self.check)
        if self.check.status != "running":
            self.checker = None
        return self.checker is not None

    def stop(self) -> None:
        """Stop the check, if one is running, and keep what there is of it."""
        if self.advance() and self.check is not None and self.checker is not None:
            self.checker.cancel()
            self.checker = None
            self.check.status = "stopped"

    def sentence(self, id: str, at: int) -> Checked | None:
        """The sentence at a place, from 0, of the check with that id, once it has been checked."""
        if self.check is None or self.check.id != id or not 0 <= at < len(self.check.found):
            return None
        return self.check.found[at]


def checkable(text: str) -> str:
    """The text with plain line ends; raises InputError where there is nothing to check, or too much."""
    if not text.strip():
        raise InputError(EMPTY.message, EMPTY.help)
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise InputError(TOO_LARGE.message, TOO_LARGE.help)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(raw: bytes) -> str:
    """The text of a file; raises InputError."""
    if len(raw) > LARGEST:
        raise InputError(TOO_LARGE.message, TOO_LARGE.help)
    try:
        return checkable(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(NOT_TEXT.message, NOT_TEXT.help) from None


def desk() -> Desk:
    """The desk of this browser session, made on first use."""
    store = cast("MutableMapping[str, Desk]", st.session_state)
    return store.setdefault(_KEY, Desk())
