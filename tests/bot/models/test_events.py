"""The events of any server, as OpenAI would have sent them."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.events import EventNormaliser, normalised_event
from tests.openai_server.quirks import ANSWER, BODY, END, QUIRKS, THOUGHT, stream, whole
from tests.openai_server.replies import Raw

BODIES = [quirk.reply.body.encode() for quirk in QUIRKS.values() if isinstance(quirk.reply, Raw)]


def normalised(*parts: bytes) -> bytes:
    normaliser = EventNormaliser()
    return b"".join([*map(normaliser.feed, parts), normaliser.end()])


def told(body: bytes) -> list[Any]:
    """The events of a body without the last, which closes the stream."""
    return [json.loads(event.removeprefix("data: ")) for event in normalised(body).decode().split("\n\n")[:-2]]


@given(st.sampled_from(BODIES), st.lists(st.integers(0, 4000)))
def test_where_the_bytes_are_cut_makes_no_difference(body: bytes, places: list[int]) -> None:
    ends = [0, *sorted(min(place, len(body)) for place in places), len(body)]
    assert normalised(*(body[start:end] for start, end in pairwise(ends))) == normalised(body)


def test_an_event_is_passed_on_as_soon_as_its_line_is_whole() -> None:
    assert EventNormaliser().feed(b'data: {"choices": []}\n') == b'data: {"choices": []}\n\n'


def test_a_whole_answer_becomes_a_stream() -> None:
    (event,) = told(whole({"content": ANSWER}).body.encode())
    assert event["choices"][0]["delta"]["content"] == ANSWER


def test_lines_of_json_become_a_stream() -> None:
    assert told("\n".join(map(json.dumps, BODY)).encode()) == [normalised_event(event) for event in BODY]


@pytest.mark.parametrize("body", ['{"error": {"message": "No."}}', "[]", '{"choices": []}'])
def test_what_is_no_answer_is_passed_on_as_it_is(body: str) -> None:
    assert told(body.encode()) == [json.loads(body)]


@pytest.mark.parametrize("body", ["<html>", "event: ping\n\n", "{nonsense"])
def test_what_is_no_stream_in_any_form_is_an_error(body: str) -> None:
    with pytest.raises(ValueError):
        normalised(body.encode())


@pytest.mark.parametrize(
    ("events", "ended"), [(stream(*BODY, *END, done=""), True), (stream(*BODY), True), (stream(*BODY, done=""), False)]
)
def test_the_end_of_an_answer_is_known(events: Raw, ended: bool) -> None:
    normaliser = EventNormaliser()
    normaliser.feed(events.body.encode())
    normaliser.end()
    assert normaliser.ended == ended


@pytest.mark.parametrize(
    "event",
    [
        {"object": "error", "message": "No."},
        {"detail": "No."},
        {"error": "No."},
        {"choices": [{"error": "No."}]},
        {"choices": [], "x_groq": {"error": "No."}},
    ],
)
def test_an_error_is_found_wherever_it_is_put(event: dict[str, Any]) -> None:
    assert "No." in json.dumps(normalised_event(event)["error"])


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": THOUGHT},
        {"reasoning": THOUGHT, "reasoning_details": [{"type": "reasoning.text", "text": THOUGHT}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": THOUGHT}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]},
        {"content": f"<thought>{THOUGHT}", "extra_content": {"google": {"thought": True}}},
    ],
)
def test_thoughts_have_one_name(delta: dict[str, Any]) -> None:
    (choice,) = normalised_event({"choices": [{"delta": delta}]})["choices"]
    assert (choice["delta"]["reasoning_content"], choice["delta"].get("content", "")) == (THOUGHT, "")
