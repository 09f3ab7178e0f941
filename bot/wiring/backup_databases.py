"""The databases of a home whose catalog has an address of its own: saved as SQLite files, and loaded from such files.

The catalog and the conversations share that database, most often on a PostgreSQL server. In a backup they are the two files
that any home has, so that a backup can be restored with a server or without one.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, MetaData, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.history.database import Database
from bot.conversation.history.schema import history_format
from bot.conversation.history.schema import metadata as history_tables
from bot.errors import InputError
from vectorstore.errors import CatalogError
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import connect, file_of, keep_copy, sqlite_url
from vectorstore.storage.schema import metadata as catalog_tables
from vectorstore.storage.table_copy import copy_rows, has_any_table, save_tables


def save_databases(address: str, catalog: Path, history: Path) -> None:
    """Writes the catalog and the conversations, where there are any, into these new files, both as they are at one moment.

    Raises CatalogError, IndexMissing, and IndexOutdated where an older version of the program made the tables.
    """
    # It checks the layout of the tables, which would else be read as if they were of today.
    Catalog.open(address).close()
    with _opened(address) as engine:
        targets = {catalog: catalog_tables}
        with engine.connect() as connection:
            kept = inspect(connection).has_table(history_format.name)
        if kept:
            with closing(Database.open(address)):  # brings older tables up
                targets[history] = history_tables
        if file_of(engine):
            whole = catalog.with_name(f"{catalog.stem}-whole.sqlite")
            keep_copy(engine, whole)
            with _opened(sqlite_url(whole)) as copied:
                save_tables(copied, targets)
        else:
            save_tables(engine, targets)


def load_databases(address: str, catalog: Path, history: Path) -> None:
    """Makes the tables in the database and fills them from these files, which are removed; `history` may be missing.

    It happens as one transaction: all of it, or nothing. Raises InputError where such tables are there, and CatalogError.
    """
    files: dict[Path, MetaData] = {catalog: catalog_tables}
    if history.exists():
        Database.open(sqlite_url(history)).close()  # brings an older format up
        files[history] = history_tables
    with _opened(address) as engine, engine.begin() as target:
        if has_any_table(target, catalog_tables, history_tables):
            raise InputError(
                "The database of FOOTNOTE_CATALOG holds articles or conversations already.",
                "Restore into an empty database; or, without FOOTNOTE_CATALOG, into a home.",
            )
        for file, tables in files.items():
            tables.create_all(target)
            _fill(target, file, tables)
    for file in files:
        file.unlink()


def _fill(target: Connection, file: Path, tables: MetaData) -> None:
    engine = connect(sqlite_url(file))
    try:
        with engine.connect() as source:
            copy_rows(source, target, tables)
    finally:
        engine.dispose()


@contextmanager
def _opened(address: str | URL) -> Iterator[Engine]:
    """The database at this address; what it says against the work is raised as CatalogError."""
    engine = connect(address)
    try:
        yield engine
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()
        raise CatalogError(
            f"The database of the catalog fails: {(reason or ['it does not say why'])[0].rstrip('.')}."
        ) from error
    finally:
        engine.dispose()
