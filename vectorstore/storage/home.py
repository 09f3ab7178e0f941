"""Where the files of one index live: a home folder with the catalog and, beside it, numbered folders of the derived indexes."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import IndexDamaged

if TYPE_CHECKING:
    from sqlalchemy import URL


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder. A derived index is never rebuilt in place: a rebuild fills the folder of the next number instead."""

    path: Path

    @property
    def catalog(self) -> Path:
        """The catalog's SQLite file."""
        return self.path / "catalog.sqlite"

    @property
    def catalog_url(self) -> "URL":
        """The catalog's database address where no other is set."""
        from vectorstore.storage.schema import sqlite_url

        return sqlite_url(self.catalog)

    @property
    def writer_lock(self) -> Path:
        """Held by the one process that may write."""
        return self.path / "writer.lock"

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

    def drop_old(self, name: str, current: int) -> None:
        """Removes that index's other folders, best effort: another process may still have files of them open."""
        for number, folder in self.folders(name).items():
            if number != current:
                shutil.rmtree(folder, ignore_errors=True)
