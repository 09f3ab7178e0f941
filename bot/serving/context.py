"""What the routes of the server share: the service, its limits, and what is checked before any work is begun."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from fastapi import Request

from bot.answering.streamed import with_notices
from bot.errors import ModelError, SettingsError, describe
from bot.serving.failures import NO_ARTICLES, HttpProblem, RequestRefused
from bot.serving.metrics import ServerMetrics
from bot.serving.responses import ErrorRecord
from bot.serving.streaming import BackgroundStream
from bot.types import Answer, Done, Event, Notice, Question
from bot.wiring import Service

T = TypeVar("T")

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorRecord, "description": "The request cannot be used."},
    401: {"model": ErrorRecord, "description": "The token is missing or wrong."},
    403: {"model": ErrorRecord, "description": "The role of the caller's token does not allow it."},
    404: {"model": ErrorRecord, "description": "There is no such model or article."},
    409: {"model": ErrorRecord, "description": "There are no articles here yet."},
    413: {"model": ErrorRecord, "description": "The request is too large."},
    500: {"model": ErrorRecord, "description": "The index or the settings of this home are at fault."},
    502: {"model": ErrorRecord, "description": "The model did not answer."},
    503: {"model": ErrorRecord, "description": "Too many answers are being made, or the index is being changed: ask again."},
    504: {"model": ErrorRecord, "description": "The model said nothing for too long."},
}
"""What every path may answer beside its own."""


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What the routes share: one service for all requests, and what counts them."""

    service: Service
    metrics: ServerMetrics

    def answer_events(self, question: Question) -> BackgroundStream[Event]:
        """The events of an answer, begun in a thread."""
        return BackgroundStream(partial(self._answer, question))

    def _answer(self, question: Question) -> Generator[Event]:
        # In the thread: to open the index may take seconds, in which other requests must be answered.
        require_articles(self.service)
        require_model(self.service, question.model)
        # `stream` gives a generator: closing it lets the model's connection go.
        events = cast("Generator[Event]", self.service.chat.stream(question))
        try:
            for event in events:
                if isinstance(event, Done):
                    self.metrics.answered(event.answer)
                yield event
        finally:
            events.close()


def require_articles(service: Service) -> None:
    """Raises RequestRefused where there is nothing to search."""
    if not service.library.has_index():
        raise RequestRefused(NO_ARTICLES)


def require_model(service: Service, name: str) -> None:
    """Raises RequestRefused where a model is named that there is not."""
    if not name:
        return
    try:
        # Opened and kept, which asks no server; the answer then uses the same one.
        service.models.model(name)
    except SettingsError as error:
        raise RequestRefused(HttpProblem(404, *describe(error), "unknown_model", param="model")) from None


async def whole_answer(events: BackgroundStream[Event]) -> Answer:
    """The answer that the events end with; what of them is no part of it, its notes, goes into its notes."""
    notes: list[str] = []
    try:
        async for event in events:
            if isinstance(event, Notice):
                notes.append(event.text)
            if isinstance(event, Done):
                return with_notices(event.answer, notes)
    finally:
        events.close()
    raise ModelError("The answer broke off before its end.")


def wants_events(request: Request, stream: bool) -> bool:
    """Whether the caller asks for server-sent events, by the body or by `Accept`."""
    return stream or "text/event-stream" in request.headers.get("accept", "")


def streamed(model: type[Any], *events: str, described: str) -> dict[int | str, dict[str, Any]]:
    """The responses of a path that answers as JSON or as a stream of server-sent events with these names."""
    # OpenAI's stream has events without names.
    names = {"event": {"type": "string", "enum": list(events)}} if events else {}
    data = {"type": "string", "contentMediaType": "application/json", "description": described}
    event = {"type": "object", "properties": {**names, "data": data}, "required": [*names, "data"]}
    return {200: {"model": model, "content": {"text/event-stream": {"schema": event}}}, **ERRORS}


async def first_of(events: BackgroundStream[T]) -> T:
    """The first event: what goes wrong before it is told by the status."""
    try:
        return await anext(events)
    # Also where the task was cancelled, which is no `Exception`.
    except BaseException:
        events.close()
        raise
