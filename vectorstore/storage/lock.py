"""Locks between processes. The operating system lets go of them when their holder dies, however it dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import CatalogError, IndexBusy


@contextmanager
def file_lock(path: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock file at `path` for the block; raises IndexBusy if another holds it for longer than `wait` seconds.

    `what` says what the other one is doing, for the message.
    """
    lock = FileLock(path, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait, poll_interval=0.02)
    except Timeout:
        raise IndexBusy(f"Another footnote is {what} in {path.parent}.") from None
    except OSError as error:
        raise CatalogError(f"The home folder {path.parent} cannot be written: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()
