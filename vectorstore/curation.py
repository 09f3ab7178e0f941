"""What a person does with articles that are there: sets their fields, archives, deletes, restores and labels them.

All of it is kept apart from what was read, so that reading a file again undoes none of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from vectorstore.article_writer import ArticleWriter
from vectorstore.edits import Edits, checked_fields, with_fields, with_part
from vectorstore.errors import QueryError, Remedy
from vectorstore.index import Index
from vectorstore.originals import drop_originals
from vectorstore.readers.files import storable
from vectorstore.splitting.language import language_of
from vectorstore.storage.library_catalog import LabelKind
from vectorstore.storage.records import ArticleOrigin, KnownArticle, article_of, day_range
from vectorstore.types import Article

WAIT = 60.0
"""Seconds to wait for another process that is just writing."""
LONGEST_LABEL = 60
"""Characters of the name of a tag or a collection."""


class ArticleCurator:
    """Changes the articles of one index. Each method raises QueryError for an id that is not there, and changes nothing then.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from vectorstore.encoding.embed import LocalEncoder
    >>> from vectorstore.ingest import Ingestor
    >>> from vectorstore.storage.home import Home
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "rain.md")
    ...     _ = file.write_text("It rained in Ner for a week.")
    ...     index = Index.open(Home(Path(folder, "home")), create=True)
    ...     ingestor = Ingestor(index, LocalEncoder())
    ...     _ = ingestor.ingest([file])
    ...     ArticleCurator(index, ingestor.writer).edit("rain.md", {"title": "Rain in Ner"})
    ...     (article,) = index.catalog.articles()
    ...     index.close()
    >>> article.title
    'Rain in Ner'
    """

    def __init__(self, index: Index, writer: ArticleWriter) -> None:
        self._index = index
        self._catalog = index.catalog
        self._writer = writer

    def edit(self, id: str, fields: Mapping[str, str | None]) -> None:
        """Sets fields of an article (`vectorstore.edits.EDITABLE`); None gives back what the file says."""
        wanted = checked_fields(fields)
        article = self._article(id)
        # A language that was emptied is found anew.
        if wanted.get("language") == "":
            wanted["language"] = language_of(article.text)
        changed, edits = with_fields(article, self._catalog.edits(id), wanted)
        values: dict[str, Any] = {name: getattr(changed, name) for name in wanted}
        if "date" in wanted:
            values["first_day"], values["last_day"] = day_range(changed.date) or (None, None)
        with self._index.writing(WAIT):
            self._catalog.set_fields(id, values, edits)

    def put_back(self, id: str, part: int) -> None:
        """Puts `article.omitted[part]` back, as the last paragraphs of the article's text."""
        changed, edits = with_part(self._article(id), self._catalog.edits(id), part)
        self._rewrite(changed, edits)

    def archive(self, ids: Sequence[str]) -> None:
        """Keeps the articles, but finds and answers nothing from them any more."""
        self._known(ids)
        with self._index.writing(WAIT):
            self._writer.ungroup(ids)
            self._catalog.archive(ids)

    def unarchive(self, ids: Sequence[str]) -> None:
        """Puts archived articles back into the search."""
        known = self._known(ids)
        # Vectors take long, so they are made before the lock is held; a writer in between may have swept them away.
        entries = [self._writer.prepare(self._article(id), _origin(known[id])) for id in ids if known[id].archived]
        with self._index.writing(WAIT):
            self._writer.embed_missing(entries)
            self._catalog.unarchive(entries)
            self._writer.regroup(entries)

    def delete(self, ids: Sequence[str]) -> None:
        """Moves articles into the trash."""
        self._known(ids)
        with self._index.writing(WAIT):
            self._writer.ungroup(ids)
            self._catalog.delete(ids)

    def restore(self, ids: Sequence[str]) -> None:
        """Brings articles back from the trash with their labels and edits."""
        for id in ids:
            kept = self._catalog.in_trash(id)
            if kept is None:
                raise QueryError(f"There is no article {id} in the trash.", Remedy.LIST_ARTICLES)
            origin = ArticleOrigin(kept["article"]["hash"], kept["library"]["part"], fetched=kept["library"]["fetched"])
            entry = self._writer.prepare(article_of(kept["article"]), origin, without_chunks=kept["library"]["archived"])
            with self._index.writing(WAIT):
                self._writer.embed_missing([entry])
                self._catalog.restore(entry, kept)
                self._writer.regroup([entry])

    def empty_trash(self, ids: Sequence[str]) -> None:
        """Forgets deleted articles for good, with the files that were kept for them."""
        with self._index.writing(WAIT):
            # Read before it is forgotten, as the files that were kept are named in it.
            kept = [content for id in ids if (content := self._catalog.in_trash(id))]
            self._catalog.empty_trash(ids)
            originals = {content["article"].get("original", "") for content in kept}
            # Another article may have been read from the same file.
            drop_originals(self._index.home, originals - self._catalog.originals())

    def label(self, ids: Sequence[str], kind: LabelKind, name: str, given: bool) -> None:
        """Gives articles a tag or a collection, or takes it from them."""
        self._known(ids)
        plain = storable(" ".join(name.split()))
        if not plain or len(plain) > LONGEST_LABEL:
            raise QueryError(f"A {kind} needs a name of 1 to {LONGEST_LABEL} characters.", "")
        with self._index.writing(WAIT):
            self._catalog.label(ids, kind, plain, given)

    def _rewrite(self, article: Article, edits: Edits) -> None:
        """Writes an article with another text."""
        known = self._known([article.id])[article.id]
        entry = self._writer.prepare(article, _origin(known), without_chunks=known.archived)
        with self._index.writing(WAIT):
            self._writer.embed_missing([entry])
            self._catalog.store([entry])
            self._catalog.set_fields(article.id, {}, edits)
            self._writer.regroup([entry])

    def _known(self, ids: Sequence[str]) -> dict[str, KnownArticle]:
        known = self._catalog.known_articles()
        # All ids are looked at before anything is changed.
        for id in ids:
            if id not in known:
                raise QueryError(f"There is no article {id}.", Remedy.LIST_ARTICLES)
        return {id: known[id] for id in ids}

    def _article(self, id: str) -> Article:
        article = self._catalog.article(id)
        if article is None:
            raise QueryError(f"There is no article {id}.", Remedy.LIST_ARTICLES)
        return article


def _origin(known: KnownArticle) -> ArticleOrigin:
    return ArticleOrigin(known.hash, known.part)
