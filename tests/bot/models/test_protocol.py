"""LangChain's client of OpenAI's protocol, with what it leaves out, alone."""

from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI

from bot.models import Message, Model
from bot.models.protocol import SYSTEM, CompatibleChatOpenAI, open_chat_model, refused_part, without_refused
from tests.openai_server import KEY, OpenAIServer, Said, error, words
from tests.openai_server.quirks import has, has_system, refusing


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


ASKED: list[Message] = [("system", "Answer from the passages."), ("user", "And when?")]
BODY: dict[str, Any] = {
    "model": "m1",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "When?"}],
    "temperature": 0.0,
    "max_tokens": 77,
    "stream": True,
    "stream_options": {"include_usage": True},
}


@pytest.mark.parametrize(
    ("status", "answer", "part"),
    [
        (400, error("temperature is not supported"), "temperature"),
        (400, {"error": {"message": "Not supported.", "param": "max_tokens"}}, "max_tokens"),
        (422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}, "stream_options"),
        (400, "stream_options.include_usage: only with a stream", "stream_options"),
        (400, error("Streaming is not available"), "stream"),
        (501, error("streaming: not implemented"), "stream"),
        (500, error("Conversation roles must alternate user/assistant/user"), SYSTEM),
        (400, error("Invalid seed"), ""),
        (400, error("upstream failed"), ""),
        (500, error("temperature sensor"), ""),
        (429, error("temperature"), ""),
        (400, error("The context length is 512 tokens, with max_tokens of 77 you asked for more"), ""),
        (400, error("messages are malformed"), ""),
        (400, {"detail": [{"loc": ["body", "seed"], "msg": "No.", "input": {"temperature": 0}}]}, ""),
    ],
)
def test_a_refusal_is_about_what_it_names(status: int, answer: object, part: str) -> None:
    assert refused_part(status, answer, BODY) == part


def test_a_limit_goes_by_its_other_name() -> None:
    assert without_refused({"max_tokens": 77}, frozenset({"max_tokens"})) == {"max_completion_tokens": 77}
    assert without_refused({"max_completion_tokens": 7}, frozenset({"max_completion_tokens"})) == {"max_tokens": 7}


def test_a_limit_that_goes_by_neither_name_is_left_out() -> None:
    assert without_refused({"max_tokens": 77}, frozenset({"max_tokens", "max_completion_tokens"})) == {}


def test_without_streaming_nothing_is_asked_of_the_stream() -> None:
    adapted = without_refused(BODY, frozenset({"stream"}))
    assert (adapted["stream"], "stream_options" in adapted) == (False, False)


def test_instructions_go_before_the_question_where_no_system_is_known() -> None:
    adapted = without_refused(BODY, frozenset({SYSTEM}))
    assert adapted["messages"] == [{"role": "user", "content": "Be brief.\n\nWhen?"}]


def test_what_was_refused_once_is_not_sent_again(model: Model, server: OpenAIServer) -> None:
    server.refuses = refusing(has_system, 400, {"message": "System role not supported"}).refuses
    for _ in range(2):
        model.complete(ASKED, max_tokens=77)
    assert [len(chat["messages"]) for chat in server.chats] == [2, 1, 1]


def test_what_did_not_help_is_not_remembered(model: Model, server: OpenAIServer) -> None:
    server.refuses = refusing(lambda asked: "stuck" in asked["messages"][-1]["content"], 400, error("temperature")).refuses
    with pytest.raises(Exception, match="temperature"):
        model.complete([("user", "stuck")], max_tokens=77, temperature=0.5)
    model.complete(ASKED, max_tokens=77, temperature=0.5)
    assert [chat.get("temperature") for chat in server.chats] == [0.5, None, 0.5]


def test_log_probabilities_that_are_refused_cost_no_answer(model: Model, server: OpenAIServer) -> None:
    server.refuses = refusing(has("logprobs"), 400, error("logprobs are not supported")).refuses
    assert model.complete(ASKED, max_tokens=77, odds=True).text == "And when?"
    assert "top_logprobs" not in server.chats[-1]
