"""What the server counts, for Prometheus. No label holds a question, an article or anything else of a user's."""

import time
from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.types import Answer, Verdict
from bot.wiring.limits import UsageLimits

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Upper bounds of the buckets: a search takes hundredths of a second, a model's answer up to a minute.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


class ServerMetrics:
    """The counts of one server, in a registry of its own. Threads may share it.

    >>> from bot.settings import load_settings
    >>> metrics = ServerMetrics(UsageLimits(load_settings()))
    >>> metrics.judged(["supported", "check", "supported"])
    >>> b'footnote_verdicts_total{verdict="supported"} 2.0' in metrics.page()
    True
    """

    def __init__(self, limits: UsageLimits) -> None:
        """`limits` count the answers and checks that are being made, and those that wait."""
        self._registry = registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self._requests = Counter("footnote_requests", "Requests by route, method and status.", labels, registry=registry)
        about = "Seconds from a request to the end of its response."
        self._seconds = Histogram("footnote_request_seconds", about, ("route",), buckets=_SECONDS, registry=registry)
        self._answers = Counter(
            "footnote_answers", "Answers by how they were made and ended.", ("mode", "end"), registry=registry
        )
        self._verdicts = Counter("footnote_verdicts", "Verdicts on claims and sentences.", ("verdict",), registry=registry)
        progress = Gauge("footnote_answers_in_progress", "Answers and checks that are being made.", registry=registry)
        # Read when Prometheus asks, so that nothing has to be kept in step.
        progress.set_function(lambda: limits.in_progress)
        waiting = Gauge("footnote_answers_waiting", "Answers and checks that wait for others to end.", registry=registry)
        waiting.set_function(lambda: limits.waiting)

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request that was answered."""
        # Anybody may ask for any address by any word: each would be a series of its own.
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Counts an answer, and the verdicts of its claims."""
        end = "incomplete" if answer.trouble else "abstained" if answer.abstained else "answered"
        self._answers.labels(answer.mode, end).inc()
        self.judged(claim.verdict for claim in answer.claims)

    def judged(self, verdicts: Iterable[Verdict]) -> None:
        """Counts the verdicts of claims, or of sentences of a draft."""
        for verdict, count in Tally(verdicts).items():
            self._verdicts.labels(verdict).inc(count)

    def page(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self._registry)


class MetricsMiddleware:
    """Counts each request by the route that answered it, once its response has ended."""

    def __init__(self, app: ASGIApp, metrics: ServerMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # 499 where the caller went away before there was a response.
        status, begun = 499, time.perf_counter()

        async def noted(message: Message) -> None:
            """Sends a message, and remembers the status."""
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            # The route's pattern and not the address, which may hold an article's id; without a route, all count as one.
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.requested(route, scope["method"], status, time.perf_counter() - begun)
