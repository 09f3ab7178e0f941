"""What a person does with the articles that are there: edits, labels, copies, the archive and the trash."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.audit import AuditLog
from bot.permissions import Permission, needs
from bot.wiring.engine import SearchEngine
from vectorstore.types import Span

if TYPE_CHECKING:
    from vectorstore.readers.pdf.pictures import PagePicture, WordMark
    from vectorstore.storage.library_catalog import LabelKind
    from vectorstore.storage.records import DeletedArticle


class ArticleCuration:
    """The part of the library that changes articles. Threads may share it. An id that is not there raises QueryError.

    >>> service.library.label(["co-prosperity-leader-alliance.md"], "tag", "history", True)
    >>> service.library.labels("tag")
    {'history': 1}
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._audit = AuditLog(engine.settings.home)

    @needs(Permission.EDIT_ARTICLES)
    def edit(self, id: str, fields: "Mapping[str, str | None]") -> None:
        """Sets title, author, translator, date, source or language; None gives back what the file says.

        Reading the file again does not undo it.
        """
        self._engine.curator().edit(id, fields)
        # The names of the fields and not what was typed: the log is read by others than the article's reader.
        self._audit.record("articles.edit", articles=[id], fields=sorted(fields))

    @needs(Permission.EDIT_ARTICLES)
    def put_back(self, id: str, part: int) -> None:
        """Puts `article.omitted[part]` back, at the end of the article's text."""
        self._engine.curator().put_back(id, part)
        self._audit.record("articles.edit", articles=[id], fields=["text"])

    @needs(Permission.EDIT_ARTICLES)
    def archive(self, ids: Sequence[str], archived: bool) -> None:
        """Keeps articles without searching them or answering from them; or searches them again."""
        curator = self._engine.curator()
        curator.archive(ids) if archived else curator.unarchive(ids)
        self._audit.record("articles.archive" if archived else "articles.unarchive", articles=list(ids))

    @needs(Permission.EDIT_ARTICLES)
    def delete(self, ids: Sequence[str]) -> None:
        """Moves articles into the trash."""
        self._engine.curator().delete(ids)
        self._audit.record("articles.delete", articles=list(ids))

    @needs(Permission.READ_ARTICLES)
    def deleted(self) -> "Sequence[DeletedArticle]":
        """The articles in the trash, the last deleted first."""
        return self._engine.catalog.deleted()

    @needs(Permission.EDIT_ARTICLES)
    def restore(self, ids: Sequence[str]) -> None:
        """Brings articles back from the trash, with their labels and edits."""
        self._engine.curator().restore(ids)
        self._audit.record("articles.restore", articles=list(ids))

    @needs(Permission.EDIT_ARTICLES)
    def empty_trash(self, ids: Sequence[str]) -> None:
        """Forgets articles of the trash for good."""
        self._engine.curator().empty_trash(ids)
        self._audit.record("articles.empty_trash", articles=list(ids))

    @needs(Permission.EDIT_ARTICLES)
    def remove(self, ids: Sequence[str]) -> None:
        """Takes articles out of the catalog and of both indexes, for good."""
        self._engine.ingestor().remove(ids)
        self._audit.record("articles.remove", articles=list(ids))

    @needs(Permission.EDIT_ARTICLES)
    def label(self, ids: Sequence[str], kind: "LabelKind", name: str, given: bool) -> None:
        """Gives articles a tag or a collection (`kind`), or takes it from them."""
        self._engine.curator().label(ids, kind, name, given)
        self._audit.record("articles.label", articles=list(ids), kind=kind, label=name, given=given)

    @needs(Permission.READ_ARTICLES)
    def labels(self, kind: "LabelKind") -> Mapping[str, int]:
        """All tags or collections, in the order of the alphabet, with the number of their articles."""
        return self._engine.catalog.labels(kind)

    @needs(Permission.READ_ARTICLES)
    def copies(self, id: str) -> list[str]:
        """The other articles that are one text with this one, the original first."""
        variants = self._engine.catalog.variants()
        # `variants` leads from a copy to its original; an original is not among its keys.
        root = variants.get(id, id)
        return [one for one in (root, *sorted(copy for copy, of in variants.items() if of == root)) if one != id]

    @needs(Permission.READ_ARTICLES)
    def original(self, id: str) -> Path | None:
        """The file that an article was read from, where it is kept or still there."""
        from vectorstore.originals import original_file

        known = self._engine.catalog.known_articles().get(id)
        if known is None:
            return None
        kept = original_file(self._engine.home, known.original)
        # Other origins, such as an address or "pasted:...", are no absolute path.
        there = Path(known.origin)
        return kept or (there if there.is_absolute() and there.is_file() else None)

    @needs(Permission.READ_ARTICLES)
    def page_picture(self, path: Path, number: int) -> "PagePicture | None":
        """A page of a PDF, counted from 1, as a picture; the last few are kept. None where there is no such page."""
        from vectorstore.readers.pdf.pictures import page_picture

        return page_picture(path, number)

    @needs(Permission.READ_ARTICLES)
    def marks_on_page(self, path: Path, number: int, words: str) -> "Sequence[WordMark]":
        """Where words stand on a page of a PDF, a rectangle a line; none where they do not stand there to the letter."""
        from vectorstore.readers.pdf.pictures import marks_on_page

        return marks_on_page(path, number, words)

    @needs(Permission.READ_ARTICLES)
    def containing(self, words: str) -> Sequence[str]:
        """The ids of the articles that have each of these words in their text or title, archived ones too."""
        return self._engine.catalog.containing(words.split())

    @needs(Permission.READ_ARTICLES)
    def passages(self, id: str) -> Sequence[Span]:
        """Where the chunks of an article begin and end, in reading order."""
        return [(chunk.start, chunk.end) for chunk in self._engine.catalog.chunks_of(id)]
