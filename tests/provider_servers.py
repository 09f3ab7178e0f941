"""Servers on this machine that speak Anthropic's Messages API and Google's generateContent, for LangChain's own clients.

Both are one HTTP server: what makes it Anthropic's or Google's are the events of `anthropic_stream` and `google_stream`, and
the errors of `anthropic_error` and `google_error`, as their documentation has them.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class HttpReply:
    """One answer of the server."""

    body: str
    status: int = 200
    kind: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class ProviderServer:
    """What the server is to answer, each reply once, and what it was asked: the paths, the headers and the bodies."""

    address: str
    replies: deque[HttpReply] = field(default_factory=deque)
    asked: list[tuple[str, Mapping[str, str], Json]] = field(default_factory=list)

    def script(self, *replies: HttpReply) -> None:
        """Queues replies."""
        self.replies.extend(replies)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: ProviderServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        reply = self.state.replies.popleft()
        written = reply.body.encode()
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": reply.kind,
            "Content-Length": str(len(written)),
            "Connection": "close",
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def provider_server() -> Iterator[ProviderServer]:
    """A server on a free port of the loopback."""
    handler = type("_Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state = handler.state = ProviderServer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


# Anthropic


def anthropic_stream(*blocks: tuple[str, str], ends: str | None = "end_turn", fails: Json | None = None) -> HttpReply:
    """A streamed message of blocks: "text" or "thinking", and its words. Without `ends` it breaks off, or ends with `fails`."""
    usage = {"input_tokens": 25, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": []}
    events: list[Json] = [{"type": "message_start", "message": {**message, "stop_reason": None, "usage": usage}}]
    for at, (kind, words) in enumerate(blocks):
        events += _anthropic_block(at, kind, words)
    if fails:
        events.append(fails)
    if ends:
        delta = {"stop_reason": ends, "stop_sequence": None}
        events.append({"type": "message_delta", "delta": delta, "usage": {"input_tokens": 25, "output_tokens": 15}})
        events.append({"type": "message_stop"})
    return HttpReply("".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events))


def _anthropic_block(at: int, kind: str, words: str) -> Iterator[Json]:
    empty = {"type": kind, kind: ""} | ({"signature": ""} if kind == "thinking" else {})
    yield {"type": "content_block_start", "index": at, "content_block": empty}
    yield {"type": "ping"}
    for word in words.split(" "):
        piece = word if words.startswith(word) else f" {word}"
        yield {"type": "content_block_delta", "index": at, "delta": {"type": f"{kind}_delta", kind: piece}}
    if kind == "thinking":
        yield {"type": "content_block_delta", "index": at, "delta": {"type": "signature_delta", "signature": "EqQB"}}
    yield {"type": "content_block_stop", "index": at}


def anthropic_failure(kind: str, message: str) -> Json:
    """An error as it is sent in the place of an answer, and in the middle of one."""
    return {"type": "error", "error": {"type": kind, "message": message}}


def anthropic_error(status: int, kind: str, message: str, **headers: str) -> HttpReply:
    """An error with its HTTP status."""
    return HttpReply(json.dumps(anthropic_failure(kind, message)), status, "application/json", headers)


# Google


def google_stream(*parts: Json, ends: str | None = "STOP") -> HttpReply:
    """A streamed answer, a chunk for each part: its "text", and "thought" where it is one. Without `ends` it breaks off."""
    usage = {"promptTokenCount": 25, "candidatesTokenCount": 15, "totalTokenCount": 40}
    chunks: list[Json] = [{"candidates": [{"content": {"parts": [part], "role": "model"}, "index": 0}]} for part in parts]
    if ends:
        last = {"content": {"parts": [], "role": "model"}, "finishReason": ends, "index": 0}
        chunks.append({"candidates": [last], "usageMetadata": usage, "modelVersion": "gemini-x"})
    return google_chunks(*chunks)


def google_chunks(*chunks: Json) -> HttpReply:
    """A stream of these chunks."""
    return HttpReply("".join(f"data: {json.dumps(one)}\r\n\r\n" for one in chunks))


def google_error(code: int, status: str, message: str, *details: Json) -> HttpReply:
    """An error with its HTTP status, Google's word for it, and what it tells beside."""
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return HttpReply(json.dumps({"error": error}), code, "application/json")
