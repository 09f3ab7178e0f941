"""The catalog: the truth about articles, chunks and vectors. Chroma and tantivy only follow its journal (`journal.py`).

Each public method that writes is one transaction: all of it happens, or nothing. `_writing` also moves `generation` on, by
which any process can tell cheaply that something changed; `_transaction` alone serves what no reader can see.

A chunk that comes or goes is written to the journal in the same transaction, so a derived index that follows the journal misses
nothing, whenever a process is killed. A chunk whose text stays keeps its number, wherever it moves to in its article: the
derived indexes then need not hear of it. The queries stand in `catalog_reader.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import URL, Connection, bindparam, delete, exists, func, insert, literal, select, update

from vectorstore.errors import IndexMissing, VectorstoreError
from vectorstore.storage.catalog_reader import CURRENT_MODEL, SECOND_MODEL
from vectorstore.storage.database import connect, file_of, keep_copy, paged, upsert
from vectorstore.storage.journal import JournalCatalog
from vectorstore.storage.library_catalog import ArticleRows, add_to_library, move_to_trash
from vectorstore.storage.records import ChunkedArticle, Manifest, article_row, chunk_row
from vectorstore.storage.schema import (
    articles,
    chunks,
    journal,
    labels,
    library,
    manifest,
    migrate,
    outdated_version,
    trash,
    vectors,
)


class Catalog(JournalCatalog):
    """One catalog's database. Threads may share it; between processes, only the holder of the writer's lock may write.

    >>> from vectorstore.types import Article, Chunk
    >>> catalog = Catalog.open("sqlite://", create=True)
    >>> article = Article("a.md", "It rained.", "Rain")
    >>> catalog.store([ChunkedArticle(article, [Chunk(0, 10, "It rained.", ((0, 10),))], [b"key of its vector"])])
    >>> catalog.chunks([1])[1].text, [(entry.chunk, entry.added) for entry in catalog.journal(after=0)]
    ('It rained.', [(1, True)])
    """

    @classmethod
    def open(cls, url: str | URL, *, create: bool = False) -> "Catalog":
        """Opens the catalog at `url`; `create` makes it where there is none and brings an older layout up to the present one.

        A file of an older layout is kept beside as it was, `catalog-layout-3.sqlite`.

        Raises IndexMissing and IndexOutdated without `create`, and IndexMismatch for a layout that cannot be read.
        """
        engine = connect(url)
        file = file_of(engine)
        if file and not file.exists():
            if not create:
                raise IndexMissing(f"There is no index in {file.parent}.")
            file.parent.mkdir(parents=True, exist_ok=True)
        catalog = cls(engine)
        try:
            with catalog._transaction() as connection:
                older = outdated_version(connection) if create else 0
            # There is no way back from a migration but to a copy.
            if older and file:
                keep_copy(engine, file.with_name(f"{file.stem}-layout-{older}{file.suffix}"))
            with catalog._transaction() as connection:
                migrate(connection, create)
        except VectorstoreError:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Gives the connections back; the catalog can still be used and then opens them anew."""
        self._engine.dispose()

    # Writing

    def save_vectors(self, fingerprint: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Keeps (text hash, packed vector, late) by this model, before any chunk needs them; nothing visible changes."""
        # Before their chunks: a run that is cut off finds them again, and a reader never meets a chunk without a vector.
        made: list[dict[str, object]]
        made = [{"text_hash": key, "fingerprint": fingerprint, "vector": vector, "late": late} for key, vector, late in rows]
        with self._transaction() as connection:
            # The vectors of a text are the same whoever makes them, so those that are there stay.
            upsert(connection, vectors, made, replace=False)
            self._count(connection, "loose", 1)

    def has_loose_vectors(self) -> bool:
        """Whether vectors were kept ahead for chunks that then, perhaps, never came."""
        return bool(self._counter("loose"))

    def store(self, batch: Sequence[ChunkedArticle]) -> None:
        """Adds or replaces these articles."""
        with self._writing() as connection:
            _store(connection, batch)

    def remove(self, ids: Sequence[str]) -> None:
        """Removes these articles, for good."""
        with self._writing() as connection:
            _remove(connection, ids)

    def delete(self, ids: Sequence[str]) -> None:
        """Moves these articles into the trash."""
        with self._writing() as connection:
            move_to_trash(connection, ids)
            _remove(connection, ids)

    def restore(self, entry: ChunkedArticle, kept: ArticleRows) -> None:
        """Brings an article back out of the trash, with all that was kept of it and the chunks that are given."""
        id = entry.article.id
        with self._writing() as connection:
            _store(connection, [entry])
            said = {name: kept["library"][name] for name in ("added", "archived", "gone", "edits")}
            connection.execute(update(library).where(library.c.article_id == id).values(**said))
            rows: list[dict[str, object]] = [{"article_id": id, "kind": kind, "name": name} for kind, name in kept["labels"]]
            upsert(connection, labels, rows, replace=False)
            connection.execute(delete(trash).where(trash.c.article_id == id))

    def archive(self, ids: Sequence[str]) -> None:
        """Takes the chunks of these articles out of the index, so that nothing finds them; the articles stay."""
        with self._writing() as connection:
            for page in paged(ids):
                _drop_chunks(connection, page)
                connection.execute(update(articles).where(articles.c.id.in_(page)).values(chunks=0))
                connection.execute(update(library).where(library.c.article_id.in_(page)).values(archived=True))

    def unarchive(self, entries: Sequence[ChunkedArticle]) -> None:
        """Puts archived articles back with these chunks."""
        with self._writing() as connection:
            _store(connection, entries)
            ids = [entry.article.id for entry in entries]
            connection.execute(update(library).where(library.c.article_id.in_(ids)).values(archived=False))

    def set_origin(self, article_id: str, origin: str) -> None:
        """Notes that an unchanged article now comes from elsewhere."""
        with self._writing() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(origin=origin))

    def set_manifest(self, made_with: Manifest) -> None:
        """Notes what the index is made with from now on."""
        with self._writing() as connection:
            self._put_manifest(connection, made_with)

    def replace_all(self, batches: Iterable[Sequence[ChunkedArticle]], made_with: Manifest) -> None:
        """Puts new chunks in the place of all, in one transaction, and asks for both derived indexes to be made anew."""
        with self._writing() as connection:
            # Readers see the old chunks until all of this is committed.
            connection.execute(delete(chunks))
            for batch in batches:
                _store(connection, batch)
            self._start_anew(connection)
            # Vectors of the encoder before would never be read again; those of the second set serve on.
            connection.execute(delete(vectors).where(vectors.c.fingerprint.not_in([made_with.fingerprint, SECOND_MODEL])))
            self._put_manifest(connection, made_with)

    def forget_loose_vectors(self, sweep: bool) -> None:
        """Notes that no vector is kept ahead any more; `sweep` looks through them all and removes what no chunk needs."""
        with self._transaction() as connection:
            # A sweep reads all vectors, so it is done only where a run may have left some behind.
            if sweep:
                connection.execute(delete(vectors).where(vectors.c.fingerprint.not_in([CURRENT_MODEL, SECOND_MODEL])))
                loose = select(vectors.c.text_hash).where(vectors.c.text_hash.not_in(select(chunks.c.text_hash)))
                _drop_orphans(connection, list(connection.scalars(loose)))
            self._count(connection, "loose", 0)

    # Inside

    def _put_manifest(self, connection: Connection, made_with: Manifest) -> None:
        rows: list[dict[str, object]] = [{"key": key, "value": str(value)} for key, value in asdict(made_with).items()]
        upsert(connection, manifest, rows, replace=True)


@dataclass(frozen=True, slots=True)
class _ChunkChanges:
    """What replacing articles changes: rows to add, rows that stay at another place, and the chunks that are gone."""

    added: list[dict[str, object]] = field(default_factory=list)
    moved: list[dict[str, object]] = field(default_factory=list)
    gone: list[tuple[int, bytes]] = field(default_factory=list)

    def replace(self, entry: ChunkedArticle, old: Mapping[bytes, list[int]]) -> None:
        """Compares an article's new chunks with its old ones, which are numbers by text hash, last first."""
        for ordinal, (chunk, text) in enumerate(zip(entry.chunks, entry.hashes, strict=True)):
            row = chunk_row(entry.article.id, ordinal, chunk, text)
            # The same text at another place keeps its number, and with it its entries in the derived indexes: the last number
            # is taken first, which is the first in reading order.
            if old.get(text):
                self.moved.append({"number": old[text].pop(), **{f"new_{name}": row[name] for name in _PLACE}})
            else:
                self.added.append(row)
        self.gone.extend((number, text) for text, numbers in old.items() for number in numbers)


_PLACE = ("ordinal", "start", "end", "sentences")
"""The columns of a chunk that change when its text stays."""


def _store(connection: Connection, entries: Sequence[ChunkedArticle]) -> None:
    """Adds the articles or puts them in the place of those with the same ids, and tells the journal."""
    # Only one process writes at a time, so no number above this one can come from elsewhere.
    newest = connection.scalar(select(func.max(chunks.c.id))) or 0
    old = _old_chunks(connection, [entry.article.id for entry in entries])
    upsert(connection, articles, [article_row(entry) for entry in entries], replace=True)
    add_to_library(connection, entries)
    # An article that is stored again is not in the trash any more.
    connection.execute(delete(trash).where(trash.c.article_id.in_([entry.article.id for entry in entries])))
    changes = _ChunkChanges()
    for entry in entries:
        changes.replace(entry, old.get(entry.article.id, {}))
    if changes.moved:
        place: dict[str, object] = {name: bindparam(f"new_{name}") for name in _PLACE}
        connection.execute(update(chunks).where(chunks.c.id == bindparam("number")).values(place), changes.moved)
    if changes.added:
        connection.execute(insert(chunks), changes.added)
        # The numbers that the database gave are not returned, but all that are higher than before are new.
        source = select(chunks.c.id, literal("add")).where(chunks.c.id > newest).order_by(chunks.c.id)
        connection.execute(insert(journal).from_select(["chunk_id", "op"], source))
    _drop(connection, changes.gone)


def _remove(connection: Connection, ids: Sequence[str]) -> None:
    """Removes the articles with these ids, their chunks, and the vectors that nothing else needs."""
    for page in paged(ids):
        # The chunks go first, as they are told to the journal by their numbers.
        _drop_chunks(connection, page)
        connection.execute(delete(articles).where(articles.c.id.in_(page)))


def _drop_chunks(connection: Connection, ids: Sequence[str]) -> None:
    """Removes all chunks of these articles."""
    old = _old_chunks(connection, ids)
    _drop(connection, [(number, text) for texts in old.values() for text, numbers in texts.items() for number in numbers])


def _drop_orphans(connection: Connection, hashes: Iterable[bytes]) -> None:
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


def _drop(connection: Connection, gone: Sequence[tuple[int, bytes]]) -> None:
    """Removes chunks, tells the journal, and removes the vectors that no other chunk needs."""
    # The journal is told in the same transaction, so that no derived index keeps what the catalog has lost.
    for page in paged(gone):
        numbers = [number for number, _ in page]
        connection.execute(insert(journal), [{"chunk_id": number, "op": "remove"} for number in numbers])
        connection.execute(delete(chunks).where(chunks.c.id.in_(numbers)))
    _drop_orphans(connection, {text for _, text in gone})
