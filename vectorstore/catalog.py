"""The catalog: the truth about articles, chunks and vectors. Chroma and tantivy only follow its journal.

Every write is one transaction that moves `generation` on as well, so that any process can tell cheaply that something changed.
Where a method takes chunk ids it pages them, and leaves out those that it does not know.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import URL, ColumnElement, Connection, Engine, Row, Select, delete, exists, func, select, text, update
from sqlalchemy.exc import DBAPIError

from vectorstore import entries, layout, schema
from vectorstore.entries import paged, upsert
from vectorstore.errors import CatalogError, IndexMissing, VectorstoreError
from vectorstore.folding import folded
from vectorstore.manifest import Manifest
from vectorstore.rows import (
    Applied,
    Change,
    Entry,
    Listing,
    StoredChunk,
    Summary,
    Vector,
    article_of,
    unpacked_spans,
    unpacked_vector,
)
from vectorstore.schema import applied, articles, chunks, counters, journal, manifest, vectors
from vectorstore.types import Article

V = TypeVar("V")
Columns = TypeVarTuple("Columns")

MULTILINGUAL = "multilingual"
"""The dense index of the second set of vectors, by the encoder for all languages; it joins once every chunk has one."""

_CURRENT = select(manifest.c.value).where(manifest.c.key == "fingerprint").scalar_subquery()
_SECOND = func.coalesce(select(manifest.c.value).where(manifest.c.key == MULTILINGUAL).scalar_subquery(), "")
_SUMMARY = tuple(
    articles.c[name] for name in ("id", "title", "author", "date", "source", "cut_off", "chars", "chunks", "language")
)
_LISTING = tuple(articles.c[name] for name in ("id", "title", "author", "date", "first_day", "last_day", "language"))
_CHUNK = (chunks.c.id, chunks.c.article_id, chunks.c.ordinal, chunks.c.start, chunks.c.end, chunks.c.text, chunks.c.sentences)


class Catalog:
    """One catalog's database. Threads may share it; between processes, only the holder of the writer's lock may write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str | URL, *, create: bool = False) -> "Catalog":
        """Opens the catalog at `url`; `create` makes it where there is none and brings an older layout up to the present one.

        Raises IndexMissing and IndexOutdated without `create`, and IndexMismatch for a layout that cannot be read.
        """
        engine = schema.connect(url)
        file = schema.file_of(engine)
        if file and not file.exists():
            if not create:
                raise IndexMissing(f"There is no index in {file.parent}.")
            file.parent.mkdir(parents=True, exist_ok=True)
        catalog = cls(engine)
        try:
            with catalog._transaction() as connection:
                layout.prepare(connection, create)
        except VectorstoreError:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Gives the connections back; the catalog can still be used and then opens them anew."""
        self._engine.dispose()

    # Reading

    def generation(self) -> int:
        """A number that changes with every committed change by any process."""
        return self._counter("generation")

    def unclean(self) -> bool:
        """Whether a writer is at work now, or was killed at it."""
        return bool(self._counter("writing"))

    def identity(self) -> int:
        """A number that tells this catalog from others, where several keep their vectors on one server."""
        return self._counter("identity")

    def manifest(self) -> Manifest | None:
        """What the index was made with; None before anything has been ingested."""
        with self._reading() as connection:
            found: dict[str, str] = {row.key: row.value for row in connection.execute(select(manifest))}
        return Manifest.of(found) if found else None

    def chunks(self, ids: Iterable[int]) -> dict[int, StoredChunk]:
        """The chunks with these ids."""
        return {row.id: _stored(row) for row in self._rows(select(*_CHUNK), chunks.c.id, ids)}

    def chunks_of(self, article_id: str) -> list[StoredChunk]:
        """An article's chunks in reading order."""
        query = select(*_CHUNK).where(chunks.c.article_id == article_id).order_by(chunks.c.ordinal)
        with self._reading() as connection:
            return [_stored(row) for row in connection.execute(query)]

    def vectors(self, ids: Iterable[int], index: str = "dense") -> dict[int, Vector]:
        """The chunks' vectors that this dense index holds, each of shape (dim,)."""
        query = _with_vectors(select(chunks.c.id, vectors.c.vector), index)
        return {row.id: unpacked_vector(row.vector) for row in self._rows(query, chunks.c.id, ids)}

    def late(self, ids: Iterable[int], index: str = "dense") -> dict[int, bytes]:
        """What the model of this dense index keeps of the chunks for late interaction."""
        query = _with_vectors(select(chunks.c.id, vectors.c.late), index)
        return {row.id: row.late for row in self._rows(query, chunks.c.id, ids)}

    def article(self, article_id: str) -> Article | None:
        """The whole article, or None."""
        with self._reading() as connection:
            row = connection.execute(select(articles).where(articles.c.id == article_id)).mappings().one_or_none()
        return article_of({str(key): value for key, value in row.items()}) if row else None

    def words(self, article_id: str, start: int, end: int) -> str:
        """`text[start:end]` of an article; "" if there is none."""
        query = select(func.substr(articles.c.text, start + 1, end - start)).where(articles.c.id == article_id)
        with self._reading() as connection:
            return connection.scalar(query) or ""

    def articles(self) -> list[Summary]:
        """All articles without their texts, by id."""
        with self._reading() as connection:
            return [Summary(*row) for row in connection.execute(select(*_SUMMARY).order_by(articles.c.id))]

    def summaries(self, ids: Iterable[str]) -> dict[str, Summary]:
        """Those of these articles that there are, without their texts."""
        return {row.id: Summary(*row) for row in self._rows(select(*_SUMMARY), articles.c.id, ids)}

    def listing(
        self,
        ids: Iterable[str] = (),
        authors: Collection[str] = (),
        days: tuple[int, int] | None = None,
        languages: Collection[str] = (),
    ) -> list[Listing]:
        """The articles with one of these ids, author fields and languages, and a date that overlaps the days; all without."""
        query = select(*_LISTING)
        if languages:
            query = query.where(articles.c.language.in_(languages))
        if days:
            query = query.where(articles.c.last_day >= days[0], articles.c.first_day <= days[1])
        if wanted := list(ids):
            found = [Listing(*row) for row in self._rows(query, articles.c.id, wanted)]
            return [one for one in found if not authors or one.author in authors]
        if authors:
            return [Listing(*row) for row in self._rows(query, articles.c.author, authors)]
        with self._reading() as connection:
            return [Listing(*row) for row in connection.execute(query)]

    def authors(self) -> list[str]:
        """The authors as the articles state them, each once, in the order of the alphabet; one may name several people."""
        with self._reading() as connection:
            stated = connection.scalars(select(articles.c.author).where(articles.c.author != "").distinct())
            return sorted(stated, key=lambda author: (folded(author), author))

    def languages(self) -> dict[str, int]:
        """How many articles are in each language, most first; under "" those whose language is not known."""
        size = func.count().label("size")
        query = select(articles.c.language, size).group_by(articles.c.language).order_by(size.desc(), articles.c.language)
        with self._reading() as connection:
            return {row.language: row.size for row in connection.execute(query)}

    def date_range(self) -> tuple[str, str] | None:
        """The dates of the earliest and of the latest article as they state them; None where none has a date."""
        ends = (articles.c.first_day.asc(), articles.c.last_day.desc())
        dated = select(articles.c.date).where(articles.c.first_day.is_not(None))
        with self._reading() as connection:
            found = [connection.scalar(dated.order_by(end, articles.c.id).limit(1)) for end in ends]
        return (found[0], found[1]) if found[0] is not None and found[1] is not None else None

    def chunks_of_all(self, article_ids: Iterable[str]) -> list[int]:
        """The ids of all chunks of these articles, ascending."""
        return sorted(row.id for row in self._rows(select(chunks.c.id), chunks.c.article_id, article_ids))

    def owners(self) -> list[tuple[str, int]]:
        """(article id, chunk id) of all chunks, in the order of the article ids."""
        with self._reading() as connection:
            rows = connection.execute(select(chunks.c.article_id, chunks.c.id).order_by(chunks.c.article_id))
            return [(article, chunk) for article, chunk in rows]

    def known(self) -> dict[str, tuple[str, str, str]]:
        """Article id -> (hash, origin, language), for all."""
        query = select(articles.c.id, articles.c.hash, articles.c.origin, articles.c.language)
        with self._reading() as connection:
            return {article: (hash_, origin, language) for article, hash_, origin, language in connection.execute(query)}

    def counts(self) -> tuple[int, int]:
        """The numbers of articles and of chunks."""
        with self._reading() as connection:
            sizes = (connection.scalar(select(func.count()).select_from(table)) for table in (articles, chunks))
            return tuple(size or 0 for size in sizes)  # type: ignore[return-value]

    def chunk_ids(self, after: int = 0, limit: int = entries.PAGE) -> list[int]:
        """The next chunk ids after this one, ascending."""
        with self._reading() as connection:
            query = select(chunks.c.id).where(chunks.c.id > after).order_by(chunks.c.id).limit(limit)
            return list(connection.scalars(query))

    def sample(self, size: int) -> list[int]:
        """About `size` chunk ids, evenly spread; all, if there are no more."""
        if self.counts()[1] <= size:
            return self.chunk_ids(limit=size)
        with self._reading() as connection:
            low, high = connection.execute(select(func.min(chunks.c.id), func.max(chunks.c.id))).one()
            query = select(func.min(chunks.c.id))
            found = (connection.scalar(query.where(chunks.c.id >= low + (high - low) * n // size)) for n in range(size))
            return sorted({number for number in found if number is not None})

    def missing(self, fingerprint: str, hashes: Iterable[bytes]) -> set[bytes]:
        """Those of the hashes for which this model has no vector here."""
        wanted = set(hashes)
        query = select(vectors.c.text_hash).where(vectors.c.fingerprint == fingerprint)
        return wanted - {row.text_hash for row in self._rows(query, vectors.c.text_hash, wanted)}

    def without_vector(self, index: str = "dense") -> int:
        """How many chunks have no vector by the model of this dense index."""
        matching = (vectors.c.text_hash == chunks.c.text_hash) & (vectors.c.fingerprint == _model(index))
        query = select(func.count()).select_from(chunks.outerjoin(vectors, matching)).where(vectors.c.text_hash.is_(None))
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def lacking(self, fingerprint: str) -> int:
        """For how many different texts of chunks this model has no vector here."""
        known = select(vectors.c.text_hash).where(vectors.c.fingerprint == fingerprint)
        query = select(func.count(chunks.c.text_hash.distinct())).where(chunks.c.text_hash.not_in(known))
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def unembedded(self, fingerprint: str, limit: int) -> dict[bytes, str]:
        """Texts of chunks for which this model has no vector here, by their hashes, the shortest first; at most `limit`."""
        known = exists().where(vectors.c.text_hash == chunks.c.text_hash, vectors.c.fingerprint == fingerprint)
        query = select(chunks.c.text_hash, func.min(chunks.c.text)).where(~known).group_by(chunks.c.text_hash)
        with self._reading() as connection:
            ordered = query.order_by(func.length(func.min(chunks.c.text)), chunks.c.text_hash).limit(limit)
            return {row[0]: row[1] for row in connection.execute(ordered)}

    def multilingual(self) -> str:
        """The fingerprint of the second set's model; "" where there is none and none is being made."""
        with self._reading() as connection:
            return connection.scalar(select(_SECOND)) or ""

    def integrity(self) -> str:
        """What the database itself finds wrong with its file, or ""."""
        if self._engine.dialect.name != "sqlite":
            return ""
        with self._reading() as connection:
            found = list(connection.scalars(text("PRAGMA quick_check(3)")))
        return "" if found == ["ok"] else "; ".join(map(str, found))

    # Writing

    def save_vectors(self, fingerprint: str, rows: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Keeps (text hash, packed vector, late) by this model, before any chunk needs them; nothing visible changes."""
        made: list[dict[str, object]]
        made = [{"text_hash": key, "fingerprint": fingerprint, "vector": vector, "late": late} for key, vector, late in rows]
        with self._transaction() as connection:
            upsert(connection, vectors, made, replace=False)
            self._count(connection, "loose", 1)

    def loose(self) -> bool:
        """Whether vectors were kept ahead for chunks that then, perhaps, never came."""
        return bool(self._counter("loose"))

    def store(self, batch: Sequence[Entry]) -> None:
        """Adds or replaces these articles."""
        with self._writing() as connection:
            entries.store(connection, batch)

    def remove(self, ids: Sequence[str]) -> None:
        """Removes these articles."""
        with self._writing() as connection:
            entries.remove(connection, ids)

    def move(self, article_id: str, origin: str) -> None:
        """Notes that an unchanged article now comes from elsewhere."""
        with self._writing() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(origin=origin))

    def set_manifest(self, made_with: Manifest) -> None:
        """Notes what the index is made with from now on."""
        with self._writing() as connection:
            self._put_manifest(connection, made_with)

    def replace_all(self, batches: Iterable[Sequence[Entry]], made_with: Manifest) -> None:
        """Puts new chunks in the place of all, in one transaction, and asks for both derived indexes to be made anew."""
        with self._writing() as connection:
            connection.execute(delete(chunks))
            for batch in batches:
                entries.store(connection, batch)
            connection.execute(delete(journal))
            connection.execute(update(applied).values(seq=-1))
            connection.execute(delete(vectors).where(vectors.c.fingerprint.not_in([made_with.fingerprint, _SECOND])))
            self._put_manifest(connection, made_with)

    def settle(self, sweep: bool) -> None:
        """Notes that no vector is kept ahead any more; `sweep` looks through them all and removes what no chunk needs."""
        with self._transaction() as connection:
            if sweep:
                connection.execute(delete(vectors).where(vectors.c.fingerprint.not_in([_CURRENT, _SECOND])))
                loose = select(vectors.c.text_hash).where(vectors.c.text_hash.not_in(select(chunks.c.text_hash)))
                entries.drop_orphans(connection, list(connection.scalars(loose)))
            self._count(connection, "loose", 0)

    def begin_multilingual(self, fingerprint: str) -> None:
        """Notes that a second set of vectors by this model is being made; one by another model is given up."""
        if self.multilingual() == fingerprint:
            return
        with self._writing() as connection:
            connection.execute(delete(applied).where(applied.c.name == MULTILINGUAL))
            upsert(connection, manifest, [{"key": MULTILINGUAL, "value": fingerprint}], replace=True)

    def join_multilingual(self) -> None:
        """Lets the second set's index follow the journal from now on; it is made with the next catching up."""
        with self._writing() as connection:
            upsert(connection, applied, [{"name": MULTILINGUAL, "seq": -1, "folder": 0}], replace=False)

    def set_writing(self, writing: bool) -> None:
        """Marks the beginning and the clean end of a writer's work."""
        with self._transaction() as connection:
            self._count(connection, "writing", int(writing))

    # The journal

    def applied(self) -> dict[str, Applied]:
        """How far each derived index has come, by its name."""
        with self._reading() as connection:
            return {row.name: Applied(row.seq, row.folder) for row in connection.execute(select(applied))}

    def set_applied(self, name: str, state: Applied) -> None:
        """Notes how far a derived index has come, and forgets the part of the journal that all have applied."""
        with self._writing() as connection:
            upsert(connection, applied, [{"name": name, **asdict(state)}], replace=True)
            slowest = select(func.min(applied.c.seq)).scalar_subquery()
            connection.execute(delete(journal).where(journal.c.seq <= slowest))

    def journal(self, after: int, limit: int = entries.PAGE) -> list[Change]:
        """The next changes after this number, oldest first."""
        query = select(journal).where(journal.c.seq > after).order_by(journal.c.seq).limit(limit)
        with self._reading() as connection:
            return [Change(row.seq, row.chunk_id, row.op == "add") for row in connection.execute(query)]

    def journal_end(self) -> int:
        """The number of the last change that was ever written down and is still needed, or of the last applied."""
        with self._reading() as connection:
            last = connection.scalar(select(func.max(journal.c.seq))) or 0
            return max(last, connection.scalar(select(func.max(applied.c.seq))) or 0)

    def backlog(self) -> int:
        """How many changes the slowest derived index has yet to apply."""
        slowest = select(func.coalesce(func.min(applied.c.seq), 0)).scalar_subquery()
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(journal).where(journal.c.seq > slowest)) or 0

    # Inside

    def _counter(self, name: str) -> int:
        with self._reading() as connection:
            return connection.scalar(select(counters.c.value).where(counters.c.name == name)) or 0

    def _count(self, connection: Connection, name: str, value: int | ColumnElement[int]) -> None:
        connection.execute(update(counters).where(counters.c.name == name).values(value=value))

    def _rows(self, query: Select[*Columns], column: ColumnElement[V], values: Iterable[V]) -> Iterator[Row[*Columns]]:
        """The query's rows for those values of the column, page by page."""
        with self._reading() as connection:
            for page in paged(values):
                yield from connection.execute(query.where(column.in_(page)))

    def _put_manifest(self, connection: Connection, made_with: Manifest) -> None:
        rows: list[dict[str, object]] = [{"key": key, "value": str(value)} for key, value in asdict(made_with).items()]
        upsert(connection, manifest, rows, replace=True)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that others can see has happened."""
        with self._transaction() as connection:
            yield connection
            self._count(connection, "generation", counters.c.value + 1)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns the database's errors into ours."""
        try:
            yield
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0].rstrip(".")
            raise CatalogError(f"The catalog's database fails: {reason}.") from error


def _model(index: str) -> ColumnElement[str]:
    """The fingerprint of the model whose vectors a dense index holds."""
    return _SECOND if index == MULTILINGUAL else _CURRENT


def _with_vectors(query: Select[*Columns], index: str) -> Select[*Columns]:
    """Joins the chunks of a query with the vectors that a dense index holds."""
    matching = vectors.c.text_hash == chunks.c.text_hash
    return query.join(vectors, matching).where(vectors.c.fingerprint == _model(index))


def _stored(row: Row[*tuple[Any, ...]]) -> StoredChunk:
    """The chunk in a row of the columns _CHUNK."""
    spans = unpacked_spans(row.sentences, row.start)
    return StoredChunk(row.id, row.article_id, row.ordinal, row.start, row.end, row.text, spans)
