"""The files that articles were read from and that a home keeps: uploads, pasted texts, pages as they were fetched.

Each stands under its own name in a folder named by the SHA-256 of its content, so that equal files are kept once and a reader
still meets the name that a person gave.
"""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from vectorstore.errors import CatalogError
from vectorstore.readers.files import storable
from vectorstore.storage.home import Home

# Control characters, and what Windows does not take in a name: a home may be moved there.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
LONGEST_NAME = 120
"""Characters of a kept file's name; file systems take 255 bytes."""


def file_name(name: str) -> str:
    """The last part of a name that came from elsewhere, without what file systems do not take, and not too long.

    >>> file_name("../../etc/Harbour: news?.pdf"), file_name("..")
    ('Harbour news.pdf', 'article')
    """
    last = _NOT_IN_NAMES.sub(" ", storable(name.replace("\\", "/")).rsplit("/", 1)[-1])
    plain = re.sub(r" {2,}", " ", last).strip(" .") or "article"
    stem, suffix = Path(plain).stem, Path(plain).suffix[:20]
    return stem[: LONGEST_NAME - len(suffix)].rstrip() + suffix


def keep_original(home: Home, name: str, data: bytes) -> Path:
    """Keeps a file under this name, once, and gives its place; raises CatalogError where it cannot be written."""
    folder = home.originals / sha256(data).hexdigest()
    if (there := original_file(home, folder.name)) is not None and there.name == file_name(name):
        return there
    # Where the same content is kept under another name, it is kept under this one beside it.
    kept = folder / file_name(name)
    part = folder / f"{kept.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        # A rename takes place at once, so a file that is there is whole.
        part.replace(kept)
    except OSError as error:
        raise CatalogError(f"The file {name} cannot be kept in {home.originals}: {error.strerror or error}.") from error
    return kept


def original_file(home: Home, digest: str) -> Path | None:
    """The file with this SHA-256; None where none is kept."""
    folder = home.originals / digest
    if not digest or not folder.is_dir():
        return None
    return next((file for file in sorted(folder.iterdir()) if file.suffix != ".part"), None)


def drop_originals(home: Home, digests: Iterable[str]) -> None:
    """Removes the files with these SHA-256, best effort."""
    for digest in filter(None, digests):
        with suppress(OSError):
            shutil.rmtree(home.originals / digest)
