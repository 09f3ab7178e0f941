"""The history's database: its format, its transactions, and its errors as sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.conversation.history import schema
from bot.conversation.history.schema import FORMAT, history_format
from bot.errors import HistoryError, with_commands
from vectorstore.errors import CatalogError
from vectorstore.storage.database import connect, file_of, keep_copy

_MAKING = 0x466F6F746E6F7465  # the lock under which tables are made on a server

# What SQLite says, or PostgreSQL's code -> what is wrong, what to do, and whether trying again may help.
_FULL = ("The disk is full, so the conversation could not be kept.", "Make room on it; what was kept before is still there.")
_READ_ONLY = ("The history may not be written.", "Check who may write to the home folder and to history.sqlite in it.")
_NO_DATABASE = (
    "The history's file is damaged, or no database.",
    "Move history.sqlite out of the home folder, or put back a copy of it; the articles are not touched by this.",
)
_REASONS: dict[str, tuple[str, str]] = {
    "disk is full": _FULL,
    "53100": _FULL,  # disk_full
    "disk i/o error": ("The disk with the history fails.", "Check the disk, and that it is not full."),
    "readonly": _READ_ONLY,
    "25006": _READ_ONLY,  # read_only_sql_transaction
    "42501": _READ_ONLY,  # insufficient_privilege
    "unable to open": ("The history's file cannot be opened.", _READ_ONLY[1]),
    "not a database": _NO_DATABASE,
    "malformed": _NO_DATABASE,
    "locked": ("Another footnote is writing to the history for too long.", "Try again in a moment."),
}


class Database:
    """Connections to one history. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str | URL) -> "Database":
        """The history at `url`, made where there is none yet; raises HistoryError."""
        try:
            engine = connect(url)
            if file := file_of(engine):
                file.parent.mkdir(parents=True, exist_ok=True)
        except CatalogError as error:
            raise HistoryError("The history's database address cannot be used.", with_commands(error.help)) from error
        except OSError as error:
            raise HistoryError(f"The home folder cannot be made: {error.strerror or error}.") from error
        database = cls(engine)
        try:
            database._prepare()
        except HistoryError:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions."""
        with _errors_explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction; with SQLite it waits for other writers at its beginning, where waiting cannot fail halfway."""
        with _errors_explained(), self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                # A plain BEGIN takes the lock at the first write, where SQLite may refuse to wait.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def _prepare(self) -> None:
        """Brings an older format up to this one, makes the tables that are missing, and refuses those of a newer format."""
        # No tables, and a table of the format without a row, are nothing to migrate from.
        if 0 < (older := self._format() or 0) < FORMAT:
            self._migrate(older)
        # A newer format is never touched, not even by adding a table that it may have given up.
        if self._format() in (None, FORMAT) and self._lacks_tables():
            self._make()
        found = self._format() or 0
        if found != FORMAT:
            raise HistoryError(
                f"The history has format {found}, and this version of Footnote reads format {FORMAT}.",
                "Install the version of Footnote that wrote it, or a newer one; nothing in it was changed.",
            )

    def _format(self) -> int | None:
        """The number in the history; None where there are no tables yet."""
        with self.reading() as connection:
            if not inspect(connection).has_table(history_format.name):
                return None
            return connection.scalar(select(history_format.c.number)) or 0

    def _lacks_tables(self) -> bool:
        with self.reading() as connection:
            inspector = inspect(connection)
            return not all(inspector.has_table(name) for name in schema.metadata.tables)

    def _migrate(self, older: int) -> None:
        """Changes the tables of format `older`; with SQLite a copy of the file is kept first, as there is no way back."""
        if file := file_of(self.engine):
            try:
                keep_copy(self.engine, file.with_name(f"{file.stem}-format-{older}{file.suffix}"))
            except CatalogError as error:
                raise HistoryError(error.message, with_commands(error.help)) from error
        with self._making() as connection:
            found = connection.scalar(select(history_format.c.number)) or 0
            # Another process may have been faster.
            if 0 < found < FORMAT:
                schema.migrate(connection, found)

    @contextmanager
    def _making(self) -> Iterator[Connection]:
        """A transaction that changes tables, one at a time among all processes."""
        with self.writing() as connection:
            # Two processes may start at once. SQLite's transaction keeps the second one waiting; PostgreSQL needs a lock.
            if connection.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MAKING})
            yield connection

    def _make(self) -> None:
        with self._making() as connection:
            # Another process may have been faster.
            first = not inspect(connection).has_table(history_format.name)
            schema.metadata.create_all(connection)
            if first:
                connection.execute(insert(history_format).values(number=FORMAT))


@contextmanager
def _errors_explained() -> Iterator[None]:
    """Turns the database's errors into ours."""
    try:
        yield
    except DBAPIError as error:
        raise _explained(error) from error
    except SQLAlchemyError as error:
        raise HistoryError(f"The history's database fails: {type(error).__name__}.") from error


def _explained(error: DBAPIError) -> HistoryError:
    said = str(error.orig).strip()
    # psycopg tells a code, SQLite only words.
    key = f"{getattr(error.orig, 'sqlstate', '')} {said.lower()}"
    found = next((told for mark, told in _REASONS.items() if mark in key), None)
    if found is None:
        reason = (said.splitlines() or ["it does not say why"])[0].rstrip(".")
        return HistoryError(f"The history's database fails: {reason}.")
    explained = HistoryError(*found)
    # Only a lock goes away by itself.
    explained.retryable = isinstance(error.orig, sqlite3.OperationalError) and "locked" in key
    return explained
