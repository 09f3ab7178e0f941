"""Remembers what functions made of their last texts: so many characters of text, and not so many calls.

`functools.lru_cache` counts calls. The same four thousand of them are a few megabytes where the texts are sentences, and the
whole memory where they are long.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

TEXTS = 200_000
"""Characters of the texts that are asked about again and again: the passages of ten answers, and the paragraphs around them."""
ENTRY = 50
"""Characters that a result counts for beside its texts, lest very many short ones be kept."""


def remembered(characters: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a pure function remember its results for texts of so many characters in all, those that were wanted last.

    A text that is longer by itself is remembered until others have come, as it is mostly asked about several times in a row.
    Threads may share it.

    >>> calls = []
    >>> @remembered(1_000)
    ... def shouted(text: str) -> str:
    ...     calls.append(text)
    ...     return text.upper()
    >>> shouted("rain"), shouted("rain"), calls
    ('RAIN', 'RAIN', ['rain'])
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        """The function with a memory of its own."""
        kept = _Generations[R](characters // 2)

        @wraps(function)
        def cached(*args: P.args, **kwargs: P.kwargs) -> R:
            """What the function gives, by heart where it was wanted of late."""
            key: tuple[object, ...] = (*args, *kwargs.items()) if kwargs else args
            try:
                return kept.young[key]
            except KeyError:
                old = kept.old
            # Worked out without the lock: two threads may do the same work, which costs less than waiting.
            result = old[key] if key in old else function(*args, **kwargs)
            kept.keep(key, result)
            return result

        return cached

    return decorated


class _Generations(Generic[R]):
    """Two tables, of which the younger takes the older one's place when it is full: cheaper than an order of all entries."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lock = threading.Lock()
        self.young: dict[tuple[object, ...], R] = {}
        self.old: dict[tuple[object, ...], R] = {}

    def keep(self, key: tuple[object, ...], result: R) -> None:
        """Puts a result among the younger ones."""
        size = ENTRY + sum(len(part) for part in key if isinstance(part, str))
        with self._lock:
            if self.young and self._size + size > self._most:
                self.old, self.young, self._size = self.young, {}, 0
            self._size += size
            self.young[key] = result
