"""What real servers do differently, one quirk at a time: llama.cpp, vLLM, LM Studio, Groq, DeepSeek, OpenRouter and others.

Each quirk answers `ANSWER` in its own way, refuses a part of the request, or fails; `fails` is what a reader is told then.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.openai_server.replies import Failure, Json, Raw, Scripted, error, words

ANSWER = "The bridge at Ner opened on 4 May 1931 [1]."
THOUGHT = "Okay, the user asks something. Let me look at passage 1 [1].\nIt says so.\n"
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
PIECES = words(ANSWER).pieces


def chunk(delta: Json | None, finish: str | None = None, **more: Any) -> Json:
    """An event of a stream with one choice."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m1", "choices": [choice], **more}


def said(text: str, **more: Any) -> list[Json]:
    """A text as events, word by word."""
    return [chunk({"content": piece, **more}) for piece in words(text).pieces]


END = [chunk({}, "stop"), {**chunk({}), "choices": [], "usage": USAGE}]
BODY = said(ANSWER)


def stream(*events: Json, breaks: str = "\n\n", opening: str = "data: ", done: str = "data: [DONE]\n\n") -> Raw:
    """Events as the body of an answer."""
    return Raw("".join(f"{opening}{json.dumps(event, ensure_ascii=False)}{breaks}" for event in events) + done)


def whole(message: Json, kind: str = "application/json", before: str = "") -> Raw:
    """An answer in one piece."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    answer = {"id": "c", "object": "chat.completion", "created": 1, "model": "m1", "choices": [choice], "usage": USAGE}
    return Raw(before + json.dumps(answer), kind)


def spoken(text: str) -> Raw:
    """A text as a good stream."""
    return stream(*said(text), *END)


@dataclass(frozen=True)
class Quirk:
    """One server's way. `shows` and `thinks` are what a reader has of it, `fails` a part of the failure's message."""

    reply: Scripted = field(default_factory=lambda: stream(*BODY, *END))
    shows: str = ANSWER
    thinks: str = ""
    fails: str = ""
    refuses: Callable[[Json], Failure | None] = lambda _: None


def thinks(text: str) -> Quirk:
    """A model that thinks aloud in its text."""
    return Quirk(spoken(text), thinks=THOUGHT)


def refusing(wrong: Callable[[Json], object], status: int, body: Json | str) -> Quirk:
    """A server that takes no request of which `wrong` holds."""
    return Quirk(refuses=lambda asked: Failure(status, body) if wrong(asked) else None)


def has(*names: str) -> Callable[[Json], object]:
    """Whether a request has one of these parameters."""
    return lambda asked: [name for name in names if asked.get(name) is not None and asked[name] is not False]


def has_system(asked: Json) -> object:
    """Whether a request has a message by the system."""
    return [message for message in asked["messages"] if message["role"] == "system"]


def _unsupported(name: str, more: str = "") -> Json:
    told = error(f"Unsupported parameter: '{name}' is not supported with this model.{more}", "unsupported_parameter")
    return {"error": {**told["error"], "param": name}}


def _extra(*place: str) -> Json:
    detail = [{"type": "extra_forbidden", "loc": ["body", *place], "msg": "Extra inputs are not permitted", "input": True}]
    return {"object": "error", "message": {"detail": detail}, "type": "invalid_request_error", "param": None, "code": None}


def _in_thoughts(**how: Any) -> list[Json]:
    return [chunk({"content": None, **{name: make(piece) for name, make in how.items()}}) for piece in words(THOUGHT).pieces]


def _numbered() -> Iterator[Json]:
    for at, piece in enumerate(PIECES):
        yield chunk({"content": piece}, usage={**USAGE, "completion_tokens": at})


_HARMONY = f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>"
_JINJA = "\n------------\nWhile executing CallExpression at line 1\nError: Jinja Exception: System role not supported"
_SYSTEM = "Unsupported value: 'messages[0].role' does not support 'system' with this model."
_LOADING = {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}

QUIRKS: dict[str, Quirk] = {
    # Thoughts in the text
    "think": thinks(f"<think>\n{THOUGHT}</think>\n\n{ANSWER}"),
    "a closing tag alone": thinks(f"{THOUGHT}</think>\n\n{ANSWER}"),
    "thought": thinks(f"<thought>\n{THOUGHT}</thought>\n\n{ANSWER}"),
    "thinking": thinks(f"<thinking>\n{THOUGHT}</thinking>\n\n{ANSWER}"),
    "THINK": thinks(f"<THINK>\n{THOUGHT}</THINK>\n\n{ANSWER}"),
    "seed": thinks(f"<seed:think>\n{THOUGHT}</seed:think>{ANSWER}"),
    "Magistral's brackets": thinks(f"[THINK]{THOUGHT}[/THINK]{ANSWER}"),
    "Kimi": thinks(f"◁think▷{THOUGHT}◁/think▷{ANSWER}"),
    "harmony": thinks(_HARMONY),
    "two blocks": Quirk(spoken(f"<think>a</think>\n<think>{THOUGHT}</think>\n\n{ANSWER}"), thinks=f"a{THOUGHT}"),
    "Granite": thinks(f"Here is my thought process: {THOUGHT}Here is my response:\n{ANSWER}"),
    "Command": thinks(f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>"),
    "Hunyuan": thinks(f"<think>{THOUGHT}</think>\n<answer>\n{ANSWER}</answer>"),
    "Ernie": thinks(f"{THOUGHT}</think>\n\n<response>\n{ANSWER}</response>"),
    "thoughts that are cut off": Quirk(stream(*said(f"<think>{THOUGHT}"), chunk({}, "length")), fails="used up its 77 tokens"),
    # Thoughts beside the text
    "reasoning_content": Quirk(stream(*_in_thoughts(reasoning_content=str), *BODY, *END), thinks=THOUGHT),
    "reasoning": Quirk(stream(*_in_thoughts(reasoning=str), *BODY, *END), thinks=THOUGHT),
    "OpenRouter's details": Quirk(
        stream(*_in_thoughts(reasoning=str, reasoning_details=lambda p: [{"type": "reasoning.text", "text": p}]), *BODY, *END),
        thinks=THOUGHT,
    ),
    "Mistral's parts": Quirk(
        stream(
            *(
                chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]})
                for piece in words(THOUGHT).pieces
            ),
            *BODY,
            *END,
        ),
        thinks=THOUGHT,
    ),
    "Gemini's marked thoughts": Quirk(
        stream(*said(f"<thought>{THOUGHT}", extra_content={"google": {"thought": True}}), *said(f"</thought>{ANSWER}"), *END),
        thinks=THOUGHT,
    ),
    "thoughts alone": Quirk(stream(*_in_thoughts(reasoning_content=str), *END), fails="thought, and ended without writing"),
    "thoughts in one piece": Quirk(whole({"content": ANSWER, "reasoning_content": THOUGHT}), thinks=THOUGHT),
    # Tokens of the protocol
    **{f"leaks {end}": Quirk(spoken(ANSWER + end)) for end in ("<|im_end|>", "<|eot_id|>", "</s>", "<end_of_turn>", "<|end|>")},
    "goes on as the user": Quirk(spoken(f"{ANSWER}<|im_end|>\n<|im_start|>user\nAnd who drew it?")),
    # Forms of the stream
    "counts with each piece": Quirk(stream(*_numbered(), chunk({}, "stop", usage=USAGE))),
    "counts by Groq": Quirk(stream(*BODY, chunk({}, "stop", x_groq={"id": "r", "usage": USAGE}))),
    "Azure's filter first": Quirk(stream({**chunk({}), "choices": [], "prompt_filter_results": []}, *BODY, *END)),
    "choices of null": Quirk(stream(*BODY, chunk({}, "stop"), {**chunk({}), "choices": None, "usage": USAGE})),
    "no delta": Quirk(stream(*BODY, {**chunk({}), "choices": [{"index": 0, "finish_reason": "stop"}]})),
    "a delta of null": Quirk(stream(*BODY, chunk(None, "stop"))),
    "no index": Quirk(stream(*({**chunk({}), "choices": [{"delta": one["choices"][0]["delta"]}]} for one in BODY), *END)),
    "message for delta": Quirk(stream(*({"choices": [{"message": one["choices"][0]["delta"]}]} for one in BODY), *END)),
    "empty finish reasons": Quirk(
        stream(*(chunk(one["choices"][0]["delta"], "") for one in BODY), chunk({"content": ""}, "stop"))
    ),
    "parts": Quirk(stream(*(chunk({"content": [{"type": "text", "text": piece}]}) for piece in PIECES), *END)),
    "no space after data": Quirk(stream(*BODY, *END, opening="data:")),
    "single line breaks": Quirk(stream(*BODY, *END, breaks="\n")),
    "keep-alive comments": Quirk(stream(*BODY, *END, breaks="\n\n: OPENROUTER PROCESSING\n\n")),
    "no [DONE]": Quirk(stream(*BODY, *END, done="")),
    "an end of eos": Quirk(stream(*BODY, chunk({}, "eos"))),
    "in one piece": Quirk(whole({"content": ANSWER})),
    "in one piece as text": Quirk(whole({"content": ANSWER}, "text/plain")),
    "in one piece after blank lines": Quirk(whole({"content": ANSWER}, before="\n\n\n")),
    # Parts of the request that are refused
    "no system role (vLLM)": refusing(
        has_system, 400, {"object": "error", "message": "System role not supported", "code": 400}
    ),
    "no system role (llama.cpp)": refusing(has_system, 500, {"error": {"code": 500, "message": _JINJA}}),
    "no system role (OpenAI)": refusing(has_system, 400, error(_SYSTEM)),
    "no system role (Gemini)": refusing(
        has_system,
        400,
        json.dumps([{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3"}}]),
    ),
    "no counts (Mistral)": refusing(has("stream_options"), 422, _extra("stream_options", "include_usage")),
    "no temperature": refusing(has("temperature"), 400, _unsupported("temperature")),
    "no max_tokens": refusing(has("max_tokens"), 400, _unsupported("max_tokens", " Use 'max_completion_tokens' instead.")),
    "no limit at all": refusing(
        has("max_tokens", "max_completion_tokens"), 422, {"detail": "max_tokens, max_completion_tokens"}
    ),
    "no streaming": refusing(has("stream"), 400, error("Streaming is not supported")),
    "no streaming (OpenAI)": refusing(has("stream"), 400, _unsupported("stream")),
    "nothing optional": refusing(
        has("stream_options", "temperature", "max_tokens"),
        422,
        {"detail": "temperature, stream_options, max_tokens: not permitted"},
    ),
    # Errors
    "an error in a 200": Quirk(
        Raw('{"error": {"message": "model is still loading", "code": 503}}'), fails="model is still loading"
    ),
    "vLLM's error in a 200": Quirk(stream({"object": "error", "message": "Engine died", "code": 500}), fails="Engine died"),
    "still loading": Quirk(refuses=lambda _: Failure(503, _LOADING), fails="Loading model"),
    "an error in the stream": Quirk(stream(*BODY[:3], error("CUDA out of memory")), shows="The bridge at", fails="CUDA out of"),
    "an error as text": Quirk(stream(*BODY[:3], {"error": "unexpected EOF"}), shows="The bridge at", fails="unexpected EOF"),
    "llama.cpp's error field": Quirk(
        Raw(stream(*BODY[:3], done="").body + 'error: {"code": 500, "message": "slot gone"}\n\n'),
        shows="The bridge at",
        fails="slot gone",
    ),
    "OpenRouter's choice of error": Quirk(
        stream({"choices": [{"error": {"code": 502, "message": "Provider gone"}, "finish_reason": "error"}]}),
        fails="Provider gone",
    ),
    "OpenRouter's provider": Quirk(
        refuses=lambda _: Failure(
            400, {"error": {"message": "Provider returned error", "metadata": {"raw": '{"detail": "Bad seed"}'}}}
        ),
        fails="Provider returned error: Bad seed",
    ),
    "LM Studio without a model": Quirk(
        refuses=lambda _: Failure(404, {"error": "No models loaded."}), fails="No models loaded"
    ),
    "no resources (DeepSeek)": Quirk(
        stream(*BODY, chunk({}, "insufficient_system_resource")), fails="broke the answer off (its reason: insufficient_system"
    ),
    "a call of a tool": Quirk(stream(chunk({"tool_calls": []}), chunk({}, "tool_calls")), fails="asked for a tool"),
    "neither reason nor [DONE]": Quirk(stream(*BODY, done=""), fails="The answer broke off"),
}
