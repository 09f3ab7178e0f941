"""What models have used in a home, day by day and caller by caller: a small file of its own, which restarts do not empty.

A file of its own, as the home keeps it also where the catalog and the history are on a server; each home counts for itself.
"""

import logging
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

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
