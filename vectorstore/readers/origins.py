"""Where the articles of an ingest come from: the files to read, and what may be said of an article's origin later."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from vectorstore.readers import place_in, walk
from vectorstore.readers.files import printable
from vectorstore.types import Failure, IngestSource


def absolute(paths: Iterable[Path]) -> list[Path]:
    """The paths from the root on, as ids and origins are made of them."""
    return [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100  # `..` goes, links stay as they are


def sources_under(roots: Iterable[Path], failed: list[Failure]) -> Iterator[IngestSource]:
    """The files to read; what cannot be listed goes into `failed`. An id is made relative to the root that was named."""
    # The roots may be an iterator, so whether there are any shows only at the end.
    empty = True
    for root in roots:
        empty = False
        if not root.exists():
            failed.append(Failure(printable(root), "There is no such file or folder."))
            continue
        folder = root if root.is_dir() else root.parent
        for item in walk(root):
            if isinstance(item, Failure):
                failed.append(item)
            else:
                yield IngestSource(item, place_in(item, folder), printable(item.absolute()))
    if empty:
        failed.append(Failure("", "No file or folder was named."))


def is_another_file(old: str, new: str) -> bool:
    """Whether an article's old origin is another file that still exists."""
    if old == new:
        return False
    # One file may have two names: through a link, or by another way of writing its path.
    try:
        return not Path(old).samefile(new)
    except (OSError, ValueError):
        return not is_missing(old)


def is_missing(origin: str) -> bool:
    """Whether a file is certainly not there; one that cannot be looked for may be."""
    try:
        Path(origin).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def is_under(origin: str, root: Path) -> bool:
    """Whether an origin lies in a folder that exists, or is that file."""
    # A root that is not there, such as a drive that is not plugged in, tells nothing of the files in it.
    return bool(origin) and root.exists() and Path(origin).is_relative_to(printable(root))
