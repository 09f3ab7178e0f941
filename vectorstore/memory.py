"""Memory that libraries have let go of, and that the system does not have back yet."""

import ctypes
import sys


def give_back_memory() -> None:
    """Gives what is free of this process's memory back to the system, where its C library can (glibc).

    Chroma grows its index by making it anew, and what it leaves lies between what is used: a third of all after a long ingest.
    The models that recognise words leave as much of each page.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
