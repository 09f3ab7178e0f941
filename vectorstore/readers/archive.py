"""Archives (.zip) of files that can be read: each member is unpacked alone, read by its reader, and removed again.

An archive is somebody else's: nothing in it may reach out of the folder that it is unpacked to, nor fill the disk. No member is
unpacked under a name of its own choice; the name is only what the article is called.
"""

import re
import shutil
import stat
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipFile, ZipInfo
from zlib import crc32

from vectorstore.errors import ReadError
from vectorstore.readers import SUFFIXES, read_as
from vectorstore.readers.containers import ZIP_ERRORS, packing_problem
from vectorstore.readers.encodings import detected_name_encoding
from vectorstore.readers.files import megabytes, printable, regular_size
from vectorstore.types import Article, Failure

MAX_MEMBERS = 10_000
"""Files of an archive at most, those in archives inside it included."""
MAX_UNPACKED = 1_000_000_000
"""Bytes of all files of an archive, unpacked."""
MAX_DEPTH = 2
"""How deep archives may be nested: an archive inside an archive is opened, but none inside that one."""

# `C:notes.md` is a place on another drive on Windows.
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Bit 11 of a member's flags: its name is UTF-8 (PKWARE's APPNOTE, section 4.4.4).
_UTF8_NAME = 0x800
# The extra field of Info-ZIP that has the name in UTF-8 (APPNOTE, section 4.6.9).
_UNICODE_PATH = 0x7075
# Characters: a file system takes names of 255 bytes, and a Chinese character has three in UTF-8.
_LONGEST_NAME = 80


def read_zip(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The articles of all members, under the ids `where/folder/name.md`, and a `Failure` for each member that stays out."""
    if not regular_size(path):
        raise ReadError("The file is empty.")
    yield from ArchiveReader(printable(path.absolute()), max_bytes).articles(path, where)


class ArchiveReader:
    """Reads one archive and those inside it within common limits: `ArchiveReader(origin, max_bytes).articles(path, id)`."""

    def __init__(self, origin: str, max_bytes: int) -> None:
        """`origin` is what the articles are said to come from, since the unpacked files are gone once they are read."""
        self._origin = origin
        self._max_bytes = max_bytes
        # Both budgets are shared with the archives inside, so that many small ones do not add up to a large one. Members are
        # counted off when an archive is opened, bytes only when a member is unpacked, as many have no reader and are not.
        self._bytes_left = MAX_UNPACKED
        self._members_left = MAX_MEMBERS

    def articles(self, path: Path, where: str, depth: int = 1) -> Iterator[Article | Failure]:
        """What the members of the archive at `path` hold; raises `ReadError` where it is refused as a whole."""
        try:
            file = ZipFile(path)
        except ZIP_ERRORS:
            raise ReadError("The archive is damaged, or is no .zip file: it cannot be opened.") from None
        with file, TemporaryDirectory(prefix="footnote-") as folder:
            members = [member for member in _with_names(file.infolist()) if not _is_passed_over(member)]
            self._check(members)
            for member in members:
                name = f"{where}/{printable(member.filename)}"
                if problem := self._problem(member, depth):
                    yield Failure(name, f"The file in the archive {problem}; it was left out.")
                else:
                    yield from self._member(file, member, name, Path(folder), depth)

    def _check(self, members: list[ZipInfo]) -> None:
        """Refuses an archive of too many files or bytes, or of which nothing can be unpacked."""
        # The stated sizes can be believed: `zipfile` unpacks no more of a member than it states.
        size = sum(member.file_size for member in members)
        if len(members) > self._members_left:
            raise ReadError(f"The archive holds {len(members):,} files; the limit is {MAX_MEMBERS:,}. Make smaller ones of it.")
        if size > self._bytes_left:
            raise ReadError(f"The archive has {megabytes(size)} unpacked; the limit is {megabytes(MAX_UNPACKED)}.")
        # Bit 0 of a member's flags: it is encrypted.
        if members and all(member.flag_bits & 1 for member in members):
            raise ReadError("The archive is protected with a password. Unpack it, then ingest what was in it.")
        self._members_left -= len(members)

    def _problem(self, member: ZipInfo, depth: int) -> str:
        """Why a member is not unpacked, to be put after "The file in the archive"; "" where it is unpacked."""
        if problem := _name_problem(member) or packing_problem(member, self._bytes_left):
            return problem
        if depth >= MAX_DEPTH and PurePosixPath(member.filename).suffix.lower() == ".zip":
            return f"is an archive in {depth} archives, which is not opened"
        return ""

    def _member(self, file: ZipFile, member: ZipInfo, name: str, folder: Path, depth: int) -> Iterator[Article | Failure]:
        """Unpacks one member, and yields what its reader finds in it."""
        target = folder / _safe_name(member)
        if target.suffix.lower() not in SUFFIXES:
            # Not unpacked, since it will not be read: the reader says only why.
            yield from read_as(target, name, self._max_bytes)
            return
        self._bytes_left -= member.file_size
        try:
            if _unpack(file, member, target):
                yield from self._read(target, name, depth)
            else:
                yield Failure(name, "The file in the archive is damaged; it was left out.")
        except ReadError as error:
            yield Failure(name, error.message)
        finally:
            target.unlink(missing_ok=True)

    def _read(self, path: Path, name: str, depth: int) -> Iterator[Article | Failure]:
        inner = path.suffix.lower() == ".zip"
        for item in self.articles(path, name, depth + 1) if inner else read_as(path, name, self._max_bytes):
            yield replace(item, origin=self._origin) if isinstance(item, Article) else item


def _unpack(file: ZipFile, member: ZipInfo, target: Path) -> bool:
    """Writes a member to a file of its own; False where it is damaged."""
    try:
        with file.open(member) as packed, target.open("wb") as unpacked:
            # A megabyte at a time, so that no member is held in memory.
            shutil.copyfileobj(packed, unpacked, 1 << 20)
    except ZIP_ERRORS:
        return False
    return True


def _is_passed_over(member: ZipInfo) -> bool:
    """Whether a member is a folder, hidden, or what macOS adds: these are passed over without a word, as in a folder."""
    parts = member.filename.split("/")
    # The names `.` and `..` are not hidden ones: `_name_problem` refuses what leads out, with its reason.
    return member.is_dir() or parts[0] == "__MACOSX" or any(part.startswith(".") and part.strip(".") for part in parts)


def _with_names(members: Sequence[ZipInfo]) -> list[ZipInfo]:
    """The members under the names that their packer gave them, in whatever encoding those are in the archive.

    Where nothing declares UTF-8, a name may be in it all the same, or in the encoding of the machine that packed it.
    """
    raw = {id(one): _name_bytes(one) for one in members if not one.flag_bits & _UTF8_NAME}
    codec = detected_name_encoding([name for name in raw.values() if _in_utf8(name) is None])
    for one in members:
        name = raw.get(id(one))
        if name is None:
            one.filename = one.orig_filename
        else:
            one.filename = _stated_name(one, name) or _in_utf8(name) or name.decode(codec, "replace")
    return list(members)


def _name_bytes(member: ZipInfo) -> bytes:
    """The bytes of a name without the UTF-8 flag, which `zipfile` has decoded as cp437, the encoding of the first zip files."""
    return member.orig_filename.encode("cp437")


def _in_utf8(name: bytes) -> str | None:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _stated_name(member: ZipInfo, name: bytes) -> str:
    """The UTF-8 name that some packers add in an extra field ("Unicode Path"); "" where there is none or it is out of date."""
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        # A field is its kind and its size, of two bytes each, then so many bytes; all numbers are little-endian.
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        # The body of this field is a version (one byte), the CRC-32 of the member's usual name (four bytes) and the UTF-8 name.
        # A program that renames a member but does not know the field leaves the old one, whose checksum no longer matches.
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack("<I", field[1:5])[0] == crc32(name):
            return _in_utf8(field[5:]) or ""
    return ""


def _name_problem(member: ZipInfo) -> str:
    """Why the name or the kind of a member keeps it out; "" where it does not."""
    name = member.filename
    if "\\" in name:
        return "has a backslash in its name, which leads to another place on Windows"
    if name.startswith("/") or _DRIVE.match(name):
        return "has the name of a place outside of the archive"
    if ".." in name.split("/"):
        return "has a name that leads out of the archive (..)"
    if _CONTROL.search(name):
        return "has a control character in its name"
    # The upper half is the file's mode under Unix, and 0 where the archive was packed on Windows.
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a symbolic link, which is not followed"
    return "" if kind in (0, stat.S_IFREG) else "is not a regular file"


def _safe_name(member: ZipInfo) -> str:
    """A name for the unpacked file: the last part of its own, as long as a file system takes it; readers make titles of it."""
    name = PurePosixPath(printable(member.filename))
    return name.stem[:_LONGEST_NAME] + name.suffix
