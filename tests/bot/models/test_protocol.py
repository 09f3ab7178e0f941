"""LangChain's client of OpenAI's protocol, with what it leaves out, alone."""

import json

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI

from bot.models.protocol import CompatibleChatOpenAI, as_events, open_chat_model
from tests.openai_server import KEY, OpenAIServer, Said, words


@pytest.fixture
def made(server: OpenAIServer) -> CompatibleChatOpenAI:
    return open_chat_model("fake-model", address=server.address, key=KEY, timeout=5, old_name=False)


def test_it_is_a_chat_model_that_can_answer_in_one_piece(made: CompatibleChatOpenAI, server: OpenAIServer) -> None:
    server.script(words("It opened."))
    assert isinstance(made, ChatOpenAI)
    assert made.invoke("When?").content == "It opened."
    assert "stream" not in server.chats[0] or not server.chats[0]["stream"]


def test_a_refusal_is_passed_on_beside_the_text(made: CompatibleChatOpenAI, server: OpenAIServer) -> None:
    server.script(Said(("Well.",), refusal="I can't."))
    whole = sum(made.stream("When?"), start=AIMessageChunk(""))
    assert (whole.content, whole.additional_kwargs["refusal"]) == ("Well.", "I can't.")


def test_a_copy_answers_when_the_first_is_gone(server: OpenAIServer) -> None:
    copy = open_chat_model("fake-model", address=server.address, key=KEY, timeout=5, old_name=False).model_copy()
    server.script(words("Yes."))
    assert copy.invoke("Still there?").content == "Yes."


def test_the_key_is_in_no_repr(made: CompatibleChatOpenAI) -> None:
    assert KEY not in repr(made) + str(made)


def test_the_address_is_the_one_given_whatever_the_environment_says(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    monkeypatch.setenv("OPENAI_API_BASE", "http://elsewhere/v1")
    server.script(words("Yes."))
    assert open_chat_model("m", address=server.address, key=KEY, timeout=5, old_name=False).invoke("Here?").content == "Yes."


def test_a_whole_answer_becomes_a_stream_of_one_event() -> None:
    body = json.dumps({"id": "1", "choices": [{"index": 0, "message": {"content": "Yes."}, "finish_reason": "stop"}]})
    first, last, rest = as_events(body.encode()).decode().split("\n\n")
    assert json.loads(first.removeprefix("data: "))["choices"][0]["delta"] == {"content": "Yes."}
    assert (last, rest) == ("data: [DONE]", "")


@pytest.mark.parametrize("body", ['{"error": {"message": "No."}}', "[]", "7", "null", '{"choices": null}'])
def test_what_is_no_answer_is_passed_on_as_it_is(body: str) -> None:
    first = as_events(body.encode()).decode().split("\n\n")[0]
    assert json.loads(first.removeprefix("data: ")) == json.loads(body)
