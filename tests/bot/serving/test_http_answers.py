"""`/v1/ask` and `/v1/search` over a real server: the records of the command line, and an answer as it is made."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from bot.json_records import answer_record, search_record
from bot.serving.responses import AnswerRecord, SearchRecord
from bot.types import Done, Question
from bot.wiring import Service
from tests.bot.serving.sse import events

ASKED = "Who translated the op-ed?"


def timeless(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "ms"}


@pytest.fixture(scope="module")
def record(quoting_service: Service) -> dict[str, Any]:
    *_, done = quoting_service.chat.stream(Question(ASKED))
    assert isinstance(done, Done)
    return json.loads(json.dumps(answer_record("7", done.answer)))


def test_an_answer_is_the_record_of_the_command_line(client: httpx.Client, record: dict[str, Any]) -> None:
    came = client.post("/v1/ask", json={"id": "7", "question": ASKED})
    assert came.status_code == 200
    assert timeless(came.json()) == timeless(record)
    AnswerRecord.model_validate(came.json(), strict=True, extra="forbid")


@pytest.mark.parametrize(("body", "accept"), [({"stream": True}, "*/*"), ({}, "text/event-stream")])
def test_a_streamed_answer_comes_event_by_event(
    client: httpx.Client, record: dict[str, Any], body: dict[str, Any], accept: str
) -> None:
    sent = {"id": "7", "question": ASKED, **body}
    with client.stream("POST", "/v1/ask", json=sent, headers={"Accept": accept}) as came:
        assert came.headers["Content-Type"].startswith("text/event-stream")
        told = events(came.iter_lines())
    assert [name for name, _ in told] == ["query", "passages", "token", "token", "token", "done"]
    assert "".join(one["text"] for name, one in told if name == "token") == record["answer"]
    assert (told[1][1]["passages"], timeless(told[-1][1])) == (record["passages"], timeless(record))


def test_curl_can_ask(address: str, record: dict[str, Any]) -> None:
    command = ["curl", "-sS", f"{address}/v1/ask", "-H", "Content-Type: application/json", "-d", f'{{"question": "{ASKED}"}}']
    came = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(came.stdout)["answer"] == record["answer"]


def test_a_scope_and_a_history_count(client: httpx.Client) -> None:
    history = [["user", "Who wrote about the Gogoro scooters?"], ["assistant", "Somebody."]]
    body = {"question": "And when?", "history": history, "scope": {"articles": ["new-space-race.md"]}}
    came = client.post("/v1/ask", json=body).json()
    assert "Gogoro" in came["query"]
    assert {one["article"] for one in came["passages"]} <= {"new-space-race.md"}


def test_a_search_is_the_record_of_the_command_line(client: httpx.Client, quoting_service: Service) -> None:
    came = client.post("/v1/search", json={"question": ASKED, "k": 3})
    found = search_record(None, quoting_service.library.search(Question(ASKED), 3))
    assert timeless(came.json()) == json.loads(json.dumps(timeless(found)))
    SearchRecord.model_validate(came.json(), strict=True, extra="forbid")


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "message"),
    [
        ("/v1/ask", '{"question"', 400, "invalid_json", "The request is not valid JSON: Expecting ':' delimiter."),
        ("/v1/ask", "[]", 400, "invalid_json", "The request must be a JSON object, sent as application/json."),
        ("/v1/ask", "{}", 400, "invalid_field", "“question” is missing."),
        ("/v1/ask", '{"question": " "}', 400, "invalid_input", "The question is missing or empty."),
        ("/v1/ask", '{"question": "\\ud800"}', 400, "invalid_field", "“question” is not valid Unicode."),
        ("/v1/ask", '{"question": "a", "modell": "b"}', 400, "invalid_field", "“modell” is not known here."),
        ("/v1/ask", '{"question": "a", "model": "b"}', 404, "unknown_model", "There is no model called b."),
        ("/v1/ask", f'{{"question": "{"a" * 8001}"}}', 400, "invalid_input", None),
        ("/v1/search", '{"question": "a", "k": "3"}', 400, "invalid_field", None),
        ("/v1/search", '{"question": "a", "scope": {"since": "soon"}}', 400, "invalid_question", None),
        ("/v1/check", f'{{"draft": "{"a" * 200_001}"}}', 400, "invalid_field", "“draft” is longer than 200,000 characters."),
        ("/v1/check", f'{{"draft": "{"a" * 2_000_000}"}}', 413, "too_large", "The request is larger than 2 MB."),
    ],
)
def test_what_is_wrong_with_a_request_is_a_sentence(
    client: httpx.Client, path: str, body: str, status: int, code: str, message: str | None
) -> None:
    came = client.post(path, content=body, headers={"Content-Type": "application/json"})
    error = came.json()["error"]
    assert (came.status_code, error["code"]) == (status, code)
    assert error["message"] == (message or error["message"])
    assert error["message"].endswith(".") and error["help"].endswith(".")


def test_a_body_of_no_stated_length_is_limited_too(client: httpx.Client) -> None:
    came = client.post("/v1/check", content=iter([b"a" * 1_500_000] * 2), headers={"Content-Type": "application/json"})
    assert (came.status_code, came.json()["error"]["code"]) == (413, "too_large")
