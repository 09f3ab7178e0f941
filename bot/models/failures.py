"""What a provider's package raises -> one of our errors: a sentence that says what happened, and one that says what to do.

Errors are told apart by their HTTP status, by the code in the server's answer, and by the names of their classes: every
provider brings an HTTP library of its own, and none of them is imported for this. What a server wrote is not trusted: it
is cut to one short line, and the key is taken out of it. Whether a failed request is worth another, and after which wait, is
`RetryPolicy`'s to say.
"""

import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import ceil
from socket import gaierror
from unicodedata import category

from bot.errors import (
    BadRequest,
    MalformedAnswer,
    ModelError,
    ModelTimeout,
    NoCredit,
    NotPermitted,
    PromptTooLong,
    RateLimited,
    ServerFailed,
    ServerUnreachable,
    StreamInterrupted,
    UnknownModel,
    WrongKey,
)

LONGEST = 200
"""Characters of a server's own text that are passed on."""

# How the keys of several providers begin: a gateway may quote another key than the one that was sent.
_KEYS = re.compile(r"\b(?:sk|pk|key|lsv2|xai|gsk)[-_][\w*.-]{4,}|\bBearer\s+\S+", re.IGNORECASE)
_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_NO_CREDIT_WORDS = re.compile(r"credit balance is too low", re.IGNORECASE)
"""How Anthropic says so, with the status and the code of a request that is wrong."""
TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|prompt is too long|too many (?:input )?tokens|request_too_large|"
    r"maximum number of tokens",
    re.IGNORECASE,
)
_REASONS = (
    "error",
    "message",
    "detail",
    "msg",
    "errors",
    "error_description",
    "error_message",
    "reason",
    "title",
    "description",
)
"""Where servers put their words, from the most to the least telling; "code" and "type" are for programs."""
_PASSING = {408, 409, 425}
"""Timeout, conflict and too early: the request was good, the moment was not."""
_STATUS_OF_CODE = {"rate_limit_exceeded": 429, "server_error": 500, "invalid_api_key": 401, "model_not_found": 404}
"""What an error event in the middle of a stream, which has no status, would have had."""
_INVALID_KEY = "API_KEY_INVALID"
"""Google's reason for a key that it does not take, which it tells with the status of a request that is wrong."""


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Which model is asked and where, as errors tell of it. `host` is the server's, without user name and password.

    `compatible`: another server than OpenAI's that speaks its protocol. `provider` is a LangChain provider's name.

    >>> ModelEndpoint("qwen3:8b", "localhost:11434", compatible=True).server
    'The server at localhost:11434'
    """

    model: str
    host: str
    provider: str = "openai"
    compatible: bool = False
    timeout: float = 60.0
    key: str = field(default="", repr=False)

    @property
    def server(self) -> str:
        """The server as a sentence begins with it."""
        return f"The server at {self.host}" if self.host else f"The provider {self.provider}"


def to_model_error(error: Exception, endpoint: ModelEndpoint, *, begun: bool) -> ModelError:
    """Our error for one of a provider's; `begun` says whether a part of the answer had come."""
    # The names of all classes that the errors inherit from, as providers derive their errors from those of httpx and openai.
    chain = list(_chain(error))
    names = {cls.__name__ for one in chain for cls in type(one).__mro__}
    # Some packages wrap the error that has the server's answer into one of their own, which has only a text (Google's).
    told = next((one for one in chain if isinstance(one, Exception) and _status(one) is not None), error)
    status = _status(told)
    text = server_message(told, endpoint.key)
    # Looked for first: servers tell of it with many statuses, and with none in the middle of a stream.
    # LangChain's own class for it, which some of its packages raise.
    if "ContextOverflowError" in names or (status in (400, 413, 422, None) and TOO_LONG.search(f"{_code(told)} {text}")):
        return PromptTooLong(f"The question and its passages are longer than {endpoint.model} can read{_after_colon(text)}.")
    if status is not None:
        return _by_status(told, status, endpoint, text)
    # A connection that is not made in time is no silent server, but one that cannot be reached.
    if names & {"TimeoutException", "TimeoutError", "ModelTimeoutError"} and "ConnectTimeout" not in names:
        return _silent(endpoint, begun=begun)
    return _by_network(chain, names, endpoint, begun=begun) or _unreadable(names, endpoint, text)


def safe_cause(error: Exception, endpoint: ModelEndpoint) -> Exception | None:
    """The error, to be shown as the cause where --debug asks for it; None where a text in it holds the key."""
    shown = "".join(str(one) for one in _chain(error))
    # No part of a traceback may print the key, not even with --debug.
    return None if endpoint.key and endpoint.key in shown else error


def server_message(error: Exception, key: str) -> str:
    """What the server says of it, safe to show: one short line, with no control characters and no key; "" for nothing."""
    body = _body(error)
    if body is None and getattr(error, "status_code", None) is None:
        body = str(error)
    return clean_server_text(reason_in(body), key)


def reason_in(body: object) -> str:
    """The reason in the body of an error, whatever its form: a text, or objects and lists around one; "" for none.

    >>> reason_in({"message": {"detail": [{"loc": ["body", "stream"], "msg": "Extra inputs are not permitted"}]}})
    'body.stream: Extra inputs are not permitted'
    """
    if isinstance(body, str):
        # A gateway quotes what the model's own server said.
        with suppress(ValueError):
            return reason_in(json.loads(body)) or body if body.lstrip().startswith(("{", "[")) else body
        return body
    if isinstance(body, list):
        # FastAPI lists a complaint for each field; three of them fit into one line.
        return "; ".join(filter(None, map(reason_in, body[:3])))
    if not isinstance(body, Mapping):
        return ""
    found = next(filter(None, (reason_in(body.get(name)) for name in _REASONS)), "")
    place, inner = body.get("loc"), body.get("metadata")
    # OpenRouter says only that the provider failed, and puts beside it why.
    if isinstance(inner, Mapping) and (raw := reason_in(inner.get("raw"))):
        return f"{found}: {raw}" if found else raw
    return f"{'.'.join(map(str, place))}: {found}" if isinstance(place, list) and place and found else found


def clean_server_text(text: str, key: str) -> str:
    """A server's text as one short line, with no control or direction characters and no key in it; "" for a web page.

    >>> clean_server_text("Wrong key\\n secret-1", "secret-1"), clean_server_text("<html>502</html>", "")
    ('Wrong key [key]', '')
    """
    # A proxy answers with a web page, of which no line helps anybody.
    if text.lstrip().startswith("<"):
        return ""
    text = text.replace(key, "[key]") if len(key) >= 4 else text  # a server's placeholder of "x" is no secret
    text = _KEYS.sub("[key]", text)
    flat = " ".join("".join(c if category(c)[0] != "C" else " " for c in text).split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1].rstrip()}…"


def retry_after(error: Exception) -> float | None:
    """Seconds that the server asks to wait, from its headers: a number, or a date by the server's own clock."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        # Both headers are a number of different units; what is no number may still be a date, below.
        with suppress(ValueError):
            seconds = float(headers.get(name, "")) * unit
            # "nan" and "inf" are numbers for Python, and no wait.
            return seconds if 0 <= seconds < float("inf") else None
    for detail in _details(error):
        with suppress(ValueError):  # Google says so in the body: "3.5s"
            return float(str(detail.get("retryDelay", "")).removesuffix("s"))
    until = _moment(headers.get("retry-after", ""))
    # By the server's own clock, which may be minutes off from this machine's.
    return None if until is None else max(0.0, until - (_moment(headers.get("date", "")) or time.time()))


def _moment(date: str) -> float | None:
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(date).timestamp()
    return None


def _by_status(error: Exception, status: int, endpoint: ModelEndpoint, text: str) -> ModelError:
    """The errors that a server tells of by its HTTP status."""
    told, after = _after_colon(text), retry_after(error)
    refused = f"{endpoint.server} did not accept the request (error {status}{told})."
    # What helps with an address of OpenAI's protocol is nothing to a provider's own package.
    help = None if endpoint.provider == "openai" else "Check the model's name, and its settings."
    # What is left of 4xx: the request itself is at fault.
    failure: ModelError = BadRequest(refused, help)
    if status == 401 or any(one.get("reason") == _INVALID_KEY for one in _details(error)):
        failure = _wrong_key(endpoint)
    elif status == 403:
        failure = NotPermitted(f"{endpoint.server} does not let this key use {endpoint.model}{told}.")
    elif status == 404:
        failure = _not_found(error, endpoint, text)
    # 429 means "too fast" as well as "nothing left to spend", and only the code tells which.
    elif status == 402 or (status == 429 and _code(error) in _NO_CREDIT) or _NO_CREDIT_WORDS.search(text):
        failure = NoCredit("The account behind the key has no credit left.")
    elif status == 429:
        failure = RateLimited(f"{endpoint.server} has had too many requests{told}.", after=after)
    elif status >= 500 or status in _PASSING:
        failure = ServerFailed(f"{endpoint.server} failed (error {status}{told}).", after=after)
    return failure


def _wrong_key(endpoint: ModelEndpoint) -> ModelError:
    if endpoint.provider != "openai":
        return WrongKey(f"{endpoint.server} did not take the key.")
    if not endpoint.key:
        return WrongKey(f"{endpoint.server} wants a key, and none is set.", "Set OPENAI_API_KEY.")
    return WrongKey(
        f"{endpoint.server} did not take the key.",
        "Check OPENAI_API_KEY: it may be mistyped, revoked, or belong to another server.",
    )


def _not_found(error: Exception, endpoint: ModelEndpoint, text: str) -> ModelError:
    """A 404 is told by servers of a model that they do not have, and of an address that is not theirs."""
    if _code(error) == "model_not_found" or "model" in text.lower():
        return UnknownModel(f"{endpoint.server} has no model called {endpoint.model}{_after_colon(text)}.")
    return BadRequest(
        f"{endpoint.server} does not answer at this address (error 404{_after_colon(text)}).",
        "Check OPENAI_BASE_URL: most servers want /v1 at its end." if endpoint.compatible else None,
    )


def _silent(endpoint: ModelEndpoint, *, begun: bool) -> ModelError:
    if begun:
        return ModelTimeout(f"The answer stopped: nothing came from {_host(endpoint)} for {duration(endpoint.timeout)}.")
    return ModelTimeout(f"{endpoint.server} did not begin to answer within {duration(endpoint.timeout)}.")


def _by_network(chain: list[BaseException], names: set[str], endpoint: ModelEndpoint, *, begun: bool) -> ModelError | None:
    """The errors of a connection that cannot be made, or that ends too early; None for any other."""
    # From the most telling cause to the least: a name that cannot be found is a ConnectError as well.
    why = ""
    if any(isinstance(one, gaierror) for one in chain):
        why = "its name cannot be found"
    elif any(isinstance(one, ssl.SSLError) for one in chain):
        why = "no secure connection could be made"
    elif any(isinstance(one, ConnectionRefusedError) for one in chain):
        why = "nothing listens there"
    elif names & {"ConnectError", "ConnectTimeout"}:
        why = "no connection could be made"
    if why:
        cure = "Start it, or correct OPENAI_BASE_URL." if endpoint.compatible else None
        return ServerUnreachable(f"{endpoint.server} cannot be reached: {why}.", cure)
    # What is left is a connection that was made and then lost.
    if not names & {"APIConnectionError", "ConnectionError", "ModelConnectionError", "TransportError"}:
        return None
    if begun:
        return StreamInterrupted(f"The answer broke off: {_host(endpoint)} closed the connection before the end.")
    return StreamInterrupted(f"{endpoint.server} closed the connection before it answered.")


def _unreadable(names: set[str], endpoint: ModelEndpoint, text: str) -> ModelError:
    """All else: an error that the server tells of in the middle of its answer, or an answer that cannot be read."""
    # The openai package's own class for an error event within a stream.
    if "APIError" in names:
        return ServerFailed(f"{endpoint.server} reported an error instead of going on{_after_colon(text)}.")
    if names & {"ValueError", "TypeError", "LookupError", "AttributeError"}:
        help = None if endpoint.provider == "openai" else "Ask again; if it stays so, check its address, where one is set."
        return MalformedAnswer(f"{endpoint.server} sent something that cannot be read as an answer.", help)
    return ModelError(f"{endpoint.server} did not answer{_after_colon(text)}.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it, as far down as that is known."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = next((one for one in error.args if isinstance(one, BaseException)), None)  # httpcore hides its cause there
        error = error.__cause__ or inner or (None if error.__suppress_context__ else error.__context__)


def _code(error: Exception) -> str:
    """The server's word for the error."""
    inner = _inner(error)
    fields = [getattr(error, "code", None), getattr(error, "type", None), inner.get("code"), inner.get("type")]
    # The words that mean "no credit" stand now in `code`, now in `type`, and count wherever they are.
    known = [field for field in fields if isinstance(field, str)]
    return next((field for field in known if field in _NO_CREDIT), known[0] if known else "")


def _inner(error: Exception) -> Mapping[str, object]:
    """The error in the body of an answer, which may be the body itself."""
    body = _body(error)
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _body(error: Exception) -> object:
    """The body of the server's answer, under the names that packages have for it; None where there is none."""
    body: object = getattr(error, "body", None)
    details: object = getattr(error, "details", None)
    return details if body is None and isinstance(details, Mapping) else body


def _details(error: Exception) -> Iterator[Mapping[str, object]]:
    """What Google tells beside an error, an object for each kind of it."""
    found = _inner(error).get("details")
    yield from (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()


def _status(error: Exception) -> int | None:
    """The HTTP status; of an error event in a stream, the one that its code stands for."""
    candidates = (
        getattr(error, "status_code", None),
        getattr(getattr(error, "response", None), "status_code", None),
        getattr(error, "code", None),
        _inner(error).get("code"),
        _STATUS_OF_CODE.get(_code(error)),
        429 if _code(error) in _NO_CREDIT else None,
    )
    # `code` is a number for Google and a word for OpenAI, so whatever is no status is passed over.
    return next((one for one in candidates if isinstance(one, int) and 400 <= one < 600), None)


def _host(endpoint: ModelEndpoint) -> str:
    return endpoint.host or endpoint.provider


def _after_colon(text: str) -> str:
    return f": {text.rstrip(' .')}" if text else ""


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
