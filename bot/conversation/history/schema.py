"""The tables of the history: in a file of their own with SQLite, beside those of the catalog with PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
    update,
)

from vectorstore.storage.database import Number, sqlite_url

FORMAT = 2
"""The number of this layout of the tables, and of the JSON in them. A table that is only added leaves it: it is made where it
is missing, and an older version of Footnote does not see it. Whoever changes a table appends a step to MIGRATIONS.
"""

metadata = MetaData()

history_format = Table("history_format", metadata, Column("number", Integer, primary_key=True, autoincrement=False))

# Times are milliseconds since 1970. `leaf` is the last turn of the branch that is shown, "" before the first question. `person`
# is whose conversation it is, by their address in lower case; "" is the owner of the machine.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("deleted", BigInteger),
    Column("leaf", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("person", Text, nullable=False, server_default=""),
    Index("conversations_by_change", "changed", "created", "id"),
)

# A link by which others may read a conversation until it is withdrawn, which deletes its row. Who reads the table cannot open
# anything by it: what stands in the link is not kept, only its SHA-256.
shared_links = Table(
    "shared_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("conversation", String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("made", BigInteger, nullable=False),
)

# `parent` is "" for a first question; `depth` counts the turns of its branch up to here. The long JSON stands last: SQLite then
# reads the rest of a row without walking through it.
turns = Table(
    "turns",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("conversation", String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("parent", String(32), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("owner", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("model", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("turns_of_conversation", "conversation", "number"),
)
Index("turns_running", turns.c.owner, sqlite_where=turns.c.status == "running", postgresql_where=turns.c.status == "running")

# What a search reads: folded, and apart from the answers' JSON, which is many times as long.
texts = Table(
    "turn_texts",
    metadata,
    Column("turn", String(32), ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index("texts_of_conversation", "conversation"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("turn", String(32), ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)

# `citation` counts an answer's footnotes from 0: where a model wrote, several carry the same number.
reviews = Table(
    "reviews",
    metadata,
    Column("turn", String(32), ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("citation", Integer, primary_key=True, autoincrement=False),
    Column("decision", String(8), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)


# A text of the reader's own. `edition` counts its changes and checks, `words` is the text as a search reads it.
drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("deleted", BigInteger),
    Column("edition", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("owner", BigInteger, nullable=False),
    Column("sentences", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("person", Text, nullable=False, server_default=""),
    Index("drafts_by_change", "changed", "created", "id"),
)
Index(
    "drafts_running", drafts.c.owner, sqlite_where=drafts.c.status == "running", postgresql_where=drafts.c.status == "running"
)

# Where a sentence stands in its draft, and what was found for it; "" before it was checked.
draft_sentences = Table(
    "draft_sentences",
    metadata,
    Column("draft", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("checked", Text, nullable=False),
)

# A question that is asked again when the articles have changed. `failure` is why it could not be asked the last time.
standing_questions = Table(
    "standing_questions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("added", BigInteger, nullable=False),
    Column("deleted", BigInteger),
    Column("model", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("person", Text, nullable=False, server_default=""),
)

# Its answers, one for each time that something in them changed: `came` is when it did, `asked` when it was last found to be the
# same, and `generation` the state of the index then. `change` is "" for the first.
standing_answers = Table(
    "standing_answers",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("question", String(32), ForeignKey("standing_questions.id", ondelete="CASCADE"), nullable=False),
    Column("came", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("change", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index("standing_answers_of_question", "question", "number"),
)


def _add_owners(connection: Connection) -> None:
    """Format 2: what is kept belongs to a person; what was there before, to the owner of the machine."""
    for name in ("conversations", "drafts", "standing_questions"):
        # The tables that a later format 1 added may not be there yet: they are made with the column.
        if inspect(connection).has_table(name):
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN person TEXT NOT NULL DEFAULT ''"))


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_add_owners,)
"""What makes a history of format 2 from one of format 1, and so on."""


def migrate(connection: Connection, found: int) -> None:
    """Brings a history of format `found`, from 1 up, to FORMAT. It works on SQLite and on PostgreSQL."""
    for step in MIGRATIONS[found - 1 :]:
        step(connection)
    connection.execute(update(history_format).values(number=FORMAT))


def address(home: Path, catalog: str) -> str | URL:
    """Where a home keeps its history: a file of its own, or the catalog's database where `Settings.catalog` names one."""
    return catalog or sqlite_url(file_in(home))


def file_in(home: Path) -> Path:
    """The history's file of a home, with SQLite."""
    return home / "history.sqlite"
