"""Spans of OpenTelemetry for Footnote's own stages: answer, search, verify and check.

A program that uses Footnote sets up an SDK and an exporter as it does for its own spans; without an SDK these do nothing, and
nothing is ever sent from here. Questions, answers and claims stay out of the spans unless
OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is "true": so OpenTelemetry's conventions for language models call it.
"""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from opentelemetry import trace
from opentelemetry.context import attach, detach
from opentelemetry.trace import Span, StatusCode

from bot.types import Answer, Checked, Done, Event

if TYPE_CHECKING:
    from vectorstore.searching.search import Query, SearchHits

T = TypeVar("T")
Search = Callable[["Query", int], "SearchHits"]
SpanAttributes = Mapping[str, str | bool | int | float]

CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""The variable that lets texts into the spans."""
_tracer = trace.get_tracer("footnote")


@contextmanager
def traced(stage: str) -> Iterator[Span]:
    """The span `footnote.STAGE` around a block; what it raises is told by its class alone, as its message may hold a text."""
    with _tracer.start_as_current_span(f"footnote.{stage}", record_exception=False, set_status_on_exception=False) as span:
        try:
            yield span
        except Exception as error:
            _tell_failure(span, error)
            raise


def traced_stream(stage: str, items: Generator[T], told: Callable[[T], SpanAttributes]) -> Generator[T]:
    """The items as they come, under one span for all of them; `told` says what an item adds to its attributes."""
    # Not the current one yet: a generator runs in the context of whoever asks for its next item.
    span = _tracer.start_span(f"footnote.{stage}")
    within = trace.set_span_in_context(span)
    with closing(items):
        try:
            while True:
                # The span is the current one only while the work goes on: between two items the caller's own is.
                token = attach(within)
                try:
                    item = next(items)
                except StopIteration:
                    return
                finally:
                    detach(token)
                if span.is_recording():
                    span.set_attributes(told(item))
                yield item
        except Exception as error:
            _tell_failure(span, error)
            raise
        finally:
            span.end()


def traced_search(search: Search) -> Search:
    """The same search, with a span for each question."""

    def traced_once(query: "Query", k: int) -> "SearchHits":
        """Searches, and tells how many passages there are."""
        with traced("search") as span:
            found = search(query, k)
            if span.is_recording():
                span.set_attributes({"footnote.k": k, "footnote.hits": len(found.hits), **text_attribute("query", query.text)})
            return found

    return traced_once


def answer_attributes(event: Event) -> SpanAttributes:
    """What the span of an answer tells once the answer is there: how it was made, how much it cites and what it cost."""
    return _answer_attributes(event.answer) if isinstance(event, Done) else {}


def checked_attributes(one: Checked) -> SpanAttributes:
    """What the span of a check tells: the last sentence that was checked, by where it ends in the text, and its verdict."""
    return {"footnote.checked_to": one.end, "footnote.verdict": one.verdict}


def text_attribute(name: str, text: str) -> SpanAttributes:
    """The text as the attribute `footnote.NAME`; none unless texts were asked for."""
    return {f"footnote.{name}": text} if os.environ.get(CONTENT, "").lower() == "true" else {}


def _answer_attributes(answer: Answer) -> SpanAttributes:
    counts = {"claims": len(answer.claims), "citations": len(answer.citations), "passages": len(answer.passages)}
    model: SpanAttributes = {"gen_ai.request.model": answer.model} if answer.model else {}
    return {
        "footnote.mode": answer.mode,
        "footnote.abstained": answer.abstained,
        # numpy's floats are none of OpenTelemetry's types.
        "footnote.confidence": float(answer.confidence),
        **{f"footnote.{name}": count for name, count in counts.items()},
        **{f"footnote.usage.{name}": float(value) for name, value in answer.usage.items()},
        **model,
        **text_attribute("question", answer.question),
        **text_attribute("answer", answer.text),
    }


def _tell_failure(span: Span, error: Exception) -> None:
    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(StatusCode.ERROR)
