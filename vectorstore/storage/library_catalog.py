"""The part of the catalog that keeps what people do with their articles: edits, labels, copies, the trash, what failed.

Reading an article again never touches it. Each method that writes is one transaction, and moves `generation` on where a reader
could see the difference. Times are ISO 8601 in UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, update

from vectorstore.storage.catalog_reader import CatalogReader
from vectorstore.storage.database import paged, upsert
from vectorstore.storage.records import ChunkedArticle, DeletedArticle, KeptFailure
from vectorstore.storage.schema import articles, counters, failures, labels, library, trash
from vectorstore.types import Failure, IngestSource

LabelKind = Literal["tag", "collection"]
"""A tag says what an article is about, a collection where it belongs; the catalog keeps both in the same way."""

ArticleRows = dict[str, Any]
"""All that the tables say of one article, as JSON: its row under "article", that of the library, and its labels."""


def now() -> str:
    """The time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class LibraryCatalog(CatalogReader):
    """What is kept of the articles beside their texts. Threads may share it; only the holder of the writer's lock may write.

    >>> from vectorstore.storage.catalog import Catalog
    >>> from vectorstore.types import Article
    >>> catalog = Catalog.open("sqlite://", create=True)
    >>> catalog.store([ChunkedArticle(Article("a.md", "It rained.", "Rain"), [], [])])
    >>> catalog.label(["a.md"], "tag", "weather", True)
    >>> catalog.labels("tag"), catalog.articles()[0].tags
    ({'weather': 1}, ('weather',))
    """

    # Reading

    def labels(self, kind: LabelKind) -> dict[str, int]:
        """The tags or collections in the order of the alphabet, each with the number of its articles."""
        query = select(labels.c.name, func.count().label("size")).where(labels.c.kind == kind).group_by(labels.c.name)
        with self._reading() as connection:
            return {row.name: row.size for row in connection.execute(query.order_by(labels.c.name))}

    def labelled(self, kind: LabelKind, names: Iterable[str]) -> set[str]:
        """The ids of the articles that have one of these tags or collections."""
        query = select(labels.c.article_id).where(labels.c.kind == kind)
        return {row.article_id for row in self._rows(query, labels.c.name, names)}

    def containing(self, words: Iterable[str]) -> list[str]:
        """The ids of the articles in whose text or title each of the words stands, in whatever case."""
        query = select(articles.c.id).order_by(articles.c.id)
        for word in words:
            # SQLite's own folding of case knows ASCII alone, so the usual ways to write a word are asked for.
            ways = {word, word.lower(), word.upper(), word.capitalize()}
            columns = (articles.c.text, articles.c.title)
            query = query.where(or_(*(column.icontains(way, autoescape=True) for column in columns for way in ways)))
        with self._reading() as connection:
            return list(connection.scalars(query))

    def variants(self) -> dict[str, str]:
        """The articles that are copies, each with the one that it is a copy of."""
        query = select(library.c.article_id, library.c.variant_of).where(library.c.variant_of != "")
        with self._reading() as connection:
            return {row.article_id: row.variant_of for row in connection.execute(query)}

    def signatures(self) -> Iterator[tuple[str, bytes, str]]:
        """(article id, signature, when it was added) of all articles, the oldest first; b"" where there is no signature."""
        query = select(library.c.article_id, library.c.signature, library.c.added)
        with self._reading() as connection:
            for id, signature, added in connection.execute(query.order_by(library.c.added, library.c.article_id)):
                yield id, signature or b"", added

    def edits(self, article_id: str) -> dict[str, Any]:
        """What a person has set of an article (see `vectorstore.curation`); {} where nothing is."""
        return self._kept(article_id, library.c.edits)

    def fetched(self, article_id: str) -> dict[str, str]:
        """What a web server said when the article was fetched, or the size and time of its file."""
        return self._kept(article_id, library.c.fetched)

    def files_seen(self) -> dict[str, dict[str, str]]:
        """For each origin, what `fetched` says of it."""
        query = select(articles.c.origin, library.c.fetched).join(library, library.c.article_id == articles.c.id)
        with self._reading() as connection:
            return {row.origin: row.fetched for row in connection.execute(query)}

    def deleted(self) -> list[DeletedArticle]:
        """The articles in the trash, the last deleted first."""
        with self._reading() as connection:
            rows = connection.execute(select(trash).order_by(trash.c.deleted.desc(), trash.c.article_id)).all()
        found = ((row.article_id, row.content["article"], row.deleted) for row in rows)
        return [DeletedArticle(id, article["title"], article["origin"], deleted) for id, article, deleted in found]

    def trash_origins(self) -> dict[str, str]:
        """The ids in the trash, each with its article's origin."""
        return {one.id: one.origin for one in self.deleted()}

    def in_trash(self, article_id: str) -> ArticleRows | None:
        """All that was kept of a deleted article, None where it is not in the trash."""
        with self._reading() as connection:
            found: ArticleRows | None = connection.scalar(select(trash.c.content).where(trash.c.article_id == article_id))
        return found

    def failures(self) -> list[KeptFailure]:
        """What could not be taken in, the newest first."""
        with self._reading() as connection:
            rows = connection.execute(select(failures).order_by(failures.c.at.desc(), failures.c.origin, failures.c.place))
            return [KeptFailure(row.origin, row.place, row.reason, row.at, _source(row.source)) for row in rows]

    def originals(self) -> set[str]:
        """The SHA-256 of the kept files that an article, or one in the trash, was read from."""
        with self._reading() as connection:
            used = set(connection.scalars(select(articles.c.original).where(articles.c.original != "").distinct()))
            # What is in the trash may be restored, so its files are kept, too.
            return used | {content["article"].get("original", "") for content in connection.scalars(select(trash.c.content))}

    # Writing

    def label(self, ids: Sequence[str], kind: LabelKind, name: str, given: bool) -> None:
        """Gives these articles a tag or a collection, or takes it from them."""
        with self._writing() as connection:
            if given:
                rows: list[dict[str, object]] = [{"article_id": id, "kind": kind, "name": name} for id in ids]
                upsert(connection, labels, rows, replace=False)
                return
            for page in paged(ids):
                named = (labels.c.kind == kind) & (labels.c.name == name)
                connection.execute(delete(labels).where(named & labels.c.article_id.in_(page)))

    def mark_gone(self, ids: Iterable[str], gone: bool) -> None:
        """Notes that the files of these articles are not there any more, or are there again."""
        with self._writing() as connection:
            for page in paged(ids):
                connection.execute(update(library).where(library.c.article_id.in_(page)).values(gone=gone))

    def set_variants(self, roots: Mapping[str, str]) -> None:
        """Notes for each of these articles of which one it is a copy, "" for none."""
        with self._writing() as connection:
            _set_each(connection, "variant_of", roots)

    def set_signatures(self, signatures: Mapping[str, bytes]) -> None:
        """Keeps the signatures of articles that had none; nothing visible changes."""
        with self._transaction() as connection:
            _set_each(connection, "signature", signatures)

    def set_fields(self, article_id: str, values: Mapping[str, object], edits: Mapping[str, object]) -> None:
        """Gives columns of an article other values, and keeps what a person has set."""
        with self._writing() as connection:
            if values:
                connection.execute(update(articles).where(articles.c.id == article_id).values(**values))
            _set_each(connection, "edits", {article_id: dict(edits)})

    def set_fetched(self, fetched: Mapping[str, Mapping[str, str]]) -> None:
        """Notes what was said when unchanged articles were fetched or read again; nothing visible changes."""
        with self._transaction() as connection:
            _set_each(connection, "fetched", {id: dict(said) for id, said in fetched.items()})

    def keep_failures(self, source: IngestSource, found: Sequence[Failure]) -> None:
        """Puts these in the place of what failed before with this source; none means that all went well."""
        with self._transaction() as connection:
            connection.execute(delete(failures).where(failures.c.origin == source.origin))
            # Two failures in one place are told as one, as a place is what can be tried again.
            reasons = {failure.where: failure.reason for failure in reversed(found)}
            tried = {**asdict(source), "path": str(source.path)}
            same = {"origin": source.origin, "at": now(), "source": tried}
            rows = [{**same, "place": where, "reason": reason} for where, reason in reasons.items()]
            if rows:
                connection.execute(insert(failures), rows)

    def dismiss_failures(self, origins: Iterable[str]) -> None:
        """Forgets what failed with these files and addresses."""
        with self._transaction() as connection:
            for page in paged(origins):
                connection.execute(delete(failures).where(failures.c.origin.in_(page)))

    def empty_trash(self, ids: Iterable[str]) -> None:
        """Forgets deleted articles for good."""
        with self._writing() as connection:
            for page in paged(ids):
                connection.execute(delete(trash).where(trash.c.article_id.in_(page)))

    # Inside

    def _kept(self, article_id: str, column: ColumnElement[Any]) -> dict[str, Any]:
        with self._reading() as connection:
            found: dict[str, Any] = connection.scalar(select(column).where(library.c.article_id == article_id)) or {}
        return found

    def _count(self, connection: Connection, name: str, value: int | ColumnElement[int]) -> None:
        connection.execute(update(counters).where(counters.c.name == name).values(value=value))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._translated_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that others can see has happened."""
        with self._transaction() as connection:
            # First, as its row is then locked: such transactions follow one another, and the journal's numbers with them.
            self._count(connection, "generation", counters.c.value + 1)
            self._check_writer(connection)
            yield connection

    def _check_writer(self, connection: Connection) -> None:
        """Raises where this process takes itself for the writer and is not any more (`journal.JournalCatalog`)."""


def add_to_library(connection: Connection, entries: Sequence[ChunkedArticle]) -> None:
    """Gives new articles their rows, and notes of the others how they were read now; what people did stays."""
    added = now()
    new: list[dict[str, object]]
    new = [
        {"article_id": one.article.id, "added": added, "part": one.origin.part, "archived": False, "gone": False,
         "variant_of": "", "edits": {}, "fetched": {}, "signature": None}
        for one in entries
    ]  # fmt: skip
    upsert(connection, library, new, replace=False)
    read = [{"id": one.article.id, "number": one.origin.part, "sketch": one.origin.signature} for one in entries]
    if read:
        same = update(library).where(library.c.article_id == bindparam("id"))
        connection.execute(same.values(part=bindparam("number"), signature=bindparam("sketch")), read)
    _set_each(connection, "fetched", {one.article.id: dict(one.origin.fetched) for one in entries if one.origin.fetched})


def move_to_trash(connection: Connection, ids: Sequence[str]) -> None:
    """Copies all that the tables say of these articles into the trash; whoever calls it removes them."""
    deleted = now()
    rows: list[dict[str, object]]
    # Few at once, as their texts are read with them.
    for page in paged(ids, 50):
        kept = _rows_of(connection, page)
        rows = [{"article_id": id, "deleted": deleted, "content": content} for id, content in kept.items()]
        upsert(connection, trash, rows, replace=True)


def _rows_of(connection: Connection, ids: Sequence[str]) -> dict[str, ArticleRows]:
    """All that the tables say of these articles, by their ids."""
    named: dict[str, list[list[str]]] = defaultdict(list)
    for id, kind, name in connection.execute(select(labels).where(labels.c.article_id.in_(ids))):
        named[id].append([kind, name])
    # The signature is no JSON, and is made anew from the text.
    kept = [column for column in library.columns if column is not library.c.signature]
    in_library = {row.article_id: dict(row._mapping) for row in connection.execute(select(*kept).where(kept[0].in_(ids)))}
    rows = connection.execute(select(articles).where(articles.c.id.in_(ids))).mappings()
    return {row["id"]: {"article": dict(row), "library": in_library[row["id"]], "labels": named[row["id"]]} for row in rows}


def _set_each(connection: Connection, name: str, values: Mapping[str, object]) -> None:
    """Sets one column of the library to its own value for each article."""
    if values:
        rows = [{"id": id, "value": value} for id, value in values.items()]
        statement = update(library).where(library.c.article_id == bindparam("id"))
        connection.execute(statement.values({name: bindparam("value", type_=library.c[name].type)}), rows)


def _source(kept: Mapping[str, Any]) -> IngestSource:
    return IngestSource(**{**kept, "path": Path(kept["path"])})
