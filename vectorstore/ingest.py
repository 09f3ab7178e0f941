"""Folders and files -> articles -> the index. What is unchanged by its hash is not touched, and no text is embedded twice.

`Ingestor.ingest` is the whole story. Articles stream through: memory holds one batch of chunks, and the ids and hashes of what
is known. Vectors are kept as they are made, before the articles that need them, so that a run that is cut off, even inside one
article, goes on where it was.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from vectorstore.encoding.embed import Encoder
from vectorstore.errors import EmbeddingError, VectorstoreError
from vectorstore.index import Index
from vectorstore.readers import read
from vectorstore.readers.files import left_out, printable
from vectorstore.readers.origins import absolute, files_under, is_another_file, is_missing, is_under
from vectorstore.searching.folding import FOLDING_VERSION
from vectorstore.splitting.language import language_of
from vectorstore.splitting.split import SPLITTER_VERSION, split
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import paged
from vectorstore.storage.records import ChunkedArticle, KnownArticle, Manifest, packed_vector
from vectorstore.types import Article, Chunk, Failure, IngestReport

LIMIT = 200
"""Tokens of a chunk at most."""
FILL = 100
"""Tokens up to which neighbouring paragraphs share a chunk; see the measurements in docs/ranking.md."""
BATCH = 128
"""Chunks that are embedded and kept at once: what a kill can cost, one to two seconds of work."""
REBUILT = 50
"""Articles that a rebuild writes at once."""
EMBEDDED_VERSION = "1"
"""Part of the manifest: change it whenever something else than the chunk's text is embedded."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest is: files begun of all, articles met, texts embedded; and what it is at."""

    files: int
    of: int
    articles: int
    embedded: int
    where: str


ProgressCallback = Callable[[IngestProgress], None]


def manifest_of(encoder: Encoder, limit: int = LIMIT, fill: int | None = FILL) -> Manifest:
    """What an index is made with by this encoder and chunks of this size; for `Manifest.check`."""
    size = f"{limit} tokens" if fill is None else f"{limit} tokens, filled to {fill}"
    splitter = f"version {SPLITTER_VERSION} at {size}"
    return Manifest(encoder.fingerprint, encoder.dimension, splitter, EMBEDDED_VERSION, FOLDING_VERSION)


def embed(catalog: Catalog, encoder: Encoder, texts: Mapping[bytes, str]) -> None:
    """Makes the vectors of texts, by their hashes, and keeps them; raises EmbeddingError where they are not as promised."""
    encoded = encoder.encode(list(texts.values()))
    sizes = {one.vector.shape for one in encoded}
    if len(encoded) != len(texts) or sizes != {(encoder.dimension,)}:
        told = f"{len(encoded)} vectors of shape {sizes} for {len(texts)} texts"
        raise EmbeddingError(f"The embedding model gave {told}; {encoder.dimension} dimensions were expected.")
    rows = ((key, packed_vector(one.vector), one.late) for key, one in zip(texts, encoded, strict=True))
    catalog.save_vectors(encoder.fingerprint, rows)


@dataclass(slots=True)
class _IngestRun:
    """What one ingest has met so far, and the articles that wait for their vectors."""

    known: dict[str, KnownArticle]
    callback: ProgressCallback | None
    started: float = field(default_factory=time.perf_counter)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    read_whole: dict[str, bool] = field(default_factory=dict)
    """Files by their origins, and whether nothing in them was left out."""
    waiting: list[ChunkedArticle] = field(default_factory=list)
    unapplied: int = 0
    """Chunks that are stored and have yet to reach the derived indexes."""
    chunks: int = 0
    embedded: int = 0
    files: int = 0
    of: int = 0

    @property
    def size(self) -> int:
        """The number of chunks that wait."""
        return sum(len(entry.chunks) for entry in self.waiting)

    def tell(self, where: str) -> None:
        """Reports the progress."""
        if self.callback:
            self.callback(IngestProgress(self.files, self.of, len(self.seen), self.embedded, where))

    def refusal(self, article: Article) -> str:
        """Why an article cannot be taken in under its id, or ""."""
        old = self.known.get(article.id)
        if article.id in self.seen:
            told = f"Another article of this run has the same id; this one, in {article.origin}, was left out."
            return f"{told} Give it its own id."
        if old is not None and old.hash != article.hash and is_another_file(old.origin, article.origin):
            told = f"The article of this id comes from {old.origin}, which is still there;"
            return f"{told} the one in {article.origin} was left out."
        return ""

    def is_gone(self, article: str, roots: Sequence[Path]) -> bool:
        """Whether an article that was not met is gone from the given folders, for certain."""
        origin = self.known[article].origin
        if article in self.seen or not origin or not any(is_under(origin, root) for root in roots):
            return False
        whole = self.read_whole.get(origin)
        return is_missing(origin) if whole is None else whole

    def report(self) -> IngestReport:
        """What became of it all."""
        added, changed, unchanged, removed = map(tuple, (self.added, self.changed, self.unchanged, self.removed))
        seconds = time.perf_counter() - self.started
        return IngestReport(added, changed, unchanged, removed, tuple(self.failed), self.embedded, self.chunks, seconds)


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
    ) -> None:
        """A chunk has at most `limit` tokens, and paragraphs share one up to `fill`; `batch` chunks are embedded at once."""
        self._index = index
        self._catalog = index.catalog
        self._encoder = encoder
        self._second = second
        self._limit = limit
        self._fill = fill
        self._batch = batch
        self._manifest = manifest_of(encoder, limit, fill)

    def ingest(self, paths: Sequence[Path], *, prune: bool = False, progress: ProgressCallback | None = None) -> IngestReport:
        """Adds and updates the articles of these files and folders; `prune` removes what is gone from them.

        Raises IndexBusy, IndexMismatch, EmbeddingError and CatalogError; what cannot be read is in the report instead.
        """
        with self._index.writing():
            self._agree()
            loose = self._catalog.has_loose_vectors()
            run = _IngestRun(self._catalog.known_articles(), progress)
            roots = absolute(paths)
            files = list(files_under(roots, run.failed))
            run.of = len(files)
            for file, root in files:
                self._take(file, root, run)
            # Removing comes last: until everything is read, an article may still turn up in another file.
            self._flush(run)
            if prune:
                run.removed = [article for article in run.known if run.is_gone(article, roots)]
                self._catalog.remove(run.removed)
            self._catalog.forget_loose_vectors(sweep=loose)
        run.tell("")
        return run.report()

    def remove(self, ids: Sequence[str]) -> IngestReport:
        """Removes articles by their ids."""
        with self._index.writing():
            known = self._catalog.known_articles()
            found = [article for article in dict.fromkeys(ids) if article in known]
            self._catalog.remove(found)
        failed = tuple(Failure(article, "There is no article with this id.") for article in ids if article not in known)
        return IngestReport(removed=tuple(found), failed=failed)

    def rebuild(self, progress: ProgressCallback | None = None) -> IngestReport:
        """Makes the whole index anew from the stored articles with the encoder and chunker in force.

        Until all is embedded, searching goes on with what there was; texts that have their vectors keep them.
        """
        with self._index.writing():
            run = _IngestRun(self._catalog.known_articles(), progress)
            run.of = len(run.known)
            # The articles are cut twice: once to embed what is new, and once to write, so that memory never holds them all.
            for entry in self._restored(run):
                run.waiting.append(entry)
                run.chunks += len(entry.chunks)
                if run.size >= self._batch:
                    self._embed(run)
            self._embed(run)
            self._catalog.replace_all(paged(self._restored(run), REBUILT), self._manifest)
            self._catalog.forget_loose_vectors(sweep=True)
        run.changed = list(run.known)
        return run.report()

    def _agree(self) -> None:
        """Refuses an index that was made otherwise; an empty one is made as things are now."""
        found = self._catalog.manifest()
        if found is not None and self._catalog.counts()[0]:
            found.check(self._manifest)
        # An empty index may be made otherwise than before: nothing in it has to be kept.
        if found != self._manifest:
            self._catalog.set_manifest(self._manifest)

    def _take(self, file: Path, root: Path, run: _IngestRun) -> None:
        """Reads one file, and takes in what is new of it."""
        run.files += 1
        run.tell(str(file))
        whole = True
        for item in read(file, root):
            if isinstance(item, Failure):
                run.failed.append(item)
                whole = False
            else:
                whole &= self._meet(item, run)
        # A file of which something was left out may still hold an article that was not met, so `prune` must not remove that.
        run.read_whole[printable(file.absolute())] = whole

    def _meet(self, article: Article, run: _IngestRun) -> bool:
        """Sorts an article in and writes it down if it is new; False where it is refused."""
        old = run.known.get(article.id)
        if reason := run.refusal(article):
            run.failed.append(Failure(article.id, reason))
            return False
        if old is not None and old.hash == article.hash and article.language in ("", old.language):
            run.seen.add(article.id)
            run.unchanged.append(article.id)
            # The same article in another place: only where it comes from has changed.
            if old.origin != article.origin:
                self._catalog.set_origin(article.id, article.origin)
            return True
        try:
            entry = self._split(replace(article, language=article.language or language_of(article.text)))
        except VectorstoreError:
            raise
        except Exception as error:  # whatever one article holds, the others go in
            run.failed.append(Failure(article.id, left_out(error, "article")))
            return False
        run.seen.add(article.id)
        (run.added if old is None else run.changed).append(article.id)
        run.waiting.append(entry)
        run.chunks += len(entry.chunks)
        if run.size >= self._batch:
            self._flush(run)
        return True

    def _split(self, article: Article) -> ChunkedArticle:
        return _chunked(article, split(article.text, self._limit, self._encoder.count_tokens, self._fill, article.language))

    def _flush(self, run: _IngestRun) -> None:
        """Embeds and stores what is waiting; now and then the derived indexes follow."""
        # The order is what makes a kill harmless: vectors, then articles with their chunks, then the derived indexes.
        entries = run.waiting
        run.unapplied += run.size
        self._embed(run)
        if entries:
            self._catalog.store(entries)
        if run.unapplied >= self._index.page:
            self._index.catch_up()
            run.unapplied = 0

    def _embed(self, run: _IngestRun) -> None:
        """Makes and keeps the vectors that what is waiting lacks, a batch at a time."""
        texts = {key: chunk.text for entry in run.waiting for chunk, key in zip(entry.chunks, entry.hashes, strict=True)}
        for encoder in self._encoders():
            # By length, so that a batch holds texts of about one length and little of it is padding.
            missing = sorted(self._catalog.missing(encoder.fingerprint, texts), key=lambda key: (len(texts[key]), key))
            for page in paged(missing, self._batch):
                run.tell(run.waiting[-1].article.title)
                embed(self._catalog, encoder, {key: texts[key] for key in page})
                run.embedded += len(page) * (encoder is self._encoder)
        run.waiting = []

    def _encoders(self) -> list[Encoder]:
        """The encoder, and the second one where the index has a set of its vectors or is just getting one."""
        second = self._second
        return [self._encoder, second] if second and self._catalog.multilingual() == second.fingerprint else [self._encoder]

    def _restored(self, run: _IngestRun) -> Iterator[ChunkedArticle]:
        """All stored articles with their chunks as they would be cut now."""
        made = self._catalog.manifest()
        same = made is not None and made.splitter == self._manifest.splitter
        for number, article_id in enumerate(run.known, 1):
            article = self._catalog.article(article_id)
            if article is None:
                continue
            article = replace(article, language=article.language or language_of(article.text))
            run.files = number
            run.seen.add(article_id)
            if same:
                stored = self._catalog.chunks_of(article_id)
                yield _chunked(article, [Chunk(one.start, one.end, one.text, one.sentences) for one in stored])
            else:
                yield self._split(article)


def _chunked(article: Article, chunks: Sequence[Chunk]) -> ChunkedArticle:
    """The article with its chunks, and the keys of their vectors: 16 bytes of each text's hash."""
    return ChunkedArticle(article, chunks, [blake2b(chunk.text.encode("utf-8"), digest_size=16).digest() for chunk in chunks])
