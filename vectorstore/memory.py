"""Memory that libraries have let go of, and that the system does not have back yet."""

import ctypes
import sys
import threading
import time


def give_back_memory() -> None:
    """Gives what is free of this process's memory back to the system, where its C library can (glibc).

    Chroma grows its index by making it anew, and what it leaves lies between what is used: a third of all after a long ingest.
    The models that recognise words leave as much of each page.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class MemoryTidier:
    """Gives back memory after work, at most once in `every` seconds. Threads may share it.

    What loading the models leaves is a third of a server's memory, and each answer leaves some more between what is used; it
    takes 4 ms to give back.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._lock = threading.Lock()
        self._due = 0.0

    def tidy(self) -> bool:
        """Gives back what is free where it is time for it, and says whether it was."""
        with self._lock:
            now = time.monotonic()
            if now < self._due:
                return False
            self._due = now + self._every
        give_back_memory()
        return True
