"""The catalog's tables, and the connection to its database: SQLite, or PostgreSQL by address."""

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection

from vectorstore.errors import CatalogError

metadata = MetaData()

# SQLite numbers rows by itself only in a column that it calls INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")

# The long text stands last: SQLite then reads the rest of a row without walking through it.
articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("translator", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("first_day", Integer),
    Column("last_day", Integer),
    Column("source", Text, nullable=False),
    Column("cut_off", Boolean, nullable=False),
    Column("language", Text, nullable=False, server_default=""),
    Column("origin", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("chars", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

# A number once given is never given again: the derived indexes know chunks by their numbers alone. The chunk's text is stored
# beside the article's because cutting 40 chunks out of articles of 1 MB took 100 ms where reading them here took 1.5.
chunks = Table(
    "chunks",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Index("chunks_of_article", "article_id", "ordinal"),
    Index("chunks_by_text", "text_hash"),
    sqlite_autoincrement=True,
)

vectors = Table(
    "vectors",
    metadata,
    Column("text_hash", LargeBinary, primary_key=True),
    Column("fingerprint", String(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("late", LargeBinary, nullable=False),
)

manifest = Table("manifest", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))

counters = Table("counters", metadata, Column("name", String(40), primary_key=True), Column("value", Integer, nullable=False))

journal = Table(
    "journal",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("chunk_id", BigInteger, nullable=False),
    Column("op", String(6), nullable=False),
    sqlite_autoincrement=True,
)

applied = Table(
    "applied",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("folder", Integer, nullable=False),
)

PATIENCE = 10.0  # seconds that a connection waits for another one's lock

SQLITE_PRAGMAS = {
    "busy_timeout": str(int(PATIENCE * 1000)),
    "synchronous": "NORMAL",
    "foreign_keys": "ON",
    "cache_size": "-32768",
}


def sqlite_url(file: Path) -> URL:
    """The address of an SQLite file. No text: `?` and `%` in the file's path would be read as parts of the address."""
    return URL.create("sqlite", database=str(file.absolute()))


def connect(url: str | URL) -> Engine:
    """An engine for the catalog at `url`; nothing is opened or made yet. Raises CatalogError on an address it cannot read."""
    try:
        place = make_url(url)
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


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Sets what SQLite forgets with every connection."""
    assert isinstance(connection, sqlite3.Connection)
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns the write-ahead log on, for readers that never wait; it stays on in the file.

    SQLite does not wait here, whatever its busy_timeout: of several who open a new file at once, some are told
    at once that it is locked.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.005)
