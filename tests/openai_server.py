"""A server on this machine that speaks OpenAI's protocol, for the real client to talk to."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

KEY = "test-key"
"""The key that the server takes unless it is told otherwise."""


@dataclass
class OpenAIServer:
    """What the server is to say, and what it was asked: the bodies of all requests that had the right key, by path.

    An empty `key` takes any; with `only_floats` it knows no base64, as some compatible servers do.
    """

    address: str
    dimension: int = 16
    key: str = KEY
    only_floats: bool = False
    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    encodings: list[str] = field(default_factory=list)

    def embed(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of /v1/embeddings: vectors as numbers, or packed as base64 where that is asked for."""
        form = "float" if self.only_floats else body.get("encoding_format", "float")
        self.encodings.append(form)
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        data = [
            {"object": "embedding", "index": n, "embedding": packed(self.vector(text), form)} for n, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": sum(map(len, texts)), "total_tokens": sum(map(len, texts))}
        return {"object": "list", "data": data, "model": body["model"], "usage": usage}

    def vector(self, text: str) -> np.ndarray:
        """A vector (dimension,) that is not of unit length: the sum of a random direction for each word."""
        total = np.full(self.dimension, 0.01)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        return total.astype(np.float32)


def packed(vector: np.ndarray, form: str) -> list[float] | str:
    """A vector as JSON carries it in one of the two encoding formats."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if form == "base64" else vector.tolist()


class _Handler(BaseHTTPRequestHandler):
    """Checks the key, then lets the server's state answer."""

    state: OpenAIServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.state.key and self.headers["Authorization"] != f"Bearer {self.state.key}":
            self._send(401, _error("Incorrect API key provided.", "invalid_api_key"))
        elif self.path == "/v1/embeddings":
            self.state.asked.setdefault(self.path, []).append(body)
            self._send(200, self.state.embed(body))
        else:
            self._send(404, _error(f"Unknown request URL: POST {self.path}.", "unknown_url"))

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _send(self, status: int, content: dict[str, Any]) -> None:
        written = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)


def _error(message: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


@contextmanager
def serving() -> Iterator[OpenAIServer]:
    """A server on a free port of the loopback; `address` is its base URL."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state = handler.state = OpenAIServer(f"http://127.0.0.1:{server.server_port}/v1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
