"""Carries the rows of tables from one database into another, SQLite or PostgreSQL either way.

An SQLite file is copied as a file (`database.keep_copy`); this is for a catalog that lies on a server.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)

from vectorstore.storage.database import connect, paged, sqlite_url

ROWS_READ = 200
"""Rows held in memory at once: a text of an article may have megabytes."""


def save_tables(source: Engine, targets: Mapping[Path, MetaData]) -> None:
    """Writes tables of one database into new SQLite files, a group of tables each, all as they are at one moment.

    The tables must be there, in the layout that the groups describe. Nobody else may write to `source` where it is SQLite.
    """
    with source.connect() as connection:
        # Each statement of PostgreSQL's usual level sees a moment of its own, so chunks could lack their article.
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        for file, tables in targets.items():
            engine = connect(sqlite_url(file))
            try:
                with engine.begin() as writing:
                    tables.create_all(writing)
                    copy_rows(connection, writing, tables)
                with closing(engine.raw_connection()) as raw:
                    # Without the log of what was written last, which would be a file of its own beside this one.
                    raw.execute("PRAGMA journal_mode=DELETE")
            finally:
                engine.dispose()


def copy_rows(source: Connection, target: Connection, tables: MetaData) -> None:
    """Inserts all rows of these tables into the target's, which are there and empty, and numbers new rows from there on."""
    # In the order of the foreign keys: an article before its chunks.
    for table in tables.sorted_tables:
        streamed = source.execution_options(stream_results=True, yield_per=ROWS_READ).execute(select(table))
        for page in paged(streamed.mappings(), ROWS_READ):
            target.execute(insert(table), [dict(row) for row in page])
        if (numbered := table.autoincrement_column) is not None and isinstance(numbered.type, BigInteger):
            _number_from(target, table, numbered, _last_number(source, table, numbered))


def has_any_table(connection: Connection, *groups: MetaData) -> bool:
    """Whether one of these tables is there already."""
    there = set(inspect(connection).get_table_names())
    return any(there & set(group.tables) for group in groups)


def _last_number(connection: Connection, table: Table, column: "Column[int]") -> int:
    """The highest number that a row was ever given, also one that is gone; 0 for none."""
    highest = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql":
        sequence = {"name": _sequence(connection, table, column)}
        given = connection.scalar(text("select pg_sequence_last_value(cast(:name as regclass))"), sequence)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        named = {"name": table.name}
        given = connection.scalar(text("select seq from sqlite_sequence where name = :name"), named)
    else:
        given = 0
    return max(highest, given or 0)


def _number_from(connection: Connection, table: Table, column: "Column[int]", last: int) -> None:
    """Has the next row numbered above `last`."""
    # SQLite numbers above the highest that was inserted; what was given before and is gone has to be told.
    if connection.dialect.name == "postgresql":
        if last:
            sequence = {"name": _sequence(connection, table, column), "last": last}
            connection.execute(text("select setval(cast(:name as regclass), :last)"), sequence)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        told = {"name": table.name, "last": last}
        connection.execute(text("delete from sqlite_sequence where name = :name"), told)
        connection.execute(text("insert into sqlite_sequence (name, seq) values (:name, :last)"), told)


def _sequence(connection: Connection, table: Table, column: "Column[int]") -> str:
    named = text("select pg_get_serial_sequence(:table, :column)")
    return str(connection.scalar(named, {"table": table.name, "column": column.name}))
