"""Folders that are watched: which files came, changed or went, told in batches once nobody writes to them any more.

Built on `watchfiles`, which tells of single events. An editor makes several of them with each save, a copied folder thousands,
and a large file many while it is written. So a path is held back until it has been at rest for a moment, and what comes to rest
together is told together.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event

from watchfiles import Change, watch
from watchfiles._rust_notify import WatchfilesRustInternalError

from vectorstore.readers import SUFFIXES, walk
from vectorstore.readers.origins import absolute

REST = 0.6
"""Seconds for which a file must have stayed as it is before it is told of."""
MAX_HOLD = 5.0
"""Seconds after which what is at rest is told of, although other files are still being written."""
TICK = 200
"""Milliseconds between two looks at what waits."""
_STEP = 50  # milliseconds without an event after which watchfiles hands over what it has

# What editors, browsers and programs that synchronise folders write beside or instead of a file, until that is whole.
_TEMPORARY = (
    *("*~", "~*", "#*#", "*.tmp", "*.temp", "*.part", "*.partial", "*.crdownload", "*.download"),
    *("*.swp", "*.swo", "*.swx", "*.bak", "*.lock", "*___jb_???___", "*.sb-*", "lu*.tmp", "4913"),
)

Identity = tuple[int, int]
"""What the operating system tells a folder from others by: its device and its number there."""
Roots = Mapping[Path, Identity]
RawChanges = Generator[set[tuple[Change, str]], None, None]


@dataclass(frozen=True, slots=True)
class FolderBatch:
    """What happened in watched folders. `touched` are files that came or changed, `missing` paths that are not there any more.

    `whole` are folders to look through from the beginning: those that are watched from now on, and those that came back.
    """

    touched: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    whole: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.touched or self.missing or self.whole)

    def joined(self, later: "FolderBatch") -> "FolderBatch":
        """Both as one, each path once.

        >>> later = FolderBatch((Path("a.md"), Path("b.md")))
        >>> [path.name for path in FolderBatch((Path("a.md"),)).joined(later).touched]
        ['a.md', 'b.md']
        """
        pairs = ((self.touched, later.touched), (self.missing, later.missing), (self.whole, later.whole))
        return FolderBatch(*(tuple(dict.fromkeys((*one, *other))) for one, other in pairs))


@dataclass(frozen=True, slots=True)
class _WaitingPath:
    """A path that something happened to: when first and last, what it was like then, and whether it came into being."""

    first: float
    last: float
    state: tuple[int, int] | None
    came: bool


class FolderWatcher:
    """Watches folders with all that is in them, as `vectorstore.readers.walk` walks them.

    >>> from tempfile import TemporaryDirectory
    >>> stop = Event()
    >>> with TemporaryDirectory() as folder:
    ...     for batch in FolderWatcher(lambda: [Path(folder)]).batches(stop):
    ...         print([str(one) == folder for one in batch.whole])
    ...         stop.set()
    ...         break
    [True]
    """

    def __init__(
        self, folders: Callable[[], Sequence[Path]], passed_over: Sequence[Path] = (), *, polling: bool | None = None
    ) -> None:
        """`folders` is asked again and again, so that folders may be added; what lies in a `passed_over` folder is not told of.

        With `polling`, the folders are looked through again and again, where the operating system does not tell of changes.
        """
        self._folders = folders
        self._passed_over = absolute(passed_over)
        self._polling = polling
        self._watched: dict[Path, Identity] = {}
        self._waiting: dict[Path, _WaitingPath] = {}

    def batches(self, stop: Event) -> Iterator[FolderBatch]:
        """The changes from now on, until `stop` is set, beginning with each folder as a whole.

        An empty batch comes several times a second, so that whoever follows can do what is due.
        """
        while not stop.is_set():
            if not (roots := self._roots()):
                self._watched.clear()
                yield FolderBatch()
                stop.wait(TICK / 1000)
                continue
            try:
                yield from self._followed(roots, stop)
            except (OSError, WatchfilesRustInternalError):
                # Most likely the system's limit of watched folders: to look again and again is slower, and has no limit.
                if self._polling:
                    raise
                self._polling = True

    def _followed(self, roots: Roots, stop: Event) -> Iterator[FolderBatch]:
        """The changes in these folders, until others are to be watched."""
        with closing(self._events(roots, stop)) as events:
            for changes in events:
                # Watched before it is looked through, so that nothing is missed between the two.
                new = tuple(folder for folder, identity in roots.items() if self._watched.get(folder) != identity)
                self._watched = dict(roots)
                if new:
                    yield FolderBatch(whole=new)
                self._note(changes)
                yield self._at_rest()
                if self._roots() != roots:
                    return

    def _events(self, roots: Roots, stop: Event) -> RawChanges:
        return watch(
            *roots,
            # `_is_meant` is asked instead, as it knows the folders that are passed over.
            watch_filter=None,
            debounce=2 * TICK,
            step=_STEP,
            stop_event=stop,
            rust_timeout=TICK,
            yield_on_timeout=True,
            force_polling=self._polling,
            ignore_permission_denied=True,
        )

    def _roots(self) -> dict[Path, Identity]:
        """The folders that are there now. One that is not is waited for: it may be on a disk that is not connected."""
        found: dict[Path, Identity] = {}
        for folder in absolute(self._folders()):
            try:
                status = folder.stat()
            except OSError:
                continue
            found[folder] = (status.st_dev, status.st_ino)
        return found

    def _note(self, changes: Iterable[tuple[Change, str]]) -> None:
        """Lets what something happened to wait until it is at rest."""
        now = time.monotonic()
        for change, name in changes:
            path = Path(name)
            if self._is_meant(path):
                old = self._waiting.get(path)
                # What came and was then written to has still come.
                came = change == Change.added or bool(old and old.came)
                self._waiting[path] = _WaitingPath(old.first if old else now, now, _state(path), came)

    def _at_rest(self) -> FolderBatch:
        """What has come to rest, unless more is about to."""
        now, ready = time.monotonic(), []
        for path, waiting in self._waiting.items():
            # A disk in a network tells of the first event alone, so the file itself is looked at as well.
            if (state := _state(path)) != waiting.state:
                self._waiting[path] = replace(waiting, last=now, state=state)
            elif now - waiting.last >= REST:
                ready.append(path)
        oldest = min((one.first for one in self._waiting.values()), default=now)
        # Files that are copied together are told of together, unless one of them is written to for long.
        if len(ready) < len(self._waiting) and now - oldest < MAX_HOLD:
            return FolderBatch()
        return self._batch({path: self._waiting.pop(path) for path in ready})

    def _batch(self, ready: Mapping[Path, _WaitingPath]) -> FolderBatch:
        touched: dict[Path, None] = {}
        for path, waiting in ready.items():
            if path.is_dir():
                # A folder that was moved here is told of by its own name alone.
                inside = walk(path) if waiting.came else ()
                touched |= dict.fromkeys(one for one in inside if isinstance(one, Path) and self._is_meant(one))
            elif path.exists():
                touched[path] = None
        missing = tuple(path for path in ready if not path.exists())
        return FolderBatch(tuple(sorted(touched)), missing)

    def _is_meant(self, path: Path) -> bool:
        """Whether a path is one that an ingest of its folder would read, or a folder, or was one of these."""
        root = next((root for root in self._watched if path.is_relative_to(root)), None)
        if root is None or path == root or any(path.is_relative_to(folder) for folder in self._passed_over):
            return False
        inside = path.relative_to(root)
        if any(part.startswith(".") for part in inside.parts) or is_temporary(path.name):
            return False
        places = [root.joinpath(*inside.parts[: depth + 1]) for depth in range(len(inside.parts))]
        # An ingest does not follow links inside a folder either: they may lead anywhere, and in circles.
        if any(place.is_symlink() for place in places):
            return False
        # Of what is gone nobody can say any more whether it was a folder.
        return path.suffix.lower() in SUFFIXES or path.is_dir() or not path.exists()


def is_temporary(name: str) -> bool:
    """Whether a file's name is that of a copy which a program makes for a moment, while it writes another file.

    >>> is_temporary("~$report.docx"), is_temporary("notes.md~"), is_temporary("notes.md")
    (True, True, False)
    """
    return any(fnmatchcase(name.lower(), pattern) for pattern in _TEMPORARY)


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file is written to; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
