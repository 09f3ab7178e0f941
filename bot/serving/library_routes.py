"""What the server tells of the library and of itself: `/v1/articles`, `/healthz`, `/metrics`, the description at `/docs`."""

import json
from functools import cache
from html import escape
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from bot.errors import FootnoteError, describe
from bot.json_records import Record, article_record, summary_record
from bot.request_context import background_request, request_scope
from bot.serving.context import ERRORS, ServerContext, require_articles
from bot.serving.failures import HttpProblem, RequestRefused
from bot.serving.metrics import CONTENT_TYPE
from bot.serving.responses import ArticleListRecord, ArticleRecord, HealthRecord
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

MOST_LISTED = 1_000
"""Articles in one response."""
_STYLE = (
    ":root{color-scheme:light dark}body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui}"
    "code{overflow-wrap:anywhere}"
)


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
