"""HTTP between the client and the server's state. Each answer ends its connection, so that a cut one is seen as such."""

import json
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from bot.request_context import is_uuid
from tests.openai_server.replies import Failure, Hang, HangUp, Raw, Said, Scripted, error, events, whole

if TYPE_CHECKING:
    from tests.openai_server import OpenAIServer


class Handler(BaseHTTPRequestHandler):
    """Checks the key, then lets the server's state answer."""

    protocol_version = "HTTP/1.1"
    state: "OpenAIServer"

    def do_GET(self) -> None:
        if self._let_in() and self._known("/v1/models"):
            models = self.state.models
            listed = [{"id": name, "object": "model"} for name in models] if isinstance(models, tuple) else []
            self._reply({"object": "list", "data": listed} if isinstance(models, tuple) else models, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if id := self.headers["X-Request-Id"]:
            self.state.request_ids.append(id)
            if not is_uuid(id):
                # As llama-cpp-python's server does, before it looks at anything else.
                self._send(400, "Invalid UUID in X-Request-Id")
                return
        if not self._let_in() or not self._known("/v1/embeddings", "/v1/chat/completions"):
            return
        self.state.asked.setdefault(self.path, []).append(body)
        self._reply(self.state.embed(body) if self.path == "/v1/embeddings" else self.state.reply(body), body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _let_in(self) -> bool:
        if self.state.key and self.headers["Authorization"] != f"Bearer {self.state.key}":
            self._send(401, error("Incorrect API key provided.", "invalid_api_key"))
            return False
        return True

    def _known(self, *paths: str) -> bool:
        if self.path not in paths:
            self._send(404, error(f"Invalid URL ({self.command} {self.path})"))
        return self.path in paths

    def _reply(self, reply: Scripted | dict[str, Any], body: dict[str, Any]) -> None:
        try:
            self._act(reply, body)
        except (BrokenPipeError, ConnectionResetError):
            self.state.gone.set()

    def _act(self, reply: Scripted | dict[str, Any], body: dict[str, Any]) -> None:
        model = str(body.get("model"))
        match reply:
            case Failure(status, content, headers):
                self._send(status, content, **headers)
            case Raw(content, kind):
                self._send(200, content, kind)
            case HangUp():
                self.close_connection = True
            case Hang(pieces):
                if pieces:
                    self._stream(((0.0, text) for _, text in events(Said(pieces, cut=len(pieces)), model, usage=False)))
                self._wait()
            case Said() if body.get("stream") and reply.streams:
                asked = bool((body.get("stream_options") or {}).get("include_usage"))
                self._stream(events(reply, model, usage=asked, odds=bool(body.get("logprobs"))))
                if reply.cut is None or reply.manner == "neatly":
                    self.wfile.write(b"0\r\n\r\n")
            case Said():
                self._send(200, whole(reply, model))
            case _:
                self._send(200, reply)

    def _wait(self) -> None:
        """Until the test ends, or the client has gone, which shows in an end of what it sends."""
        self.connection.settimeout(0.02)
        while not self.state.over.is_set():
            try:
                if not self.connection.recv(1):
                    raise BrokenPipeError
            except TimeoutError:
                continue
        self.close_connection = True

    def _stream(self, sent: Iterable[tuple[float, str]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.state.sent.clear()
        for delay, event in sent:
            time.sleep(delay)
            written = event.encode()
            self.state.sent.append(time.perf_counter())
            self.wfile.write(b"%x\r\n%b\r\n" % (len(written), written))

    def _send(self, status: int, content: dict[str, Any] | str, kind: str = "", **headers: str) -> None:
        written = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind or ("text/plain" if isinstance(content, str) else "application/json"))
        self.send_header("Content-Length", str(len(written)))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(written)
