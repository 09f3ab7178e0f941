"""Whether a failed request is worth another, and after which wait."""

from math import ceil

from bot.errors import ModelError, ModelTimeout, RateLimited, ServerFailed, StreamInterrupted

LIMIT = 20.0
"""Seconds that are waited in all, for one answer, before asking again."""
_FURTHER: dict[type[ModelError], int] = {RateLimited: 4, ServerFailed: 2, StreamInterrupted: 2, ModelTimeout: 1}
"""What is worth asking again for, and how often. A server that is silent twice has had its timeout twice."""
_FIRST_WAIT: dict[type[ModelError], float] = {RateLimited: 1.0}
_OTHER_WAIT = 0.5


class RetryPolicy:
    """How often, and after which waits, a model is asked again for one answer.

    >>> policy, failure = RetryPolicy(), ServerFailed("The server failed.")
    >>> policy.wait(failure), policy.wait(failure), policy.wait(failure)
    (0.5, 1.0, None)
    """

    def __init__(self) -> None:
        # Of the whole answer and not of one wait: several short ones add up for whoever is reading.
        self._left = LIMIT
        self._tried = 0

    def wait(self, failure: ModelError) -> float | None:
        """Seconds to wait before asking again; None where it is not worth it. A wait that is too long is told in `failure`."""
        if self._tried >= _FURTHER.get(type(failure), 0):
            return None
        # The server's own word counts; else each wait is twice the one before.
        wait = _FIRST_WAIT.get(type(failure), _OTHER_WAIT) * 2**self._tried if failure.after is None else failure.after
        # A reader who has to wait longer than that had better be told, and ask later.
        if wait > self._left:
            _tell_wait(failure)
            return None
        self._tried += 1
        self._left -= wait
        return wait


def _tell_wait(failure: ModelError) -> None:
    """Puts into the failure's help how long its server asks to wait."""
    if failure.after is not None:
        failure.help = f"It asks to wait {duration(failure.after)}: ask again then."


def duration(seconds: float) -> str:
    """A time to wait for people to read, never less than it is.

    >>> duration(0.5), duration(61), duration(7200)
    ('1 second', '2 minutes', '2 hours')
    """
    # More than, not at least: 60 seconds are still told as seconds.
    size, unit = next((pair for pair in ((3600, "hour"), (60, "minute")) if seconds > pair[0]), (1, "second"))
    count = max(1, ceil(seconds / size))
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
