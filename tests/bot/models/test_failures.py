"""Errors of providers' packages, put into sentences."""

import ssl
from email.utils import formatdate
from socket import gaierror
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import (
    BadRequest,
    ModelError,
    ModelTimeout,
    RateLimited,
    ServerFailed,
    ServerUnreachable,
    StreamInterrupted,
    WrongKey,
)
from bot.models.failures import (
    LIMIT,
    LONGEST,
    ModelEndpoint,
    RetryPolicy,
    clean_server_text,
    duration,
    retry_after,
    safe_cause,
    to_model_error,
)

KEY = "sk-hunter2-hunter2"
OPENAI = ModelEndpoint("gpt-x", "api.openai.com", key=KEY)


class ConnectError(Exception):
    """As HTTP libraries call theirs."""


class StatusError(Exception):
    """As the packages of OpenAI and Anthropic tell of an HTTP status."""

    def __init__(self, status: int, body: object = None, **headers: str) -> None:
        super().__init__(f"Error code: {status} - {body}")
        self.status_code = status
        self.body = body
        self.response = SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})


def message(error: Exception, place: ModelEndpoint = OPENAI, *, begun: bool = False) -> str:
    return to_model_error(error, place, begun=begun).message


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (gaierror(-2, "Name or service not known"), "its name cannot be found"),
        (ConnectionRefusedError(111, "Connection refused"), "nothing listens there"),
        (ssl.SSLCertVerificationError("self-signed certificate"), "no secure connection could be made"),
        (OSError(113, "No route to host"), "no connection could be made"),
    ],
)
def test_why_a_server_cannot_be_reached_is_told(reason: Exception, told: str) -> None:
    failure = to_model_error(ConnectError(reason), OPENAI, begun=False)
    assert isinstance(failure, ServerUnreachable)
    assert failure.message == f"The server at api.openai.com cannot be reached: {told}."
    assert failure.help == "Check the network."


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Bad words."},
        {"error": {"message": "Bad words."}},
        {"error": "Bad words."},
        {"detail": "Bad words."},
        "Bad words.\n",
        {"message": {"detail": [{"msg": "Bad words."}]}},
        {"error": {"message": "", "metadata": {"raw": '{"detail": "Bad words."}'}}},
        [{"error": {"message": "Bad words."}}],
        {"errors": [{"title": "Bad words."}]},
    ],
)
def test_a_servers_own_words_are_found_where_servers_put_them(body: object) -> None:
    assert message(StatusError(400, body)) == "The server at api.openai.com did not accept the request (error 400: Bad words)."


@pytest.mark.parametrize(
    "body", [None, {}, {"error": {}}, {"error": None}, [], 7, "", "<!DOCTYPE html><p>Oh</p>", {"message": 5}]
)
def test_a_server_without_words_is_told_by_its_status(body: object) -> None:
    assert message(StatusError(500, body)) == "The server at api.openai.com failed (error 500)."


def test_a_servers_words_become_one_line_without_control_characters() -> None:
    assert clean_server_text("one\r\n\x1b[31mtwo\x00\u202ethree\u200b four", "") == "one [31mtwo three four"


def test_a_servers_words_are_cut() -> None:
    cut = clean_server_text("word " * 500, "")
    assert len(cut) <= LONGEST
    assert cut.endswith("word…")


@pytest.mark.parametrize(
    "text", [f"Wrong key {KEY}!", "Key: sk-proj-Abc***xyz9", "Authorization: Bearer abc.def", f"{KEY}{KEY}", KEY.upper()]
)
def test_keys_are_taken_out(text: str) -> None:
    shown = clean_server_text(text, KEY)
    assert "[key]" in shown
    assert not any(secret in shown.lower() for secret in ("hunter2", "abc", "xyz9"))


def test_a_key_in_another_form_than_openais_is_taken_out_too() -> None:
    assert clean_server_text("No: 0123abcd.", "0123abcd") == "No: [key]."


@given(st.text(), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4))
def test_whatever_a_server_says_the_key_is_not_shown(text: str, key: str) -> None:
    assert key not in clean_server_text(f"{text}{key}{text}", key).replace("[key]", " ")


def test_an_error_that_holds_the_key_is_not_kept_as_the_cause() -> None:
    assert safe_cause(StatusError(400, f"Bad: {KEY}"), OPENAI) is None


def test_any_other_error_is_kept_as_the_cause() -> None:
    error = StatusError(400, "Bad.")
    assert safe_cause(error, OPENAI) is error


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after_ms": "250", "retry_after": "7"}, 0.25),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:30 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 30.0),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT", "date": "Wed, 21 Oct 2015 07:28:30 GMT"}, 0.0),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_how_long_to_wait_is_read_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(StatusError(429, **headers)) == seconds


def test_a_date_to_wait_for_goes_by_this_clock_if_the_server_has_none() -> None:
    waiting = retry_after(StatusError(429, retry_after=formatdate(4_000_000_000, usegmt=True)))
    assert waiting is not None
    assert waiting > 1_000_000


def test_an_address_with_a_wrong_path_is_corrected_only_where_set() -> None:
    compatible = ModelEndpoint("x", "localhost:11434", compatible=True)
    assert (
        to_model_error(StatusError(404), compatible, begun=False).help
        == "Check OPENAI_BASE_URL: most servers want /v1 at its end."
    )


def test_another_providers_key_is_not_called_openais() -> None:
    failure = to_model_error(StatusError(401), ModelEndpoint("claude-x", "", "anthropic"), begun=False)
    assert failure.message == "The provider anthropic did not take the key."
    assert "OPENAI" not in failure.help


@given(
    st.sampled_from([ValueError, TypeError, KeyError, OSError, RuntimeError, TimeoutError, ConnectionError, ExceptionGroup]),
    st.text(),
    st.booleans(),
)
def test_any_error_becomes_a_sentence(kind: Any, text: str, begun: bool) -> None:
    error = kind(text, [ValueError()]) if kind is ExceptionGroup else kind(text)
    failure = to_model_error(error, OPENAI, begun=begun)
    assert isinstance(failure, ModelError)
    assert failure.message.endswith((".", "…", "!", "?")) or failure.message[-1:].isprintable()
    assert "\n" not in failure.message


def test_a_place_does_not_show_its_key() -> None:
    assert KEY not in repr(OPENAI) + str(OPENAI)


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
