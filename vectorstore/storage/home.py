"""Where the files of one index live: a home folder with the catalog and, beside it, numbered folders of the derived indexes.

A file lock keeps two processes from writing there at the same time.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from vectorstore.errors import CatalogError, IndexBusy, IndexDamaged

if TYPE_CHECKING:
    from sqlalchemy import URL


NUMBERING = 30.0
"""Seconds to wait for another process that gives the home its number."""

WRITER_LOCK = "writer.lock"
"""The file by which a folder is known as a home, whatever database its catalog is in."""


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder. A derived index is never rebuilt in place: a rebuild fills the folder of the next number instead.

    >>> Home(Path("articles/.footnote")).folder("dense", 2).as_posix()
    'articles/.footnote/dense-2'
    """

    path: Path

    @property
    def catalog(self) -> Path:
        """The catalog's SQLite file."""
        return self.path / "catalog.sqlite"

    @property
    def catalog_url(self) -> "URL":
        """The catalog's database address where no other is set."""
        from vectorstore.storage.database import sqlite_url

        return sqlite_url(self.catalog)

    @property
    def writer_lock(self) -> Path:
        """Held by the one process that may write."""
        return self.path / WRITER_LOCK

    @property
    def replica_lock(self) -> Path:
        """Held while the derived indexes of this home are brought up to the catalog."""
        return self.path / "replica.lock"

    @property
    def originals(self) -> Path:
        """The folder of the files that articles were read from, where they are kept (`vectorstore.originals`)."""
        return self.path / "originals"

    def replica_number(self) -> str:
        """A number that tells this home from others on one catalog, a copy of it included; raises CatalogError."""
        # The file's own number in the file system stands in it, so that a copy of the file is known as a copy.
        file = self.path / "replica"
        if (known := _replica_in(file)) is not None:
            return known
        with file_lock(self.path / "replica.lock", "beginning to use the home", wait=NUMBERING):
            if (known := _replica_in(file)) is not None:
                return known
            try:
                part, number = self.path / "replica.part", secrets.token_hex(8)
                # The file must be there to have a number in the file system, which it keeps when it is renamed.
                part.touch()
                part.write_text(f"{number} {part.stat().st_ino}\n", encoding="ascii")
                part.replace(file)
            except OSError as error:
                raise CatalogError(f"The home folder {self.path} cannot be written: {error.strerror or error}.") from error
            # A folder is known as a home by this file, and only with SQLite does a lock make it.
            (self.path / WRITER_LOCK).touch()
            return number

    def folder(self, name: str, number: int, *, there: bool = False) -> Path:
        """The folder of the derived index `name` ("dense", "lexical") in its `number`th making.

        With `there` it must exist; raises IndexDamaged.
        """
        folder = self.path / f"{name}-{number}"
        if there and not folder.is_dir():
            raise IndexDamaged(f"The {name} index is missing: there is no folder {folder}.")
        return folder

    def folders(self, name: str) -> dict[int, Path]:
        """The folders of that index that exist, by number."""
        found = (entry for entry in self.path.glob(f"{name}-*") if entry.is_dir())
        return {int(digits): entry for entry in found if (digits := entry.name.removeprefix(f"{name}-")).isdigit()}

    def old_folders(self, name: str, current: int) -> list[Path]:
        """That index's folders of other numbers than the current one."""
        return [folder for number, folder in self.folders(name).items() if number != current]


def _replica_in(file: Path) -> str | None:
    """The number in the file; None where there is none yet, or the file is the copy of another home's."""
    try:
        number, inode = file.read_text(encoding="ascii").split()
        return number if file.stat().st_ino == int(inode) else None
    except (OSError, ValueError):
        return None


def is_read_only(folder: Path) -> bool:
    """Whether the folder is there and may not be written, by this user or by anybody."""
    return folder.exists() and not os.access(folder, os.W_OK)


def copied(folder: Path) -> TemporaryDirectory[str]:
    """A copy of the folder, in `folder` of this one: for engines that write to their files even where they only read."""
    copy = TemporaryDirectory(prefix="footnote-copy-", ignore_cleanup_errors=True)
    shutil.copytree(folder, Path(copy.name) / "folder")
    return copy


@contextmanager
def file_lock(path: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock file at `path` for the block; raises IndexBusy if another holds it for longer than `wait` seconds.

    `what` says what the other one is doing, for the message.
    """
    # The operating system lets go of the lock when its holder dies, however it dies. Any thread of this process may release it.
    lock = FileLock(path, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait, poll_interval=0.02)
    except Timeout:
        raise IndexBusy(f"Another process is {what} in {path.parent}.") from None
    except OSError as error:
        raise CatalogError(f"The home folder {path.parent} cannot be written: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()
