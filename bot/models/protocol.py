"""LangChain's client of OpenAI's protocol, with what it leaves out: refusals, thoughts, and servers that differ from OpenAI's.

Servers know different parts of the protocol, and models of one server differ as well. A refusal names what it is about, so the
request is sent again without that, and the server is remembered to want it so for as long as the process lives.

Importing this imports langchain_openai, which takes seconds: `bot.models.opening` does so when a model is first asked.
"""

import json
import re
import ssl
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2  # the openai package's own HTTP library
import openai
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

from bot.cancellation import make_wakeable
from bot.models.events import EventNormaliser
from bot.models.failures import TOO_LONG, reason_in
from bot.request_context import current_request, is_uuid

CONNECT = 10.0
"""Seconds to wait for a connection, at most."""


class CompatibleChatOpenAI(ChatOpenAI):
    """ChatOpenAI, of which compatible servers and refusals ask a little more."""

    max_tokens_by_old_name: bool = False
    """Many compatible servers know only `max_tokens`; OpenAI's newer models know only `max_completion_tokens`."""

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # LangChain writes the newer name; the older one is put in its place on the way out.
        payload = super()._get_request_payload(*args, **kwargs)
        if self.max_tokens_by_old_name and "max_completion_tokens" in payload:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        """The chunk with its refusal and its thoughts, which ChatOpenAI does not pass on from a stream."""
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        delta: dict[str, Any] = next((choice["delta"] for choice in chunk.get("choices") or () if choice.get("delta")), {})
        if made is not None and isinstance(made.message, AIMessageChunk):
            made.message.additional_kwargs |= {
                name: delta[name] for name in ("refusal", "reasoning_content") if delta.get(name)
            }
        return made


def open_chat_model(model: str, *, address: str, key: str, timeout: float, old_name: bool) -> CompatibleChatOpenAI:
    """A chat model at an address. It asks once: what is worth asking again is decided above it."""
    waits = httpx2.Timeout(timeout, connect=min(timeout, CONNECT))
    client = _CompatibleHttpClient(timeout=waits, verify=trusted())
    # So that a reader who stops an answer ends a request that waits in silence.
    make_wakeable(client)
    made = CompatibleChatOpenAI(
        model=model,
        api_key=key or "none",  # type: ignore[arg-type]  # pydantic makes a SecretStr of it; a server may want no key
        base_url=address,
        timeout=timeout,
        max_retries=0,
        stream_usage=True,  # with a base_url it is off by itself
        http_client=client,
        http_async_client=openai.DefaultAsyncHttpxClient(
            verify=trusted()
        ),  # never used; made without this, it reads them again
        default_headers={"Accept-Encoding": "identity"},  # so that `_NormalisedStream` can read what comes
        max_tokens_by_old_name=old_name,
    )
    weakref.finalize(made.root_client, client.close)  # which all copies of `made` share
    return made


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that are trusted; to read them takes a tenth of a second."""
    return httpx2.create_ssl_context()


def fetch_model_names(*, address: str, key: str, timeout: float) -> tuple[str, ...]:
    """The names of the models that the server has, in its order."""
    http = openai.DefaultHttpxClient(timeout=timeout, verify=trusted())
    with openai.OpenAI(api_key=key or "none", base_url=address, timeout=timeout, max_retries=0, http_client=http) as client:
        return tuple(_names_in(client.get("/models", cast_to=object)))


def _names_in(listed: object) -> Iterator[str]:
    """The models of a list: OpenAI's form, a bare list (Together), or a list under a name of its own (Ollama, llama.cpp).

    Raises TypeError for anything else.
    """
    if isinstance(listed, dict):
        listed = listed.get("data") or listed.get("models") or ([] if "data" in listed or "models" in listed else None)
    if not isinstance(listed, list):
        raise TypeError("this is no list of models")
    for one in listed:
        name = (one.get("id") or one.get("name") or one.get("model")) if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name


class _CompatibleHttpClient(openai.DefaultHttpxClient):
    """Sends a request for a chat as its server takes it, and gives the answer as OpenAI's own server would.

    A subclass, and no transport: a transport of one's own turns off the proxies that the environment names.
    """

    def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        """The answer to the request, or to what is left of it without what the server refuses."""
        # By this the logs of the model's server can be read together with those of Footnote. An id of another form, which a
        # program has given, is kept back: llama-cpp-python's server refuses whatever comes with one.
        if is_uuid(id := current_request().id):
            request.headers["X-Request-Id"] = id
        if not request.url.path.endswith("/chat/completions"):
            return super().send(request, **how)
        body = json.loads(request.content)
        known = known_refusals(str(request.url), str(body.get("model")))
        # What was refused before is left out from the start.
        refused = known.refused
        while True:
            # Made of the whole body each time, as one part that is left out may bring another back under its other name.
            sent = without_refused(body, refused)
            response = super().send(_with_body(request, sent) if refused else request, **how)
            if response.status_code < 400:
                known.remember(refused)
                return _normalised(response) if body.get("stream") else response
            # A streamed response has no body yet, and the reason stands in it.
            response.read()
            part = refused_part(response.status_code, _content(response), sent)
            # Each part is left out once, so this ends; what is refused all the same is told as it is.
            if not part or part in refused:
                return response
            refused |= {part}


def _with_body(request: httpx2.Request, body: dict[str, object]) -> httpx2.Request:
    """The same request with another body."""
    # The length is that of the old body; httpx works out the new one.
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() != "content-length"]
    content = json.dumps(body).encode()
    return httpx2.Request(request.method, request.url, headers=headers, content=content, extensions=request.extensions)


def _content(response: httpx2.Response) -> object:
    """The body of an error: JSON, or its text."""
    try:
        return response.json()
    except ValueError:
        return response.text


def _normalised(response: httpx2.Response) -> httpx2.Response:
    """The answer with its stream made OpenAI's."""
    # It was asked not to be packed: what is packed cannot be looked into here.
    if response.headers.get("content-encoding", "identity") == "identity":
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _NormalisedStream(response.stream)
    return response


class _NormalisedStream(httpx2.SyncByteStream):
    """A stream of OpenAI's events, which fails where it ends without the end that the protocol wants."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        normaliser = EventNormaliser()
        for part in self._stream:
            if events := normaliser.feed(part):
                yield events
        yield normaliser.end()
        if not normaliser.ended:
            # httpx's class for a connection that was lost, which `failures` tells as an answer that broke off.
            raise httpx2.RemoteProtocolError("the stream ended before the answer did")

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()


SYSTEM = "system role"
"""The refusal of messages by the system; every other refusal is called as its parameter is."""

# Without these there is no request, so a refusal that names them is told as it is.
_NEEDED = {"model", "messages"}
# The old and the new name of one limit; a server knows at least one of them.
_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_TOGETHER = {"logprobs": "top_logprobs", "top_logprobs": "logprobs", "stream": "stream_options"}
"""Parameters that are of no use, or refused, without another."""
_WORDS = {
    "stream_options": re.compile(r"\b(?:stream_options|include_usage)\b", re.IGNORECASE),
    "max_tokens": re.compile(r"\b(?:max_tokens|maxtokens|max_new_tokens)\b", re.IGNORECASE),
    "stream": re.compile(r"\bstream(?:ing|ed)?\b", re.IGNORECASE),
    # Templates of models that know no system, as vLLM, llama.cpp, SGLang, OpenAI and Gemini pass their words on.
    SYSTEM: re.compile(
        r"\bsystem['\"]?\s+(?:role|messages?|prompts?|instructions?)\b|\brole\b.{0,60}\bsystem\b|developer instruction"
        r"|roles must alternate|only user and assistant roles|only user, assistant",
        re.IGNORECASE,
    ),
}
_REFUSALS = {400, 422}
_FAILURES = {500, 501}
"""Statuses with which some servers report what their template or their engine cannot do; others pass for refusals here."""


def refused_part(status: int, answer: object, body: Mapping[str, object]) -> str:
    """The optional part of `body` that a server's answer with this status says it does not take; "" where it names none.

    >>> refused_part(400, {"error": {"message": "Unsupported parameter: 'temperature'"}}, {"messages": [], "temperature": 0})
    'temperature'
    """
    reason = reason_in(answer)
    # A prompt that is too long is mentioned together with the limit of the answer, which is not to blame.
    if status not in _REFUSALS | _FAILURES or TOO_LONG.search(reason):
        return ""
    if _has_system(body) and _WORDS[SYSTEM].search(reason):
        return SYSTEM
    if status in _FAILURES:
        return "stream" if body.get("stream") and _WORDS["stream"].search(reason) else ""
    # A `stream` of false is what every server does anyway.
    optional = [name for name in body if name not in _NEEDED and not (name == "stream" and not body[name])]
    if (parameter := _parameter(answer)) in optional:
        return parameter
    # "stream" is the most general word of all, and comes last.
    ordered = sorted(optional, key=lambda name: name == "stream")
    return next((name for name in ordered if _word(name).search(reason)), "")


def without_refused(body: Mapping[str, object], refused: frozenset[str]) -> dict[str, object]:
    """The request without what the server refuses; a limit of tokens goes by its other name where that is not refused too."""
    adapted = dict(body)
    for name in refused & body.keys():
        value, other = adapted.pop(name, None), _LIMITS.get(name)
        if other and other not in refused:
            adapted[other] = value
        # What only makes sense with it goes along.
        adapted.pop(_TOGETHER.get(name, ""), None)
    if "stream" in refused:
        adapted["stream"] = False
    if SYSTEM in refused:
        adapted["messages"] = _without_system(body["messages"])
    return adapted


@dataclass(eq=False, slots=True)
class KnownRefusals:
    """What one model of one server is known to refuse. Threads may share it.

    >>> known = KnownRefusals("http://localhost:8000", "m1")
    >>> known.remember(frozenset({"temperature"}))
    >>> without_refused({"model": "m1", "temperature": 0}, known.refused)
    {'model': 'm1'}
    """

    address: str
    model: str
    refused: frozenset[str] = frozenset()

    def remember(self, refused: frozenset[str]) -> None:
        """A request without these was taken."""
        self.refused |= refused


# For the life of the process: a server that is updated meanwhile is asked in full after a restart.
@cache
def known_refusals(address: str, model: str) -> KnownRefusals:
    """What this process knows of a model at an address."""
    return KnownRefusals(address, model)


def _word(name: str) -> re.Pattern[str]:
    return _WORDS.get(name) or re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)


def _parameter(answer: object) -> str:
    """The parameter that an error of OpenAI's form is about, in a field of its own."""
    inner = answer.get("error", answer) if isinstance(answer, Mapping) else None
    found = inner.get("param") if isinstance(inner, Mapping) else None
    return found if isinstance(found, str) else ""


def _has_system(body: Mapping[str, object]) -> bool:
    messages = body.get("messages")
    return isinstance(messages, list) and any(message.get("role") == "system" for message in messages)


def _without_system(messages: object) -> list[dict[str, object]]:
    """The messages with those of the system put before the first of the user, and none after another of the same role."""
    assert isinstance(messages, list)
    made: list[dict[str, object]] = []
    for message in messages:
        role = "user" if message["role"] == "system" else message["role"]
        # Templates that know no system mostly want the other two in turns.
        if made and made[-1]["role"] == role:
            made[-1] = {"role": role, "content": f"{made[-1]['content']}\n\n{message['content']}"}
        else:
            made.append({**message, "role": role})
    return made
