"""The server that plays OpenAI's: what goes over the wire. That the real client reads it is tested where it is used."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from tests.openai_server import KEY, Failure, HangUp, OpenAIServer, Raw, Said, asks_for_follow_ups, serving, words
from tests.openai_server.replies import Scripted

BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "first line\nlast line"}]}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with serving() as running:
        yield running


def asked(server: OpenAIServer, path: str, body: dict[str, Any] | None = None, key: str = KEY) -> HTTPResponse:
    """The head of the server's answer; its body is yet to be read."""
    address = urlsplit(server.address)
    assert address.hostname is not None
    connection = HTTPConnection(address.hostname, address.port, timeout=10)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
    return connection.getresponse()


def told(server: OpenAIServer, reply: Scripted | None = None, **more: Any) -> str:
    """What is answered to a chat, as text."""
    if reply is not None:
        server.script(reply)
    with asked(server, "/v1/chat/completions", {**BODY, **more}) as response:
        return response.read().decode()


def events(text: str) -> list[Any]:
    return [json.loads(event.removeprefix("data: ")) for event in text.split("\n\n") if event and event != "data: [DONE]"]


def test_the_models_are_listed(server: OpenAIServer) -> None:
    server.models = ("one", "two")
    with asked(server, "/v1/models") as response:
        assert [model["id"] for model in json.load(response)["data"]] == ["one", "two"]


@pytest.mark.parametrize(("path", "body"), [("/v1/models", None), ("/v1/chat/completions", BODY), ("/v1/embeddings", BODY)])
def test_a_wrong_key_is_not_let_in(server: OpenAIServer, path: str, body: dict[str, Any] | None) -> None:
    with asked(server, path, body, key="another") as response:
        assert (response.status, server.asked) == (401, {})


def test_an_unknown_path_is_not_found(server: OpenAIServer) -> None:
    with asked(server, "/chat/completions", BODY) as response:
        assert response.status == 404


def test_an_answer_in_one_piece_has_its_text_its_end_and_its_counts(server: OpenAIServer) -> None:
    answer = json.loads(told(server, words("It opened.", usage=(5, 2))))
    assert answer["choices"][0]["message"]["content"] == "It opened."
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"] == {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}


def test_a_stream_has_a_role_the_pieces_an_end_and_done(server: OpenAIServer) -> None:
    text = told(server, words("It opened."), stream=True)
    assert [event["choices"][0]["delta"] for event in events(text)] == [
        {"role": "assistant", "content": ""},
        {"content": "It"},
        {"content": " opened."},
        {},
    ]
    assert events(text)[-1]["choices"][0]["finish_reason"] == "stop"
    assert text.endswith("data: [DONE]\n\n")


def test_a_stream_counts_only_where_that_is_asked_for(server: OpenAIServer) -> None:
    without = events(told(server, words("Yes."), stream=True))
    counted = events(told(server, words("Yes."), stream=True, stream_options={"include_usage": True}))
    assert not any("usage" in event for event in without)
    assert counted[-1]["usage"]["total_tokens"] == 150


def test_a_stream_that_is_dropped_is_no_whole_http_answer(server: OpenAIServer) -> None:
    with pytest.raises(IncompleteRead):
        told(server, Said(("It", " was"), cut=1), stream=True)


def test_a_stream_that_ends_neatly_is_a_whole_http_answer_without_its_end(server: OpenAIServer) -> None:
    text = told(server, Said(("It", " was"), cut=1, manner="neatly"), stream=True)
    assert text.count("data:") == 2
    assert "[DONE]" not in text


def test_a_failure_has_its_status_body_and_headers(server: OpenAIServer) -> None:
    server.script(Failure(429, {"error": "slow"}, {"Retry-After": "3"}))
    with asked(server, "/v1/chat/completions", BODY) as response:
        assert (response.status, response.headers["Retry-After"], json.load(response)) == (429, "3", {"error": "slow"})


def test_a_raw_body_is_sent_as_it_is(server: OpenAIServer) -> None:
    assert told(server, Raw("<html>", "text/html")) == "<html>"


def test_a_hang_up_says_nothing(server: OpenAIServer) -> None:
    with pytest.raises(ConnectionError):
        told(server, HangUp())


def test_scripted_replies_come_in_their_order_and_then_the_responders(server: OpenAIServer) -> None:
    server.script(words("one"), words("two"))
    answers = [json.loads(told(server))["choices"][0]["message"]["content"] for _ in range(3)]
    assert answers == ["one", "two", "last line"]


def test_a_request_for_follow_ups_takes_no_scripted_reply(server: OpenAIServer) -> None:
    server.aside = asks_for_follow_ups
    server.script(words("one"))
    request = PromptFolder(prompts_dir()).load("follow-up").render({"conversation": "", "passages": ""})
    told(server, messages=[{"role": role, "content": content} for role, content in request])
    assert json.loads(told(server))["choices"][0]["message"]["content"] == "one"


def test_what_was_asked_is_kept(server: OpenAIServer) -> None:
    told(server)
    assert server.chats == [BODY]


def test_words_keep_every_space() -> None:
    assert "".join(words(" a  b\n\nc ").pieces) == " a  b\n\nc "
