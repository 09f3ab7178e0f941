"""Writes articles into the catalog inside a transaction that the caller holds, so that little changes where little has changed.

A chunk whose text stays keeps its number, wherever it moves to in its article: the derived indexes then need not hear of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Insert, Table, bindparam, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vectorstore.storage.rows import ChunkedArticle, article_row, chunk_row
from vectorstore.storage.schema import articles, chunks, journal, vectors

T = TypeVar("T")

PAGE = 5000
"""Values in one statement; SQLite takes 32,766, PostgreSQL 65,535."""


def paged(values: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, object]], replace: bool) -> None:
    """Inserts the rows; one that is there already is replaced, or left as it is."""
    if not rows:
        return
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


def store(connection: Connection, entries: Sequence[ChunkedArticle]) -> None:
    """Adds the articles or puts them in the place of those with the same ids, and tells the journal."""
    newest = connection.scalar(select(func.max(chunks.c.id))) or 0
    old = _old_chunks(connection, [entry.article.id for entry in entries])
    upsert(connection, articles, [article_row(entry) for entry in entries], replace=True)
    fresh: list[dict[str, object]] = []
    gone: list[tuple[int, bytes]] = []
    for entry in entries:
        added, moved, lost = _difference(entry, old.get(entry.article.id, {}))
        fresh += added
        gone += lost
        _move(connection, moved)
    if fresh:
        connection.execute(insert(chunks), fresh)
        source = select(chunks.c.id, literal("add")).where(chunks.c.id > newest).order_by(chunks.c.id)
        connection.execute(insert(journal).from_select(["chunk_id", "op"], source))
    _drop(connection, gone)


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Removes the articles with these ids, their chunks, and the vectors that nothing else needs."""
    for page in paged(ids):
        old = _old_chunks(connection, page)
        _drop(connection, [(number, text) for texts in old.values() for text, numbers in texts.items() for number in numbers])
        connection.execute(delete(articles).where(articles.c.id.in_(page)))


def drop_orphans(connection: Connection, hashes: Iterable[bytes]) -> None:
    """Removes the vectors of those texts that no chunk has any more."""
    used = exists().where(chunks.c.text_hash == vectors.c.text_hash)
    for page in paged(hashes):
        connection.execute(delete(vectors).where(vectors.c.text_hash.in_(page), ~used))


def _old_chunks(connection: Connection, ids: Sequence[str]) -> dict[str, dict[bytes, list[int]]]:
    """The numbers of the articles' chunks by text, last first."""
    found: dict[str, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
    wanted = (chunks.c.article_id, chunks.c.text_hash, chunks.c.id)
    for page in paged(ids):
        query = select(*wanted).where(chunks.c.article_id.in_(page)).order_by(chunks.c.ordinal.desc())
        for article, text, number in connection.execute(query):
            found[article][text].append(number)
    return found


def _difference(
    entry: ChunkedArticle, old: dict[bytes, list[int]]
) -> tuple[list[dict[str, object]], list[dict[str, object]], list[tuple[int, bytes]]]:
    """The rows to add, the rows that stay at another place (with their numbers), and the chunks that are gone."""
    added, moved = list[dict[str, object]](), list[dict[str, object]]()
    for ordinal, (chunk, text) in enumerate(zip(entry.chunks, entry.hashes, strict=True)):
        row = chunk_row(entry.article.id, ordinal, chunk, text)
        if old.get(text):
            place = {f"new_{name}": row[name] for name in ("ordinal", "start", "end", "sentences")}
            moved.append({"number": old[text].pop(), **place})
        else:
            added.append(row)
    return added, moved, [(number, text) for text, numbers in old.items() for number in numbers]


def _move(connection: Connection, moved: Sequence[dict[str, object]]) -> None:
    """Gives chunks that stay their new places."""
    if moved:
        names = ("ordinal", "start", "end", "sentences")
        statement = update(chunks).where(chunks.c.id == bindparam("number"))
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in names}), moved)


def _drop(connection: Connection, gone: Sequence[tuple[int, bytes]]) -> None:
    """Removes chunks, tells the journal, and removes the vectors that no other chunk needs."""
    for page in paged(gone):
        numbers = [number for number, _ in page]
        connection.execute(insert(journal), [{"chunk_id": number, "op": "remove"} for number in numbers])
        connection.execute(delete(chunks).where(chunks.c.id.in_(numbers)))
    drop_orphans(connection, {text for _, text in gone})
