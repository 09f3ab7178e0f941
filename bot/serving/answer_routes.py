"""`/v1/ask` and `/v1/search`: the records of `footnote ask --json` and `search --json`, and an answer as it is made."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.answering.streamed import with_notices
from bot.json_records import answer_record, passages_record, search_record
from bot.serving.context import ERRORS, ServerContext, first_of, require_articles, streamed, wants_events, whole_answer
from bot.serving.requests import AskRequest, SearchRequest
from bot.serving.responses import AnswerRecord, SearchRecord
from bot.serving.streaming import EventStreamResponse, event_lines, sse, unless_gone
from bot.types import Condensed, Done, Event, Notice, Retraction, Retrieved, Token


def add_answer_routes(router: APIRouter, context: ServerContext) -> None:
    """Adds `/v1/ask` and `/v1/search`."""
    service = context.service
    names = ("query", "passages", "token", "retraction", "notice", "done", "error")
    described = "A `token` is a piece of the text; a `retraction` voids the text so far; `done` has the whole record."

    @router.post(
        "/v1/ask", responses=streamed(AnswerRecord, *names, described=described), response_class=JSONResponse, tags=["answers"]
    )
    async def ask(body: AskRequest, request: Request) -> Response:
        """The cited answer to a question: whole, or as server-sent events with `stream` or `Accept: text/event-stream`."""
        events = context.answer_events(body.asked())
        # A caller that goes away while it waits for the whole ends the work as well.
        if not wants_events(request, body.stream):
            return JSONResponse(answer_record(body.id, await unless_gone(request, whole_answer(events))))
        first = await unless_gone(request, first_of(events))
        write = AnswerEvents(body.id)
        return EventStreamResponse(event_lines(events, first, write, lambda problem: sse("error", problem.body())))

    @router.post(
        "/v1/search", responses={200: {"model": SearchRecord}, **ERRORS}, response_class=JSONResponse, tags=["answers"]
    )
    def search(body: SearchRequest) -> Response:
        """The best passages for a question, with their rank and score at each stage; no answer is made."""
        # Before the search: an empty home is told as such, and not as a search without hits.
        require_articles(service)
        found = service.library.search(body.asked(), body.k)
        notes = {"notes": list(found.notes)} if found.notes else {}
        return JSONResponse({**search_record(body.id, found), **notes})


@dataclass(slots=True)
class AnswerEvents:
    """Writes an answer's events as server-sent ones; it keeps the notices, which belong to the record of the whole."""

    id: str | int | None
    notes: tuple[str, ...] = ()

    def __call__(self, event: Event) -> Iterator[bytes]:
        """The lines for one event: none for what only the page shows."""
        match event:
            case Condensed(query):
                yield sse("query", {"query": query})
            case Retrieved(passages):
                yield sse("passages", {"passages": passages_record(passages)})
            case Token(text):
                yield sse("token", {"text": text})
            case Retraction():
                # All of the text so far were a model's thoughts: a client clears it.
                yield sse("retraction", {})
            case Notice(text):
                self.notes = (*self.notes, text)
                yield sse("notice", {"text": text})
            case Done(answer):
                yield sse("done", answer_record(self.id, with_notices(answer, self.notes)))
