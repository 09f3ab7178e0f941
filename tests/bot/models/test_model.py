"""A chat with a model: the real client, through LangChain, against a server on this machine."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from bot.errors import (
    BadRequest,
    EmptyAnswer,
    InputError,
    MalformedAnswer,
    ModelError,
    ModelTimeout,
    NoCredit,
    NotPermitted,
    PromptTooLong,
    RateLimited,
    ServerFailed,
    ServerUnreachable,
    StreamInterrupted,
    UnknownModel,
    WrongKey,
)
from bot.models import Message, Model, ReplyEnding, RetryWait, TextDelta, open_model
from bot.models.failures import ModelEndpoint
from bot.settings import load_settings
from tests.openai_server import KEY, Failure, Hang, HangUp, OpenAIServer, Raw, Said, error, serving, words
from tests.openai_server.replies import Scripted

ASKED: list[Message] = [("system", "Answer from the passages."), ("user", "Who?"), ("assistant", "Ada."), ("user", "And when?")]
GOOD = words("It opened in 1931 [1].")
GOOD_PIECES = [TextDelta("It"), TextDelta(" opened"), TextDelta(" in"), TextDelta(" 1931"), TextDelta(" [1].")]
SLOW = Failure(429, error("Slow down.", "rate_limit_exceeded"))

Opener = Callable[..., Model]


def streamed(model: Model) -> tuple[list[TextDelta | RetryWait | ReplyEnding], ModelError | None]:
    """What comes of a stream until it ends or fails."""
    came: list[TextDelta | RetryWait | ReplyEnding] = []
    try:
        came.extend(model.stream(ASKED, max_tokens=77))
    except ModelError as failure:
        return came, failure
    return came, None


def whole(model: Model) -> list[TextDelta | RetryWait | ReplyEnding]:
    """All of a stream that must not fail."""
    came, failure = streamed(model)
    assert failure is None
    return came


def failing(model: Model) -> ModelError:
    """The failure of a stream from which nothing else may come."""
    came, failure = streamed(model)
    assert not [one for one in came if not isinstance(one, RetryWait)]
    assert failure is not None
    return failure


# What is sent, and a good answer


def test_an_answer_comes_in_the_servers_pieces_and_ends_with_its_counts(model: Model, server: OpenAIServer) -> None:
    server.script(GOOD)
    assert whole(model) == [*GOOD_PIECES, ReplyEnding("stop", 120, 30)]


def test_the_messages_are_sent_with_their_roles(model: Model, server: OpenAIServer) -> None:
    whole(model)
    (body,) = server.chats
    assert [(message["role"], message["content"]) for message in body["messages"]] == ASKED


def test_the_model_the_limit_and_the_wish_for_counts_are_sent(model: Model, server: OpenAIServer) -> None:
    whole(model)
    (body,) = server.chats
    assert (body["model"], body["stream"], body["stream_options"]) == ("fake-model", True, {"include_usage": True})
    assert body["max_tokens"] == 77


def test_a_temperature_is_sent(model: Model, server: OpenAIServer) -> None:
    model.complete(ASKED, max_tokens=77, temperature=0.5)
    assert server.chats[0]["temperature"] == 0.5


def test_nothing_is_sent_that_models_which_think_refuse(model: Model, server: OpenAIServer) -> None:
    whole(model)
    assert server.chats[0].keys() == {"model", "messages", "stream", "stream_options", "max_tokens"}


def test_a_whole_answer_is_the_stream_put_together(model: Model, server: OpenAIServer) -> None:
    server.script(GOOD)
    reply = model.complete(ASKED, max_tokens=77)
    assert (reply.text, reply.ending) == ("It opened in 1931 [1].", ReplyEnding("stop", 120, 30))


def test_closing_the_stream_closes_the_connection(model: Model, server: OpenAIServer) -> None:
    server.script(words("word " * 2000, delay=0.005))
    stream = model.stream(ASKED, max_tokens=77)
    assert next(stream) == TextDelta("word")
    stream.close()
    assert server.gone.wait(10)


def test_a_stream_that_is_not_read_sends_nothing(model: Model, server: OpenAIServer) -> None:
    model.stream(ASKED, max_tokens=77)
    model.warm()
    assert server.chats == []


def test_two_streams_at_a_time_do_not_mix(model: Model, server: OpenAIServer) -> None:
    server.script(words("one two"), words("three four"))
    first, second = model.stream(ASKED, max_tokens=7), model.stream(ASKED, max_tokens=7)
    assert [next(first), next(second), next(first), next(second)] == list(map(TextDelta, ("one", "three", " two", " four")))


# What compatible servers do in their own ways


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Said(GOOD.pieces, breaks="\r\n"), id="CRLF"),
        pytest.param(Said(GOOD.pieces, breaks="\r"), id="CR"),
        pytest.param(Said(GOOD.pieces, comments=True), id="comments to keep the connection alive"),
        pytest.param(Said(GOOD.pieces, finish=None), id="no reason for the end, only [DONE]"),
        pytest.param(Said(GOOD.pieces, done=False), id="no [DONE], only a reason for the end"),
    ],
)
def test_other_dialects_of_the_stream_are_understood(model: Model, server: OpenAIServer, reply: Said) -> None:
    server.script(reply)
    assert whole(model) == [*GOOD_PIECES, ReplyEnding("stop", 120, 30)]


def test_a_server_that_counts_nothing_leaves_the_counts_open(model: Model, server: OpenAIServer) -> None:
    server.script(Said(("Yes.",), usage=None))
    assert whole(model) == [TextDelta("Yes."), ReplyEnding("stop", None, None)]


def test_counts_of_zero_are_no_counts(model: Model, server: OpenAIServer) -> None:
    server.script(Said(("Yes.",), usage=(0, 0)))
    assert whole(model) == [TextDelta("Yes."), ReplyEnding("stop", None, None)]


def test_an_answer_in_one_piece_although_a_stream_was_asked_for(model: Model, server: OpenAIServer) -> None:
    server.script(Said(GOOD.pieces, streams=False))
    assert whole(model) == [TextDelta("It opened in 1931 [1]."), ReplyEnding("stop", 120, 30)]


def test_what_a_model_thinks_aloud_is_no_answer(model: Model, server: OpenAIServer) -> None:
    server.script(words("<think>\nHm, the bridge.\n</think>\n\nIt opened."))
    assert whole(model) == [
        TextDelta("It"),
        TextDelta(" opened."),
        ReplyEnding("stop", 120, 30, thoughts="Hm, the bridge."),
    ]


# How an answer may end


def test_an_answer_that_reached_the_limit_says_so(model: Model, server: OpenAIServer) -> None:
    server.script(Said(("It opened in",), finish="length"))
    assert whole(model) == [TextDelta("It opened in"), ReplyEnding("length", 120, 30)]


@pytest.mark.parametrize("streams", [True, False])
def test_a_refusal_comes_with_its_words(model: Model, server: OpenAIServer, streams: bool) -> None:
    server.script(Said((), refusal="I can't help with that.", streams=streams))
    assert whole(model) == [ReplyEnding("refusal", 120, 30, "I can't help with that.")]


def test_an_answer_that_a_filter_stopped_is_a_refusal(model: Model, server: OpenAIServer) -> None:
    server.script(Said(("It was",), finish="content_filter"))
    assert whole(model) == [TextDelta("It was"), ReplyEnding("refusal", 120, 30)]


# Failures that asking again would not mend


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (Failure(401, error(f"Wrong: {KEY}.", "invalid_api_key")), WrongKey, "The server at HOST did not take the key."),
        (
            Failure(403, error("Country not supported.")),
            NotPermitted,
            "The server at HOST does not let this key use fake-model: Country not supported.",
        ),
        (
            Failure(429, error("You exceeded your quota.", "insufficient_quota", "insufficient_quota"), {"Retry-After": "1"}),
            NoCredit,
            "The account behind the key has no credit left.",
        ),
        (Failure(402, error("Insufficient Balance")), NoCredit, "The account behind the key has no credit left."),
        (
            Failure(404, error("The model 'fake-model' does not exist.", "model_not_found")),
            UnknownModel,
            "The server at HOST has no model called fake-model: The model 'fake-model' does not exist.",
        ),
        (
            Failure(404, "404 page not found"),
            BadRequest,
            "The server at HOST does not answer at this address (error 404: 404 page not found).",
        ),
        (
            Failure(400, error("Unsupported value: seed.")),
            BadRequest,
            "The server at HOST did not accept the request (error 400: Unsupported value: seed).",
        ),
        (
            Failure(400, error("Its context length is 8192 tokens.", "context_length_exceeded")),
            PromptTooLong,
            "The question and its passages are longer than fake-model can read: Its context length is 8192 tokens.",
        ),
        (Said(()), EmptyAnswer, "fake-model gave an empty answer."),
        (Said(("  ",), streams=False), EmptyAnswer, "fake-model gave an empty answer."),
        (Said((), finish="length"), EmptyAnswer, "fake-model used up its 77 tokens before it wrote a word."),
        (Raw("data: {nonsense\n\n"), MalformedAnswer, "The server at HOST sent something that cannot be read as an answer."),
        (Raw("data: [1, 2]\n\n"), MalformedAnswer, "The server at HOST sent something that cannot be read as an answer."),
        (
            Raw("<html>Hello</html>", "text/html"),
            MalformedAnswer,
            "The server at HOST sent something that cannot be read as an answer.",
        ),
        (
            Raw("{nonsense", "application/json"),
            MalformedAnswer,
            "The server at HOST sent something that cannot be read as an answer.",
        ),
        (
            Raw('data: {"error": {"message": "Bad grammar.", "code": 400}}\n\n'),
            BadRequest,
            "The server at HOST did not accept the request (error 400: Bad grammar).",
        ),
    ],
)
def test_a_failure_for_good_is_told_at_once(
    model: Model, server: OpenAIServer, slept: list[float], reply: Scripted, kind: type[ModelError], message: str
) -> None:
    server.script(reply)
    failure = failing(model)
    assert (type(failure), failure.message) == (kind, message.replace("HOST", model.host))
    assert (len(server.chats), slept) == (1, [])


def test_a_key_that_is_missing_is_told_apart_from_a_wrong_one(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.address)
    model = open_model(load_settings(), "openai:fake-model")
    assert model is not None
    failure = failing(model)
    assert (failure.message, failure.help) == (
        f"The server at {model.host} wants a key, and none is set.",
        "Set OPENAI_API_KEY.",
    )


def test_a_server_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.address)
    model = open_model(load_settings(), "openai:fake-model", sleep=slept.append)
    assert model is not None
    failure = failing(model)
    assert (type(failure), failure.message) == (
        ServerUnreachable,
        f"The server at {model.host} cannot be reached: nothing listens there.",
    )
    assert failure.help == "Start it, or correct OPENAI_BASE_URL."
    assert slept == []


# Failures that are worth asking again for


@pytest.mark.parametrize(
    ("replies", "waits"),
    [
        ([SLOW], [1.0]),
        ([SLOW, SLOW, SLOW, SLOW], [1.0, 2.0, 4.0, 8.0]),
        ([Failure(429, error("Slow down."), {"Retry-After": "7"})], [7.0]),
        ([Failure(429, error("Slow down."), {"Retry-After-Ms": "1500"})], [1.5]),
        ([Failure(500, error("Oh."))], [0.5]),
        ([Failure(503, "<html>Busy</html>"), Failure(502, "")], [0.5, 1.0]),
        ([Failure(503, error("Loading."), {"Retry-After": "3"})], [3.0]),
        ([HangUp()], [0.5]),
        ([Raw("")], [0.5]),
        ([Said((), cut=0)], [0.5]),
        ([Raw('data: {"error": {"message": "Overloaded.", "type": "server_error"}}\n\n')], [0.5]),
    ],
)
def test_a_failure_that_may_pass_is_waited_out(
    model: Model, server: OpenAIServer, slept: list[float], replies: Sequence[Scripted], waits: list[float]
) -> None:
    server.script(*replies, GOOD)
    came = whole(model)
    assert [one for one in came if not isinstance(one, RetryWait)] == [*GOOD_PIECES, ReplyEnding("stop", 120, 30)]
    assert (slept, len(server.chats)) == (waits, len(replies) + 1)


@pytest.mark.parametrize(
    ("reply", "kind", "tries", "message"),
    [
        (SLOW, RateLimited, 5, "The server at HOST has had too many requests: Slow down."),
        (Failure(500, error("Oh.", "server_error")), ServerFailed, 3, "The server at HOST failed (error 500: Oh)."),
        (Failure(502, "<html>Bad gateway</html>"), ServerFailed, 3, "The server at HOST failed (error 502)."),
        (HangUp(), StreamInterrupted, 3, "The server at HOST closed the connection before it answered."),
    ],
)
def test_a_failure_that_does_not_pass_is_told_in_the_end(
    model: Model, server: OpenAIServer, reply: Scripted, kind: type[ModelError], tries: int, message: str
) -> None:
    server.script(*[reply] * 10)
    failure = failing(model)
    assert (type(failure), failure.message) == (kind, message.replace("HOST", model.host))
    assert len(server.chats) == tries


def test_silence_is_waited_out_once(opened: Opener, server: OpenAIServer) -> None:
    server.script(Hang(), Hang(), GOOD)
    failure = failing(opened(model_timeout=1))
    assert (type(failure), len(server.chats)) == (ModelTimeout, 2)
    assert failure.message.endswith("did not begin to answer within 1 second.")


def test_a_wait_that_is_too_long_is_told_and_not_waited(model: Model, server: OpenAIServer, slept: list[float]) -> None:
    server.script(Failure(429, error("Slow down."), {"Retry-After": "90"}), GOOD)
    failure = failing(model)
    assert failure.help == "It asks to wait 2 minutes: ask again then."
    assert (len(server.chats), slept) == (1, [])


def test_the_reader_is_told_of_a_wait_with_its_reason(model: Model, server: OpenAIServer) -> None:
    server.script(Failure(429, error("Slow down."), {"Retry-After": "2"}), GOOD)
    first = whole(model)[0]
    assert first == RetryWait(
        f"The server at {model.host} has had too many requests: Slow down. Asking again in 2 seconds.", 2.0
    )


# Failures in the middle of an answer


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (Said(("It", " was"), cut=2), StreamInterrupted, "The answer broke off: HOST closed the connection before the end."),
        (
            Said(("It", " was"), cut=2, manner="neatly"),
            StreamInterrupted,
            "The answer broke off: HOST closed the connection before the end.",
        ),
        (
            Said(("It", " was"), finish=None, done=False),
            StreamInterrupted,
            "The answer broke off: HOST closed the connection before the end.",
        ),
        (Hang(("It", " was")), ModelTimeout, "The answer stopped: nothing came from HOST for 1 second."),
    ],
)
def test_what_had_come_before_a_failure_is_kept(
    opened: Opener, server: OpenAIServer, reply: Scripted, kind: type[ModelError], message: str
) -> None:
    model = opened(model_timeout=1)
    server.script(reply, GOOD)
    came, failure = streamed(model)
    assert came == [TextDelta("It"), TextDelta(" was")]
    assert failure is not None
    assert (type(failure), failure.message, len(server.chats)) == (kind, message.replace("HOST", model.host), 1)


def test_an_error_in_the_middle_of_the_stream_is_told_after_the_pieces(model: Model, server: OpenAIServer) -> None:
    good = 'data: {"choices": [{"index": 0, "delta": {"content": "It"}}]}\n\n'
    server.script(Raw(good + 'data: {"error": {"message": "Out of memory."}}\n\n'))
    came, failure = streamed(model)
    assert came == [TextDelta("It")]
    assert failure is not None
    assert failure.message == f"The server at {model.host} reported an error instead of going on: Out of memory."


def test_a_malformed_event_in_the_middle_is_told_after_the_pieces(model: Model, server: OpenAIServer) -> None:
    server.script(Raw('data: {"choices": [{"index": 0, "delta": {"content": "It"}}]}\n\ndata: {"cho\n\n'))
    came, failure = streamed(model)
    assert came == [TextDelta("It")]
    assert isinstance(failure, MalformedAnswer)


def test_the_model_is_usable_after_a_failure(model: Model, server: OpenAIServer) -> None:
    server.script(Said(("It",), cut=1), GOOD)
    streamed(model)
    assert whole(model) == [*GOOD_PIECES, ReplyEnding("stop", 120, 30)]


# The key


def test_a_key_that_the_server_repeats_is_shown_nowhere(model: Model, server: OpenAIServer) -> None:
    server.script(Failure(400, error(f"Bad header: Authorization: Bearer {KEY}, {KEY}")))
    failure = failing(model)
    assert KEY not in failure.message + failure.help + repr(failure)
    assert KEY not in repr(failure.__cause__)


# Any chat model of LangChain's


def with_chat(chat: BaseChatModel) -> Model:
    return Model(ModelEndpoint("some-model", "", "elsewhere"), lambda *_: chat)


class Telling(BaseChatModel):
    """A chat model that tells of its end in its provider's own words, or fails with its own error."""

    chunks: list[AIMessageChunk]
    error: Any = None

    @property
    def _llm_type(self) -> str:
        return "telling"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        yield from (ChatGenerationChunk(message=chunk) for chunk in self.chunks)
        if self.error:
            raise self.error


def test_a_fake_chat_model_can_be_passed_in() -> None:
    chat = GenericFakeChatModel(messages=iter([AIMessage("It opened.")]))
    assert [one.text for one in whole(with_chat(chat)) if isinstance(one, TextDelta)] == ["It", " ", "opened."]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"stop_reason": "end_turn"}, "stop"),
        ({"stop_reason": "max_tokens"}, "length"),
        ({"finish_reason": "MAX_TOKENS"}, "length"),
        ({"done_reason": "length"}, "length"),
        ({"finish_reason": "SAFETY"}, "refusal"),
        ({"stop_reason": "refusal"}, "refusal"),
    ],
)
def test_other_providers_words_for_the_end_are_understood(told: dict[str, str], reason: str) -> None:
    chat = Telling(chunks=[AIMessageChunk("It"), AIMessageChunk("", response_metadata=told)])
    assert whole(with_chat(chat)) == [TextDelta("It"), ReplyEnding(reason)]  # type: ignore[arg-type]


def test_text_in_blocks_is_text() -> None:
    chat = Telling(chunks=[AIMessageChunk([{"type": "text", "text": "It", "index": 0}])])
    assert whole(with_chat(chat))[0] == TextDelta("It")


def test_an_error_that_nobody_foresaw_is_told_in_its_first_words() -> None:
    failure = failing(with_chat(Telling(chunks=[], error=RuntimeError("no luck\nat all"))))
    assert failure.message == "The provider elsewhere did not answer: no luck at all."


def test_importing_it_imports_no_langchain() -> None:
    code = "import bot.models, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"langchain", "langchain_core", "langchain_openai", "openai", "httpx2"})


def test_a_seed_is_for_providers_that_take_one() -> None:
    chat = GenericFakeChatModel(messages=iter([AIMessage("It opened.")]))
    with pytest.raises(InputError, match="The models of elsewhere take no seed"):
        with_chat(chat).seeded(7)
