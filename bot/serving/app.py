"""The server's application: the routes of one service, behind what refuses, limits and counts requests."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from bot.serving.access import AccessMiddleware, AccessRules, CallerMiddleware
from bot.serving.context import ServerContext
from bot.serving.failures import add_error_handlers
from bot.serving.metrics import MetricsMiddleware, ServerMetrics
from bot.serving.openai_form import add_openai_routes
from bot.serving.requests import LARGEST_BODY
from bot.serving.routes import add_answer_routes, add_check_routes, add_library_routes, add_server_routes
from bot.wiring import Service

_ABOUT = (
    "Questions to your own articles: answers whose every sentence is cited, searches, and checks of texts. "
    "Every error is an object with `message`, `help` and `code`."
)


class DescribedApp(FastAPI):
    """An application whose OpenAPI document tells the errors as they are sent, and the token where one is asked for."""

    asks_token = False
    """Whether requests must bring a token."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            described = super().openapi()
            # FastAPI tells of its own answer to bad requests, which are answered with 400 and a sentence here.
            for operation in (one for methods in described["paths"].values() for one in methods.values()):
                operation["responses"].pop("422", None)
            for unused in ("HTTPValidationError", "ValidationError"):
                described["components"]["schemas"].pop(unused, None)
            if self.asks_token:
                described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
                described["security"] = [{"token": []}]
        return self.openapi_schema or {}


def serving_app(service: Service, rules: AccessRules | None = None, largest: int = LARGEST_BODY) -> FastAPI:
    """The ASGI application over one service, which its caller closes; `largest` are the bytes that a request may have.

    >>> sorted(serving_app(service).openapi()["paths"])[:2]
    ['/healthz', '/metrics']
    """
    rules = rules or AccessRules()
    context = ServerContext(service, ServerMetrics(service.limits))
    app = DescribedApp(
        title="Footnote",
        version=version("footnote"),
        description=_ABOUT,
        # FastAPI's own page of the description loads its scripts from elsewhere; `/docs` is one of ours.
        docs_url=None,
        redoc_url=None,
        # The first is the outermost. Whose request it is must be known before anything is counted or logged, and requests that
        # are refused for want of a token count too.
        middleware=[
            Middleware(CallerMiddleware, door="http"),
            Middleware(MetricsMiddleware, metrics=context.metrics),
            Middleware(AccessMiddleware, rules=rules, largest=largest),
        ],
    )
    app.asks_token = bool(rules.token)
    router = APIRouter()
    for add in (add_answer_routes, add_check_routes, add_library_routes, add_openai_routes):
        add(router, context)
    app.include_router(router)
    # /healthz, /metrics and /docs, which stand outside of /v1.
    add_server_routes(app, context)
    add_error_handlers(app)
    return app
