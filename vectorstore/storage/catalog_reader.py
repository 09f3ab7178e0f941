"""The queries to the catalog: articles, chunks, vectors, and what they add up to. Nothing here changes anything.

Where a method takes chunk ids it pages them, and leaves out those that it does not know. Each method reads in a connection of
its own; whoever needs several answers of one state compares `generation` before and after.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, bindparam, exists, func, select, text
from sqlalchemy.exc import DBAPIError

from vectorstore.errors import CatalogError, Remedy
from vectorstore.searching.folding import folded
from vectorstore.storage.database import PAGE, DatabaseRow, RowsQuery, paged
from vectorstore.storage.records import (
    ArticleSummary,
    KnownArticle,
    Manifest,
    StoredChunk,
    Vector,
    article_of,
    unpacked_spans,
    unpacked_vector,
)
from vectorstore.storage.schema import articles, chunks, counters, labels, library, manifest, vectors
from vectorstore.types import Article, PageSpan

V = TypeVar("V")
Columns = TypeVarTuple("Columns")

MULTILINGUAL = "multilingual"
"""The dense index of the second set of vectors, by the encoder for all languages; it joins once every chunk has one."""

# The fingerprints of the models whose vectors the dense indexes hold, as a part of a query.
CURRENT_MODEL = select(manifest.c.value).where(manifest.c.key == "fingerprint").scalar_subquery()
SECOND_MODEL = func.coalesce(select(manifest.c.value).where(manifest.c.key == MULTILINGUAL).scalar_subquery(), "")
# In the order of the fields, as rows are unpacked into them; so with `_KNOWN`.
_SUMMARY = tuple(
    (articles if field.name in articles.c else library).c[field.name]
    for field in fields(ArticleSummary)
    if field.name not in ("tags", "collections")
)
_SUMMARIES = select(*_SUMMARY).join(library, library.c.article_id == articles.c.id)
_NOT_ARCHIVED = articles.c.id.not_in(select(library.c.article_id).where(library.c.archived))
_KNOWN = tuple((articles if name in articles.c else library).c[name] for name in KnownArticle._fields)
_CHUNK = (chunks.c.id, chunks.c.article_id, chunks.c.ordinal, chunks.c.start, chunks.c.end, chunks.c.text, chunks.c.sentences)

# Made once: it is asked several times for each question, and to make it takes as long as to ask.
_COUNTER = select(counters.c.value).where(counters.c.name == bindparam("name"))


class CatalogReader:
    """One catalog's database, for reading. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # The articles by language, and the generation in which they were counted; -1 is the number of none.
        self._counted: tuple[int, dict[str, int]] = (-1, {})

    def generation(self) -> int:
        """A number that changes with every committed change by any process."""
        return self._counter("generation")

    def writing_unfinished(self) -> bool:
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

    def packed_tokens(self, ids: Iterable[int], index: str = "dense") -> dict[int, bytes]:
        """What the model of this dense index keeps of the chunks for late interaction."""
        query = _with_vectors(select(chunks.c.id, vectors.c.late), index)
        return {row.id: row.late for row in self._rows(query, chunks.c.id, ids)}

    def article(self, article_id: str) -> Article | None:
        """The whole article, or None."""
        with self._reading() as connection:
            row = connection.execute(select(articles).where(articles.c.id == article_id)).mappings().one_or_none()
        return article_of({str(key): value for key, value in row.items()}) if row else None

    def text(self, article_id: str) -> str | None:
        """The article's text, or None where there is no such article; read in half of the time of `article`."""
        with self._reading() as connection:
            return connection.scalar(select(articles.c.text).where(articles.c.id == article_id))

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The texts of those of these articles that there are, by the articles' ids."""
        return {row.id: row.text for row in self._rows(select(articles.c.id, articles.c.text), articles.c.id, ids)}

    def pages(self, article_id: str) -> tuple[PageSpan, ...]:
        """Where each page, slide or moment of an article's original stands in its text; none if there is no such article."""
        query = select(articles.c.pages).where(articles.c.id == article_id)
        with self._reading() as connection:
            return tuple(PageSpan(*page) for page in connection.scalar(query) or ())

    def text_between(self, article_id: str, start: int, end: int) -> str:
        """`text[start:end]` of an article; "" if there is none."""
        # SQL counts characters from 1; only the part is read, since an article may be long.
        query = select(func.substr(articles.c.text, start + 1, end - start)).where(articles.c.id == article_id)
        with self._reading() as connection:
            return connection.scalar(query) or ""

    def articles(
        self,
        ids: Collection[str] = (),
        authors: Collection[str] = (),
        days: tuple[int, int] | None = None,
        languages: Collection[str] = (),
        *,
        with_archived: bool = False,
    ) -> list[ArticleSummary]:
        """The articles without their texts, by id: those with one of the ids, authors and languages, and a date in the days.

        Archived ones are left out unless they are asked for.
        """
        query = _SUMMARIES
        if not with_archived:
            query = query.where(library.c.archived.is_(False))
        if languages:
            query = query.where(articles.c.language.in_(languages))
        if days:
            # A date such as "2024" or "May 2024" is a span of days, and it is enough that the spans meet.
            query = query.where(articles.c.last_day >= days[0], articles.c.first_day <= days[1])
        # Only one of the two lists goes into the statement, page by page: a database takes so many values and no more.
        if ids:
            found = [one for one in self._summaries(query, articles.c.id, ids) if not authors or one.author in authors]
        elif authors:
            found = self._summaries(query, articles.c.author, authors)
        else:
            with self._reading() as connection:
                found = [ArticleSummary(*row) for row in connection.execute(query)]
            found = self._labelled(found, None)
        return sorted(found, key=lambda article: article.id)

    def summaries(self, ids: Iterable[str]) -> dict[str, ArticleSummary]:
        """Those of these articles that there are, without their texts."""
        return {one.id: one for one in self._summaries(_SUMMARIES, articles.c.id, ids)}

    def authors(self) -> list[str]:
        """The authors as the articles state them, each once, in the order of the alphabet; one may name several people."""
        with self._reading() as connection:
            kept = select(articles.c.author).where(articles.c.author != "", _NOT_ARCHIVED)
            stated = connection.scalars(kept.distinct())
            return sorted(stated, key=lambda author: (folded(author), author))

    def languages(self) -> dict[str, int]:
        """How many articles are in each language, most first; under "" those whose language is not known."""
        generation = self.generation()
        # Asked with each question, so the articles are counted once for each state of the catalog.
        if self._counted[0] != generation:
            self._counted = generation, self._count_languages()
        return dict(self._counted[1])

    def _count_languages(self) -> dict[str, int]:
        size = func.count().label("size")
        query = select(articles.c.language, size).where(_NOT_ARCHIVED).group_by(articles.c.language)
        with self._reading() as connection:
            found = connection.execute(query.order_by(size.desc(), articles.c.language))
            return {row.language: row.size for row in found}

    def chunk_ids_of(self, article_ids: Iterable[str]) -> list[int]:
        """The ids of all chunks of these articles, ascending."""
        return sorted(row.id for row in self._rows(select(chunks.c.id), chunks.c.article_id, article_ids))

    def chunk_owners(self) -> list[tuple[str, int]]:
        """(article id, chunk id) of all chunks, in the order of the article ids."""
        with self._reading() as connection:
            rows = connection.execute(select(chunks.c.article_id, chunks.c.id).order_by(chunks.c.article_id))
            return [(article, chunk) for article, chunk in rows]

    def known_articles(self) -> dict[str, KnownArticle]:
        """All articles by their ids."""
        query = select(articles.c.id, *_KNOWN).join(library, library.c.article_id == articles.c.id)
        with self._reading() as connection:
            return {id: KnownArticle(*rest) for id, *rest in connection.execute(query)}

    def has_articles(self) -> bool:
        """Whether there is any article: as fast among a million as among ten."""
        with self._reading() as connection:
            return connection.scalar(select(articles.c.id).limit(1)) is not None

    def counts(self) -> tuple[int, int]:
        """The numbers of articles and of chunks."""
        with self._reading() as connection:
            sizes = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (articles, chunks)]
        return sizes[0], sizes[1]

    def chunk_ids(self, after: int = 0, limit: int = PAGE) -> list[int]:
        """The next chunk ids after this one, ascending."""
        with self._reading() as connection:
            query = select(chunks.c.id).where(chunks.c.id > after).order_by(chunks.c.id).limit(limit)
            return list(connection.scalars(query))

    def sample(self, size: int) -> list[int]:
        """About `size` chunk ids, evenly spread; all, if there are no more."""
        if self.counts()[1] <= size:
            return self.chunk_ids(limit=size)
        with self._reading() as connection:
            # Numbers have gaps where chunks have gone, so the next number at or after each even place is taken.
            low, high = connection.execute(select(func.min(chunks.c.id), func.max(chunks.c.id))).one()
            query = select(func.min(chunks.c.id))
            found = (connection.scalar(query.where(chunks.c.id >= low + (high - low) * n // size)) for n in range(size))
            return sorted({number for number in found if number is not None})

    def missing(self, fingerprint: str, hashes: Iterable[bytes]) -> set[bytes]:
        """Those of the hashes for which this model has no vector here."""
        # The database can only say which of them it has; the others are missing.
        wanted = set(hashes)
        query = select(vectors.c.text_hash).where(vectors.c.fingerprint == fingerprint)
        return wanted - {row.text_hash for row in self._rows(query, vectors.c.text_hash, wanted)}

    def without_vector(self, index: str = "dense") -> int:
        """How many chunks have no vector by the model of this dense index."""
        matching = (vectors.c.text_hash == chunks.c.text_hash) & (vectors.c.fingerprint == _model(index))
        query = select(func.count()).select_from(chunks.outerjoin(vectors, matching)).where(vectors.c.text_hash.is_(None))
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def count_unembedded(self, fingerprint: str) -> int:
        """For how many different texts of chunks this model has no vector here."""
        known = select(vectors.c.text_hash).where(vectors.c.fingerprint == fingerprint)
        query = select(func.count(chunks.c.text_hash.distinct())).where(chunks.c.text_hash.not_in(known))
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def unembedded(self, fingerprint: str, limit: int) -> dict[bytes, str]:
        """Texts of chunks for which this model has no vector here, by their hashes, the shortest first; at most `limit`."""
        known = exists().where(vectors.c.text_hash == chunks.c.text_hash, vectors.c.fingerprint == fingerprint)
        # The shortest first, as batches of one length have little padding; the hash settles equals, for the same order each
        # time.
        query = select(chunks.c.text_hash, func.min(chunks.c.text)).where(~known).group_by(chunks.c.text_hash)
        with self._reading() as connection:
            ordered = query.order_by(func.length(func.min(chunks.c.text)), chunks.c.text_hash).limit(limit)
            return {row[0]: row[1] for row in connection.execute(ordered)}

    def multilingual(self) -> str:
        """The fingerprint of the second set's model; "" where there is none and none is being made."""
        with self._reading() as connection:
            return connection.scalar(select(SECOND_MODEL)) or ""

    def integrity(self) -> str:
        """What the database itself finds wrong with its file, or ""."""
        if self._engine.dialect.name != "sqlite":
            return ""
        with self._reading() as connection:
            # The first three faults are enough for a message.
            found = list(connection.scalars(text("PRAGMA quick_check(3)")))
        return "" if found == ["ok"] else "; ".join(map(str, found))

    def _counter(self, name: str) -> int:
        with self._reading() as connection:
            return connection.scalar(_COUNTER, {"name": name}) or 0

    def _summaries(self, query: RowsQuery, column: ColumnElement[str], values: Iterable[str]) -> list[ArticleSummary]:
        found = [ArticleSummary(*row) for row in self._rows(query, column, values)]
        return self._labelled(found, [one.id for one in found])

    def _labelled(self, found: Sequence[ArticleSummary], ids: Sequence[str] | None) -> list[ArticleSummary]:
        """The articles with their tags and collections; `ids` are theirs, or None where they are all there are."""
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        query = select(labels.c.article_id, labels.c.kind, labels.c.name).order_by(labels.c.name)
        if ids is None:
            with self._reading() as connection:
                rows = list(connection.execute(query))
        else:
            rows = list(self._rows(query, labels.c.article_id, ids))
        for id, kind, name in rows:
            named[id, kind].append(name)
        # Most articles have no label, and to copy them all would cost more than the query.
        return [
            replace(one, tags=tuple(named[one.id, "tag"]), collections=tuple(named[one.id, "collection"]))
            if (one.id, "tag") in named or (one.id, "collection") in named
            else one
            for one in found
        ]

    def _rows(self, query: Select[*Columns], column: ColumnElement[V], values: Iterable[V]) -> Iterator[Row[*Columns]]:
        """The query's rows for those values of the column, page by page."""
        with self._reading() as connection:
            for page in paged(values):
                yield from connection.execute(query.where(column.in_(page)))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Turns the database's errors into ours."""
        try:
            yield
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0].rstrip(".")
            # A file is opened for reading alone where nothing more can be had (`database.connect`).
            if "readonly" in reason:
                raise CatalogError("The catalog cannot be written: its disk is full, or it may only be read.") from error
            # Damage to the file itself, which no address and no permission mends.
            damaged = str(getattr(error.orig, "sqlite_errorname", "")).startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
            help = Remedy.RESTORE if damaged else Remedy.CHECK_CATALOG
            raise CatalogError(f"The catalog's database fails: {reason}.", help) from error


def _model(index: str) -> ColumnElement[str]:
    """The fingerprint of the model whose vectors a dense index holds."""
    return SECOND_MODEL if index == MULTILINGUAL else CURRENT_MODEL


def _with_vectors(query: Select[*Columns], index: str) -> Select[*Columns]:
    """Joins the chunks of a query with the vectors that a dense index holds."""
    # A text may have vectors of several models, of which each dense index holds one's.
    matching = vectors.c.text_hash == chunks.c.text_hash
    return query.join(vectors, matching).where(vectors.c.fingerprint == _model(index))


def _stored(row: DatabaseRow) -> StoredChunk:
    """The chunk in a row of the columns _CHUNK."""
    spans = unpacked_spans(row.sentences, row.start)
    return StoredChunk(row.id, row.article_id, row.ordinal, row.start, row.end, row.text, spans)
