"""`/v1/check` and `/v1/verify`: a text of the caller's own against the articles, and a claim against a source of its own."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.answering.tally import spent
from bot.json_records import Id, Record, checked_record, judgement_record
from bot.serving.context import ERRORS, ServerContext, first_of, require_articles, streamed, wants_events
from bot.serving.requests import CheckRequest, VerifyRequest, plain_lines
from bot.serving.responses import CheckRecord, JudgementRecord
from bot.serving.streaming import BackgroundStream, EventStreamResponse, event_lines, sse, unless_gone
from bot.types import Checked


@dataclass(frozen=True, slots=True)
class CheckBegun:
    """How many sentences of the draft will be checked."""

    sentences: int


@dataclass(frozen=True, slots=True)
class CheckEnded:
    """All of them are checked; `notes` are what the caller must know beside the verdicts."""

    notes: tuple[str, ...] = ()


CheckEvent = CheckBegun | Checked | CheckEnded


def add_check_routes(router: APIRouter, context: ServerContext) -> None:
    """Adds `/v1/check` and `/v1/verify`."""
    service = context.service
    names = ("start", "sentence", "done", "error")
    described = "`start` has how many sentences there are, `sentence` one of them, `done` how many have which verdict."

    @router.post(
        "/v1/check", responses=streamed(CheckRecord, *names, described=described), response_class=JSONResponse, tags=["checks"]
    )
    async def check(body: CheckRequest, request: Request) -> Response:
        """The best source and a verdict for each sentence of a text: at once, or as server-sent events, one a sentence."""
        # A blank in the place of a carriage return keeps the caller's offsets right (`plain_lines`).
        events = BackgroundStream(partial(_check_events, context, plain_lines(body.draft)))
        if not wants_events(request, body.stream):
            return JSONResponse(await unless_gone(request, _whole_check(body.id, events)))
        first = await unless_gone(request, first_of(events))
        return EventStreamResponse(
            event_lines(events, first, CheckEventWriter(body.id), lambda problem: sse("error", problem.body()))
        )

    @router.post(
        "/v1/verify", responses={200: {"model": JudgementRecord}, **ERRORS}, response_class=JSONResponse, tags=["checks"]
    )
    def verify(body: VerifyRequest) -> Response:
        """What a source that you send is to a claim; no article is asked."""
        judgement = service.drafts.judge(body.claim, body.source)
        context.metrics.judged([judgement.verdict])
        return JSONResponse(judgement_record(body.id, judgement))


def _check_events(context: ServerContext, draft: str) -> Generator[CheckEvent]:
    """The events of a check; with second opinions all sentences come at the end, as on the command line."""
    service = context.service
    require_articles(service)
    # First of all, so that what is wrong with the draft is told by the status, and a client can draw a bar.
    yield CheckBegun(len(service.drafts.statements(draft)))
    # Closing this closes what checks: a caller that has gone has no more sentences checked.
    found = service.drafts.check(draft)
    if not service.chat.advises():
        for one in found:
            context.metrics.judged([one.verdict])
            yield one
        yield CheckEnded()
        return
    # A model is asked once about all sentences in doubt.
    advice = service.drafts.advise(list(found))
    context.metrics.judged([one.verdict for one in advice.checked])
    yield from advice.checked
    yield CheckEnded((*filter(None, [advice.note]), *spent(advice.usage, {})))


async def _whole_check(id: Id | None, events: BackgroundStream[CheckEvent]) -> Record:
    """The record of a whole check."""
    found: list[Checked] = []
    notes: tuple[str, ...] = ()
    try:
        async for event in events:
            match event:
                case Checked():
                    found.append(event)
                case CheckEnded(notes):
                    pass
    finally:
        events.close()
    sentences = [checked_record(one) for one in found]
    return {"id": id, "sentences": sentences, "verdicts": _counted(found), "notes": list(notes)}


@dataclass(slots=True)
class CheckEventWriter:
    """Writes the events of a check as server-sent ones; it counts the verdicts, which the last one tells."""

    id: Id | None
    found: list[Checked] = field(default_factory=list)

    def __call__(self, event: CheckEvent) -> Iterator[bytes]:
        """The lines for one event."""
        match event:
            case CheckBegun(sentences):
                yield sse("start", {"id": self.id, "sentences": sentences})
            case Checked():
                self.found.append(event)
                yield sse("sentence", checked_record(event))
            case CheckEnded(notes):
                yield sse("done", {"id": self.id, "verdicts": _counted(self.found), "notes": list(notes)})


def _counted(found: Sequence[Checked]) -> Record:
    """How many sentences have which verdict, the most frequent first."""
    return dict(Counter(one.verdict for one in found).most_common())
