"""Progress of what takes minutes, on stderr: a bar on a terminal, a line now and then in a log."""

import sys
import time
from typing import TextIO

WIDTH = 30
"""Characters of the bar."""
SELDOM = 20.0
"""Seconds between two lines in a log."""


class ProgressBar:
    """Tells how far something is.

    >>> bar = ProgressBar("Fetching", total=4)
    >>> bar.text(1)
    'Fetching [███████                       ] 25%'
    """

    def __init__(self, what: str, total: int = 0, out: TextIO | None = None) -> None:
        """`total` is 0 where it is not known: then the minutes are told."""
        self._what = what
        self._total = total
        self._out = out or sys.stderr
        self._begun = time.monotonic()
        self._told = float("-inf")

    def text(self, done: int) -> str:
        """The line that stands for this much."""
        if not self._total:
            minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
            return f"{self._what}: {minutes} min {seconds:02} s"
        filled = WIDTH * done // self._total
        return f"{self._what} [{'█' * filled}{' ' * (WIDTH - filled)}] {100 * done // self._total}%"

    def show(self, done: int = 0) -> None:
        """Tells it, on a terminal in the place of what it told before."""
        if self._out.isatty():
            self._write(f"\r\033[K{self.text(done)}")
        elif time.monotonic() - self._told >= SELDOM:
            self._told = time.monotonic()
            self._write(f"{self.text(done)}\n")

    def end(self) -> None:
        """Leaves the line for what comes next."""
        if self._out.isatty():
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
