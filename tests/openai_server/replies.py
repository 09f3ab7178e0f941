"""What the server can be told to answer to a chat, and how each of these looks in OpenAI's protocol."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """An answer. `pieces` are streamed one by one with `delay` seconds before each; not streamed, they come joined. `thinks` is
    how many seconds the first of them takes, as a model reads its prompt before it writes.

    `cut` ends the stream after so many pieces: "dropped" closes the connection in the middle of the HTTP body, "neatly" ends it
    as if it were whole. A `finish` of None, a `done` of False and a `usage` of None leave these out. `odds` are told where they
    are asked for: log-probabilities in the place of some pieces, by the piece's number from 0; every other piece is certain.
    """

    pieces: tuple[str, ...]
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (120, 30)
    refusal: str = ""
    delay: float = 0.0
    thinks: float = 0.0
    cut: int | None = None
    manner: str = "dropped"
    done: bool = True
    breaks: str = "\n"
    comments: bool = False
    streams: bool = True
    odds: Mapping[int, Mapping[str, float]] | None = None


@dataclass(frozen=True)
class Failure:
    """An HTTP error; `body` is sent as JSON, or as it is where it is text."""

    status: int
    body: Json | str = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Any body, with any type, and status 200: a web page, or events that are none."""

    body: str
    kind: str = "text/event-stream"


@dataclass(frozen=True)
class Hang:
    """Nothing more after these pieces, until the test ends; not even the HTTP headers where there are none."""

    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class HangUp:
    """The connection is closed without a word."""


Scripted = Said | Failure | Raw | Hang | HangUp


def words(text: str, **how: Any) -> Said:
    """A good answer, streamed word by word."""
    return Said(tuple(re.findall(r"\s*\S+|\s+$", text)), **how)


def error(message: str, code: str | None = None, kind: str = "invalid_request_error") -> Json:
    """The body of an error."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def events(reply: Said, model: str, *, usage: bool, odds: bool = False) -> Iterator[tuple[float, str]]:
    """The events of a streamed answer, each with the seconds to wait before it; `usage` and `odds` say what was asked for."""
    if reply.comments:
        yield 0.0, _event(reply, ": keep-alive")
    yield reply.thinks, _chunk(reply, model, {"role": "assistant", "content": ""})
    for at, piece in enumerate(reply.pieces[: reply.cut]):
        told = _logprobs(piece, reply.odds.get(at, {piece: 0.0})) if odds and reply.odds is not None else None
        yield reply.delay, _chunk(reply, model, {"content": piece}, logprobs=told)
        if reply.comments:
            yield 0.0, _event(reply, ": keep-alive")
    if reply.cut is not None:
        return
    if reply.refusal:
        yield 0.0, _chunk(reply, model, {"refusal": reply.refusal})
    yield 0.0, _chunk(reply, model, {}, reply.finish)
    if usage and reply.usage:
        yield 0.0, _data(reply, {**_head(model, "chat.completion.chunk"), "choices": [], "usage": _usage(reply.usage)})
    if reply.done:
        yield 0.0, _event(reply, "data: [DONE]")


def whole(reply: Said, model: str) -> Json:
    """The answer in one piece."""
    message = {"role": "assistant", "content": "".join(reply.pieces) or None, "refusal": reply.refusal or None}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}
    return {
        **_head(model, "chat.completion"),
        "choices": [choice],
        **({"usage": _usage(reply.usage)} if reply.usage else {}),
    }


def _logprobs(piece: str, odds: Mapping[str, float]) -> Json:
    """What OpenAI tells of a piece that is one token."""
    top = [{"token": token, "logprob": logprob, "bytes": None} for token, logprob in odds.items()]
    return {
        "content": [{"token": piece, "logprob": odds.get(piece, -9.0), "bytes": None, "top_logprobs": top}],
        "refusal": None,
    }


def _chunk(reply: Said, model: str, delta: Json, finish: str | None = None, logprobs: Json | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": logprobs}
    return _data(reply, {**_head(model, "chat.completion.chunk"), "choices": [choice]})


def _head(model: str, kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": 1_700_000_000, "model": model}


def _usage(counted: tuple[int, int]) -> Json:
    return {"prompt_tokens": counted[0], "completion_tokens": counted[1], "total_tokens": sum(counted)}


def _data(reply: Said, content: Json) -> str:
    return _event(reply, f"data: {json.dumps(content)}")


def _event(reply: Said, line: str) -> str:
    return f"{line}{reply.breaks}{reply.breaks}"
