"""What a server of OpenAI's protocol refuses of a request, and the request without it.

Servers know different parts of the protocol, and models of one server differ as well. A refusal names what it is about, so the
request is sent again without that, and the server is remembered to want it so for as long as the process lives.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.models.failures import TOO_LONG, reason_in

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
