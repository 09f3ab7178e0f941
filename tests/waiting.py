"""Waits for what another thread or process is on its way to, and no longer."""

import time
from collections.abc import Callable


def until(holds: Callable[[], object], seconds: float = 20, pause: float = 0.005) -> None:
    """Asks until `holds` says yes; fails after `seconds`, so that a test never hangs.

    >>> until(lambda: True)
    """
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"It did not come to be within {seconds:g} s."
        time.sleep(pause)
