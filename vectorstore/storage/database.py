"""Connections to a database, SQLite or PostgreSQL by address, and what SQL needs there: pages of values, and upserts.

The catalog and the kept conversations both stand on it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import URL, BigInteger, Connection, Engine, Insert, Integer, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection

from vectorstore.errors import CatalogError

T = TypeVar("T")

# SQLite numbers rows by itself only in a column that it calls INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")

PAGE = 5000
"""Values in one statement; SQLite takes 32,766, PostgreSQL 65,535."""

LOCK_TIMEOUT = 10.0
"""Seconds that a connection waits for another one's lock."""

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
        engine = create_engine(place, pool_pre_ping=place.get_backend_name() != "sqlite")
    except Exception as error:
        raise CatalogError(f"The catalog's address cannot be used: {error}.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The SQLite file behind the engine, or None on another database or one in memory."""
    if engine.dialect.name != "sqlite":
        return None
    (name, *_), options = engine.dialect.create_connect_args(engine.url)
    if options.get("uri"):  # SQLite's own kind of address, `file:PATH?mode=ro`
        name = url2pathname(urlsplit(name).path)
    return None if name == ":memory:" else Path(name).absolute()


def paged(values: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
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


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Sets what SQLite forgets with every connection."""
    assert isinstance(connection, sqlite3.Connection)
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    _write_ahead(connection)


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
