"""`/v1/chat/completions` and `/v1/models`: Footnote as a model that any chat client can talk to, in OpenAI's form.

The conversation becomes a question with its history; the citations are annotations of the message, and the whole record of
`/v1/ask` stands beside the message in `footnote`.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.answering.cited import groups, passage_of
from bot.answering.streamed import THOUGHT_ALOUD, with_notices
from bot.json_records import Record, answer_record
from bot.serving.context import ERRORS, ServerContext, first_of, streamed, whole_answer
from bot.serving.failures import HttpProblem, RequestRefused
from bot.serving.requests import DEFAULT_MODEL, ChatCompletionRequest
from bot.serving.responses import CompletionRecord, ModelListRecord
from bot.serving.streaming import EventStreamResponse, event_lines, sse_data, unless_gone
from bot.types import Answer, Citation, Done, Event, Notice, Question, Retraction, Token

DONE = b"data: [DONE]\n\n"


def add_openai_routes(router: APIRouter, context: ServerContext) -> None:
    """Adds the paths of OpenAI's protocol."""
    # OpenAI's models have a time of their making; these have that of the server's start.
    begun = int(time.time())
    described = "Chunks of OpenAI's form; the last with the annotations and `footnote`, then `[DONE]`."

    @router.post(
        "/v1/chat/completions",
        responses=streamed(CompletionRecord, described=described),
        response_class=JSONResponse,
        tags=["OpenAI's form"],
    )
    async def chat_completions(body: ChatCompletionRequest, request: Request) -> Response:
        """The cited answer to the last message of a conversation, as a chat completion, whole or streamed."""
        events = context.answer_events(_asked(body))
        writer = CompletionWriter(body.model, str(request.base_url))
        if not body.stream:
            return JSONResponse(writer.whole(await unless_gone(request, whole_answer(events))))
        # The counts come in a chunk of their own only where a client asks for it, as in OpenAI's protocol.
        writer = replace(writer, with_usage=bool(body.stream_options and body.stream_options.include_usage))
        first = await unless_gone(request, first_of(events))
        return EventStreamResponse(event_lines(events, first, writer.chunks, lambda problem: sse_data(problem.openai_body())))

    @router.get("/v1/models", responses={200: {"model": ModelListRecord}, **ERRORS}, tags=["OpenAI's form"])
    def models() -> Response:
        """The models that may be named: the default of this home as `footnote`, `quotes`, and those that were chosen."""
        # Each once: the default may be a choice that is listed as well.
        names = dict.fromkeys([DEFAULT_MODEL, "quotes", context.service.chat.mode(), *context.service.chat.chosen_models()])
        data = [{"id": name, "object": "model", "created": begun, "owned_by": "footnote"} for name in names if name]
        return JSONResponse({"object": "list", "data": data})


def _asked(body: ChatCompletionRequest) -> Question:
    try:
        return body.asked()
    except ValueError as error:
        help = "Send a conversation that ends with a question of role `user`."
        raise RequestRefused(HttpProblem(400, str(error), help, "invalid_field", param="messages")) from None


@dataclass(slots=True)
class CompletionWriter:
    """Writes an answer in OpenAI's form, whole or in chunks; `base` is the address by which the server was asked."""

    model: str
    base: str
    with_usage: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    sent: str = ""
    notes: tuple[str, ...] = ()

    def whole(self, answer: Answer) -> Record:
        """The whole answer as a chat completion."""
        cited = annotations(answer, answer.text, self.base)
        message = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": cited}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer)}
        record = {"choices": [choice], "usage": usage_record(answer), "footnote": answer_record(None, answer)}
        return {**self._head("chat.completion"), **record}

    def chunks(self, event: Event) -> Iterator[bytes]:
        """The chunks for one event: none for what only the page shows."""
        match event:
            case Token(text):
                yield self._text(text)
            case Retraction():
                yield self._text(THOUGHT_ALOUD)
            case Notice(text):
                self.notes = (*self.notes, text)
            case Done(answer):
                yield from self._end(with_notices(answer, self.notes))

    def _end(self, answer: Answer) -> Iterator[bytes]:
        if not self.sent:
            yield self._text(answer.text)
        delta = {"annotations": annotations(answer, self.sent, self.base)}
        yield self._chunk(delta, _finish(answer), footnote=answer_record(None, answer))
        # After the last chunk of text, with no choices, as OpenAI sends it.
        if self.with_usage:
            yield sse_data({**self._head("chat.completion.chunk"), "choices": [], "usage": usage_record(answer)})
        yield DONE

    def _text(self, text: str) -> bytes:
        # OpenAI's first chunk names the role.
        role = {} if self.sent else {"role": "assistant"}
        self.sent += text
        return self._chunk({**role, "content": text}, None)

    def _chunk(self, delta: Record, finish: str | None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse_data({**self._head("chat.completion.chunk"), "choices": [choice], **more})

    def _head(self, kind: str) -> Record:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def annotations(answer: Answer, sent: str, base: str) -> Sequence[Record]:
    """The citations as OpenAI's annotations of the text that was sent: each claim of it with each of its sources."""
    found: list[Record] = []
    at = 0
    for group in groups(answer):
        if group.claim is None:
            continue
        # What was streamed may differ from the whole: thoughts above it, and no markers of sources that were found later.
        start = group.claim.start if sent == answer.text else sent.find(group.claim.text, at)
        if start < 0:
            continue
        # The next claim is looked for behind this one, as two may have the same words.
        at = start + len(group.claim.text)
        found += [_annotation(answer, one.citation, (start, at), base) for one in group.cited if one.citation.article]
    return found


def _annotation(answer: Answer, citation: Citation, place: tuple[int, int], base: str) -> Record:
    cited: Record = {
        "start_index": place[0],
        "end_index": place[1],
        "title": citation.title,
        "url": _url(answer, citation, base),
    }
    own: Record = {"article": citation.article, "quote": citation.quote, "verdict": citation.verdict}
    return {"type": "url_citation", "url_citation": {**cited, **own}}


def _url(answer: Answer, citation: Citation, base: str) -> str:
    """The article's own address on the web, else where this server shows it."""
    passage = passage_of(answer, citation)
    source = passage.source if passage else ""
    return source if source.startswith(("http://", "https://")) else f"{base}v1/articles/{quote(citation.article)}"


def usage_record(answer: Answer) -> Record:
    """The tokens of an answer; none were spent on quotations."""
    sent, written = int(answer.usage.get("input_tokens", 0)), int(answer.usage.get("output_tokens", 0))
    return {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}


def _finish(answer: Answer) -> str:
    # OpenAI has no word for an answer that broke off; "length" is the one by which clients know that it is not whole.
    return "length" if answer.trouble else "stop"
