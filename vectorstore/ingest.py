"""Files -> articles -> the index. What is unchanged by its hash is not touched, and no text is embedded twice.

`Ingestor.take_in` is the whole story: each source is read, its articles are known again or given an id, split and embedded, and
then written. The writer's lock is held for the writing alone, so that other processes come in between, and whoever asks is
answered all the while. Memory holds one batch of chunks, and the ids and hashes of what is known. Vectors are kept as they are
made, before the articles that need them, so that a run that is cut off, even inside one article, goes on where it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vectorstore.article_writer import BATCH, FILL, LIMIT, REBUILT, ArticleWriter, chunked, manifest_of
from vectorstore.copies import signature
from vectorstore.curation import EDITABLE, edited, with_values
from vectorstore.encoding.embed import Encoder
from vectorstore.errors import ReadError, VectorstoreError
from vectorstore.identity import ArticleIdentities, is_file_origin, part_of
from vectorstore.index import Index
from vectorstore.ingest_run import (
    Cancelled,
    IngestProgress,
    IngestRun,
    ProgressCallback,
    ReportTally,
    SourceTally,
    WaitingArticle,
    never,
    notes_on,
)
from vectorstore.memory import give_back_memory
from vectorstore.planning import seen_now
from vectorstore.readers import read_as
from vectorstore.readers.files import left_out, printable
from vectorstore.readers.origins import absolute, is_missing, sources_under
from vectorstore.splitting.language import language_of
from vectorstore.storage.database import paged
from vectorstore.storage.records import ArticleOrigin, ChunkedArticle, KnownArticle
from vectorstore.types import Article, Chunk, Failure, IngestOutcome, IngestReport, IngestSource

__all__ = ["LIMIT", "IngestProgress", "Ingestor", "manifest_of"]

WAIT = 60.0
"""Seconds to wait for another process that is just writing; an ingest writes for a second at a time."""

TIDIED = 4096
"""Chunks after which memory that is free is given back to the system."""


class Ingestor:
    """Writes into one index with one encoder, and with a second one where the index has its vectors as well.

    The example in `vectorstore` ingests an article and finds it.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        *,
        second: Encoder | None = None,
        limit: int = LIMIT,
        fill: int | None = FILL,
        batch: int = BATCH,
        wait: float = WAIT,
    ) -> None:
        """A chunk has at most `limit` tokens, and paragraphs share one up to `fill`; `batch` chunks are embedded at once.

        Another process that is writing is waited for `wait` seconds, each time.
        """
        self._index = index
        self._catalog = index.catalog
        self._wait = wait
        self.writer = ArticleWriter(index, encoder, second, limit, fill, batch)

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        sources: Sequence[IngestSource] = (),
        prune: bool = False,
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Adds and updates the articles of these sources, files and folders; `prune` removes what is gone from the folders.

        Without `prune`, what is gone is only marked. Raises IndexBusy, IndexMismatch, EmbeddingError and CatalogError; what
        cannot be read is in the report instead.
        """
        loose, run = self._begin(progress)
        roots, tally = absolute(paths), ReportTally()
        found = [*sources, *(sources_under(roots, run.failed) if roots or not sources else ())]
        run.of = len(found)
        for one in self._taken(found, run, never):
            tally.count(one)
        with self._index.writing(self._wait):
            # Removing comes last: until everything is read, an article may still turn up in another file.
            gone = [id for id in run.identities if run.is_gone(id, roots)]
            removed = self.writer.remove(gone) if prune else []
            kept = [] if prune else self._marked(gone, run)
            self._catalog.forget_loose_vectors(sweep=loose)
        run.tell("")
        report = tally.report(run, removed, kept)
        return replace(report, notes=(*report.notes, *notes_on(self._index.unreachable)))

    def take_in(
        self, sources: Sequence[IngestSource], progress: ProgressCallback | None = None, cancelled: Cancelled = never
    ) -> Iterator[IngestOutcome]:
        """Adds and updates the articles of these sources, and tells of each source when it is written, in their order.

        `cancelled` is asked between articles and batches: what is written by then stays, and the rest is told as "cancelled".
        Raises what `ingest` does.
        """
        loose, run = self._begin(progress)
        run.of = len(sources)
        for one in self._taken(sources, run, cancelled):
            yield one.outcome()
        with self._index.writing(self._wait):
            # Only files can be gone: an address that does not answer today may answer tomorrow.
            files = [one.path for one in sources if is_file_origin(one.origin)]
            self._marked([id for one in sources for id in run.identities.of_origin(one.origin) if run.is_gone(id, files)], run)
            self._catalog.forget_loose_vectors(sweep=loose)
        run.tell("")

    def mark_gone(self, paths: Sequence[Path]) -> list[str]:
        """Marks the articles of files that are not there any more: those under these paths, be they there or not."""
        run, roots = self._new_run(None), absolute(paths)
        origins = ((id, Path(known.origin)) for id in run.identities if (known := run.identities.get(id)) and known.origin)
        under = (id for id, origin in origins if any(origin.is_relative_to(printable(root)) for root in roots))
        gone = [id for id in under if (known := run.identities.get(id)) and not known.gone and is_missing(known.origin)]
        if gone:
            with self._index.writing(self._wait):
                self._marked(gone, run)
        return gone

    def remove(self, ids: Sequence[str]) -> IngestReport:
        """Removes articles by their ids, for good."""
        with self._index.writing(self._wait):
            known = self._catalog.known_articles()
            found = self.writer.remove([id for id in dict.fromkeys(ids) if id in known])
        failed = tuple(Failure(id, "There is no article with this id.") for id in ids if id not in known)
        return IngestReport(removed=tuple(found), failed=failed)

    def rebuild(self, progress: ProgressCallback | None = None) -> IngestReport:
        """Makes the whole index anew from the stored articles with the encoder and chunker in force.

        Until all is embedded, searching goes on with what there was; texts that have their vectors keep them.
        """
        with self._index.writing(self._wait):
            run = self._new_run(progress)
            run.of = len(list(run.identities))
            # The articles are cut twice: once to embed what is new, and once to write, so that memory never holds them all.
            waiting: list[ChunkedArticle] = []
            for entry in self._restored(run):
                waiting.append(entry)
                run.chunks += len(entry.chunks)
                if sum(len(one.chunks) for one in waiting) >= self.writer.batch:
                    self.writer.embed(waiting, run, never)
                    waiting = []
            self.writer.embed(waiting, run, never)
            self._catalog.replace_all(paged(self._restored(run), REBUILT), self.writer.manifest)
            self._catalog.forget_loose_vectors(sweep=True)
        tally = ReportTally(changed=list(run.identities))
        return tally.report(run)

    # From sources to waiting articles

    def _begin(self, progress: ProgressCallback | None) -> tuple[bool, IngestRun]:
        """A new run, and whether vectors were kept ahead by one that was cut off."""
        with self._index.writing(self._wait):
            found = self._catalog.manifest()
            # An empty index may be made otherwise than before: nothing in it has to be kept.
            if found is not None and self._catalog.counts()[0]:
                found.check(self.writer.manifest)
            if found != self.writer.manifest:
                self._catalog.set_manifest(self.writer.manifest)
            return self._catalog.has_loose_vectors(), self._new_run(progress)

    def _new_run(self, progress: ProgressCallback | None) -> IngestRun:
        # The number first: whatever changes while the articles are listed is then looked at again.
        generation = self._catalog.generation()
        failing = {one.origin for one in self._catalog.failures()}
        return IngestRun(self._identities(), progress, generation, failing)

    def _identities(self) -> ArticleIdentities:
        return ArticleIdentities(self._catalog.known_articles(), self._catalog.trash_origins())

    def _taken(self, sources: Sequence[IngestSource], run: IngestRun, cancelled: Cancelled) -> Iterator[SourceTally]:
        """Takes in the sources one by one, and gives each as soon as all of it is written."""
        for source in sources:
            tally = SourceTally(source, cancelled=cancelled())
            run.tallies.append(tally)
            # Folders may overlap, and a file may be named twice: it is read once, and told of each time.
            first = run.met.setdefault((source.origin, source.original), tally)
            if first is not tally:
                tally.repeated, tally.unchanged = True, [*first.added, *first.changed, *first.unchanged]
            elif not tally.cancelled:
                self._take(tally, run, cancelled)
            if run.is_due:
                self._flush(run, cancelled)
            yield from run.settled()
        self._flush(run, cancelled)
        yield from run.settled()

    def _take(self, tally: SourceTally, run: IngestRun, cancelled: Cancelled) -> None:
        """Reads one source, and takes in what is new of it."""
        source = tally.source
        run.files += 1
        run.tell(source.origin)
        self._follow(run)
        for item in read_as(source.path, source.id):
            if cancelled():
                tally.cancelled = True
                return
            if isinstance(item, Failure):
                tally.failures.append(item)
            else:
                self._meet(item, tally, run, cancelled)
        if tally.left_out or source.origin in run.failing:
            run.attempted.append(tally)
        # A file of which something was left out may still hold an article that was not met, so `prune` must not remove that.
        run.read_whole[source.origin] = not tally.left_out

    def _meet(self, read: Article, tally: SourceTally, run: IngestRun, cancelled: Cancelled) -> None:
        """Sorts an article in, and lets it wait for its vectors if it is new or has changed."""
        source = tally.source
        article = _with_source(read, source)
        try:
            article = replace(article, id=run.identities.id_of(article, source, run.seen))
        except ReadError as error:
            tally.failures.append(Failure(read.id, error.message))
            return
        old = run.identities.get(article.id)
        # The language counts beside the text: where the source names another one now, the text is split anew.
        if old is not None and old.hash == article.hash and self._same_language(article, old):
            run.seen.add(article.id)
            tally.unchanged.append(article.id)
            _note_unchanged(article, old, source, run)
            return
        part = part_of(read.id, source)
        try:
            one = self._waiting(article, old, ArticleOrigin(article.hash, part, fetched=_seen_of(source)), tally)
        except VectorstoreError:
            raise
        except Exception as error:  # whatever one article holds, the others go in
            tally.failures.append(Failure(article.id, left_out(error, "article")))
            return
        if old is not None and old.gone:
            run.returned.append(article.id)
        run.seen.add(article.id)
        (tally.added if old is None else tally.changed).append(article.id)
        tally.waiting += 1
        run.waiting.append(one)
        run.chunks += len(one.entry.chunks)
        if run.size >= self.writer.batch:
            self._flush(run, cancelled)

    def _waiting(self, article: Article, old: KnownArticle | None, origin: ArticleOrigin, tally: SourceTally) -> WaitingArticle:
        """The article with its language, a person's edits and its chunks, of which an archived one has none."""
        article = replace(article, language=article.language or language_of(article.text))
        shown, edits = edited(article, self._catalog.edits(article.id) if old else {})
        origin = replace(origin, signature=signature(shown.text).packed())
        # An archived article is kept up to date and has no chunks, so the search cannot find it.
        entry = ChunkedArticle(shown, (), (), origin) if old and old.archived else self.writer.split(shown, origin)
        return WaitingArticle(entry, tally, old is None, edits)

    def _same_language(self, article: Article, old: KnownArticle) -> bool:
        if article.language in ("", old.language):
            return True
        return edited(article, self._catalog.edits(article.id))[0].language == old.language

    # From waiting articles to the index

    def _flush(self, run: IngestRun, cancelled: Cancelled = never) -> None:
        """Embeds what waits, and writes it."""
        # The order is what makes a kill harmless: vectors, then articles with their chunks, then the derived indexes.
        if not self.writer.embed([one.entry for one in run.waiting], run, cancelled):
            run.give_up()
        if not run.has_news:
            return
        with self._index.writing(self._wait):
            # Another process may have written since these articles were read.
            self._settle(run)
            entries = [one.entry for one in run.waiting]
            self.writer.embed(entries, run, never)
            self._write(run, entries)
        run.clear()
        run.generation = self._catalog.generation()
        if run.chunks - run.tidied > TIDIED:
            give_back_memory()
            run.tidied = run.chunks

    def _write(self, run: IngestRun, entries: Sequence[ChunkedArticle]) -> None:
        """Writes all that a run has to say. Hold the writer's lock."""
        if entries:
            run.copies = run.copies or self.writer.copy_finder()
            self._catalog.store(entries)
            self.writer.regroup(entries, run.copies)
        for one in run.waiting:
            if one.edits:
                self._catalog.set_fields(one.entry.article.id, {}, one.edits)
        for id, origin in run.relocated.items():
            self._catalog.set_origin(id, origin)
        if run.returned:
            self._catalog.mark_gone(run.returned, False)
        self._catalog.set_fetched(run.said)
        for tally in run.attempted:
            self._catalog.keep_failures(tally.source, tally.left_out)
        for entry in entries:
            article, read, old = entry.article, entry.origin, run.identities.get(entry.article.id)
            now = KnownArticle(read.read_hash, article.origin, article.language, article.original, read.part)
            run.identities.put(article.id, now._replace(archived=bool(old and old.archived)))

    def _settle(self, run: IngestRun) -> None:
        """Gives a new article another id where somebody else has taken its own meanwhile. Hold the writer's lock."""
        if not self._follow(run):
            return
        settled = []
        for one in run.waiting:
            entry, article = one.entry, one.entry.article
            if one.new and entry.origin.part and run.identities.get(article.id) is not None:
                source, part = one.tally.source, entry.origin.part
                run.seen.discard(article.id)
                read = replace(article, id=source.id if part == 1 else f"{source.id}#{part}")
                article = replace(article, id=run.identities.id_of(read, source, run.seen))
                one.tally.added[one.tally.added.index(entry.article.id)] = article.id
                run.seen.add(article.id)
            settled.append(replace(one, entry=replace(entry, article=article)))
        run.waiting = settled

    def _follow(self, run: IngestRun) -> bool:
        """Takes in what other processes have written since, and says whether they have."""
        generation = self._catalog.generation()
        if generation == run.generation:
            return False
        run.identities, run.copies, run.generation = self._identities(), None, generation
        return True

    def _marked(self, gone: Sequence[str], run: IngestRun) -> list[str]:
        """Marks articles whose files are not there any more. Hold the writer's lock."""
        if new := [id for id in gone if (known := run.identities.get(id)) and not known.gone]:
            self._catalog.mark_gone(new, True)
        return list(gone)

    def _restored(self, run: IngestRun) -> Iterator[ChunkedArticle]:
        """All stored articles with their chunks as they would be cut now."""
        made = self._catalog.manifest()
        same = made is not None and made.splitter == self.writer.manifest.splitter
        for number, id in enumerate(run.identities, 1):
            article, known = self._catalog.article(id), run.identities.get(id)
            if article is None or known is None:
                continue
            article = replace(article, language=article.language or language_of(article.text))
            origin = ArticleOrigin(known.hash, known.part, signature(article.text).packed())
            run.files = number
            run.seen.add(id)
            if known.archived:
                yield ChunkedArticle(article, (), (), origin)
            elif same:
                stored = self._catalog.chunks_of(id)
                chunks = [Chunk(one.start, one.end, one.text, one.sentences) for one in stored]
                yield chunked(article, chunks, origin)
            else:
                yield self.writer.split(article, origin)


def _with_source(article: Article, source: IngestSource) -> Article:
    """The article with what is known of its source; fields that no article has become metadata."""
    article = with_values(article, {name: value for name, value in source.fields.items() if value})
    extra = {name: value for name, value in source.fields.items() if value and name not in EDITABLE}
    original = source.original or article.original
    return replace(article, origin=source.origin, original=original, metadata={**article.metadata, **extra})


def _note_unchanged(article: Article, old: KnownArticle, source: IngestSource, run: IngestRun) -> None:
    """Notes what is new of an article that says what it said."""
    # The same article in another place: only where it comes from has changed.
    if old.origin != source.origin and (not is_file_origin(old.origin) or is_missing(old.origin)):
        run.relocated[article.id] = source.origin
        run.identities.put(article.id, old._replace(origin=source.origin))
    if old.gone:
        run.returned.append(article.id)
    if said := source.fetched or (_seen_of(source) if article.id in run.relocated else {}):
        run.said[article.id] = said


def _seen_of(source: IngestSource) -> Mapping[str, str]:
    """What is kept of a source, to tell later whether it has changed: the web server's words, or the file's size and time."""
    return source.fetched if source.fetched or not is_file_origin(source.origin) else seen_now(source.path)
