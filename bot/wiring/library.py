"""The articles of a home: taken in, listed, searched, removed, and whether their index is sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.audit import AuditLog
from bot.errors import FootnoteError, with_commands
from bot.permissions import Permission, needs
from bot.tracing import traced_search
from bot.types import Question
from bot.wiring.chat import require_words
from bot.wiring.engine import SearchEngine
from bot.wiring.library_intake import ArticleIntake
from bot.wiring.limits import UsageLimits
from bot.wiring.request_log import log_search
from vectorstore.errors import IndexMissing, VectorstoreError
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article, Hit, Scope, Span

if TYPE_CHECKING:
    from bot.answering.collection.overview import ArticleOverview
    from bot.conversation.condense import Reading
    from bot.wiring.about import InstallationFacts
    from vectorstore.doctor import IndexFinding
    from vectorstore.readers.pdf.pictures import PagePicture, WordMark
    from vectorstore.searching.explain import HitExplanation, MissExplanation
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


@dataclass(frozen=True, slots=True)
class QuestionHits:
    """The hits for a question, best first; `query` is what was searched, `ms` are milliseconds by stage, and in "total".

    `notes` are what the user must know of how they were found: an index that was done without.
    """

    query: str
    hits: tuple[Hit, ...]
    ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Library(ArticleIntake, ArticleCuration):
    """The articles and their index. Threads may share it.

    >>> len(service.library.articles()) > 10
    True
    >>> service.library.search(Question("Who launched the alliance?"), k=1).hits[0].article
    'co-prosperity-leader-alliance.md'
    """

    def __init__(self, engine: SearchEngine, limits: UsageLimits) -> None:
        # Set here and not by the parents' constructors, as one takes the limits and the other does not.
        self._engine = engine
        self._limits = limits
        self._audit = AuditLog(engine.settings.home)

    @needs(Permission.READ_ARTICLES)
    def has_index(self) -> bool:
        """Whether anything is in an index here; cheap, and never an error for a home that is missing."""
        return self._engine.has_articles()

    @needs(Permission.READ_ARTICLES)
    def problem(self) -> tuple[str, str] | None:
        """What stands in the way of asking and what to do about it, or None."""
        try:
            # Asked first, as it opens nothing but the catalog.
            if not self.has_index():
                return "There are no articles here yet.", "Run `footnote ingest PATH` with a folder of your articles."
            # To open the search is where a damaged or foreign index shows.
            self._engine.searcher().check()
        except (FootnoteError, VectorstoreError) as error:
            return error.message, with_commands(error.help)
        return None

    @needs(Permission.READ_ARTICLES)
    def articles(self, *, with_archived: bool = False) -> Sequence[ArticleSummary]:
        """The articles without their texts, in the order to be listed; those in the archive only where they are asked for."""
        return self._engine.catalog.articles(with_archived=with_archived)

    @needs(Permission.READ_ARTICLES)
    def article(self, id: str) -> Article | None:
        """One article, whole; None where the index has none of this id."""
        return self._engine.catalog.article(id)

    @needs(Permission.READ_ARTICLES)
    def overview(self, article: Article) -> "ArticleOverview":
        """What one article is about: its headings and most central sentences, with their places."""
        from bot.answering.collection.overview import article_overview

        return article_overview(article, self._engine.catalog.chunks_of(article.id))

    @needs(Permission.ASK)
    def search(self, question: Question, k: int) -> QuestionHits:
        """The k best passages, without an answer; raises InputError for a question that is too long, and LimitReached."""
        self._limits.check_question(question.text)
        self._limits.count_request()
        reading = self._reading(question, k)
        found = reading.found
        log_search(question, len(found.hits), found.ms.get("total", 0.0))
        # What was searched is shown, as a follow-up may have been filled in.
        return QuestionHits(reading.query.shown, found.hits, found.ms, found.notes)

    @needs(Permission.ASK)
    def why(self, question: Question, k: int) -> "Sequence[HitExplanation]":
        """The same passages, each with the words and the sentences that speak for it."""
        from vectorstore.searching.explain import explain_hits

        # Searched once more: an explanation is asked for rarely, and a search need not keep what it takes.
        return explain_hits(self._engine.searcher(), self._reading(question, k).query, k)

    @needs(Permission.ASK)
    def why_not(self, question: Question, words: str, k: int) -> "MissExplanation":
        """Where the passage that holds these words fell out of the k best; raises QueryError where none holds them."""
        from vectorstore.searching.explain import explain_miss

        return explain_miss(self._engine.searcher(), self._engine.index(), self._reading(question, k).query, words, k)

    def _reading(self, question: Question, k: int) -> "Reading":
        """The question as it is searched in its conversation, and what is found."""
        from bot.conversation.condense import condense, searched

        require_words(question.text)
        # As an answer would search: with the turns before it, where the question leans on them.
        return searched(traced_search(self._engine.searcher().search), replace(condense(question), scope=question.scope), k)

    @needs(Permission.READ_ARTICLES)
    def within(self, scope: Scope) -> int:
        """How many articles a search would be kept to; raises QueryError where the scope makes no sense or holds none."""
        from vectorstore.searching.scope_articles import articles_in_scope

        return len(articles_in_scope(self._engine.catalog, scope))

    @needs(Permission.READ_ARTICLES)
    def fingerprint(self) -> str:
        """What tells one index from another, for an export: its model, its size, its state."""
        return self._engine.fingerprint()

    @needs(Permission.USE_LAB)
    def about(self) -> "InstallationFacts":
        """Facts about this installation, none of them secret."""
        from bot.wiring.about import installation_facts

        settings = self._engine.settings
        try:
            catalog = self._engine.catalog
        except IndexMissing:
            return installation_facts(settings, None, None)
        return installation_facts(settings, catalog.counts(), catalog.manifest())

    @needs(Permission.MAINTAIN)
    def prepare(self) -> None:
        """Makes what the index lacks of its derived indexes, as after restoring a home."""
        self._engine.index().prepare()

    @needs(Permission.USE_LAB)
    def diagnose(self) -> "Sequence[IndexFinding]":
        """What is right and wrong with the index."""
        from vectorstore.doctor import diagnose

        # Held against what the settings ask for now: an index that was made otherwise is a finding.
        found = diagnose(self._engine.index(), self._engine.manifest())
        return [replace(one, help=with_commands(one.help)) for one in found]

    @needs(Permission.MAINTAIN)
    def repair(self) -> "Sequence[IndexFinding]":
        """Mends what can be mended, and says how it stands afterwards."""
        from vectorstore.doctor import repair

        repair(self._engine.index())
        # Only once it has gone well: the log tells of changes and not of attempts.
        self._audit.record("index.repair")
        return self.diagnose()
