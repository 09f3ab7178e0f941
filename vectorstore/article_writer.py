"""Articles -> the index: split, embedded, stored, and compared with the others for copies.

Vectors are made without the writer's lock, as that is what takes long; what is written is written under it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from vectorstore.copies import CopyFinder, CopySignature, signature
from vectorstore.encoding.embed import Encoder
from vectorstore.errors import EmbeddingError
from vectorstore.index import Index
from vectorstore.ingest_run import Cancelled, IngestRun, never
from vectorstore.originals import drop_originals
from vectorstore.searching.folding import FOLDING_VERSION
from vectorstore.splitting.split import SPLITTER_VERSION, split
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import paged
from vectorstore.storage.records import ArticleOrigin, ChunkedArticle, Manifest, packed_vector
from vectorstore.types import Article, Chunk

LIMIT = 200
"""Tokens of a chunk at most."""
FILL = 100
"""Tokens up to which neighbouring paragraphs share a chunk; see the measurements in docs/ranking.md."""
BATCH = 128
"""Chunks that are embedded and kept at once: what a kill can cost, one to two seconds of work."""
REBUILT = 50
"""Articles whose texts are read and written at once, where all are."""
EMBEDDED_VERSION = "1"
"""Part of the manifest: change it whenever something else than the chunk's text is embedded."""


def manifest_of(encoder: Encoder, limit: int = LIMIT, fill: int | None = FILL) -> Manifest:
    """What an index is made with by this encoder and chunks of this size; for `Manifest.check`."""
    size = f"{limit} tokens" if fill is None else f"{limit} tokens, filled to {fill}"
    splitter = f"version {SPLITTER_VERSION} at {size}"
    return Manifest(encoder.fingerprint, encoder.dimension, splitter, EMBEDDED_VERSION, FOLDING_VERSION)


def save_vectors(catalog: Catalog, encoder: Encoder, texts: Mapping[bytes, str]) -> None:
    """Makes the vectors of texts, by their hashes, and keeps them; raises EmbeddingError where they are not as promised."""
    encoded = encoder.encode(list(texts.values()))
    sizes = {one.vector.shape for one in encoded}
    if len(encoded) != len(texts) or sizes != {(encoder.dimension,)}:
        told = f"{len(encoded)} vectors of shape {sizes} for {len(texts)} texts"
        raise EmbeddingError(f"The embedding model gave {told}; {encoder.dimension} dimensions were expected.")
    rows = ((key, packed_vector(one.vector), one.late) for key, one in zip(texts, encoded, strict=True))
    catalog.save_vectors(encoder.fingerprint, rows)


class ArticleWriter:
    """Prepares articles for one index, and writes them there; a second encoder serves where the index has its vectors, too.

    `Ingestor.writer` is one; the example of `vectorstore.curation.ArticleCurator` uses it.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        second: Encoder | None = None,
        limit: int = LIMIT,
        fill: int | None = FILL,
        batch: int = BATCH,
    ) -> None:
        """A chunk has at most `limit` tokens, and paragraphs share one up to `fill`; `batch` chunks are embedded at once."""
        self.manifest = manifest_of(encoder, limit, fill)
        self.batch = batch
        self._index = index
        self._catalog = index.catalog
        self._encoder = encoder
        self._second = second
        self._limit = limit
        self._fill = fill

    def split(self, article: Article, origin: ArticleOrigin) -> ChunkedArticle:
        """The article with its chunks."""
        chunks = split(article.text, self._limit, self._encoder.count_tokens, self._fill, article.language)
        return chunked(article, chunks, origin)

    def prepare(self, article: Article, origin: ArticleOrigin, *, without_chunks: bool = False) -> ChunkedArticle:
        """The article as it goes into the catalog; its vectors are kept there already. Raises EmbeddingError."""
        origin = replace(origin, signature=signature(article.text).packed())
        entry = ChunkedArticle(article, (), (), origin) if without_chunks else self.split(article, origin)
        self.embed_missing([entry])
        return entry

    def embed_missing(self, entries: Sequence[ChunkedArticle]) -> None:
        """Makes and keeps the vectors that these articles lack, which a writer in between may have swept away."""
        self.embed(entries, None, never)

    def regroup(self, entries: Sequence[ChunkedArticle], finder: CopyFinder | None = None) -> None:
        """Looks for copies of articles that were written. Hold the writer's lock."""
        finder = finder or self.copy_finder()
        changes: dict[str, str] = {}
        for entry in entries:
            if known := CopySignature.unpacked(entry.origin.signature):
                changes |= finder.add(entry.article.id, known)
        self._catalog.set_variants(changes)

    def ungroup(self, ids: Sequence[str]) -> None:
        """Gives the copies of articles that are about to be removed another original. Hold the writer's lock."""
        if self._catalog.variants():
            self._catalog.set_variants(self.copy_finder().forget(ids))

    def embed(self, entries: Sequence[ChunkedArticle], run: IngestRun | None, cancelled: Cancelled) -> bool:
        """Makes and keeps the vectors that these articles lack, a batch at a time; False where that was cancelled."""
        texts = {key: chunk.text for entry in entries for chunk, key in zip(entry.chunks, entry.hashes, strict=True)}
        for encoder in self._encoders() if texts else ():
            # By length, so that a batch holds texts of about one length and little of it is padding.
            missing = sorted(self._catalog.missing(encoder.fingerprint, texts), key=lambda key: (len(texts[key]), key))
            for page in paged(missing, self.batch):
                if cancelled():
                    return False
                if run:
                    run.tell(entries[-1].article.title)
                    # A text counts once, also where it gets two vectors.
                    run.embedded += len(page) * (encoder is self._encoder)
                save_vectors(self._catalog, encoder, {key: texts[key] for key in page})
        return True

    def _encoders(self) -> list[Encoder]:
        """The encoder, and the second one where the index has a set of its vectors or is just getting one."""
        second = self._second
        return [self._encoder, second] if second and self._catalog.multilingual() == second.fingerprint else [self._encoder]

    def copy_finder(self) -> CopyFinder:
        """The signatures of all articles; those of an older home are made now. Hold the writer's lock."""

        def text(id: str) -> str:
            """The text of an article, or nothing where it is gone meanwhile."""
            article = self._catalog.article(id)
            return article.text if article else ""

        finder, unsigned = CopyFinder(text, self._catalog.variants()), list[str]()
        # They come with the oldest first, which makes it the original of its copies.
        for id, packed, _ in self._catalog.signatures():
            if known := CopySignature.unpacked(packed):
                finder.know(id, known)
            else:
                unsigned.append(id)
        changes: dict[str, str] = {}
        for page in paged(unsigned, REBUILT):
            made = {id: signature(text(id)) for id in page}
            self._catalog.set_signatures({id: one.packed() for id, one in made.items()})
            for id, one in made.items():
                changes |= finder.add(id, one)
        self._catalog.set_variants(changes)
        return finder

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Removes articles with the files that were kept for them. Hold the writer's lock."""
        if ids:
            known = self._catalog.known_articles()
            originals = {known[id].original for id in ids}
            self.ungroup(ids)
            self._catalog.remove(ids)
            drop_originals(self._index.home, originals - self._catalog.originals())
        return list(ids)


def chunked(article: Article, chunks: Sequence[Chunk], origin: ArticleOrigin) -> ChunkedArticle:
    """The article with its chunks, and the keys of their vectors: 16 bytes of each text's hash."""
    hashes = [blake2b(chunk.text.encode("utf-8"), digest_size=16).digest() for chunk in chunks]
    return ChunkedArticle(article, chunks, hashes, origin)
