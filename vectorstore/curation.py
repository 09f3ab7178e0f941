"""What a person does with articles that are there: sets their fields, archives, deletes, restores and labels them.

All of it is kept apart from what was read, so that reading a file again undoes none of it. Edits are kept as JSON: under
"fields" what was set, by the field's name; under "read" what the file says of those fields; and under "put_back" the omitted
parts that were put back into the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vectorstore.article_writer import ArticleWriter
from vectorstore.errors import QueryError, Remedy
from vectorstore.index import Index
from vectorstore.originals import drop_originals
from vectorstore.readers.dates import iso_date
from vectorstore.readers.files import storable
from vectorstore.splitting.language import known_language, language_of
from vectorstore.storage.library_catalog import LabelKind
from vectorstore.storage.records import ArticleOrigin, KnownArticle, article_of, day_range
from vectorstore.types import Article, OmittedText

WAIT = 60.0
"""Seconds to wait for another process that is just writing."""
LONGEST_LABEL = 60
"""Characters of the name of a tag or a collection."""
EDITABLE = ("title", "author", "translator", "date", "source", "language")
"""The fields of an article that a person may set."""

Edits = Mapping[str, Any]
"""As the module says; {} where nothing was set."""


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
        """Sets fields of an article (`vectorstore.curation.EDITABLE`); None gives back what the file says."""
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


def checked_fields(fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """The fields in the form in which they are stored, None for one that is to be as it was read; raises QueryError.

    >>> checked_fields({"title": " The  harbour ", "date": "May 2021", "author": None})
    {'title': 'The harbour', 'date': '2021-05', 'author': None}
    """
    return {name: None if value is None else _checked(name, value) for name, value in fields.items()}


def with_values(article: Article, values: Mapping[str, str]) -> Article:
    """The article with these of its editable fields."""
    return replace(
        article,
        title=values.get("title", article.title),
        author=values.get("author", article.author),
        translator=values.get("translator", article.translator),
        date=values.get("date", article.date),
        source=values.get("source", article.source),
        language=values.get("language", article.language),
    )


def with_fields(article: Article, edits: Edits, fields: Mapping[str, str | None]) -> tuple[Article, Edits]:
    """An edited article and its edits after these fields are set, or, where None, given back what was read."""
    was = dict(edits.get("read", {}))
    for name in fields:
        # Noted once, when the field is first set: afterwards the article has what a person set.
        was.setdefault(name, getattr(article, name))
    values = {name: was[name] if value is None else value for name, value in fields.items()}
    set_now = {**edits.get("fields", {}), **fields}
    kept = {name: value for name, value in set_now.items() if value is not None}
    read = {name: was[name] for name in kept}
    return with_values(article, values), {**edits, "fields": kept, "read": read}


def with_part(article: Article, edits: Edits, part: int) -> tuple[Article, Edits]:
    """The article with `article.omitted[part]` at the end of its text, and the edits; raises QueryError."""
    if not 0 <= part < len(article.omitted):
        told = f"{len(article.omitted)} parts" if len(article.omitted) != 1 else "1 part"
        raise QueryError(f"The article {article.id} has {told} that were left out, and no number {part + 1}.", "")
    back = article.omitted[part]
    return _put_back(article, back), {**edits, "put_back": [*edits.get("put_back", ()), back.text]}


def edited(article: Article, edits: Edits) -> tuple[Article, Edits]:
    """An article as it was just read, with the edits over it; and the edits, with what it says now noted in them."""
    fields: Mapping[str, str] = edits.get("fields", {})
    read = {name: getattr(article, name) for name in fields}
    changed = with_values(article, fields)
    # A part that the file no longer has is not made up again: what is cited must stand in what was read.
    parts: Sequence[str] = edits.get("put_back", ())
    there = {part.text: part for part in article.omitted}
    back = [text for text in parts if text in there]
    for text in back:
        changed = _put_back(changed, there[text])
    return changed, {**edits, "read": read} if fields else edits


def _put_back(article: Article, part: OmittedText) -> Article:
    """The article with the part as its last paragraphs; pages and spans before it stay where they are."""
    left = tuple(one for one in article.omitted if one is not part)
    return replace(article, text=f"{article.text.rstrip()}\n\n{part.text.strip()}\n", omitted=left)


def _checked(name: str, value: str) -> str:
    if name not in EDITABLE:
        raise QueryError(f"“{name}” of an article cannot be set; {', '.join(EDITABLE)} can.", "")
    line = storable(" ".join(value.split()))
    if name == "title" and not line:
        raise QueryError("A title needs at least one word.", "")
    if name == "date" and line:
        if not (date := iso_date(line)):
            raise QueryError(f"“{line}” is not a date.", "Write it like 2021, 2021-12 or 2021-12-23.")
        return date
    if name == "language" and line:
        if not (code := known_language(line)):
            raise QueryError(f"“{line}” is not a language that is known here.", "Write it like de or German.")
        return code
    return line
