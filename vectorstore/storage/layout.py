"""The layout of the catalog's tables: made in an empty database, and brought up from that of an older version of Footnote.

Whoever changes a table in `schema` appends a step to STEPS that does the same to a catalog which is there already. Each step
keeps what the articles say; what can be made anew from them may go. A step works on SQLite and on PostgreSQL, and names its
tables and columns itself: those of `schema` are today's.
"""

import secrets
from collections.abc import Callable

from sqlalchemy import JSON, Connection, column, insert, inspect, select, table, update

from vectorstore.errors import IndexMismatch, IndexMissing, IndexOutdated
from vectorstore.splitting.language import known_language, language_of
from vectorstore.storage.schema import applied, counters, metadata

Step = Callable[[Connection], None]

PAGE = 50
"""Articles whose texts are read at once."""


def _with_languages(connection: Connection) -> None:
    """Each article gets the language that it states, else the one that it is found to be in."""
    connection.exec_driver_sql("alter table articles add column language text not null default ''")
    old = table("articles", column("id"), column("metadata", JSON), column("text"), column("language"))
    ids = list(connection.scalars(select(old.c.id)))
    for at in range(0, len(ids), PAGE):
        wanted = select(old.c.id, old.c.metadata, old.c.text).where(old.c.id.in_(ids[at : at + PAGE]))
        for id, extra, words in connection.execute(wanted).all():
            stated = known_language(str(extra.get("language") or extra.get("lang") or ""))
            connection.execute(update(old).where(old.c.id == id).values(language=stated or language_of(words)))


STEPS: tuple[Step, ...] = (_with_languages,)
"""The first step leads from layout 1 to 2, the next from 2 to 3, and so on. A step that was released is never changed."""

DERIVED = ("dense", "lexical")
"""The indexes that follow the journal."""

_UNREADABLE = (
    "Install the version of Footnote that made this home, or a newer one, or ingest the articles into another home (`--home`); "
    "nothing here was changed."
)


def current() -> int:
    """The number of the layout that this version reads and writes."""
    return 1 + len(STEPS)


def prepare(connection: Connection, create: bool) -> None:
    """Checks the layout; with `create`, makes tables where there are none, and brings older ones up.

    Raises IndexMissing and IndexOutdated where `create` would help, and IndexMismatch where no step leads to this layout.
    """
    if _ready(connection, create):
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # by itself, the driver begins no transaction before it alters a table
    found = _found(connection, lock=True)
    if found is None:
        _make(connection)
    elif found < current():  # another process may have been faster
        for step in STEPS[found - 1 :]:
            step(connection)
        connection.execute(update(counters).where(counters.c.name == "schema").values(value=current()))


def _ready(connection: Connection, create: bool) -> bool:
    """Whether nothing has to be done; raises where nothing can be, or may be without `create`."""
    found = _found(connection)
    if found is None:
        if not create:
            raise IndexMissing("The catalog is empty.")
        return False
    told = f"The catalog has layout {found}, this version of Footnote uses {current()}."
    if not 1 <= found <= current():
        raise IndexMismatch(told, _UNREADABLE)
    if found < current() and not create:
        raise IndexOutdated(told)
    return found == current()


def _found(connection: Connection, lock: bool = False) -> int | None:
    """The number of the layout in the database, None where there are no tables; on a server, `lock` keeps others from it."""
    if not inspect(connection).has_table(counters.name):
        return None
    number = select(counters.c.value).where(counters.c.name == "schema")
    return connection.scalar(number.with_for_update() if lock else number) or 0


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    start = {"schema": current(), "generation": 0, "writing": 0, "loose": 0, "identity": secrets.randbelow(2**31)}
    connection.execute(insert(counters), [{"name": name, "value": value} for name, value in start.items()])
    connection.execute(insert(applied), [{"name": name, "seq": 0, "folder": 1} for name in DERIVED])
