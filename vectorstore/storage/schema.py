"""The catalog's tables: how they are laid out, made in an empty database, and brought up from an older version's.

Whoever changes a table appends a migration to MIGRATIONS that does the same to a catalog which is there already. Each migration
keeps what the articles say; what can be made anew from them may go. It works on SQLite and on PostgreSQL, and names its tables
and columns itself: those of this module are today's.
"""

import secrets
from collections.abc import Callable

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    column,
    false,
    insert,
    inspect,
    select,
    table,
    update,
)

from vectorstore.errors import IndexMismatch, IndexMissing, IndexOutdated, Remedy
from vectorstore.splitting.language import known_language, language_of
from vectorstore.storage.database import Number, paged

metadata = MetaData()

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
    Column("media_type", Text, nullable=False, server_default=""),
    Column("original", Text, nullable=False, server_default=""),
    Column("pages", JSON, nullable=False, server_default="[]"),
    Column("omitted", JSON, nullable=False, server_default="[]"),
    Column("metadata", JSON, nullable=False),
    Column("chars", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

# What becomes of an article in the library, apart from what was read: reading it again must not undo what a person did. `edits`
# holds what a person has set (`vectorstore.curation`), `fetched` what a web server said (etag, last_modified, url, at) or the
# file's size and time, `variant_of` the article of which this one is a copy, exact or near. `part` counts the articles of one
# file, and is 0 where the file itself gives the id. Times are ISO 8601 in UTC. Each article has a row.
library = Table(
    "library",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("added", Text, nullable=False, server_default=""),
    Column("part", Integer, nullable=False, server_default="0"),
    Column("archived", Boolean, nullable=False, server_default=false()),
    Column("gone", Boolean, nullable=False, server_default=false()),
    Column("variant_of", Text, nullable=False, server_default=""),
    Column("signature", LargeBinary),
    Column("edits", JSON, nullable=False, server_default="{}"),
    Column("fetched", JSON, nullable=False, server_default="{}"),
)

# Tags and collections; `kind` is "tag" or "collection".
labels = Table(
    "labels",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("name", Text, primary_key=True),
)

# Articles that were deleted and can still be brought back: all that their rows said, as JSON.
trash = Table(
    "trash",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("deleted", Text, nullable=False),
    Column("content", JSON, nullable=False),
)

# What could not be taken in, until it succeeds or is dismissed: `origin` is the file or address, `place` where in it, and
# `source` all that is needed to try again.
failures = Table(
    "failures",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("source", JSON, nullable=False),
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

# One row for each different text: chunks with the same words share it, in however many articles they stand.
vectors = Table(
    "vectors",
    metadata,
    Column("text_hash", LargeBinary, primary_key=True),
    Column("fingerprint", String(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("late", LargeBinary, nullable=False),
)

# What the index was made with, key by key (`records.Manifest`).
manifest = Table("manifest", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))

# "generation" counts the committed changes, "writing" is the number of the writer at work or 0, "loose" says that vectors were
# kept ahead, "trimmed" up to which number the journal is forgotten, "multilingual" that the second set of vectors is whole.
counters = Table(
    "counters", metadata, Column("name", String(40), primary_key=True), Column("value", BigInteger, nullable=False)
)

# The chunks that came and went, in the order of the commits, until all derived indexes have applied them.
journal = Table(
    "journal",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("chunk_id", BigInteger, nullable=False),
    Column("op", String(6), nullable=False),
    sqlite_autoincrement=True,
)

# How far each derived index has come in the journal, and in which numbered folder it is. `replica` tells whose it is: "" for
# the home that the catalog lies in, else the number of a home or of a Chroma server.
applied = Table(
    "applied",
    metadata,
    Column("replica", String(64), primary_key=True, server_default=""),
    Column("name", String(40), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("folder", Integer, nullable=False),
)


Migration = Callable[[Connection], None]

TEXTS_READ = 50
"""Articles whose texts a migration reads at once."""

_MAKING = 0x466F6F7463617461  # the lock under which tables are made on a server

DERIVED = ("dense", "lexical")
"""The indexes that follow the journal from the beginning."""


def _add_languages(connection: Connection) -> None:
    """Gives each article the language that it states, else the one that it is found to be in."""
    connection.exec_driver_sql("alter table articles add column language text not null default ''")
    old = table("articles", column("id"), column("metadata", JSON), column("text"), column("language"))
    for ids in paged(list(connection.scalars(select(old.c.id))), TEXTS_READ):
        for id, extra, words in connection.execute(select(old.c.id, old.c.metadata, old.c.text).where(old.c.id.in_(ids))).all():
            stated = known_language(str(extra.get("language") or extra.get("lang") or ""))
            connection.execute(update(old).where(old.c.id == id).values(language=stated or language_of(words)))


def _add_library(connection: Connection) -> None:
    """Gives each article its original, pages and omitted parts, and adds the tables of the library with a row for each."""
    for name in ("media_type", "original"):
        connection.exec_driver_sql(f"alter table articles add column {name} text not null default ''")
    for name in ("pages", "omitted"):
        connection.exec_driver_sql(f"alter table articles add column {name} json not null default '[]'")
    binary = "bytea" if connection.dialect.name == "postgresql" else "blob"
    of_article = "article_id text not null references articles (id) on delete cascade"
    connection.exec_driver_sql(
        f"create table library ({of_article}, added text not null default '', part integer not null default 0, "
        "archived boolean not null default false, "
        f"gone boolean not null default false, variant_of text not null default '', signature {binary}, "
        "edits json not null default '{}', fetched json not null default '{}', primary key (article_id))"
    )
    connection.exec_driver_sql(
        f"create table labels ({of_article}, kind varchar(20) not null, name text not null, "
        "primary key (article_id, kind, name))"
    )
    connection.exec_driver_sql(
        "create table trash (article_id text not null, deleted text not null, content json not null, primary key (article_id))"
    )
    connection.exec_driver_sql(
        "create table failures (origin text not null, place text not null, reason text not null, at text not null, "
        "source json not null, primary key (origin, place))"
    )
    _add_parts(connection)


def _add_parts(connection: Connection) -> None:
    """Gives each article its row in the library, with the part of its file that its id tells."""
    old, new = table("articles", column("id"), column("origin")), table("library", column("article_id"), column("part"))
    for page in paged(connection.execute(select(old.c.id, old.c.origin)).all(), TEXTS_READ):
        connection.execute(insert(new), [{"article_id": id, "part": _part(id, origin)} for id, origin in page])


def _part(id: str, origin: str) -> int:
    """Which article of its file an id means: those made of the file's path end in #2, #3...; 0 for one that a line stated."""
    base, _, number = id.rpartition("#")
    # With a slash before both, so that a path ends in whole names only.
    if number.isdecimal() and base and f"/{origin}".endswith(f"/{base}"):
        return int(number)
    return int(f"/{origin}".endswith(f"/{id}"))


def _add_replicas(connection: Connection) -> None:
    """Gives each follower of the journal a position of its own."""
    server = connection.dialect.name == "postgresql"
    if server:
        connection.exec_driver_sql("alter table counters alter column value type bigint")
    # Up to the slowest position the journal was forgotten, which nothing else has noted.
    trimmed = (
        "insert into counters (name, value) select 'trimmed', case when min(seq) > 0 then min(seq) else 0 end from applied"
    )
    connection.exec_driver_sql(trimmed)
    # The second set was whole where its index had come anywhere.
    whole = "select 'multilingual', count(*) from applied where name = 'multilingual' and seq >= 0"
    connection.exec_driver_sql(f"insert into counters (name, value) {whole}")
    connection.exec_driver_sql(
        "create table positions (replica varchar(64) not null default '', name varchar(40) not null, seq bigint not null, "
        "folder integer not null, primary key (replica, name))"
    )
    # On a server nobody knows whose folders the positions meant, so that every home makes its own anew.
    if not server:
        connection.exec_driver_sql("insert into positions select '', name, seq, folder from applied")
    connection.exec_driver_sql("drop table applied")
    connection.exec_driver_sql("alter table positions rename to applied")


MIGRATIONS: tuple[Migration, ...] = (_add_languages, _add_library, _add_replicas)
"""The first leads from version 1 of the tables to 2, the next from 2 to 3. One that was released is never changed."""


def schema_version() -> int:
    """The version of the tables that this program reads and writes."""
    return 1 + len(MIGRATIONS)


def outdated_version(connection: Connection) -> int:
    """The version of tables that are to be brought up; 0 where there are none, or none that can be."""
    found = _stored_version(connection)
    return found if found is not None and 1 <= found < schema_version() else 0


def migrate(connection: Connection, create: bool) -> None:
    """Checks the version of the tables; with `create`, makes them where there are none, and brings older ones up.

    Raises IndexMissing and IndexOutdated where `create` would help, and IndexMismatch where no migration leads to this version.
    """
    if _up_to_date(connection, create):
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # by itself, the driver begins no transaction before it alters a table
    else:
        # Two that find nothing at the same time must not both make the tables.
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({_MAKING})")
    found = _stored_version(connection, lock=True)
    if found is None:
        _create(connection)
    elif found < schema_version():  # another process may have been faster
        for migration in MIGRATIONS[found - 1 :]:
            migration(connection)
        connection.execute(update(counters).where(counters.c.name == "schema").values(value=schema_version()))


def _up_to_date(connection: Connection, create: bool) -> bool:
    """Whether nothing has to be done; raises where nothing can be, or may be without `create`."""
    found = _stored_version(connection)
    if found is None:
        if not create:
            raise IndexMissing("The catalog is empty.")
        return False
    told = f"The catalog has layout {found}, this version uses {schema_version()}."
    if not 1 <= found <= schema_version():
        raise IndexMismatch(told, Remedy.OTHER_VERSION)
    if found < schema_version() and not create:
        raise IndexOutdated(told)
    return found == schema_version()


def _stored_version(connection: Connection, lock: bool = False) -> int | None:
    """The version of the tables that are there, None where there are none; on a server, `lock` keeps others from them."""
    if not inspect(connection).has_table(counters.name):
        return None
    number = select(counters.c.value).where(counters.c.name == "schema")
    return connection.scalar(number.with_for_update() if lock else number) or 0


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    # `identity` tells this catalog's collections from those of others on the same Chroma server.
    start = {"schema": schema_version(), "identity": secrets.randbelow(2**31)}
    start |= dict.fromkeys(("generation", "writing", "loose", "trimmed", "multilingual"), 0)
    connection.execute(insert(counters), [{"name": name, "value": value} for name, value in start.items()])
    connection.execute(insert(applied), [{"replica": "", "name": name, "seq": 0, "folder": 1} for name in DERIVED])
