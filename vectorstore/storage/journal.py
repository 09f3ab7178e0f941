"""The journal of the catalog, and how far each derived index has come in it; and the one writer at a time.

Several homes may share one catalog, and each has its own copies of the derived indexes, its replicas; a Chroma server that the
homes share is a replica as well. Each follows the journal at its own pace from a position of its own. The journal is forgotten
behind the slowest, but for one that is `KEPT` changes behind: that one is made anew from the catalog when it comes back.

Transactions that write to the journal follow one another (`LibraryCatalog._writing`), so its numbers are in the order of the
commits, and who has come to a number has missed nothing before it.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from vectorstore.errors import IndexBusy
from vectorstore.storage.catalog_reader import MULTILINGUAL
from vectorstore.storage.database import PAGE, file_of, upsert
from vectorstore.storage.home import WRITER_LOCK, file_lock
from vectorstore.storage.library_catalog import LibraryCatalog
from vectorstore.storage.records import IndexPosition, JournalEntry
from vectorstore.storage.schema import applied, counters, journal, manifest

KEPT = 100_000
"""Changes that are kept for replicas that lag behind: to make one anew takes less time than to apply more."""
TOLD_AFTER = 1.0
"""Seconds after which whoever waits for another writer is told so: most write for less."""
_BEING_MADE = "+"  # after the name of a derived index, it marks the position from which a new making will follow
_LOCKS = 0x466F6F74  # the class of our advisory locks, apart from those of other programs in the same database
_TIMED_OUT = "55P03"  # PostgreSQL's code

WaitCallback = Callable[[str, float], None]
"""Told when another process has to be waited for: what it is doing, and for how many seconds at most."""


@dataclass(frozen=True, slots=True)
class Positions:
    """How far each derived index of each replica has come; whether there is one of the second set of vectors."""

    found: Mapping[tuple[str, str], IndexPosition]
    multilingual: bool

    def of(self, replica: str) -> dict[str, IndexPosition]:
        """Those of one replica."""
        return {name: state for (owner, name), state in self.found.items() if owner == replica}


class JournalCatalog(LibraryCatalog):
    """The part of the catalog that derived indexes follow. The example of `catalog.Catalog` reads the journal."""

    _writer = 0  # the number of the writer's lock that this process holds

    # The writer

    @property
    def file(self) -> Path | None:
        """The catalog's SQLite file; None on a server and in memory."""
        return file_of(self._engine)

    @property
    def on_server(self) -> bool:
        """Whether the catalog is on a database server."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def writer_lock(self, home: Path, wait: float = 0.0, waiting: WaitCallback | None = None) -> Iterator[bool]:
        """Holds the one lock under which articles may be written; gives whether the writer before was cut off.

        On PostgreSQL it is a lock of the server, else a file beside the catalog's, or in `home` for one in memory. Raises
        IndexBusy where another holds it for longer than `wait` seconds; `waiting` is told once it takes long.
        """
        with self._locked(home, wait, waiting):
            cut_off = self.writing_unfinished()
            # A random number and not just 1: a writer whose lock was lost must be able to tell that another has taken its
            # place.
            self._writer = 1 + secrets.randbelow(2**31)
            with self._transaction() as connection:
                self._count(connection, "writing", self._writer)
            try:
                yield cut_off
            finally:
                number, self._writer = self._writer, 0
                with self._transaction() as connection:
                    # Whoever took the lock over meanwhile has written another number, which stays.
                    mine = (counters.c.name == "writing") & (counters.c.value == number)
                    connection.execute(update(counters).where(mine).values(value=0))

    @contextmanager
    def _locked(self, home: Path, wait: float, waiting: WaitCallback | None) -> Iterator[None]:
        # Most writers are done within a second, so the wait is told of only when that has passed.
        first_wait = wait if waiting is None else min(wait, TOLD_AFTER)
        try:
            # Entered by hand, as only here it is known which of the two locks is held.
            lock = self._lock(home, first_wait)
            lock.__enter__()
        except IndexBusy as error:
            if waiting is None or wait <= first_wait:
                raise
            waiting(error.message, wait - first_wait)
            lock = self._lock(home, wait - first_wait)
            lock.__enter__()
        try:
            yield
        finally:
            lock.__exit__(None, None, None)

    def _lock(self, home: Path, wait: float) -> AbstractContextManager[None]:
        if self.on_server:
            return self._server_lock(wait)
        return file_lock((self.file.parent if self.file else home) / WRITER_LOCK, "writing to the index", wait=wait)

    @contextmanager
    def _server_lock(self, wait: float) -> Iterator[None]:
        """A lock that the server gives to those who wait in their order, and takes back when the connection ends."""
        key = f"({_LOCKS}, {self.identity()})"
        # A connection of its own, closed at the end: were it to go back to the pool, a lock might go with it.
        with self._translated_errors(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()
            # A machine that is gone does not say so: without these its lock would stay for two hours.
            connection.exec_driver_sql(
                "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3"
            )
            try:
                if wait > 0:
                    # A timeout of 0 would be none at all.
                    connection.exec_driver_sql(f"set lock_timeout = {max(1, int(wait * 1000))}")
                    connection.exec_driver_sql(f"select pg_advisory_lock{key}")
                elif not connection.exec_driver_sql(f"select pg_try_advisory_lock{key}").scalar():
                    raise IndexBusy("Another process is writing to the index.")
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != _TIMED_OUT:
                    raise
                raise IndexBusy("Another process is writing to the index.") from None
            yield

    def _check_writer(self, connection: Connection) -> None:
        """Raises IndexBusy where the lock was lost: the server was restarted, and another process has taken it since."""
        if self._writer:
            now = connection.scalar(select(counters.c.value).where(counters.c.name == "writing"))
            if now != self._writer:
                raise IndexBusy("The connection that held the writer's lock was lost, and another process is writing.")

    # Positions

    def applied(self, replica: str = "") -> dict[str, IndexPosition]:
        """How far each derived index of this replica has come, by its name; -1 for one that is too far behind to follow."""
        return self.positions().of(replica)

    def positions(self) -> Positions:
        """How far all derived indexes of all replicas have come, as of one moment."""
        with self._reading() as connection:
            rows = connection.execute(select(applied).where(~_being_made())).all()
            values: dict[str, int] = {row.name: row.value for row in connection.execute(select(counters))}
        # What lay before this number is no longer in the journal: a replica that has not come so far cannot follow any more.
        trimmed = values.get("trimmed", 0)
        found = {(row.replica, row.name): IndexPosition(row.seq if row.seq >= trimmed else -1, row.folder) for row in rows}
        return Positions(found, bool(values.get(MULTILINGUAL)))

    def become_copy(self) -> None:
        """Lets a copied catalog go its own way: it has no derived indexes yet, and none of those of its original."""
        with self._writing() as connection:
            self._start_anew(connection)
            connection.execute(delete(applied).where(applied.c.replica != ""))
            # By this number its collections on a Chroma server are known from the original's.
            self._count(connection, "identity", secrets.randbelow(2**31))
            self._count(connection, "writing", 0)

    def begin_making(self, name: str, replica: str = "") -> int:
        """The number from which an index that is now made anew will follow; the journal is kept from there on."""
        with self._writing() as connection:
            seq = _end(connection)
            row: dict[str, object] = {"replica": replica, "name": name + _BEING_MADE, "seq": seq, "folder": 0}
            upsert(connection, applied, [row], replace=True)
            return seq

    def set_applied(self, name: str, state: IndexPosition, replica: str = "") -> None:
        """Notes how far a derived index has come, and forgets the part of the journal that all have applied."""
        with self._writing() as connection:
            upsert(connection, applied, [{"replica": replica, "name": name, **asdict(state)}], replace=True)
            # The index that was being made is whole, so the journal need not be kept for its making.
            making = (applied.c.replica == replica) & (applied.c.name == name + _BEING_MADE)
            connection.execute(delete(applied).where(making))
            self._trim(connection)

    def forget_replica(self, replica: str) -> None:
        """Forgets the positions of a replica that is gone, so that the journal is not kept for it."""
        with self._transaction() as connection:
            connection.execute(delete(applied).where(applied.c.replica == replica))

    def _trim(self, connection: Connection) -> None:
        """Forgets what all replicas have applied, and gives up those that are too far behind."""
        # A position of -1 needs no journal, as its index is made from the catalog.
        slowest = connection.scalar(select(func.min(applied.c.seq)).where(applied.c.seq >= 0)) or 0
        upto = max(slowest, _end(connection) - KEPT)
        connection.execute(delete(journal).where(journal.c.seq <= upto))
        connection.execute(delete(applied).where(applied.c.seq >= 0, applied.c.seq < upto))
        further = (counters.c.name == "trimmed") & (counters.c.value < upto)
        connection.execute(update(counters).where(further).values(value=upto))

    def _start_anew(self, connection: Connection) -> None:
        """Asks every replica to make its indexes anew, also one that is just doing so from what there was."""
        # A number that nobody can have come to yet: whoever has begun before is behind it.
        connection.execute(insert(journal).values(chunk_id=0, op="remove"))
        self._count(connection, "trimmed", _end(connection))
        connection.execute(delete(journal))
        connection.execute(delete(applied).where(_being_made()))
        connection.execute(update(applied).values(seq=-1))

    # The journal

    def journal(self, after: int, limit: int = PAGE) -> list[JournalEntry]:
        """The next changes after this number, oldest first."""
        query = select(journal).where(journal.c.seq > after).order_by(journal.c.seq).limit(limit)
        with self._reading() as connection:
            return [JournalEntry(row.seq, row.chunk_id, row.op == "add") for row in connection.execute(query)]

    def backlog(self, replica: str = "") -> int:
        """How many changes the slowest derived index of this replica has yet to apply."""
        return self.backlog_after(min((state.seq for state in self.applied(replica).values()), default=0))

    def backlog_after(self, seq: int) -> int:
        """How many changes there are after this number."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(journal).where(journal.c.seq > seq)) or 0

    # The second set of vectors

    def has_joined_multilingual(self) -> bool:
        """Whether the second set of vectors is whole, so that an index of it follows the journal."""
        return bool(self._counter(MULTILINGUAL))

    def begin_multilingual(self, fingerprint: str) -> None:
        """Notes that a second set of vectors by this model is being made; one by another model is given up."""
        # Begun already, perhaps by a process that was killed: what it has made is gone on with.
        if self.multilingual() == fingerprint:
            return
        with self._writing() as connection:
            connection.execute(delete(applied).where(applied.c.name == MULTILINGUAL))
            self._count(connection, MULTILINGUAL, 0)
            upsert(connection, manifest, [{"key": MULTILINGUAL, "value": fingerprint}], replace=True)

    def join_multilingual(self) -> None:
        """Lets the second set's index follow the journal from now on; it is made with the next catching up."""
        with self._writing() as connection:
            self._count(connection, MULTILINGUAL, 1)


def _being_made() -> ColumnElement[bool]:
    return applied.c.name.endswith(_BEING_MADE)


def _end(connection: Connection) -> int:
    # The journal may be empty, as all of it was applied; it then ends with what was forgotten or applied last.
    last = connection.scalar(select(func.max(journal.c.seq))) or 0
    trimmed = connection.scalar(select(counters.c.value).where(counters.c.name == "trimmed")) or 0
    return max(last, trimmed, connection.scalar(select(func.max(applied.c.seq))) or 0)
