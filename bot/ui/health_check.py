"""A look at the index, or its mending, in a thread of its own (see `bot.ui.running`): the page may be left meanwhile."""

import logging
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast

import streamlit as st

from bot.errors import FootnoteError
from bot.request_context import BackgroundJob
from bot.types import Problem
from bot.ui.words import word
from bot.wiring.about import InstallationFacts
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from vectorstore.doctor import IndexFinding

T = TypeVar("T")
log = logging.getLogger(__name__)

FRESH = 30.0
"""Seconds for which a look still counts when the page is opened again."""
UNEXPECTED = Problem(word("health.something_went_wrong_inside_footnote"), word("health.check_again_the_terminal"))
_KEY = "footnote-health-state"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What was found; `mended` are the findings that were wrong before a mending and are right after it, None without one."""

    at: datetime
    findings: "tuple[IndexFinding, ...]" = ()
    about: InstallationFacts | None = None
    problem: Problem | None = None
    mended: tuple[str, ...] | None = None


class HealthCheck(BackgroundJob):
    """A look that was begun; `report` is None until it is over."""

    def __init__(self, library: Library, *, mend: bool = False) -> None:
        self.report: HealthReport | None = None
        self.mend = mend
        self._library = library
        self._begin("footnote-health")

    def _run(self) -> None:
        look = self._library.repair if self.mend else self._library.diagnose
        # Both are tried: an index that cannot be looked at says nothing against telling where it lies.
        findings, problem = _tried(look)
        known, unknown = _tried(self._library.about)
        # Set once, as a whole and at the very end: a page that looks in sees no report or all of it.
        self.report = HealthReport(datetime.now(UTC), tuple(findings or ()), known, problem or unknown)


@dataclass(slots=True)
class HealthState:
    """One session's report, and the look that is under way. Mutable on purpose: the page looks in on it every so often."""

    report: HealthReport | None = None
    looking: HealthCheck | None = None
    ended: float = 0.0

    @property
    def doing(self) -> str:
        """What is under way: "looking", "mending" or ""."""
        if self.looking is None:
            return ""
        return "mending" if self.looking.mend else "looking"

    def open(self, library: Library) -> None:
        """The page is opened: look, unless that was done a moment ago."""
        if self.report is None or time.monotonic() - self.ended > FRESH:
            self.look(library)

    def look(self, library: Library, *, mend: bool = False) -> None:
        """Begin a look, unless one is under way."""
        if self.looking is None:
            self.looking = HealthCheck(library, mend=mend)

    def advance(self) -> bool:
        """Take in the report of a look that is over; whether one is still under way."""
        if self.looking is not None and self.looking.report is not None:
            self.report = _after(self.report, self.looking)
            # Monotonic, as a clock that is set back would make an old report fresh.
            self.looking, self.ended = None, time.monotonic()
        return self.looking is not None


def health_state() -> HealthState:
    """The state of this browser session, made on first use."""
    store = cast("MutableMapping[str, HealthState]", st.session_state)
    return store.setdefault(_KEY, HealthState())


def _after(before: HealthReport | None, looking: HealthCheck) -> HealthReport:
    """The new report. Where a mending failed, what was found before it still stands."""
    report = looking.report
    assert report is not None
    if not looking.mend or before is None:
        return report
    if report.problem is not None:
        # A mending that raised has no findings of its own.
        return replace(report, findings=report.findings or before.findings)
    # By name: a finding that was right before is not told as mended.
    wrong = {one.name for one in before.findings if not one.ok}
    return replace(report, mended=tuple(one.name for one in report.findings if one.ok and one.name in wrong))


def _tried(look: Callable[[], T]) -> tuple[T | None, Problem | None]:
    """What comes of a look, or what stands in its way."""
    try:
        return look(), None
    except (FootnoteError, VectorstoreError) as error:
        return None, Problem(error.message, error.help)
    except Exception:
        # The thread's last line of defence: the reader gets a sentence, the log the traceback.
        log.exception("looking at the index failed")
        return None, UNEXPECTED
