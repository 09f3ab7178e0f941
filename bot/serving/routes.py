"""The paths under `/v1` that answer, search, check and verify, and what the server tells of the library and of itself.

`/v1/ask` and `/v1/search` give the records of `footnote ask --json` and `search --json`, or an answer as it is made.
`/v1/check` holds a text of the caller's own against the articles, `/v1/verify` a claim against a source of its own.
`/v1/articles`, `/healthz`, `/metrics` and the description at `/docs` tell of the library and the server.
"""

import json
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from html import escape
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from bot.answering.streamed import with_notices
from bot.answering.tally import spent
from bot.errors import FootnoteError, describe
from bot.json_records import (
    Id,
    Record,
    answer_record,
    article_record,
    checked_record,
    judgement_record,
    passages_record,
    search_record,
    summary_record,
)
from bot.request_context import background_request, request_scope
from bot.serving.context import ERRORS, ServerContext, first_of, require_articles, streamed, wants_events, whole_answer
from bot.serving.failures import HttpProblem, RequestRefused
from bot.serving.metrics import CONTENT_TYPE
from bot.serving.requests import AskRequest, CheckRequest, SearchRequest, VerifyRequest, plain_lines
from bot.serving.responses import (
    AnswerRecord,
    ArticleListRecord,
    ArticleRecord,
    CheckRecord,
    HealthRecord,
    JudgementRecord,
    SearchRecord,
)
from bot.serving.streaming import BackgroundStream, EventStreamResponse, event_lines, sse, unless_gone
from bot.types import Checked, Condensed, Done, Event, Notice, Retraction, Retrieved, Token
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

MOST_LISTED = 1_000
"""Articles in one response."""
_STYLE = (
    ":root{color-scheme:light dark}body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui}"
    "code{overflow-wrap:anywhere}"
)


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


def add_library_routes(router: APIRouter, context: ServerContext) -> None:
    """Adds the paths that list and show articles."""
    service = context.service

    @router.get("/v1/articles", responses={200: {"model": ArticleListRecord}, **ERRORS}, tags=["library"])
    def articles(
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="How many at most.")] = MOST_LISTED,
        offset: Annotated[int, Query(ge=0, le=10**9, description="How many to pass over.")] = 0,
    ) -> Response:
        """The articles without their texts, in the order of the library; those in the archive are not among them."""
        found = service.library.articles() if service.library.has_index() else []
        listed = [summary_record(one) for one in found[offset : offset + limit]]
        return JSONResponse({"articles": listed, "total": len(found)})

    @router.get("/v1/articles/{id:path}", responses={200: {"model": ArticleRecord}, **ERRORS}, tags=["library"])
    def article(id: str) -> Response:
        """One article, whole. An id may hold slashes, which stay as they are, and `#`, which is sent as `%23`."""
        require_articles(service)
        # PostgreSQL takes no NUL in a text, and no id has one.
        found = None if "\0" in id else service.library.article(id)
        if found is None:
            raise RequestRefused(
                HttpProblem(404, f"There is no article {id}.", "GET /v1/articles lists those there are.", "unknown_article")
            )
        return JSONResponse(article_record(found))


def add_server_routes(app: FastAPI, context: ServerContext) -> None:
    """Adds the paths that tell of the server itself."""

    @app.get("/healthz", responses={200: {"model": HealthRecord}, 503: {"model": HealthRecord}}, tags=["server"])
    def healthz(request: Request) -> Response:
        """Whether questions can be answered. Callers without the token are told that alone."""
        # Whoever asks is told whether it lives; more than that, those with a token alone.
        with request_scope(background_request()):
            found = health_record(context.service)
        told = found if request.state.trusted else {"status": found["status"]}
        return JSONResponse(told, 503 if found["status"] == "failing" else 200)

    @app.get(
        "/metrics", responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **ERRORS}, tags=["server"]
    )
    def metrics() -> Response:
        """Counts for Prometheus: requests, seconds, answers in progress, verdicts."""
        return Response(context.metrics.page(), media_type=CONTENT_TYPE)

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        """The description as a page, with nothing that is loaded from elsewhere."""
        # The page has one style and no script, so nothing else may be loaded, whatever a description holds.
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        return HTMLResponse(docs_page(json.dumps(app.openapi())), headers={"Content-Security-Policy": policy})


def health_record(service: Service) -> Record:
    """How the home stands: its articles, its index and its model."""
    record: dict[str, object] = {"status": "ok", "version": version("footnote")}
    try:
        has_index = service.library.has_index()
        record |= {"articles": len(service.library.articles()) if has_index else 0, "model": service.chat.mode()}
        problem = service.library.problem()
    except (FootnoteError, VectorstoreError) as error:
        # A home that cannot be read is not empty.
        has_index, problem = True, describe(error)
    if problem:
        message, help = problem
        record |= {"status": "failing" if has_index else "empty", "problem": {"message": message, "help": help}}
    return record


# Made once: the description does not change while the server runs.
@cache
def docs_page(openapi: str) -> str:
    """The OpenAPI document as a page to read."""
    described = json.loads(openapi)
    schemas = described["components"]["schemas"]
    paths = "".join(
        _operation_html(method, path, operation, schemas)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )
    title = escape(f"{described['info']['title']} {described['info']['version']}")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    about = escape(described["info"]["description"])
    return f'{head}<h1>{title}</h1><p>{about} <a href="/openapi.json">OpenAPI</a></p>{paths}'


def _operation_html(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    """One path, what it does, and the fields of its request."""
    about = escape(operation.get("description", ""))
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields = schemas.get(content.get("$ref", "").rpartition("/")[2], {})
    required = fields.get("required", [])
    told = "".join(
        f"<li><code>{escape(name)}</code>{' (required)' if name in required else ''} {escape(one.get('description', ''))}</li>"
        for name, one in fields.get("properties", {}).items()
    )
    return f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{about}</p><ul>{told}</ul>"
