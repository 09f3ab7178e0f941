"""Connections to a database, SQLite or PostgreSQL by address, and what SQL needs there: pages of values, and upserts.

The catalog and the kept conversations both stand on it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Insert,
    Integer,
    Row,
    Select,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from vectorstore.errors import CatalogError, Remedy

T = TypeVar("T")

DatabaseRow = Row[*tuple[Any, ...]]
"""A row whose columns have the types that the table's `Column`s say, which mypy does not know."""
RowsQuery = Select[*tuple[Any, ...]]
"""A query for such rows."""

# SQLite numbers rows by itself only in a column that it calls INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")

PAGE = 5000
"""Values in one statement; SQLite takes 32,766, PostgreSQL 65,535."""

LOCK_TIMEOUT = 10.0
"""Seconds that a connection waits for another one's lock."""

READ_ONLY_FOR = 1.0
"""Seconds for which a connection that could only be opened for reading is used again."""
_READ_ONLY = "read-only since"
_UNWRITABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}

# With a write-ahead log, `synchronous = NORMAL` may lose the last transactions at a power cut, and damages nothing. A negative
# size of the cache is in KiB.
SQLITE_PRAGMAS = {
    "busy_timeout": str(int(LOCK_TIMEOUT * 1000)),
    "synchronous": "NORMAL",
    "foreign_keys": "ON",
    "cache_size": "-32768",
}


def sqlite_url(file: Path) -> URL:
    """The address of an SQLite file. No text: `?` and `%` in the file's path would be read as parts of the address."""
    return URL.create("sqlite", database=str(file.absolute()))


def connect(url: str | URL) -> Engine:
    """An engine for the database at `url`; nothing is opened or made yet. Raises CatalogError on an address it cannot read."""
    try:
        place = make_url(url)
        # SQLAlchemy's own choice for PostgreSQL is psycopg2; the extra `postgres` brings psycopg 3.
        if place.get_backend_name() == "postgresql" and "+" not in place.drivername:
            place = place.set(drivername="postgresql+psycopg")
        # A server may have closed a connection that waits in the pool.
        engine = create_engine(place, pool_pre_ping=place.get_backend_name() != "sqlite")
    except Exception as error:
        raise CatalogError(f"The catalog's address cannot be used: {error}.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _connect_sqlite)
        event.listen(engine, "checkout", _refuse_stale)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The SQLite file behind the engine, or None on another database or one in memory."""
    if engine.dialect.name != "sqlite":
        return None
    (name, *_), options = engine.dialect.create_connect_args(engine.url)
    if options.get("uri"):  # SQLite's own kind of address, `file:PATH?mode=ro`
        name = url2pathname(urlsplit(name).path)
    return None if name == ":memory:" else Path(name).absolute()


def keep_copy(engine: Engine, target: Path) -> None:
    """Copies an SQLite file as it is now, in one step; raises CatalogError where there is no room for it."""
    part = target.with_name(f"{target.name}.part")
    try:
        with engine.connect() as connection, closing(sqlite3.connect(part)) as other:
            original = connection.connection.driver_connection
            assert isinstance(original, sqlite3.Connection)
            original.backup(other)
            # Without the log of what was written last, which would be a file of its own beside the copy.
            other.execute("PRAGMA journal_mode=DELETE")
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise CatalogError(f"The database cannot be copied to {target}: {error}.", Remedy.MAKE_ROOM) from error


def paged(values: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The values in lists of at most `size`.

    >>> list(paged("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, object]], replace: bool) -> None:
    """Inserts the rows; one that is there already is replaced, or left as it is."""
    if not rows:
        return
    # Both know "on conflict", each in a dialect of its own.
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = module.insert(table)
    keys = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    full: Insert = (
        statement.on_conflict_do_update(index_elements=keys, set_=others)
        if replace and others
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(full, rows)


def _connect_sqlite(
    _dialect: Dialect, record: ConnectionPoolEntry, given: list[Any], options: dict[str, Any]
) -> sqlite3.Connection:
    """Opens a file for reading and writing, or for reading alone where its folder or the disk takes nothing."""
    connection: sqlite3.Connection = sqlite3.connect(*given, **options)
    try:
        _prepare_sqlite(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        # With more detail in the higher bits.
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or options.get("uri") or not Path(given[0]).exists():
            raise
        connection = _opened_read_only(Path(given[0]), options)
        record.info[_READ_ONLY] = monotonic()
    return connection


def _opened_read_only(file: Path, options: dict[str, Any]) -> sqlite3.Connection:
    # SQLite by itself wants to put its log beside the file. Where another user writes, the log is there and is read. Where
    # there is none, nobody writes, and SQLite may take the file as it is.
    logged = file.with_name(f"{file.name}-wal")
    alone = not (logged.exists() and logged.stat().st_size)
    address = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if alone else ''}"
    connection: sqlite3.Connection = sqlite3.connect(address, **{**options, "uri": True})
    connection.execute("PRAGMA query_only=1")
    return connection


def _refuse_stale(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Has a connection that only reads opened anew, as there may be room by now, or somebody may have written."""
    if record.info.get(_READ_ONLY, monotonic()) < monotonic() - READ_ONLY_FOR:
        raise DisconnectionError


def _prepare_sqlite(connection: sqlite3.Connection) -> None:
    """Sets what SQLite forgets with every connection."""
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    _write_ahead(connection)
    # Only with the first question does it make the files that it needs beside its own.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns the write-ahead log on, for readers that never wait; it stays on in the file."""
    until = monotonic() + LOCK_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait here, whatever its busy_timeout: of several processes that open a new file at the same time,
            # some are told at once that it is locked.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.005)
