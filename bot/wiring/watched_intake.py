"""Taking in what a watcher tells of: the files that came or changed, one by one, and what is not there any more."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bot.wiring.engine import SearchEngine
from bot.wiring.library import Library
from bot.wiring.watched_places import WatchedFolder
from vectorstore.errors import IndexMissing
from vectorstore.types import Failure, IngestReport, IngestSource, failures_and_notes

if TYPE_CHECKING:
    from bot.wiring.watch_loop import WatchedBatch
    from vectorstore.storage.records import KnownArticle
    from vectorstore.watching import FolderBatch

Known = Mapping[str, "KnownArticle"]


class WatchedIntake:
    """Writes the batches of a watcher into the index of a home, and says what became of which article."""

    def __init__(self, engine: SearchEngine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def take(self, batch: "FolderBatch", folders: Sequence[WatchedFolder]) -> "WatchedBatch":
        """Takes in a batch; raises what an ingest does."""
        started, before = perf_counter(), self._known()
        failed = self._whole(batch.whole, folders)
        failed += self._touched(batch.touched, folders)
        # Last, so that a moved file is found in its new place before the old one is called missing.
        self._missing(batch, before, folders)
        return told(before, self._known(), failed, perf_counter() - started)

    def _whole(self, roots: Sequence[Path], folders: Sequence[WatchedFolder]) -> list[Failure]:
        """Looks through folders from the beginning."""
        failed: list[Failure] = []
        # Two ingests at most, as `prune` holds for all folders of one.
        for prune in (False, True):
            wanted = [root for root in roots if (root in {Path(one.path) for one in folders if one.prune == prune})]
            if there := [root for root in wanted if root.is_dir()]:
                report = self._library.ingest(there, prune=prune, rebuild=False, progress=None)
                failed += (*report.failed, *report.notes)
        return failed

    def _touched(self, paths: Sequence[Path], folders: Sequence[WatchedFolder]) -> list[Failure]:
        """Takes in single files, each under the id that an ingest of its folder would give it."""
        sources = [source for path in paths if (source := _source(path, folders))]
        if not sources:
            return []
        outcomes = self._library.take_in(sources)
        return [failure for outcome in outcomes for failure in outcome.failures]

    def _missing(self, batch: "FolderBatch", before: Known, folders: Sequence[WatchedFolder]) -> None:
        """Marks or removes the articles whose files are not there any more."""
        # A folder that is not there as a whole may be on a disk that was taken out, which removes nothing.
        if missing := [path for path in batch.missing if _root(path, folders)]:
            self._library.mark_gone(missing)
        # Files of several articles may lack one that they had, so all that are gone since are looked at.
        now = self._known()
        gone = [id for id, one in now.items() if one.gone and id in before and not before[id].gone]
        if pruned := [id for id in gone if _is_pruned(now[id].origin, folders)]:
            self._library.remove(pruned)

    def _known(self) -> Known:
        try:
            return self._engine.catalog.known_articles()
        except IndexMissing:
            return {}


def told(before: Known, now: Known, found: Iterable[Failure], seconds: float) -> "WatchedBatch":
    """What became of which article between two states of the catalog, with what was said of the files."""
    from bot.wiring.watch_loop import WatchedBatch

    both = [id for id in now if id in before]
    failed, notes = failures_and_notes(found)
    report = IngestReport(
        added=tuple(id for id in now if id not in before),
        # A file that has come back counts as changed: its article was marked as gone.
        changed=tuple(id for id in both if now[id].hash != before[id].hash or (before[id].gone and not now[id].gone)),
        removed=tuple(id for id in before if id not in now),
        gone=tuple(id for id in both if now[id].gone and not before[id].gone),
        failed=failed,
        notes=notes,
        seconds=seconds,
    )
    return WatchedBatch(report, moved=tuple(id for id in both if now[id].origin != before[id].origin))


def _root(path: Path, folders: Sequence[WatchedFolder]) -> Path | None:
    """The watched folder that a path lies in; None where there is none, or the folder is not there."""
    return next((root for one in folders if path.is_relative_to(root := Path(one.path)) and root.is_dir()), None)


def _source(path: Path, folders: Sequence[WatchedFolder]) -> IngestSource | None:
    """A file to take in; None where it is in none of the folders, or has gone since."""
    from vectorstore.readers import place_in
    from vectorstore.readers.files import printable

    root = _root(path, folders)
    return IngestSource(path, place_in(path, root), printable(path)) if root and path.is_file() else None


def _is_pruned(origin: str, folders: Sequence[WatchedFolder]) -> bool:
    return any(one.prune and Path(origin).is_relative_to(one.path) for one in folders)
