"""LangChain's client of OpenAI's protocol, with what it leaves out, alone."""

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI

from bot.models.protocol import CompatibleChatOpenAI, open_chat_model
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
