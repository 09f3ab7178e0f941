"""What is opened once for all threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.wiring.engine import Lazy


def test_many_threads_that_ask_at_once_get_the_same_value() -> None:
    made, together = list[object](), Barrier(8)

    def make() -> object:
        made.append(object())
        return made[-1]

    lazy = Lazy(make)

    def ask(_: int) -> object:
        together.wait()
        return lazy()

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))
    assert (len(found), len(made)) == (1, 1)


def test_a_making_that_fails_is_tried_again_by_the_next_one_who_asks() -> None:
    tries = iter([ZeroDivisionError("not yet"), None])

    def make() -> str:
        if error := next(tries):
            raise error
        return "made"

    lazy = Lazy(make)
    with pytest.raises(ZeroDivisionError):
        lazy()
    assert lazy.made is None
    assert lazy() == "made"
