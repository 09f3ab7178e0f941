"""A server's streamed answer -> the events that OpenAI's own server would have sent.

Compatible servers differ in where they put thoughts, counts and errors, in how they separate events, and in whether they
stream at all. All of that is made one form here, so that what stands above knows no server by its name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

Json = dict[str, Any]

_LINE = re.compile(rb"\r\n|\n|\r")
_DONE = "[DONE]"
_ERROR_FIELDS = ("detail", "error_code", "errors")
"""What an error may have where an answer has choices; FastAPI, FastChat and vLLM write these without OpenAI's wrapping."""


class EventNormaliser:
    """Reads the bytes of one answer as they come and writes them as OpenAI's events.

    `ended` says whether the answer came to its end: at a finish reason, at the closing event, or at an error. Servers whose
    model has died mostly close the connection neatly, and the openai package takes any end for a good one.

    >>> normaliser = EventNormaliser()
    >>> normaliser.feed(b'data:{"choices": [{"message": {"content": [{"type": "text", "text": "Yes"}]}}]}\\r\\n').decode()
    'data: {"choices": [{"delta": {"content": "Yes"}, "finish_reason": null, "index": 0}]}\\n\\n'
    """

    def __init__(self) -> None:
        self._held = b""
        self._data = ""
        # Whether the answer came in one piece; None until its first character tells.
        self._whole: bool | None = None
        # Whether anything of the answer could be read as an event.
        self._any = False
        self.ended = False

    def feed(self, part: bytes) -> bytes:
        """The events that are complete with this part."""
        self._held += part
        if self._whole is None and (begun := self._held.lstrip()):
            self._whole = begun[:1] in (b"{", b"[")  # an answer that is not streamed
        if self._whole is not False:
            return b""
        return "".join(self._events()).encode()

    def end(self) -> bytes:
        """The last events, once nothing more comes; raises ValueError for what is no answer in any form."""
        if self._whole:
            return "".join(self._from_whole()).encode()
        sent = "".join([*self._events(), *self._line(self._held.decode(errors="replace")), *self._line("")])
        if not self._any and self._whole is not None and not self.ended:
            raise ValueError("the answer is no stream of events")
        return sent.encode()

    def _events(self) -> Iterator[str]:
        """The events in all lines that are whole."""
        # The last piece may be half a line.
        *lines, self._held = _LINE.split(self._held)
        for line in lines:
            yield from self._line(line.decode(errors="replace"))

    def _line(self, line: str) -> Iterator[str]:
        name, colon, value = line.partition(":")
        if name == "data" and colon:
            self._any = True
            # An event may have several lines of data, which belong together.
            self._data += value.removeprefix(" ")
        elif name == "error" and colon and value.strip().startswith("{"):
            # llama.cpp gives an error a field of its own, which readers of events must ignore.
            with suppress(ValueError):
                yield from self._sent({"error": json.loads(value)})
            return
        elif line:
            self._any = self._any or line.startswith(":")  # a comment, which keeps the connection alive
            return
        if self._data.strip() == _DONE:
            self._data, self.ended = "", True
            yield f"data: {_DONE}\n\n"
        # Tried after each line: some servers leave out the blank one that ends an event.
        elif self._data:
            yield from self._parsed(blank=not line)

    def _parsed(self, *, blank: bool) -> Iterator[str]:
        """The event of the data so far; one that is no JSON may go on in the next line, but not after a blank one."""
        try:
            content = json.loads(self._data)
        except ValueError:
            if blank:
                sent, self._data = self._data, ""
                yield f"data: {sent}\n\n"
            return
        self._data = ""
        yield from self._sent(content)

    def _from_whole(self) -> Iterator[str]:
        """The events of an answer that came in one piece, or in lines of JSON."""
        try:
            contents = [json.loads(self._held)]
        except ValueError:
            # Ollama's own form, one object a line.
            contents = [json.loads(line) for line in self._held.splitlines() if line.strip()]
        for content in contents:
            yield from self._sent(content)
        self.ended = True
        yield f"data: {_DONE}\n\n"

    def _sent(self, content: object) -> Iterator[str]:
        # Gemini wraps an error in a list.
        if isinstance(content, list) and content and isinstance(content[0], dict) and "error" in content[0]:
            content = content[0]
        if isinstance(content, dict):
            content = normalised_event(content)
            choices = content.get("choices")
            finished = [one.get("finish_reason") for one in choices] if isinstance(choices, list) else []
            self.ended = self.ended or any(finished) or bool(content.get("error"))
        self._any = True
        yield f"data: {json.dumps(content)}\n\n"


def normalised_event(event: Json) -> Json:
    """An event, or a whole answer, as OpenAI writes an event."""
    if error := _error(event):
        return {"error": error}
    choices = event.get("choices")
    made = {**event, "choices": [_choice(one) for one in choices if isinstance(one, dict)] if isinstance(choices, list) else []}
    # Groq puts the counts into a field of its own.
    groq = event.get("x_groq")
    if not event.get("usage") and isinstance(groq, dict) and groq.get("usage"):
        made["usage"] = groq["usage"]
    return made


def _error(event: Json) -> object:
    """What went wrong, wherever the server puts it; None for an answer."""
    if event.get("error"):
        return event["error"]
    groq, choices = event.get("x_groq"), event.get("choices")
    places = [groq, *(choices if isinstance(choices, list) else ())]
    if found := next((one["error"] for one in places if isinstance(one, dict) and one.get("error")), None):
        return found
    # A message that is a text is an error's; in a choice it is an object.
    told = any(event.get(name) for name in _ERROR_FIELDS) or isinstance(event.get("message"), str)
    if event.get("object") == "error" or ("choices" not in event and told):
        return event
    return None


def _choice(choice: Json) -> Json:
    """A choice with a delta of plain text, thoughts under one name, and a finish reason that is a word or nothing."""
    made = {name: value for name, value in choice.items() if name not in ("message", "text")}
    # Whole answers, and servers that stream in their form, have a message in place of a delta.
    delta = choice.get("delta") or choice.get("message")
    if not isinstance(delta, dict):
        delta = {"content": choice["text"]} if isinstance(choice.get("text"), str) else {}
    reason = choice.get("finish_reason")
    return {
        **made,
        "delta": _delta(delta),
        "finish_reason": reason if isinstance(reason, str) and reason else None,
        "index": choice.get("index") or 0,
    }


def _delta(delta: Json) -> Json:
    content, thoughts = _texts(delta.get("content"))
    extra = delta.get("extra_content")
    google = extra.get("google") if isinstance(extra, Mapping) else None
    # Gemini sends its thoughts as content, and marks them.
    if isinstance(google, Mapping) and google.get("thought"):
        content, thoughts = "", re.sub(r"</?thought>", "", content) + thoughts
    # Gateways send the same thoughts under several names, for the sake of different clients.
    names = ("reasoning_content", "reasoning", "reasoning_details")
    # The first that says something: all of them together would be the same thoughts several times.
    thoughts += next(filter(None, ("".join(_texts(delta.get(name))) for name in names)), "")
    made = {name: value for name, value in delta.items() if not name.startswith("reasoning")}
    if "content" in delta:
        made["content"] = content
    if thoughts:
        made["reasoning_content"] = thoughts
    return made


def _texts(content: object) -> tuple[str, str]:
    """The text of a content and its thoughts: a text, or parts of which some are thoughts (Mistral, OpenRouter)."""
    if isinstance(content, str):
        return content, ""
    parts = content if isinstance(content, list) else [content]
    said = thought = ""
    for part in parts:
        if not isinstance(part, dict):
            said += part if isinstance(part, str) else ""
            continue
        # A part without a type is text.
        kind = str(part.get("type", "text"))
        inner = next((part[name] for name in ("text", "thinking", "summary", "reasoning") if part.get(name)), "")
        text = "".join(_texts(inner))
        if "think" in kind or "reason" in kind:
            thought += text
        elif kind in ("text", "output_text"):
            said += text
    return said, thought
