"""Spans of Footnote's own stages, and LangSmith's variables for the calls of models, which go nowhere without them."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import ArticlesError, Footnote
from bot.tracing import CONTENT
from tests.openai_server import KEY, OpenAIServer, words

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
DRAFT = "The launch took place in Tokyo on Dec. 23. It owns mines on the Moon."
STAGES = {"footnote.answer", "footnote.search", "footnote.check", "footnote.verify"}


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    # A process has one provider; the tests of this module share it.
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    trace.set_tracer_provider(provider)
    yield kept
    kept.shutdown()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


@pytest.fixture(scope="module")
def quoting(seeds_home: Path) -> Iterator[Footnote]:
    with Footnote(seeds_home, model="quotes", embedding="minilm") as opened:
        yield opened


def named(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.name == name]


def test_an_answer_has_its_span_with_the_search_within(quoting: Footnote, spans: InMemorySpanExporter) -> None:
    quoting.ask(QUESTION)
    (answer,) = named(spans, "footnote.answer")
    assert answer.attributes is not None
    assert answer.attributes["footnote.mode"] == "quotes"
    assert answer.attributes["footnote.citations"] == 1
    searches = named(spans, "footnote.search")
    assert searches
    assert all(one.parent is not None and one.parent.span_id == answer.context.span_id for one in searches)


def test_a_check_has_its_span_with_the_verdicts_within(quoting: Footnote, spans: InMemorySpanExporter) -> None:
    assert len(list(quoting.check(DRAFT))) == 2
    (check,) = named(spans, "footnote.check")
    assert check.attributes is not None
    assert check.attributes["footnote.checked_to"] == len(DRAFT)
    assert named(spans, "footnote.verify")
    assert {span.name for span in spans.get_finished_spans()} <= STAGES


def test_no_text_is_in_a_span_unless_it_is_asked_for(
    quoting: Footnote, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoting.ask(QUESTION)
    list(quoting.check(DRAFT))
    told = [str(span.to_json()) for span in spans.get_finished_spans()]
    assert not any("Alliance" in one or "Tokyo" in one for one in told)
    monkeypatch.setenv(CONTENT, "true")
    quoting.ask(QUESTION)
    assert named(spans, "footnote.answer")[-1].attributes["footnote.question"] == QUESTION  # type: ignore[index]


def test_a_failure_is_told_by_its_class_alone(quoting: Footnote, spans: InMemorySpanExporter) -> None:
    with pytest.raises(ArticlesError):
        quoting.ask(QUESTION, articles=["secret.md"])
    failed = [span for span in spans.get_finished_spans() if not span.status.is_ok and span.attributes]
    assert {span.attributes["error.type"] for span in failed if span.attributes} == {"QueryError"}
    assert not any("secret" in str(span.to_json()) for span in spans.get_finished_spans())


def test_between_two_events_the_callers_span_is_the_current_one(quoting: Footnote, spans: InMemorySpanExporter) -> None:
    with trace.get_tracer("mine").start_as_current_span("mine") as mine:
        for _ in quoting.stream(QUESTION):
            assert trace.get_current_span() is mine
    (answer,) = named(spans, "footnote.answer")
    assert answer.parent is not None
    assert answer.parent.span_id == mine.get_span_context().span_id


def test_an_answer_that_is_left_has_its_span_all_the_same(quoting: Footnote, spans: InMemorySpanExporter) -> None:
    events = quoting.stream(QUESTION)
    next(events)
    events.close()
    assert len(named(spans, "footnote.answer")) == 1


class LangSmith:
    """A server on loopback in LangSmith's place; `sent` is all that was posted to it."""

    def __init__(self) -> None:
        self.sent = b""
        self.told = Event()
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                recorder.sent += gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                recorder.told.set()
                self._reply()

            def _reply(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def langsmith() -> Iterator[LangSmith]:
    state = LangSmith()
    thread = Thread(target=state.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    # LangSmith reads its variables once for a process.
    get_env_var.cache_clear()
    yield state
    get_env_var.cache_clear()
    state.server.shutdown()
    state.server.server_close()
    thread.join()


def test_langsmiths_variables_trace_the_calls_of_models(
    seeds_home: Path, server: OpenAIServer, langsmith: LangSmith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_ENDPOINT", langsmith.address)
    monkeypatch.setenv("LANGSMITH_API_KEY", "a-key")
    model = {"model": "openai:fake-model", "openai_base_url": server.address, "openai_api_key": KEY}
    server.script(*[words("The launch took place in Tokyo on Dec. 23 [1].")] * 2)
    with Footnote(seeds_home, embedding="minilm", **model) as footnote:
        footnote.ask(QUESTION)
        wait_for_all_tracers()
        assert not langsmith.told.is_set()
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        get_env_var.cache_clear()
        footnote.ask(QUESTION)
    assert langsmith.told.wait(20)
