"""When a model is asked again, and after which wait."""

import pytest

from bot.errors import BadRequest, ModelError, ModelTimeout, RateLimited, ServerFailed, StreamInterrupted, WrongKey
from bot.models.retry import LIMIT, RetryPolicy, duration


def waits(*failures: ModelError) -> list[float | None]:
    patience = RetryPolicy()
    return [patience.wait(failure) for failure in failures]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (RateLimited("."), [1.0, 2.0, 4.0, 8.0, None]),
        (ServerFailed("."), [0.5, 1.0, None]),
        (StreamInterrupted("."), [0.5, 1.0, None]),
        (ModelTimeout("."), [0.5, None]),
        (WrongKey("."), [None]),
        (BadRequest("."), [None]),
        (ModelError("."), [None]),
    ],
)
def test_the_waits_grow_and_end(failure: ModelError, expected: list[float | None]) -> None:
    assert waits(*[failure] * len(expected)) == expected


def test_all_waits_together_have_a_limit() -> None:
    asks = [RateLimited(".", after=LIMIT / 2), RateLimited(".", after=LIMIT / 2), RateLimited(".", after=1.0)]
    assert waits(*asks) == [LIMIT / 2, LIMIT / 2, None]
    assert asks[-1].help == "It asks to wait 1 second: ask again then."


def test_a_server_that_asks_for_no_wait_gets_none() -> None:
    assert waits(ServerFailed(".", after=0.0)) == [0.0]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "1 second"),
        (0.2, "1 second"),
        (1.2, "2 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (3601, "2 hours"),
    ],
)
def test_a_time_is_told_in_words_and_never_too_short(seconds: float, told: str) -> None:
    assert duration(seconds) == told
