"""What one ingest has met so far: its sources with what became of each, and the articles that wait for their vectors."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.copies import CopyFinder
from vectorstore.errors import VectorstoreError
from vectorstore.identity import ArticleIdentities
from vectorstore.readers.origins import is_missing, is_under
from vectorstore.storage.records import ChunkedArticle
from vectorstore.types import Failure, IngestOutcome, IngestReport, IngestSource, IngestStatus, failures_and_notes

DUE = 3.0
"""Seconds after which what waits is written although a batch is not full: a person waits to see it."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest is: files begun of all, articles met, texts embedded; and what it is at."""

    files: int
    of: int
    articles: int
    embedded: int
    where: str


ProgressCallback = Callable[[IngestProgress], None]
Cancelled = Callable[[], bool]
"""Asked between articles and between batches whether the person who waits has given up."""


def never() -> bool:
    """Goes on to the end."""
    return False


def notes_on(unreachable: Mapping[str, VectorstoreError]) -> list[Failure]:
    """Notes on the derived indexes that could not be written to, by their names."""
    told = "What it lacks is in the catalog, and goes in by itself once it answers."
    return [Failure(f"the {name} index", f"{error.message} {told}", taken=True) for name, error in unreachable.items()]


@dataclass(slots=True)
class SourceTally:
    """What became of one source so far; `waiting` counts its articles that are not written yet."""

    source: IngestSource
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    waiting: int = 0
    cancelled: bool = False
    repeated: bool = False
    """Whether the same source was met before in this run, over another folder or named twice."""

    @property
    def left_out(self) -> Sequence[Failure]:
        """What stayed out by a fault, without the notes on what went in, and without a file that is no article."""
        return [one for one in failures_and_notes(self.failures)[0] if not one.no_article]

    def outcome(self) -> IngestOutcome:
        """The whole, as it is told."""
        status: IngestStatus = "failed" if failures_and_notes(self.failures)[0] else "unchanged"
        # The last one that applies wins: a source is "added" where any of its articles is new.
        for name, ids in (("unchanged", self.unchanged), ("changed", self.changed), ("added", self.added)):
            status = name if ids else status  # type: ignore[assignment]  # a literal in a loop is a str to mypy
        if self.cancelled:
            status = "cancelled"
        articles = (*self.added, *self.changed, *self.unchanged)
        return IngestOutcome(self.source, status, articles, tuple(self.failures), tuple(self.added), tuple(self.changed))


@dataclass(frozen=True, slots=True)
class WaitingArticle:
    """An article that has its chunks and waits for their vectors; `edits` are to be kept with it."""

    entry: ChunkedArticle
    tally: SourceTally
    new: bool
    edits: Mapping[str, object]


@dataclass(slots=True)
class IngestRun:
    """One ingest from its beginning to its end."""

    identities: ArticleIdentities
    callback: ProgressCallback | None
    generation: int
    failing: Collection[str] = ()
    """The origins with which something failed earlier."""
    of: int = 0
    started: float = field(default_factory=time.perf_counter)
    copies: CopyFinder | None = None
    """Loaded when the first article is written."""
    seen: set[str] = field(default_factory=set)
    failed: list[Failure] = field(default_factory=list)
    """What no source tells of: folders that cannot be listed, files of other kinds."""
    read_whole: dict[str, bool] = field(default_factory=dict)
    """Files by their origins, and whether nothing in them was left out."""
    waiting: list[WaitingArticle] = field(default_factory=list)
    met: dict[tuple[str, str], SourceTally] = field(default_factory=dict)
    """The sources of this run by their origins and originals."""
    tallies: deque[SourceTally] = field(default_factory=deque)
    """The sources that have yet to be told of, in their order."""
    relocated: dict[str, str] = field(default_factory=dict)
    """Unchanged articles whose file was moved, with their new origins."""
    returned: list[str] = field(default_factory=list)
    """Articles whose file was gone and is there again."""
    said: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What was said when unchanged articles were fetched or read again."""
    attempted: list[SourceTally] = field(default_factory=list)
    """Sources whose failures have yet to be written down, or to be forgotten."""
    chunks: int = 0
    tidied: int = 0
    """The number of chunks by which memory was last given back."""
    embedded: int = 0
    files: int = 0
    written: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        """The number of chunks that wait."""
        return sum(len(one.entry.chunks) for one in self.waiting)

    @property
    def is_due(self) -> bool:
        """Whether something has waited for long."""
        return bool(self.waiting) and time.monotonic() - self.written > DUE

    @property
    def has_news(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.waiting or self.relocated or self.returned or self.said or self.attempted)

    def tell(self, where: str) -> None:
        """Reports the progress."""
        if self.callback:
            self.callback(IngestProgress(self.files, self.of, len(self.seen), self.embedded, where))

    def settled(self) -> Iterator[SourceTally]:
        """The sources of which all is written, in their order, each once."""
        while self.tallies and not self.tallies[0].waiting:
            yield self.tallies.popleft()

    def clear(self) -> None:
        """Forgets what waited, after it was written."""
        for one in self.waiting:
            one.tally.waiting -= 1
        for kept in (self.waiting, self.relocated, self.returned, self.said, self.attempted):
            kept.clear()
        self.written = time.monotonic()

    def give_up(self) -> None:
        """Lets go of what waits, as the ingest was cancelled; these articles are as they were."""
        for one in self.waiting:
            id, tally = one.entry.article.id, one.tally
            (tally.added if one.new else tally.changed).remove(id)
            tally.cancelled = True
            tally.waiting -= 1
            self.chunks -= len(one.entry.chunks)
        self.waiting.clear()

    def is_gone(self, id: str, roots: Sequence[Path]) -> bool:
        """Whether an article that was not met is gone from the given folders, for certain."""
        known = self.identities.get(id)
        if id in self.seen or known is None or not any(is_under(known.origin, root) for root in roots):
            return False
        whole = self.read_whole.get(known.origin)
        # A file that was read whole and did not have the article has lost it.
        return is_missing(known.origin) if whole is None else whole


@dataclass(slots=True)
class ReportTally:
    """The report of an ingest of folders, as its sources are settled."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)

    def count(self, tally: SourceTally) -> None:
        """Adds what became of a source."""
        if tally.repeated:
            return
        self.added += tally.added
        self.changed += tally.changed
        self.unchanged += tally.unchanged
        failed, notes = failures_and_notes(tally.failures)
        self.failed += failed
        self.notes += notes

    def report(self, run: IngestRun, removed: Sequence[str] = (), gone: Sequence[str] = ()) -> IngestReport:
        """What became of it all."""
        return IngestReport(
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            removed=tuple(removed),
            failed=(*run.failed, *self.failed),
            embedded=run.embedded,
            chunks=run.chunks,
            seconds=time.perf_counter() - run.started,
            gone=tuple(gone),
            notes=tuple(self.notes),
        )
