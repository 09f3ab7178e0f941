"""A home as one file, written while the home is used, and a home made of such a file again.

The file is a .zip of the catalog, the conversations, the kept originals, the evaluations and the prompts. What can be made of
these is not in it: the derived indexes are made anew after restoring, with nothing embedded again. Keys are in it only where
that is asked for.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from sqlalchemy.exc import DBAPIError

from bot.audit import FILE as AUDIT_LOG
from bot.audit import AuditLog
from bot.conversation.history.schema import file_in
from bot.errors import InputError, with_commands
from bot.models.choices import FILE as MODEL_CHOICES
from bot.models.keys import FILE as MODEL_KEYS
from bot.resources import prompts_dir
from bot.settings import PREFIX, Settings
from bot.wiring.accounts import FILE as ACCOUNTS
from bot.wiring.backup_databases import load_databases, save_databases
from bot.wiring.engine import Progress
from bot.wiring.watched_places import FILE as WATCHED_PLACES
from vectorstore.errors import IndexMissing, Remedy
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import connect, keep_copy, sqlite_url
from vectorstore.storage.home import Home, file_lock

CONTENTS = "footnote-backup.json"
"""The member that says what the file is."""
# Counts up with each change that an older Footnote could not restore.
FORMAT = 1
_SINGLE_FILES = (MODEL_CHOICES, WATCHED_PLACES, ACCOUNTS, AUDIT_LOG)
_FOLDERS = ("originals", "evals", "cases", "prompts")
_DATABASES = ("catalog.sqlite", "history.sqlite")
_NO_BACKUP = "Name a file that `footnote backup` has written."
_UNRECORDED = {"home", "catalog", "chroma", "prompts"}  # settings of a machine, some of them with passwords


class BackupContents(BaseModel):
    """What a backup says of itself; `settings` are those that were set, without keys and addresses."""

    model_config = ConfigDict(frozen=True)

    format: int
    footnote: str
    made: str
    keys: bool = False
    settings: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup or a restored home holds; `moved` is where the home that was there before lies now."""

    articles: int
    files: int
    size: int
    contents: BackupContents
    moved: Path | None = None


def back_up(settings: Settings, target: Path, *, keys: bool = False, progress: Progress | None = None) -> BackupReport:
    """Writes the home into one file, which is there whole or not at all; others may use the home meanwhile.

    A catalog in a database of its own comes along with its conversations, as SQLite files.

    Raises InputError where the target is there already, IndexMissing, and CatalogError.
    """
    if target.exists():
        raise InputError(f"There is a file {target} already.", "Name another one, or remove it first.")
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent}.", "Make it first, or name a file in another one.")
    home = Home(settings.home)
    if not settings.catalog and not home.catalog.exists():
        raise IndexMissing(f"There is no index in {home.path}.")
    contents = BackupContents(
        format=FORMAT,
        footnote=version("footnote"),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        keys=keys,
        settings=_recorded_settings(settings),
    )
    # Beside the target, so that the rename stays on one disk.
    part = target.with_name(f"{target.name}.part")
    try:
        # The copies of the databases may be large: they go where the backup has its room, and not into /tmp.
        with TemporaryDirectory(prefix="footnote-", dir=target.parent) as folder:
            files = list(_members(settings, Path(folder), keys))
            _pack(part, contents, files, progress)
            # Of the copy, as more may have come in meanwhile.
            articles = _count_articles(Path(folder) / _DATABASES[0])
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    AuditLog(home.path).record("home.backup", file=target.name)
    return BackupReport(articles, len(files), target.stat().st_size, contents)


def restore(settings: Settings, source: Path, *, force: bool = False, progress: Progress | None = None) -> BackupReport:
    """Makes the home of the settings from a backup; with `force`, one that is there is moved aside and kept.

    Where the settings name a database for the catalog, its tables are made there; it must have none of them yet.

    Raises InputError where the file is no whole backup or the database is used, and CatalogError; then nothing has changed.
    """
    home = Home(settings.home)
    there = home.path.is_dir() and bool(_used(home.path))
    if there and not force:
        raise InputError(
            f"There is something in {home.path} already.",
            "Restore into another home (`--home`). With --force, what is there is moved aside and kept.",
        )
    home.path.mkdir(parents=True, exist_ok=True)
    # Inside the home, as it may be a disk of its own; what is there is moved only when all has been found sound.
    with TemporaryDirectory(prefix=".restoring-", dir=home.path) as folder:
        fresh = Path(folder) / "home"
        contents, files = _unpack(source, fresh, progress)
        articles = _begin_anew(fresh / _DATABASES[0])
        if settings.catalog:
            load_databases(settings.catalog, *(fresh / name for name in _DATABASES))
        # Nobody writes to the index while the files are exchanged.
        with file_lock(home.writer_lock, "writing to the index"):
            moved = _moved_aside(home.path) if there else None
            for entry in list(fresh.iterdir()):
                # The lock that is held must stay where it is.
                if entry.suffix != ".lock":
                    entry.replace(home.path / entry.name)
    AuditLog(home.path).record("home.restore", file=source.name)
    return BackupReport(articles, files, source.stat().st_size, contents, moved)


# Writing


def _members(settings: Settings, folder: Path, keys: bool) -> Iterator[tuple[str, Path]]:
    """What goes into a backup: names in it, and files; the databases are copied into `folder` first."""
    home = settings.home
    if settings.catalog:
        save_databases(settings.catalog, *(folder / name for name in _DATABASES))
    else:
        for name, database in zip(_DATABASES, (Home(home).catalog, file_in(home)), strict=True):
            if database.exists():
                _copy_database(database, folder / name)
    yield from ((name, folder / name) for name in _DATABASES if (folder / name).exists())
    for name in (*_SINGLE_FILES, *([MODEL_KEYS] if keys else [])):
        if (home / name).is_file():
            yield name, home / name
    places = {name: home / name for name in _FOLDERS} | {"prompts": prompts_dir(settings.prompts)}
    for name, place in places.items():
        for file in sorted(place.rglob("*")):
            relative = file.relative_to(place)
            # A link may lead out of the home, and would be refused when it is restored.
            if file.is_file() and not file.is_symlink() and file.suffix not in (".part", ".lock", ".pyc"):
                yield f"{name}/{relative.as_posix()}", file


def _copy_database(source: Path, target: Path) -> None:
    """Copies a database as it is at one moment, while others write to it."""
    engine = connect(sqlite_url(source))
    try:
        keep_copy(engine, target)
    except DBAPIError as error:
        raise InputError(f"The database {source} cannot be read: {error.orig}.", with_commands(Remedy.DIAGNOSE)) from error
    finally:
        engine.dispose()


def _pack(part: Path, contents: BackupContents, files: list[tuple[str, Path]], progress: Progress | None) -> None:
    with part.open("wb") as file:
        # The lowest level: originals such as PDFs are compressed already, and a backup should be quick.
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(CONTENTS, contents.model_dump_json(indent=1))
            for number, (name, path) in enumerate(files, 1):
                if progress:
                    progress("Saving", number, len(files))
                # An article's original may be removed while this goes on.
                with suppress(FileNotFoundError):
                    archive.write(path, name)
        file.flush()
        # On the disk before it gets its name, so that a power cut leaves no half of a backup under it.
        os.fsync(file.fileno())
    # It holds conversations, and perhaps keys.
    part.chmod(0o600)


def _recorded_settings(settings: Settings) -> dict[str, str]:
    given = {name: getattr(settings, name) for name in sorted(settings.model_fields_set - _UNRECORDED)}
    # An address may hold a password, as a key is one.
    return {
        f"{PREFIX}{name.upper()}": str(value)
        for name, value in given.items()
        if not isinstance(value, SecretStr) and "://" not in str(value)
    }


# Reading


def _unpack(source: Path, folder: Path, progress: Progress | None) -> tuple[BackupContents, int]:
    """Unpacks a backup into the folder; raises InputError, for what is broken as for what nobody wrote with `back_up`."""
    try:
        with ZipFile(source) as archive:
            members = archive.infolist()
            contents = _contents(archive)
            # All names and sizes before the first byte is written.
            _check(members, folder.parent)
            for number, member in enumerate(members, 1):
                if progress:
                    progress("Restoring", number, len(members))
                if member.filename != CONTENTS:
                    _write(archive, member, folder / member.filename)
    except FileNotFoundError:
        raise InputError(f"There is no file {source}.", _NO_BACKUP) from None
    except (BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError, ZlibError, LZMAError) as error:
        raise InputError(f"The backup {source} is broken: {error}.", "Take another one; nothing was changed.") from error
    for name in _DATABASES:
        _check_database(folder / name, source)
    # The table of contents is no file of the home.
    return contents, len(members) - 1


def _contents(archive: ZipFile) -> BackupContents:
    try:
        found = BackupContents.model_validate_json(archive.read(CONTENTS))
    except (KeyError, ValidationError):
        raise InputError("The file is no backup of a home.", _NO_BACKUP) from None
    if found.format > FORMAT:
        raise InputError(f"The backup was written by Footnote {found.footnote}, which is newer.", "Install that version.")
    return found


def _check(members: list[ZipInfo], folder: Path) -> None:
    """Refuses names that no backup has, which may lead out of the home, and more than the disk takes."""
    for member in members:
        if not _is_ours(member):
            raise InputError(f"The backup holds {member.filename!r}, which no backup does.", "It was not restored.")
    # The second one of a name would be written over the first.
    if len({member.filename for member in members}) != len(members):
        raise InputError("The backup holds the same file twice.", "It was not restored.")
    if _DATABASES[0] not in {member.filename for member in members}:
        raise InputError("The backup holds no catalog.", _NO_BACKUP)
    size, free = sum(member.file_size for member in members), shutil.disk_usage(folder).free
    if size > free:
        raise InputError(f"The backup holds {size / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free.", "Make room first.")


def _is_ours(member: ZipInfo) -> bool:
    name = member.filename
    parts = PurePosixPath(name).parts
    # The type of a file in Unix's mode: 8 is a regular one, 0 one that a system without modes has written; 10 is a link.
    kind = member.external_attr >> 28
    if "\\" in name or "/".join(parts) != name or {"..", "."} & set(parts) or not name.isprintable() or kind not in (0, 8):
        return False
    known = name in (CONTENTS, MODEL_KEYS, *_SINGLE_FILES, *_DATABASES)
    # A colon would name a drive or a stream on Windows.
    return known or (len(parts) > 1 and parts[0] in _FOLDERS and not any(":" in part for part in parts))


def _write(archive: ZipFile, member: ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # "x": a file that is there already is never written over.
    with archive.open(member) as packed, target.open("xb") as file:
        if target.name in (MODEL_KEYS, ACCOUNTS, AUDIT_LOG):
            target.chmod(0o600)
        shutil.copyfileobj(packed, file, 1 << 20)


def _check_database(file: Path, source: Path) -> None:
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file)) as connection:
            # The quick check does not compare the indexes with their tables, which would take most of the time.
            (found,) = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise InputError(f"The {file.stem} in {source} is damaged: {found}.", "Take another backup; nothing was changed.")


def _begin_anew(file: Path) -> int:
    """Brings the restored catalog up to this version, without the indexes that it had; its number of articles."""
    catalog = Catalog.open(Home(file.parent).catalog_url, create=True)
    try:
        # A copy is another home from now on: the derived indexes of the first one are not its own.
        catalog.become_copy()
        return catalog.counts()[0]
    finally:
        catalog.close()


def _count_articles(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("select count(*) from articles").fetchone()[0])


def _used(home: Path) -> list[Path]:
    """What a home holds but for locks."""
    return [file for file in home.iterdir() if file.suffix != ".lock" and not file.name.startswith(".restoring-")]


def _moved_aside(home: Path) -> Path:
    """Moves what is in the home into a folder of it."""
    number = 1
    while (aside := home / f"before-restore-{number}").exists():
        number += 1
    # What an earlier restore has moved aside stays beside, else it would be nested deeper each time.
    entries = [file for file in _used(home) if not file.name.startswith("before-restore-")]
    aside.mkdir()
    for entry in entries:
        entry.replace(aside / entry.name)
    return aside
