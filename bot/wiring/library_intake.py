"""How articles come in: from folders, files that were dropped, texts that were pasted, and addresses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.audit import AuditLog
from bot.errors import InputError
from bot.permissions import Permission, needs
from bot.wiring.engine import WRITER_WAIT, Progress, SearchEngine
from bot.wiring.limits import UsageLimits
from bot.wiring.request_log import log_ingest
from vectorstore.errors import FetchError, IndexMissing
from vectorstore.readers.files import is_web_address
from vectorstore.types import Failure, IngestOutcome, IngestReport, IngestSource, failures_and_notes

if TYPE_CHECKING:
    from vectorstore.fetching import FetchedFile
    from vectorstore.ingest_run import IngestProgress
    from vectorstore.planning import IngestPlan
    from vectorstore.storage.home import Home
    from vectorstore.storage.records import KeptFailure


class ArticleIntake:
    """The part of the library that takes articles in. Threads may share it.

    >>> source = service.library.pasted("Rain in Ner", "It rained in Ner for a week.")
    >>> [(one.status, one.articles) for one in service.library.take_in([source])]
    [('added', ('Rain in Ner.txt',))]
    """

    def __init__(self, engine: SearchEngine, limits: UsageLimits) -> None:
        self._engine = engine
        self._limits = limits
        self._audit = AuditLog(engine.settings.home)

    @needs(Permission.MAINTAIN)
    def ingest(
        self,
        paths: Sequence[Path],
        *,
        prune: bool,
        rebuild: bool,
        progress: Progress | None,
        addresses: Sequence[str] = (),
        wait: float = WRITER_WAIT,
        waiting: Callable[[str], None] | None = None,
    ) -> IngestReport:
        """Adds and updates; `prune` removes what is gone from the given folders, `rebuild` makes the index anew first.

        Another process that is writing is waited for `wait` seconds, which `waiting` is told; then IndexBusy is raised.

        An address that cannot be fetched is in the report, and keeps nothing else from being taken in.
        """
        ingestor = self._engine.ingestor(wait, waiting)
        report = _as_bar(progress) if progress else None
        done = ingestor.rebuild(report) if rebuild else IngestReport()
        sources, missed = self._fetched_all(addresses)
        # A rebuild, or addresses of which none could be fetched, leave no folder to look through.
        if sources or paths or not (rebuild or addresses):
            done = ingestor.ingest(paths, sources=sources, prune=prune, progress=report)
        self._prepare_other_languages()
        # What went in with something left out is a note, what stayed out a failure.
        failed, notes = failures_and_notes(missed)
        done = replace(done, failed=(*failed, *done.failed), notes=(*notes, *done.notes))
        self._tell(done, rebuild)
        return done

    def _tell(self, done: IngestReport, rebuilt: bool) -> None:
        """Writes down what an ingest has changed."""
        log_ingest(done)
        if rebuilt:
            self._audit.record("index.rebuild")
        changed = {name: list(ids) for name in ("added", "changed", "removed", "gone") if (ids := getattr(done, name))}
        if changed:
            self._audit.record("articles.ingest", **changed)

    @needs(Permission.MAINTAIN)
    def plan(self, paths: Sequence[Path]) -> "IngestPlan":
        """What `ingest` would do with these files and folders; nothing is read or changed."""
        from vectorstore.planning import plan_ingest

        try:
            catalog = self._engine.catalog
        except IndexMissing:
            # Without an index all files are new.
            return plan_ingest(paths, None)
        return plan_ingest(paths, catalog)

    @needs(Permission.EDIT_ARTICLES)
    def uploaded(self, name: str, data: bytes) -> IngestSource:
        """A file that was dropped, which is kept from now on; raises CatalogError where it cannot be.

        Raises InputError for one that is too large, and LimitReached.
        """
        self._limits.check_upload(len(data))
        self._limits.count_upload()
        return _kept_source(self._engine.home, name, data, f"upload:{name}")

    @needs(Permission.EDIT_ARTICLES)
    def pasted(self, title: str, text: str) -> IngestSource:
        """A text that was pasted, under a title; it is kept as a file, too. Raises what `uploaded` does."""
        # A text from a clipboard may hold half a surrogate pair.
        data = text.encode("utf-8", "replace")
        self._limits.check_upload(len(data))
        self._limits.count_upload()
        return _kept_source(self._engine.home, f"{title}.txt", data, f"pasted:{title}", {"title": title})

    @needs(Permission.EDIT_ARTICLES)
    def fetched(self, url: str) -> list[IngestSource]:
        """The page at an address as it is now, which is kept from now on.

        Raises LimitReached, and what `vectorstore.fetching` does.
        """
        self._limits.count_upload()
        # Nothing is told of an earlier visit, so the page is sent even where it has not changed.
        return self._fetched(url, {})

    @needs(Permission.EDIT_ARTICLES)
    def fetch_again(self, id: str) -> list[IngestSource]:
        """The page that an article was read from, as it is now; none where the server says that it is the same.

        Raises InputError for an article that came from no address.
        """
        known = self._engine.catalog.known_articles().get(id)
        if known is None:
            raise InputError(f"There is no article {id}.", "`footnote articles` lists those there are.")
        if not is_web_address(known.origin):
            raise InputError(f"The article {id} was not read from a web address.", "Ingest its file again.")
        # With what the server said last time (ETag, Last-Modified), it may answer that nothing has changed.
        return self._fetched(known.origin, self._engine.catalog.fetched(id))

    @needs(Permission.EDIT_ARTICLES)
    def take_in(
        self,
        sources: Sequence[IngestSource],
        progress: Progress | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[IngestOutcome]:
        """Takes in the sources, and tells of each, in their order, as soon as its articles can be found.

        Where `cancelled` says so, what is written by then stays, and the rest is told as "cancelled". Other processes may
        write in between. Raises IndexBusy, IndexMismatch, EmbeddingError and CatalogError.
        """
        changed: dict[str, list[str]] = {}
        try:
            for outcome in self._engine.ingestor().take_in(sources, _as_bar(progress) if progress else None, cancelled):
                if outcome.status in ("added", "changed"):
                    changed.setdefault(outcome.status, []).extend(outcome.articles)
                yield outcome
        finally:
            # Also where it was let go of halfway: what is in by then stays.
            if changed:
                self._audit.record("articles.ingest", **changed)
        self._prepare_other_languages()

    @needs(Permission.MAINTAIN)
    def mark_gone(self, paths: Sequence[Path]) -> list[str]:
        """Marks the articles of files that are not there any more, under these paths; their ids."""
        gone = self._engine.ingestor().mark_gone(paths)
        if gone:
            self._audit.record("articles.mark_gone", articles=gone)
        return gone

    @needs(Permission.READ_ARTICLES)
    def failures(self) -> "Sequence[KeptFailure]":
        """What could not be taken in, the newest first; `take_in` with what `retry` gives for one tries again."""
        return self._engine.catalog.failures()

    @needs(Permission.EDIT_ARTICLES)
    def retry(self, failure: "KeptFailure") -> list[IngestSource]:
        """What to take in to try again: the file, or the page as it is now."""
        # A page may be there now; a file that was kept is the same as before, and only its reader may have improved.
        return self.fetched(failure.origin) if is_web_address(failure.origin) else [failure.source]

    @needs(Permission.EDIT_ARTICLES)
    def dismiss_failures(self, origins: Sequence[str]) -> None:
        """Forgets what failed with these files and addresses."""
        self._engine.catalog.dismiss_failures(origins)

    def _fetched_all(self, addresses: Sequence[str]) -> tuple[list[IngestSource], list[Failure]]:
        """What these addresses hold, and what of it cannot be had."""
        sources, missed = list[IngestSource](), list[Failure]()
        for address in addresses:
            try:
                sources += self._fetched(address, {}, missed)
            # The other addresses are still fetched.
            except FetchError as error:
                missed.append(Failure(address, f"{error.message} {error.help}"))
        return sources, missed

    def _fetched(self, url: str, known: Mapping[str, str], missed: list[Failure] | None = None) -> list[IngestSource]:
        """The files at an address, kept, without those that have not changed; what cannot be had is kept as a failure."""
        from vectorstore.fetching import FetchedFile, fetched_articles

        sources = list[IngestSource]()
        for found in fetched_articles(url, self._engine.fetcher(), known):
            if not isinstance(found, FetchedFile):
                # Of an address that was asked for by itself, a failure is raised; of those that it names, it is kept and
                # listed.
                if missed is not None:
                    missed.append(found)
                if not found.taken:
                    failed = IngestSource(Path(), found.where, found.where)
                    self._engine.index(create=True).catalog.keep_failures(failed, [found])
            elif not found.unchanged:
                sources.append(fetched_source(self._engine.home, found))
        return sources

    def _prepare_other_languages(self) -> None:
        # Prepared here, where the user waits anyway, and not with the first foreign question.
        if (second := self._engine.second_vectors()) and second.has_foreign_articles():
            second.ready()


def fetched_source(home: "Home", found: "FetchedFile") -> IngestSource:
    """A file that was fetched, which is kept from now on, as something to take in."""
    # The address that was asked for stays the same where a redirect leads elsewhere one day.
    origin = found.said.get("asked", found.url)
    return _kept_source(home, found.name, found.data, origin, {"source": origin}, found.said)


def _kept_source(
    home: "Home",
    name: str,
    data: bytes,
    origin: str,
    fields: Mapping[str, str] | None = None,
    fetched: Mapping[str, str] | None = None,
) -> IngestSource:
    """A file that the home keeps, as something to take in."""
    from vectorstore.originals import keep_original

    path = keep_original(home, name, data)
    return IngestSource(path, path.name, origin, sha256(data).hexdigest(), fields or {}, fetched or {})


def _as_bar(progress: Progress) -> Callable[["IngestProgress"], None]:
    """The index's progress as the command line shows it."""

    def tell(at: "IngestProgress") -> None:
        """Passes on where the ingest is."""
        # An empty place is the end, after the last file.
        progress(f"Reading {at.where}" if at.where else "Done", at.files, at.of)

    return tell
