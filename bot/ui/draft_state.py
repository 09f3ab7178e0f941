"""What one browser session holds on the page "Check a draft": the text as it is written, and the check of it."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from bot.conversation.history import History, StoredDraft
from bot.errors import FootnoteError, HistoryError, InputError
from bot.types import Checked, Problem
from bot.ui.draft_check import DraftCheck, DraftCheckThread, restored_check, running_check, unkept
from bot.ui.exchange import SourceTarget
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.chat import DraftChecker
from vectorstore.errors import VectorstoreError
from vectorstore.splitting.segmenting import ENDS
from vectorstore.types import Span

LARGEST = 5_000_000
"""Bytes of the largest draft, as on the command line."""
EMPTY = Problem(word("draft.there_is_no_text"), word("draft.paste_a_text_or_upload"))
TOO_LARGE = Problem(word("draft.too_large", megabytes=LARGEST // 1_000_000), word("draft.check_it_in_parts"))
NOT_TEXT = Problem(word("draft.the_file_is_not_utf"), word("draft.save_it_as_plain_text"))
GONE = Problem(word("draft.this_draft_is_not_kept"), word("draft.open_another"))
_KEY = "footnote-checking"
# By the ends of sentences and lines, since a changed sentence must leave the others recognisable.
_PIECES = re.compile(f"[{ENDS}\n]+")
_SHORTEST = 8
"""Characters of a piece of text that tells one draft from another."""


@dataclass(slots=True)
class DraftState:
    """`writing`: whether the text is in sight, and not its check.

    `told` counts the verdicts that the browser was told of, and is None as long as it does not have the text that they stand
    in. `address` is the draft that the browser's address names. `pending` is a text that was typed and not checked before a
    kept draft was opened. `redraw`: a part of the page has changed what others show.
    """

    text: str = ""
    writing: bool = True
    fault: Problem | None = None
    check: DraftCheck | None = None
    checker: DraftCheckThread | None = None
    opened: SourceTarget | None = None
    told: int | None = None
    address: str = ""
    pending: str = ""
    redraw: bool = False

    # The text and its check

    def start(self, service: Service) -> None:
        """Check the text from its beginning. A text that shares nothing with the draft at hand is kept as another draft."""
        try:
            # Refused before a check on its way is stopped: that one goes on where the new text can't be checked.
            text = checkable(self.text)
        except InputError as error:
            self.fault = Problem(error.message, error.help)
            return
        before = self.check
        if self.advance() and before is not None and before.text == text:
            # A second click while the page was slow to answer the first: the check goes on as it is.
            self.writing, self.fault = False, None
            return
        self.stop()
        same = before is not None and before.unkept is None and _same_draft(before.text, text)
        self._begin(service, DraftCheck(text, before.id, before.edition + 1) if before and same else DraftCheck(text))

    def resume(self, service: Service) -> None:
        """Check what was left of a draft whose check was stopped."""
        if (before := self.check) is None or before.status == "running":
            return
        self._begin(service, _next(before, before.text, before.spans, before.found))

    def rewrite(self, service: Service, key: str, at: int, words: str) -> None:
        """Put other words in the place of a sentence, and check it alone: all others keep their verdicts."""
        before = self.check
        # The browser may be behind: the click may be for another edition, which another window or the next check has replaced.
        if before is None or before.key != key or before.status == "running" or not 0 <= at < len(before.spans or ()):
            return
        try:
            check = rewritten(before, at, words, service.drafts)
        except (FootnoteError, VectorstoreError) as error:
            self.fault = Problem(error.message, error.help)
            return
        self._begin(service, check)

    def upload(self, raw: bytes) -> None:
        """Put what a file holds in the place of the text; the text stays where the file cannot be read."""
        try:
            self.text, self.fault = decoded(raw), None
        except InputError as error:
            self.fault = Problem(error.message, error.help)

    def advance(self) -> bool:
        """Whether the check is still running."""
        if self.checker is not None and self.checker.over:
            self.checker = None
        return self.checker is not None

    def stop(self) -> None:
        """Stop the check, if one is running, and keep what there is of it."""
        if self.advance() and self.checker is not None:
            self.checker.cancel()
            self.checker = None

    def sentence(self, key: str, at: int) -> Checked | None:
        """The sentence at a place, from 0, of the check with that key, once it has been checked."""
        return self.check.found.get(at) if self.check is not None and self.check.key == key else None

    def _begin(self, service: Service, check: DraftCheck) -> None:
        kept = None
        try:
            kept = service.archive.history().drafts
            # In the history before the thread starts, so that its first verdicts have a place to be kept in.
            kept.begin(check.id, check.text, check.edition, check.sentences())
        except HistoryError as error:
            kept, check.unkept = None, unkept(error)
        self._set_check(check, DraftCheckThread(service.drafts, check, kept))

    def _set_check(self, check: DraftCheck, checker: DraftCheckThread | None) -> None:
        self.check, self.checker, self.text = check, checker, check.text
        self.fault, self.opened, self.told, self.writing, self.redraw = None, None, None, False, True

    # Kept drafts

    @property
    def draft(self) -> str:
        """The id of the draft at hand, where it is kept; else ""."""
        return self.check.id if self.check is not None and self.check.unkept is None else ""

    def visit(self, service: Service, id: str) -> None:
        """Open a draft that is kept; one whose check goes on is watched. An unchecked text comes back with `clear`."""
        # Only what was typed and never checked would be lost: a checked text is in the history.
        pending = self.text if self.check is None else self.pending
        self.clear()
        self.pending = pending
        # Of this process: its verdicts come by the memory, ahead of what is written down.
        if running := running_check(id):
            self._set_check(running.check, running)
            return
        try:
            found = _stored(service.archive.history(), id)
        except HistoryError as error:
            self.fault = Problem(error.message, error.help)
            return
        if found is None:
            self.fault = GONE
            return
        self._set_check(restored_check(found), None)

    def clear(self) -> None:
        """Begin with no text. A check on its way goes on where it is kept."""
        # A draft that is not kept can't be found again, so nobody would see what its check goes on to find.
        if not self.draft:
            self.stop()
        self.text, self.pending = (self.pending, "") if self.check is not None else ("", "")
        self.writing, self.fault, self.check, self.checker = True, None, None, None
        self.opened, self.told, self.redraw = None, None, True


def rewritten(before: DraftCheck, at: int, words: str, drafts: DraftChecker) -> DraftCheck:
    """The check of a text in which a sentence has other words; what was found for all other sentences stands where they do now.

    Raises InputError where the text becomes too large, and what `DraftChecker.statements` raises.
    """
    spans = before.spans or ()
    start, end = spans[at]
    # Empty words remove the sentence.
    text = checkable(f"{before.text[:start]}{words.strip()}{before.text[end:]}")
    known = dict(_shifted(before, at, len(text) - len(before.text)))
    # The text is split anew: a full stop that is removed joins the sentence to the next one, which is then checked too.
    places = drafts.statements(text)
    # Only a sentence at the very place where it is known to stand keeps its verdict: neighbours that were split otherwise lose
    # it.
    check = _next(before, text, places, {n: known[span] for n, span in enumerate(places) if span in known})
    # What was typed may be several sentences, one, or none; marked is the first that ends behind the place of the change.
    check.at = next((n for n, span in enumerate(places) if span[1] > start), len(places) - 1)
    return check


def _shifted(before: DraftCheck, at: int, by: int) -> Sequence[tuple[Span, Checked]]:
    """What was found for the other sentences, each with its place once those behind the sentence `at` have moved."""
    spans = before.spans or ()
    moved = ((spans[n], one, by if n > at else 0) for n, one in before.found.items() if n != at)
    return [((start + off, end + off), replace(one, start=start + off, end=end + off)) for (start, end), one, off in moved]


def _next(before: DraftCheck, text: str, spans: Sequence[Span] | None, known: Mapping[int, Checked]) -> DraftCheck:
    """The edition of a draft after this one; a draft that is not kept is tried to be kept as a new one."""
    # A new id for one that could not be kept: the history does not know the old one, and would refuse another edition of it.
    check = DraftCheck(text, before.id, before.edition + 1) if before.unkept is None else DraftCheck(text)
    check.spans = spans
    check.take_known(known)
    return check


def _same_draft(one: str, other: str) -> bool:
    """Whether two texts are one draft before and after its writer has changed it: whether they share any words in a row."""
    return one == other or not _pieces(one).isdisjoint(_pieces(other))


def _pieces(text: str) -> set[str]:
    return {piece for found in _PIECES.split(text) if len(piece := found.strip()) >= _SHORTEST}


def _stored(history: History, id: str) -> StoredDraft | None:
    found = history.drafts.draft(id)
    # What a process that is gone was checking is not being checked.
    return history.drafts.draft(id) if found is not None and found.head.status == "running" and history.recover() else found


def checkable(text: str) -> str:
    """The text with plain line ends; raises InputError where there is nothing to check, or too much."""
    if not text.strip():
        raise InputError(EMPTY.message, EMPTY.help)
    # Bytes, as on the command line, so that both refuse the same file; "replace", as a lone surrogate has no encoding.
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise InputError(TOO_LARGE.message, TOO_LARGE.help)
    # Places count characters: a browser's text field turns every line end into "\n", and places behind it would be off.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(raw: bytes) -> str:
    """The text of a file; raises InputError."""
    if len(raw) > LARGEST:
        raise InputError(TOO_LARGE.message, TOO_LARGE.help)
    try:
        # Editors on Windows begin a UTF-8 file with a byte order mark, which is no part of the text.
        return checkable(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(NOT_TEXT.message, NOT_TEXT.help) from None


def draft_state() -> DraftState:
    """The draft of this browser session, made on first use."""
    store = cast("MutableMapping[str, DraftState]", st.session_state)
    return store.setdefault(_KEY, DraftState())
