"""How much may be asked: the sizes, the requests of each caller, the answers at once, and what models may use.

Everything is counted here, and enforced by what acts (`Chat.stream`, `DraftChecker.check`, `ArticleIntake`, `Model.stream`), so
that the page, the command line and every server keep to it alike. What one caller may do concerns those who come through the
page or over a network; whoever runs a command on this machine could set the limits as well.

What models have used is kept day by day and caller by caller in a small file, which restarts do not empty. It is a file of its
own, as the home keeps it also where the catalog and the history are on a server; each home counts for itself.
"""

import logging
import math
import os
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from bot.cancellation import current_cancellation
from bot.errors import BudgetSpent, InputError, LimitReached, TooManyAnswers
from bot.permissions import open_to_all
from bot.request_context import current_request
from bot.settings import Settings, variable

if TYPE_CHECKING:
    from bot.models.usage import ModelUsage

MEGABYTE = 1_000_000
SLOT_WAIT = 15.0
"""Seconds that an answer waits for another to end: quotations take a fraction of one, and a model's answer may take longer."""
_MOST_CALLERS = 10_000
"""Callers that a counter knows before it forgets those who have not come for a while."""
log = logging.getLogger(__name__)

FILE = "usage.sqlite"
"""The file in the home."""
KEPT_DAYS = 400
"""Days after which what was used is forgotten: a year and some weeks, for whoever looks back at a year."""
_TIMEOUT = 10.0
"""Seconds to wait for another process that writes."""
# One row for each day and caller: a busy home has some thousands in a year.
_TABLE = (
    "create table if not exists usage (day text not null, caller text not null, tokens integer not null, "
    "dollars real not null, primary key (day, caller)) without rowid"
)
_ADD = (
    "insert into usage values (?, ?, ?, ?) on conflict (day, caller) "
    "do update set tokens = tokens + excluded.tokens, dollars = dollars + excluded.dollars"
)


class UsageLedger:
    """The tokens and dollars that were used. Threads and processes may share it; days are those of UTC.

    >>> ledger = UsageLedger(folder)
    >>> ledger.add("ada@example.org", 1200, 0.002)
    >>> ledger.tokens_today("ada@example.org"), ledger.dollars_this_month()
    (1200, 0.002)
    """

    def __init__(self, home: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = home / FILE
        self._now = now
        self._lock = Lock()
        # What could not be written, as on a full disk: it counts for as long as the process lives.
        self._unwritten_tokens: Counter[tuple[str, str]] = Counter()
        self._unwritten_dollars: dict[str, float] = {}

    def add(self, caller: str, tokens: int, dollars: float) -> None:
        """Adds what was used just now."""
        day = self._today()
        try:
            with self._opened(create=True) as connection:
                connection.execute(_ADD, (day, caller, tokens, dollars))
                oldest = (self._now() - timedelta(days=KEPT_DAYS)).date().isoformat()
                connection.execute("delete from usage where day < ?", (oldest,))
        except (sqlite3.Error, OSError) as error:
            log.error("what a model has used could not be written: %s", error)
            with self._lock:
                self._unwritten_tokens[day, caller] += tokens
                self._unwritten_dollars[day] = self._unwritten_dollars.get(day, 0.0) + dollars

    def tokens_today(self, caller: str) -> int:
        """The tokens of a caller since midnight."""
        day = self._today()
        written = self._sum("select sum(tokens) from usage where day = ? and caller = ?", day, caller)
        return int(written) + self._unwritten_tokens[day, caller]

    def dollars_this_month(self) -> float:
        """The dollars of all callers since the first of the month."""
        # ISO dates are compared as texts, so a month is their beginning.
        month = self._today()[:7]
        written = self._sum("select sum(dollars) from usage where day >= ?", f"{month}-01")
        with self._lock:
            unwritten = sum(dollars for day, dollars in self._unwritten_dollars.items() if day.startswith(month))
        return written + unwritten

    def _today(self) -> str:
        return self._now().date().isoformat()

    def _sum(self, query: str, *given: str) -> float:
        # To look must make no file: SQLite would make an empty one.
        if not self.path.exists():
            return 0
        try:
            with self._opened() as connection:
                # The sum of no rows is NULL.
                return connection.execute(query, given).fetchone()[0] or 0
        except (sqlite3.Error, OSError) as error:
            log.error("what models have used could not be read: %s", error)
            return 0

    @contextmanager
    def _opened(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection and a transaction; a request to a model takes so much longer that none is kept open."""
        if create:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Made before SQLite does, as only its owner may read who used how much.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        # Both are needed: `connection` as a block commits or rolls back, and leaves the file open.
        with closing(sqlite3.connect(self.path, timeout=_TIMEOUT)) as connection, connection:
            if create:
                connection.execute(_TABLE)
            yield connection


class RateCounter:
    """Counts what each caller did within the last `seconds`. Threads may share it.

    >>> counter = RateCounter(most=1, seconds=60, now=lambda: 0.0)
    >>> counter.take("ada"), counter.take("ada"), counter.take("ben")
    (0.0, 60.0, 0.0)
    """

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        """`most` of 0 is any number."""
        self.most = most
        self.seconds = seconds
        self._now = now
        self._taken: dict[str, deque[float]] = {}
        self._lock = Lock()

    def take(self, caller: str) -> float:
        """Counts once more and gives 0; or, where that would be too many, the seconds until it is not, and counts nothing."""
        # 0 is any number, as in all limits of the settings.
        if not self.most:
            return 0.0
        with self._lock:
            now = self._now()
            # Addresses of a network are callers, too: somebody could send from ever new ones until the memory is full.
            if len(self._taken) > _MOST_CALLERS:
                self._forget(now)
            times = self._taken.setdefault(caller, deque())
            # Only what was done within the window counts; the deque is in the order of time.
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= self.most:
                # When the oldest leaves the window there is room for one more.
                return times[0] + self.seconds - now
            times.append(now)
            return 0.0

    def _forget(self, now: float) -> None:
        self._taken = {caller: times for caller, times in self._taken.items() if times and times[-1] > now - self.seconds}


class UsageLimits:
    """The limits of one process by its settings. Threads may share it.

    >>> from bot.settings import load_settings
    >>> limits = UsageLimits(load_settings(longest_question=100))
    >>> limits.check_question("x" * 101)
    Traceback (most recent call last):
    bot.errors.InputError: The question has 101 characters; the most are 100.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requests = RateCounter(settings.requests_a_minute, 60)
        self._uploads = RateCounter(settings.uploads_an_hour, 3600)
        # Bounded: a place that is given back twice is a fault, and raises.
        self._slots = BoundedSemaphore(settings.answers_at_once)
        self._lock = Lock()
        self.in_progress = 0
        """Answers and checks that are being made."""
        self.waiting = 0
        """Those that wait for one of these to end."""

    @open_to_all
    def check_question(self, text: str) -> None:
        """Raises InputError for a question that is too long."""
        most = self._settings.longest_question
        if len(text) > most:
            raise InputError(
                f"The question has {len(text):,} characters; the most are {most:,}.",
                f"Ask in fewer words. {_set_by('longest_question')}",
            )

    @open_to_all
    def check_draft(self, text: str) -> None:
        """Raises InputError for a draft that is too large."""
        most = self._settings.largest_draft
        # A character has a byte at least, and four at most: few drafts need to be encoded to be measured.
        if len(text) * 4 > most * MEGABYTE and len(text.encode("utf-8", "replace")) > most * MEGABYTE:
            raise InputError(f"The draft is larger than {most} MB.", f"Check it in parts. {_set_by('largest_draft')}")

    @open_to_all
    def check_upload(self, size: int) -> None:
        """Raises InputError for a file or a text, of `size` bytes, that is too large."""
        most = self._settings.largest_upload
        if size > most * MEGABYTE:
            raise InputError(f"It is larger than {most} MB.", f"Add it in parts. {_set_by('largest_upload')}")

    @open_to_all
    def count_upload(self) -> None:
        """Counts a file, a text or an address that a caller adds; raises LimitReached."""
        most = self._settings.uploads_an_hour
        self._count(self._uploads, f"{most:,} files, texts and addresses an hour are", "uploads_an_hour")

    @open_to_all
    def count_request(self) -> None:
        """Counts a question, a search or a check; raises LimitReached."""
        most = self._settings.requests_a_minute
        self._count(self._requests, f"{most:,} questions, searches and checks a minute are", "requests_a_minute")

    @open_to_all
    @contextmanager
    def slot(self) -> Iterator[None]:
        """A block that makes an answer, once there are not too many of them; raises TooManyAnswers after a while.

        It does so at once where as many wait already: each that waits holds a thread.
        """
        if not self._take_slot():
            most = self._settings.answers_at_once
            raise TooManyAnswers(
                f"Footnote is busy with {most} answers, and makes no more at the same time.",
                f"Ask again in a moment. {_set_by('answers_at_once')}",
            )
        self._changed(in_progress=1)
        try:
            yield
        finally:
            self._changed(in_progress=-1)
            self._slots.release()

    def _take_slot(self) -> bool:
        if self._slots.acquire(blocking=False):
            return True
        if self.waiting >= self._settings.answers_at_once:
            return False
        self._changed(waiting=1)
        given_up, end, taken = current_cancellation(), time.monotonic() + SLOT_WAIT, False
        try:
            # A semaphore cannot be woken by who has gone away, so it is looked after ten times a second.
            while not taken and not given_up.cancelled and (left := end - time.monotonic()) > 0:
                taken = self._slots.acquire(timeout=min(left, 0.1))
            return taken
        finally:
            self._changed(waiting=-1)

    def _changed(self, *, waiting: int = 0, in_progress: int = 0) -> None:
        with self._lock:
            self.waiting += waiting
            self.in_progress += in_progress

    def _count(self, counter: RateCounter, most: str, field: str) -> None:
        caller = current_request().caller
        # Whoever runs a command on this machine has no caller's name, and is not counted.
        if caller and (after := counter.take(caller)):
            raise LimitReached(f"{most} the most that one caller may send.", f"{_wait(after)} {_set_by(field)}", after)


class ModelMeter:
    """Counts the tokens and the money that models use, and stops where the settings do. Threads may share it."""

    def __init__(self, settings: Settings, ledger: UsageLedger | None = None) -> None:
        self._settings = settings
        self.ledger = ledger or UsageLedger(settings.home)

    def allow(self) -> None:
        """Raises BudgetSpent where no model may be asked any more. What is under way is not broken off."""
        tokens, dollars, caller = self._settings.tokens_a_day, self._settings.dollars_a_month, current_request().caller
        # The money is everybody's together, the tokens each caller's own.
        # Read from the ledger each time, as other processes of this home add to it.
        if dollars and self.ledger.dollars_this_month() >= dollars:
            help = f"{BudgetSpent.help} {_set_by('dollars_a_month')}"
            raise BudgetSpent(f"The {dollars:,.2f} US dollars that models may cost in a month are spent.", help)
        if tokens and caller and self.ledger.tokens_today(caller) >= tokens:
            help = f"Choose quotations to go on, or ask again tomorrow. {_set_by('tokens_a_day')}"
            raise BudgetSpent(f"The {tokens:,} tokens that models may use for one caller in a day are used up.", help)

    def count(self, usage: "ModelUsage") -> None:
        """Counts what a request has used."""
        # A server that counts no tokens leaves nothing to add up.
        if tokens := usage.input_tokens + usage.output_tokens:
            self.ledger.add(current_request().caller, tokens, self._price(usage))

    def _price(self, usage: "ModelUsage") -> float:
        """What it cost in dollars; 0 where that is not known."""
        from bot.models.usage import cost, load_prices

        # A broken table is told of by whoever shows a price.
        with suppress(InputError):
            prices = load_prices(self._settings.home, compatible=usage.compatible)
            return cost(usage.model, usage.input_tokens, usage.output_tokens, prices) or 0.0
        return 0.0


def _wait(seconds: float) -> str:
    # Rounded up: a second too early would be refused again.
    whole = math.ceil(seconds)
    return f"Try again in {whole} second{'' if whole == 1 else 's'}."


def _set_by(field: str) -> str:
    return f"{variable(field)} sets the limit."
