"""How one process knows that another, which was writing an answer, is gone.

Each process that writes answers holds a lock of its own, and every running turn names its owner. A lock that another can take
belonged to a process that is gone: the operating system lets go of a file's lock when its holder dies, however it dies, and a
PostgreSQL server lets go of an advisory lock when the connection that holds it ends. So no process has to send heartbeats,
which a silent model would seem to stop; no clocks have to agree; and no process id can be mistaken for a newer one.
"""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

from bot.errors import HistoryError
from vectorstore.storage.database import file_of


class ProcessLocks(Protocol):
    """Tells which of the processes that share a history are still alive; `id` is this process's own number."""

    id: int

    def take(self) -> None:
        """Takes this process's lock, which shows all others from now on that it is alive."""

    def gone(self, owner: int) -> AbstractContextManager[bool]:
        """A block within which `owner` is known to be gone; False where it is alive."""

    def close(self) -> None:
        """Lets go: what this process has left running counts as abandoned."""


class FileLocks:
    """For SQLite: a locked file for each process, in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self.id = _new_id()
        self._folder = folder
        self._held: FileLock | None = None
        self._mutex = Lock()

    def take(self) -> None:
        """Takes the lock at the first call, and keeps it."""
        with self._mutex:
            while self._held is None or not self._path(self.id).exists():
                # Whoever sweeps the folder may have taken the file for a dead one's before it was locked.
                self._held = self._taken(self.id)

    @contextmanager
    def gone(self, owner: int) -> Iterator[bool]:
        """Holds the other's lock for the block, if that can be had, and removes its file."""
        lock = self._taken(owner)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                # Removed while it is held: afterwards another process could have taken it.
                self._path(owner).unlink(missing_ok=True)
                lock.release()

    def close(self) -> None:
        """Removes this process's file."""
        with self._mutex:
            if self._held is not None:
                # Best effort: where an open file cannot be removed, the next one to open the history does it.
                with suppress(OSError):
                    self._path(self.id).unlink(missing_ok=True)
                self._held.release()
                self._held = None

    def _taken(self, owner: int) -> FileLock | None:
        # `thread_local=False`: the thread that lets go may be another one than took it.
        lock = FileLock(self._path(owner), thread_local=False)
        try:
            self._folder.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            # Somebody holds it, so that process is alive.
            return None
        except OSError as error:
            raise HistoryError(f"The folder {self._folder} cannot be written: {error.strerror or error}.") from error
        return lock

    def _path(self, owner: int) -> Path:
        return self._folder / f"{owner}.lock"


class AdvisoryLocks:
    """For PostgreSQL: an advisory lock for each process, held by a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self.id = _new_id()
        # An advisory lock belongs to a connection and not to a transaction: none may stay open beside it.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._held: Connection | None = None
        self._mutex = Lock()

    def take(self) -> None:
        """Takes the lock at the first call, and again where the connection that held it was lost."""
        with self._mutex:
            if self._held is not None and not _alive(self._held):
                self._held.invalidate()
                self._held.close()
                self._held = None
            if self._held is None:
                self._held = self._engine.connect()
                _asked(self._held, "pg_advisory_lock", self.id)

    @contextmanager
    def gone(self, owner: int) -> Iterator[bool]:
        """Holds the other's lock for the block, if that can be had."""
        with self._engine.connect() as connection:
            taken = bool(_asked(connection, "pg_try_advisory_lock", owner))
            try:
                yield taken
            finally:
                if taken:
                    _asked(connection, "pg_advisory_unlock", owner)

    def close(self) -> None:
        """Ends the connection that holds the lock, rather than giving it back to the pool with the lock on it."""
        with self._mutex:
            if self._held is not None:
                self._held.invalidate()
                self._held.close()
                self._held = None


def process_locks(engine: Engine) -> ProcessLocks:
    """The kind of lock that goes with a database."""
    file = file_of(engine)
    return FileLocks(file.with_suffix(".running")) if file else AdvisoryLocks(engine)


def _new_id() -> int:
    """A positive number of 62 bits, which both databases can hold, and 0 is nobody's."""
    # The lowest bit is set, so that it is never 0.
    return secrets.randbits(62) | 1


def _asked(connection: Connection, function: str, owner: int) -> object:
    return connection.scalar(text(f"select {function}(:owner)"), {"owner": owner})


def _alive(connection: Connection) -> bool:
    try:
        connection.scalar(text("select 1"))
    except Exception:
        # Whatever the driver says of a lost connection, it does not hold the lock any more.
        return False
    return True
