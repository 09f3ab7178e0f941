"""What a caller is told when something is wrong: a status, a sentence, what to do about it, and a word for programs.

`{"error": {"message", "help", "code"}}` is the body of every error. The paths of OpenAI's protocol have its `type` and `param`
beside these, and the help in the message, as its clients show nothing else.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import (
    BadRequest,
    BudgetSpent,
    FootnoteError,
    InputError,
    LimitReached,
    ModelError,
    ModelTimeout,
    PermissionDenied,
    RateLimited,
    TooManyAnswers,
    UnknownModel,
    describe,
)
from vectorstore.errors import IndexBusy, IndexMissing, QueryError, VectorstoreError

log = logging.getLogger(__name__)

OPENAI_PATHS = ("/v1/chat/completions", "/v1/models")

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HttpProblem:
    """Why a request is not answered: the HTTP status, two sentences, and a word for programs.

    >>> HttpProblem(404, "There is no article x.md.", "GET /v1/articles lists those there are.", "unknown_article").body()
    {'error': {'message': 'There is no article x.md.', 'help': 'GET /v1/articles lists those there are.', \
'code': 'unknown_article'}}
    """

    status: int
    message: str
    help: str
    code: str
    headers: Mapping[str, str] = field(default_factory=dict)
    param: str = ""

    def body(self) -> Body:
        """The body of the response."""
        return {"error": {"message": self.message, "help": self.help, "code": self.code}}

    def openai_body(self) -> Body:
        """The body of the response as OpenAI's clients read it."""
        # OpenAI's words for a fault of the caller's, and for one of the server's.
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        told = {"message": f"{self.message} {self.help}".strip(), "help": self.help, "code": self.code}
        return {"error": {**told, "type": kind, "param": self.param or None}}


class RequestRefused(Exception):
    """A request that is not answered, with the problem to be told."""

    def __init__(self, problem: HttpProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


# The first class that fits counts. What is wrong with this machine, and no caller can mend, is a 500.
_STATUS: Sequence[tuple[type[Exception], int, str]] = (
    (InputError, 400, "invalid_input"),
    (QueryError, 400, "invalid_question"),
    (IndexMissing, 409, "no_articles"),
    (IndexBusy, 503, "index_busy"),
    (UnknownModel, 404, "unknown_model"),
    (PermissionDenied, 403, "not_permitted"),
    (TooManyAnswers, 503, "too_many_answers"),
    (LimitReached, 429, "limit_reached"),
    (BudgetSpent, 429, "budget_spent"),
    (RateLimited, 503, "model_busy"),
    (ModelTimeout, 504, "model_timeout"),
    (BadRequest, 502, "model_failed"),
    (ModelError, 502, "model_failed"),
    (VectorstoreError, 500, "index_failed"),
    (FootnoteError, 500, "not_possible_here"),
)
_HTTP: Mapping[int, tuple[str, str, str]] = {
    404: ("There is nothing at this address.", "GET /docs lists the addresses there are.", "not_found"),
    405: ("This address is asked in another way.", "GET /docs tells how.", "method_not_allowed"),
}
NO_ARTICLES = HttpProblem(
    409, "There are no articles here yet.", "Run `footnote ingest PATH` with a folder of your articles.", "no_articles"
)
_UNFORESEEN = HttpProblem(
    500, "Something went wrong inside Footnote.", "Try again; the server's log says what it was.", "internal"
)


def problem_of(error: Exception) -> HttpProblem:
    """What a caller is told of an error; one that was not foreseen is told in the log alone."""
    if isinstance(error, RequestRefused):
        return error.problem
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            message, help = describe(error)
            return HttpProblem(status, message, help, code, _retry_after(error))
    # Its message may hold anything: a path, an address, what an article says.
    log.error("a request failed", exc_info=error)
    return _UNFORESEEN


def _retry_after(error: Exception) -> Mapping[str, str]:
    after = getattr(error, "after", None)
    # Only where waiting helps; a second at least, as a client that is told 0 comes back at once.
    wanted = isinstance(error, IndexBusy | LimitReached | RateLimited)
    return {"Retry-After": str(max(1, round(after or 1)))} if wanted else {}


def error_response(problem: HttpProblem, path: str) -> JSONResponse:
    """The problem as the response that callers of this path expect."""
    body = problem.openai_body() if path in OPENAI_PATHS else problem.body()
    return JSONResponse(body, problem.status, dict(problem.headers))


def add_error_handlers(app: FastAPI) -> None:
    """Has every error of the app told in this form."""

    async def told(request: Request, error: Exception) -> JSONResponse:
        """Any error of Footnote's, of a request that was refused, or that was not foreseen."""
        return error_response(problem_of(error), request.url.path)

    async def unread(request: Request, error: Exception) -> JSONResponse:
        """A request whose fields are not what they should be."""
        found = error.errors() if isinstance(error, RequestValidationError) else []
        return error_response(_invalid(found), request.url.path)

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        """An address or a method that there is not; or what FastAPI makes of a body that could not be read to its end."""
        if isinstance(error.__cause__, RequestRefused):
            return await told(request, error.__cause__)
        status = error.status_code if isinstance(error, HTTPException) else 500
        message, help, code = _HTTP.get(status, ("The request cannot be answered.", "GET /docs tells how to ask.", "refused"))
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        return error_response(HttpProblem(status, message, help, code, headers), request.url.path)

    for kind in (FootnoteError, VectorstoreError, RequestRefused):
        app.add_exception_handler(kind, told)
    app.add_exception_handler(RequestValidationError, unread)
    app.add_exception_handler(HTTPException, unknown)
    # The last resort: Starlette takes the handler of the nearest class that an error inherits from.
    app.add_exception_handler(Exception, told)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> HttpProblem:
    """The first complaint as a sentence; never what was sent, which may be an article or a secret."""
    first: Mapping[str, Any] = errors[0] if errors else {"type": "", "loc": (), "msg": "it cannot be read"}
    # A field that is not known has any name: one that cannot be written as UTF-8, or a whole book.
    place = ".".join(str(part) for part in first["loc"][1:]).encode("utf-8", "replace").decode()[:100]
    help = "GET /docs shows what each address takes."
    if first["type"] == "json_invalid":
        why = first.get("ctx", {}).get("error", "")
        return HttpProblem(400, f"The request is not valid JSON{f': {why}' if why else ''}.", help, "invalid_json")
    # An empty place is the body as a whole: a list, a text, or a form.
    if not place:
        return HttpProblem(400, "The request must be a JSON object, sent as application/json.", help, "invalid_json")
    return HttpProblem(400, f"“{place}” {_complaint(first)}.", help, "invalid_field", param=place)


def _complaint(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, as the end of a sentence."""
    most = f"{(error.get('ctx') or {}).get('max_length', 0):,}"
    known = {
        "missing": "is missing",
        "extra_forbidden": "is not known here",
        "string_too_long": f"is longer than {most} characters",
        "too_long": f"has more than {most} entries",
        "string_unicode": "is not valid Unicode",
        "string_too_short": "is empty",
    }
    if told := known.get(error["type"]):
        return told
    if error["type"] == "value_error":
        return str(error["msg"]).removeprefix("Value error, ").replace("it is ", "is ", 1)
    return f"is not as it should be: {str(error['msg'])[:1].lower()}{str(error['msg'])[1:]}"
