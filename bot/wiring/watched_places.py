"""What a home watches, in a small file of its own: folders whose changes are followed, and feeds that are looked at.

The file is read again whenever it has changed, so that a process that watches follows what another one adds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import InputError
from bot.serialization import Unreadable, from_json, to_json
from vectorstore.storage.home import file_lock

FILE = "watching.json"
MINUTES = 60
"""Minutes between two looks at a feed, unless it was added with another number."""
_WAIT = 5.0  # seconds to wait for another process that is just changing the file


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder, by its absolute path; with `prune`, articles whose files are gone are removed, and else only marked."""

    path: str
    prune: bool = False


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed, looked at every so many minutes.

    `due` is the time of the next look in seconds since 1970, 0 before the first; `failure` is why the last look failed, ""
    where it did not, and `failed` how often it has failed in a row. `said` is what its server said of it, to ask only for what
    is newer.
    """

    url: str
    minutes: int = MINUTES
    due: float = 0.0
    failure: str = ""
    failed: int = 0
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchedPlaces:
    """All that a home watches; nothing of it is followed unless it is switched `on`."""

    folders: tuple[WatchedFolder, ...] = ()
    feeds: tuple[FollowedFeed, ...] = ()
    on: bool = True

    @property
    def followed(self) -> bool:
        """Whether there is anything to do."""
        return self.on and bool(self.folders or self.feeds)


class WatchedPlacesFile:
    """The file of a home. Threads and processes may share it; every method may raise InputError.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = WatchedPlacesFile(Path(home))
    ...     _ = file.add_folder(WatchedFolder("/home/ada/notes"))
    ...     file.places().folders
    (WatchedFolder(path='/home/ada/notes', prune=False),)
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / FILE
        # The time at which the file was written, and what it held: it is asked for several times a second.
        self._read: tuple[int, WatchedPlaces] | None = None

    def places(self) -> WatchedPlaces:
        """What is watched now; nothing where there is no file."""
        try:
            written = self._file.stat().st_mtime_ns
            if self._read is None or self._read[0] != written:
                self._read = (written, from_json(WatchedPlaces, self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return WatchedPlaces()
        except (OSError, Unreadable, ValueError) as error:
            told = f"The file {self._file}, which says what to watch, cannot be read."
            raise InputError(told, "Mend or remove it; the articles are not touched by this.") from error
        return self._read[1]

    def add_folder(self, folder: WatchedFolder) -> WatchedPlaces:
        """Watches a folder; one that is watched already is watched as is said now."""
        # Whoever adds something wants it followed, so what was switched off is on again.
        return self.change(lambda now: replace(now, folders=(*_other_folders(now, folder.path), folder), on=True))

    def remove_folder(self, path: str) -> WatchedPlaces:
        """Watches a folder no longer; its articles stay."""
        return self.change(lambda now: replace(now, folders=_other_folders(now, path)))

    def add_feed(self, feed: FollowedFeed) -> WatchedPlaces:
        """Follows a feed, which is due at once; one that is followed already is followed as is said now."""
        return self.change(lambda now: replace(now, feeds=(*_other_feeds(now, feed.url), feed), on=True))

    def remove_feed(self, url: str) -> WatchedPlaces:
        """Follows a feed no longer; its articles stay."""
        return self.change(lambda now: replace(now, feeds=_other_feeds(now, url)))

    def note(self, feed: FollowedFeed) -> WatchedPlaces:
        """Keeps what came of a look at a feed, unless it was removed meanwhile."""
        return self.change(lambda now: replace(now, feeds=tuple(feed if one.url == feed.url else one for one in now.feeds)))

    def switch(self, on: bool) -> WatchedPlaces:
        """Switches watching on or off; what is watched stays known."""
        return self.change(lambda now: replace(now, on=on))

    def change(self, edit: Callable[[WatchedPlaces], WatchedPlaces]) -> WatchedPlaces:
        """Writes what `edit` makes of what is there; nobody else writes meanwhile."""
        with file_lock(self._home / f"{FILE}.lock", "changing what is watched", _WAIT):
            changed = edit(self.places())
            part = self._file.with_suffix(".part")
            part.write_text(to_json(changed), encoding="utf-8")
            # A rename takes place at once, so that whoever reads finds a whole file.
            part.replace(self._file)
            self._read = None
        return changed


def _other_folders(places: WatchedPlaces, path: str) -> tuple[WatchedFolder, ...]:
    return tuple(one for one in places.folders if one.path != path)


def _other_feeds(places: WatchedPlaces, url: str) -> tuple[FollowedFeed, ...]:
    return tuple(one for one in places.feeds if one.url != url)
