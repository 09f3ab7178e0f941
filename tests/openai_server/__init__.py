"""A server on this machine that speaks OpenAI's protocol, for the real client to talk to: embeddings, models, chat.

A chat is answered by the next of the replies that `script` has queued, else by `responder`. What a program asks by itself after
an answer comes at a moment of its own: a request that `aside` knows is answered with nothing, and takes no queued reply.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

import numpy as np

from tests.openai_server import embedding
from tests.openai_server.handler import Handler
from tests.openai_server.replies import Failure, Hang, HangUp, Raw, Said, Scripted, error, words

__all__ = [
    "KEY",
    "Failure",
    "Hang",
    "HangUp",
    "OpenAIServer",
    "Raw",
    "Said",
    "asks_for_follow_ups",
    "error",
    "serving",
    "words",
]

KEY = "test-key"
"""The key that the server takes unless it is told otherwise."""


def parrot(messages: Sequence[dict[str, Any]]) -> str:
    """The last line of what was said last."""
    return str(messages[-1]["content"]).rstrip().rpartition("\n")[2]


@dataclass
class OpenAIServer:
    """What the server is to say, and what it was asked: the bodies of all requests that had the right key, by path.

    An empty `key` takes any; with `only_floats` it knows no base64, as some compatible servers do. `models` is what it lists,
    or how it fails to. `sent` holds the moments of the last stream's events. `gone` is set when a client has closed the
    connection before the end of an answer, `over` when the test ends. `request_ids` are the X-Request-Id of all that came with
    one. `refuses` is asked of each chat before a reply is taken.
    """

    address: str
    dimension: int = 16
    key: str = KEY
    only_floats: bool = False
    models: tuple[str, ...] | Failure | Raw | Hang = ("fake-embedding", "fake-model")
    responder: Callable[[Sequence[dict[str, Any]]], str] = parrot
    refuses: Callable[[dict[str, Any]], Failure | None] = lambda _: None
    aside: Callable[[Sequence[dict[str, Any]]], bool] = lambda _: False
    delay: float = 0.0
    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    encodings: list[str] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    replies: deque[Scripted] = field(default_factory=deque)
    sent: list[float] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def script(self, *replies: Scripted) -> None:
        """Queues replies, each for one request."""
        self.replies.extend(replies)

    @property
    def chats(self) -> list[dict[str, Any]]:
        """The bodies of the chats that were asked for."""
        return self.asked.get("/v1/chat/completions", [])

    def reply(self, body: dict[str, Any]) -> Scripted:
        """The answer to a chat."""
        if self.aside(body["messages"]):
            return words("")
        if refusal := self.refuses(body):
            return refusal
        if self.replies:
            return self.replies.popleft()
        asked = sum(len(str(message["content"])) for message in body["messages"]) // 4
        text = self.responder(body["messages"])
        return words(text, delay=self.delay, usage=(asked, len(text) // 4))

    def embed(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of /v1/embeddings: vectors as numbers, or packed as base64 where that is asked for."""
        form = "float" if self.only_floats else body.get("encoding_format", "float")
        self.encodings.append(form)
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        data = [
            {"object": "embedding", "index": n, "embedding": embedding.packed(self.vector(text), form)}
            for n, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": sum(map(len, texts)), "total_tokens": sum(map(len, texts))}
        return {"object": "list", "data": data, "model": body["model"], "usage": usage}

    def vector(self, text: str) -> np.ndarray:
        """The vector (dimension,) of a text."""
        return embedding.vector(text, self.dimension)


def asks_for_follow_ups(messages: Sequence[dict[str, Any]]) -> bool:
    """Whether this is Footnote asking what a reader may ask next, which it does once an answer is there."""
    return str(messages[0]["content"]).startswith("You suggest what the reader of a conversation may ask next.")


@contextmanager
def serving() -> Iterator[OpenAIServer]:
    """A server on a free port of the loopback; `address` is its base URL."""
    handler = type("Handler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state = handler.state = OpenAIServer(f"http://127.0.0.1:{server.server_port}/v1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.over.set()
            server.shutdown()
            thread.join()
