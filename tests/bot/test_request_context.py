"""A request's id and caller travel with the work, through generators and threads, and do not leak out of it."""

from collections.abc import Iterator
from threading import Thread

import pytest

from bot.request_context import (
    LONGEST_ID,
    RequestContext,
    current_request,
    in_request,
    is_uuid,
    request_copy,
    request_id,
    request_scope,
    request_thread,
)


def ids() -> Iterator[str]:
    while True:
        yield current_request().id


def test_a_scope_gives_an_id_and_takes_it_back() -> None:
    with request_scope(RequestContext("http")) as request:
        assert current_request() == request
        assert is_uuid(request.id)
    assert current_request().id == ""


def test_items_are_made_for_their_own_request_whoever_asks() -> None:
    first, second = (in_request(ids(), RequestContext(id=id)) for id in ("one", "two"))
    assert [next(first), next(second), next(first), current_request().id] == ["one", "two", "one", ""]


def test_items_that_are_let_go_are_closed_for_their_request() -> None:
    closed: list[str] = []

    def items() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(current_request().id)

    stream = in_request(items(), RequestContext(id="one"))
    next(stream)
    stream.close()
    assert closed == ["one"]


def test_a_thread_works_for_the_request_that_it_was_given() -> None:
    seen: list[str] = []
    run = request_copy(RequestContext("page", "seven")).run
    thread = Thread(target=run, args=(lambda: seen.append(current_request().id),))
    thread.start()
    thread.join()
    assert seen == ["seven"]


def test_a_thread_of_a_request_works_for_it_after_the_request() -> None:
    seen: list[str] = []
    with request_scope(RequestContext(id="one")):
        thread = request_thread(lambda: seen.append(current_request().id), "work")
    thread.start()
    thread.join(10)
    assert seen == ["one"]


@pytest.mark.parametrize("given", ["a\r\nX-Evil: 1", "x" * 500, "é", ""])
def test_an_id_from_outside_is_one_short_word(given: str) -> None:
    found = request_id(given)
    assert found.isascii()
    assert found.isprintable()
    assert 0 < len(found) <= LONGEST_ID
    assert " " not in found
