"""LangChain's client of OpenAI's protocol, with what it leaves out: refusals, streams that end too early, answers in one piece.

Importing this imports langchain_openai, which takes seconds: `bot.models.opening` does so when a model is first asked.
"""

import json
import re
import ssl
import weakref
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2  # the openai package's own HTTP library
import openai
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

CONNECT = 10.0
"""Seconds to wait for a connection, at most."""

_END = re.compile(rb'data: ?\[DONE\]|"finish_reason"\s*:\s*"')
_EVENT = re.compile(rb"(?:^|[\r\n])data:")
_KEPT = 64
"""Bytes to look at again with what comes next: an end may be cut in two."""


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
        """The chunk with its refusal, which ChatOpenAI passes on only where an answer is not streamed."""
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        refusal = next((choice["delta"].get("refusal") for choice in chunk.get("choices") or () if choice.get("delta")), None)
        if made is not None and refusal and isinstance(made.message, AIMessageChunk):
            made.message.additional_kwargs["refusal"] = refusal
        return made


def open_chat_model(model: str, *, address: str, key: str, timeout: float, old_name: bool) -> CompatibleChatOpenAI:
    """A chat model at an address. It asks once: what is worth asking again is decided above it."""
    waits = httpx2.Timeout(timeout, connect=min(timeout, CONNECT))
    client = openai.DefaultHttpxClient(timeout=waits, verify=trusted(), event_hooks={"response": [_watch]})
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
        default_headers={"Accept-Encoding": "identity"},  # so that `_Watched` can read what comes
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
        return tuple(str(model.id) for model in client.models.list().data)


def _watch(response: httpx2.Response) -> None:
    """Looks after the answer to a request for a stream, so that one that ends too early does not pass for a whole one."""
    request = response.request
    if response.status_code != 200 or not request.url.path.endswith("/chat/completions"):
        return
    if not json.loads(request.content).get("stream"):
        return
    if response.headers.get("content-encoding", "identity") != "identity":
        return  # it was asked not to: what is packed cannot be looked into here
    assert isinstance(response.stream, httpx2.SyncByteStream)
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        response.stream = httpx2.ByteStream(as_events(b"".join(response.stream)))
    else:
        response.stream = _Watched(response.stream)


def as_events(body: bytes) -> bytes:
    """A whole answer as the stream that was asked for: some servers do not stream. Raises ValueError for no JSON."""
    answer = json.loads(body)
    for choice in answer.get("choices") or () if isinstance(answer, dict) else ():
        choice["delta"] = choice.pop("message", {})
    return f"data: {json.dumps(answer)}\n\ndata: [DONE]\n\n".encode()


class _Watched(httpx2.SyncByteStream):
    """A stream of events that fails where it ends without the end that the protocol wants.

    The openai package takes any end for a good one. A server whose model has died mostly closes the connection neatly.
    """

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        kept, ended, any_event = b"", False, False
        for part in self._stream:
            kept += part
            # Two ends count: the event that closes the stream, and a finish reason, after which some servers close without it.
            ended = ended or _END.search(kept) is not None
            any_event = any_event or _EVENT.search(kept) is not None
            kept = kept[-_KEPT:]
            yield part
        if not any_event and kept.strip():
            raise ValueError("the answer is no stream of events")
        if not ended:
            raise httpx2.RemoteProtocolError("the stream ended before the answer did")

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()
