"""The lexical index: BM25 by tantivy, on disk, incremental. The only importer of tantivy.

Texts come in as terms (see `folding`), so tantivy only has to part them at spaces; a question is never parsed as query syntax.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy

from vectorstore.errors import IndexDamaged
from vectorstore.searching.folding import terms
from vectorstore.searching.ranking import Numbers, RankedArrays, best, best_among
from vectorstore.storage.home import copied, is_read_only

HEAP = 64_000_000
"""Bytes that the writer may fill before it writes a segment."""

FILTERED = 1500
"""Chunks that tantivy is told to keep to, in 7 ms; more than so many are quicker picked out of a longer list of hits."""

_WORDS, _GRAMS, _CHUNK = "words", "grams", "chunk"


class LexicalIndex:
    """The lexical index in a folder. Threads may share it; the caller sees to it that only one process writes.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     index = LexicalIndex(Path(folder))
    ...     index.apply([(1, "The bridge was opened."), (2, "Herons nest there.")], removed=[])
    ...     [number for number, score in index.query([("Who opens bridges?", 1.0)], 5)]
    [1]
    """

    def __init__(self, folder: Path) -> None:
        """Opens the index in `folder`, or makes it; raises IndexDamaged."""
        self._folder = folder
        self._lock = threading.Lock()
        self._copy: TemporaryDirectory[str] | None = None
        with self._translated_errors("cannot be opened"):
            if is_read_only(folder):
                self._copy = copied(folder)
                folder = Path(self._copy.name) / "folder"
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
            # Reloaded by hand: what is written becomes visible with `apply` and `reopen`, not at some moment in between.
            self._index.config_reader("manual")
            self._index.reload()

    def apply(self, added: Iterable[tuple[int, str]], removed: Iterable[int]) -> None:
        """Adds texts by chunk id, in the place of what they had, and removes chunks; in one commit. Repeating is harmless."""
        with self._translated_errors("cannot be written"), self._lock:
            adding = list(added)
            # One thread: several would write several segments, and each search reads them all.
            writer = self._index.writer(HEAP, 1)
            # By query: a deletion by term takes the number for a signed one and finds nothing.
            old = [number for number, _ in adding] + list(removed)
            writer.delete_documents_by_query(tantivy.Query.term_set_query(self._index.schema, _CHUNK, old))
            for number, text in adding:
                writer.add_document(_document(number, text))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def query(self, parts: Sequence[tuple[str, float]], k: int, among: Numbers | None = None) -> list[tuple[int, float]]:
        """The `k` best chunks with their BM25 scores, best first, for texts with weights; [] if no word is left to look for.

        With `among`, ascending, only chunks with these numbers; their scores are the same as without.
        """
        weights = _weights(parts)
        if not weights or k < 1:
            return []
        with self._translated_errors("cannot be searched"):
            clauses = [(tantivy.Occur.Should, self._clause(field, term, weight)) for (field, term), weight in weights.items()]
            searcher, query = self._index.searcher(), tantivy.Query.boolean_query(clauses)
            # A long list of numbers costs tantivy more than to look deeper into its own ranking.
            if among is not None and len(among) > FILTERED:
                hits = best_among(lambda depth: _best(searcher, query, depth), k, among, searcher.num_docs)
            else:
                hits = _best(searcher, query if among is None else self._kept_to(query, among), k)
        return best(*hits, k) if hits else []

    def near(self, term: str, k: int) -> list[int] | None:
        """At most `k` chunks with terms at most two letters away from this one; None where a chunk holds the term itself."""
        with self._translated_errors("cannot be searched"):
            searcher = self._index.searcher()
            # A word that stands in the articles is taken to be spelt right.
            if searcher.doc_freq(_WORDS, term):
                return None
            # Two letters that have changed places count as one mistake, as they do to whoever types.
            query = tantivy.Query.fuzzy_term_query(self._index.schema, _WORDS, term, distance=2, transposition_cost_one=True)
            return [int(number) for number in _best(searcher, query, k)[0]]

    def containing(self, terms: Sequence[str]) -> Numbers:
        """The chunks that hold all these terms, as `folding.terms` gives them, ascending."""
        with self._translated_errors("cannot be searched"):
            searcher, schema = self._index.searcher(), self._index.schema
            # The rarest term says how many chunks can have them all; without it there are none.
            held = min((searcher.doc_freq(_WORDS, term) for term in terms), default=0)
            if not held:
                return np.zeros(0, np.int64)
            # "basic": whether a chunk has the term, and not how often.
            each = [(tantivy.Occur.Must, tantivy.Query.term_query(schema, _WORDS, term, "basic")) for term in terms]
            return np.sort(_best(searcher, tantivy.Query.const_score_query(tantivy.Query.boolean_query(each), 1.0), held)[0])

    def count(self) -> int:
        """The number of chunks that can be found."""
        return int(self._index.searcher().num_docs)

    def reopen(self) -> None:
        """Sees what another process has committed."""
        with self._translated_errors("cannot be opened"):
            self._index.reload()

    def close(self) -> None:
        """Removes the copy of a folder that may not be written; else, no file is held open between calls but for reading."""
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _clause(self, field: str, term: str, weight: float) -> tantivy.Query:
        # A term's frequency matters to BM25, its positions do not.
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, field, term, "freq"), weight)

    def _kept_to(self, query: tantivy.Query, among: Numbers) -> tantivy.Query:
        """The query for chunks with these numbers alone, which add nothing to the scores."""
        listed = tantivy.Query.term_set_query(self._index.schema, _CHUNK, among.tolist())
        silent = tantivy.Query.const_score_query(listed, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, silent)])

    @contextmanager
    def _translated_errors(self, what: str) -> Iterator[None]:
        """Turns tantivy's errors into ours."""
        try:
            yield
        except (ValueError, OSError, RuntimeError) as error:
            raise IndexDamaged(f"The lexical index in {self._folder} {what}: {error}.") from error


def _best(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> RankedArrays:
    """The numbers and scores of the `k` best, best first."""
    hits = searcher.search(query, k, count=False).hits
    numbers = searcher.fast_field_values(_CHUNK, [address for _, address in hits])
    found = [(number, score) for (score, _), number in zip(hits, numbers, strict=True) if number is not None]
    return np.array([number for number, _ in found], np.int64), np.array([score for _, score in found], np.float64)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # As a column of numbers, from which those of many hits are read at once.
    builder.add_unsigned_field(_CHUNK, stored=False, indexed=True, fast=True)
    builder.add_text_field(_WORDS, stored=False, tokenizer_name="terms", index_option="freq")
    builder.add_text_field(_GRAMS, stored=False, tokenizer_name="terms", index_option="freq")
    return builder.build()


def _document(number: int, text: str) -> tantivy.Document:
    # Terms are made here and parted at spaces there, so that tantivy's own tokenizers, which do not part Chinese, have no say.
    words, grams = terms(text)
    document = tantivy.Document()
    document.add_unsigned(_CHUNK, number)
    document.add_text(_WORDS, " ".join(words))
    if grams:
        document.add_text(_GRAMS, " ".join(grams))
    return document


def _weights(parts: Sequence[tuple[str, float]]) -> dict[tuple[str, str], float]:
    """(field, term) -> its weight: the sum over its occurrences, as BM25 counts a question's terms."""
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for text, weight in parts:
        words, grams = terms(text, stop=True)
        for field, found in ((_WORDS, words), (_GRAMS, grams)):
            for term in found:
                weights[field, term] += weight
    return {key: weight for key, weight in weights.items() if weight > 0}
