"""Models that speak Anthropic's and Google's own protocols, through LangChain's clients for them."""

from collections.abc import Iterator

import pytest

from bot.errors import (
    BadRequest,
    EmptyAnswer,
    MalformedAnswer,
    ModelError,
    NoCredit,
    NotPermitted,
    PromptTooLong,
    RateLimited,
    ServerFailed,
    SettingsError,
    StreamInterrupted,
    UnknownModel,
    WrongKey,
)
from bot.models import Model, TextDelta, checked_choice, open_chosen, open_model
from bot.models.opening import http_clients
from bot.models.reply import ReplyEnding, ReplyPiece
from bot.settings import load_settings
from tests.provider_servers import (
    HttpReply,
    ProviderServer,
    anthropic_error,
    anthropic_failure,
    anthropic_stream,
    google_chunks,
    google_error,
    google_stream,
    provider_server,
)

pytest.importorskip("langchain_anthropic")
pytest.importorskip("langchain_google_genai")
KEY = "sk-ant-test-key-of-nobody"
RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}
INVALID = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
NOT_SSE = HttpReply("<html>hello</html>", kind="text/html")


@pytest.fixture(scope="module")
def running() -> Iterator[ProviderServer]:
    with provider_server() as running:
        yield running


@pytest.fixture
def server(running: ProviderServer) -> ProviderServer:
    running.replies.clear()
    running.asked.clear()
    return running


def opened(server: ProviderServer, provider: str, waits: list[float] | None = None) -> Model:
    model = {"anthropic": "claude-x", "google": "gemini-x"}[provider]
    choice = checked_choice(name="One", provider=provider, address=server.address, model=model, temperature=0.3)
    slept: list[float] = [] if waits is None else waits
    return open_chosen(load_settings(), choice, KEY, sleep=slept.append)


def told(model: Model) -> list[ReplyPiece]:
    return list(model.stream([("system", "Be brief."), ("user", "When?")], max_tokens=50))


def text(pieces: list[ReplyPiece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))


def ending(pieces: list[ReplyPiece]) -> ReplyEnding:
    assert isinstance(pieces[-1], ReplyEnding)
    return pieces[-1]


ANSWERS = [
    ("anthropic", anthropic_stream(("thinking", "Hm, well."), ("text", "In 1932."))),
    ("google", google_stream({"text": "Hm, well.", "thought": True}, {"text": "In "}, {"text": "1932."})),
]


@pytest.mark.parametrize(("provider", "reply"), ANSWERS, ids=["anthropic", "google"])
def test_an_answer_comes_with_its_thoughts_apart_and_its_tokens(
    server: ProviderServer, provider: str, reply: HttpReply
) -> None:
    server.script(reply)
    pieces = told(opened(server, provider))
    assert text(pieces) == "In 1932."
    assert ending(pieces) == ReplyEnding("stop", 25, 15, thoughts="Hm, well.")


def test_each_is_asked_at_its_address_by_its_own_protocol(server: ProviderServer) -> None:
    for provider, reply in ANSWERS:
        server.script(reply)
        told(opened(server, provider))
    (path, headers, sent), (google_path, google_headers, google_sent) = server.asked
    assert (path, headers["authorization"], sent["system"]) == ("/v1/messages", f"Bearer {KEY}", "Be brief.")
    assert google_path.startswith("/v1beta/models/gemini-x:streamGenerateContent")
    assert google_headers["x-goog-api-key"] == KEY
    assert (sent["temperature"], google_sent["generationConfig"]["temperature"]) == (0.3, 0.3)


@pytest.mark.parametrize(
    ("provider", "reply", "reason"),
    [
        ("anthropic", anthropic_stream(("text", "In"), ends="max_tokens"), "length"),
        ("anthropic", anthropic_stream(("text", "In"), ends="model_context_window_exceeded"), "length"),
        ("anthropic", anthropic_stream(("text", "No."), ends="refusal"), "refusal"),
        ("google", google_stream({"text": "In"}, ends="MAX_TOKENS"), "length"),
        ("google", google_stream({"text": "No."}, ends="SAFETY"), "refusal"),
        ("google", google_stream(ends="RECITATION"), "refusal"),
        ("google", google_chunks({"promptFeedback": {"blockReason": "SAFETY"}}), "refusal"),
    ],
)
def test_how_an_answer_ended_is_told(server: ProviderServer, provider: str, reply: HttpReply, reason: str) -> None:
    server.script(reply)
    assert ending(told(opened(server, provider))).reason == reason


@pytest.mark.parametrize(
    ("provider", "reply", "kind"),
    [
        ("anthropic", anthropic_error(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"), PromptTooLong),
        ("anthropic", anthropic_error(400, "invalid_request_error", "Your credit balance is too low."), NoCredit),
        ("anthropic", anthropic_error(401, "authentication_error", "invalid x-api-key"), WrongKey),
        ("anthropic", anthropic_error(403, "permission_error", "No."), NotPermitted),
        ("anthropic", anthropic_error(404, "not_found_error", "model: claude-x"), UnknownModel),
        ("anthropic", anthropic_error(413, "request_too_large", "Too large."), PromptTooLong),
        ("anthropic", anthropic_error(400, "invalid_request_error", "messages: wrong"), BadRequest),
        ("anthropic", anthropic_stream(("thinking", "Hm"), ends="max_tokens"), EmptyAnswer),
        ("anthropic", NOT_SSE, MalformedAnswer),
        ("google", google_error(400, "INVALID_ARGUMENT", "API key not valid.", INVALID), WrongKey),
        ("google", google_error(400, "INVALID_ARGUMENT", "exceeds the maximum number of tokens allowed"), PromptTooLong),
        ("google", google_error(400, "FAILED_PRECONDITION", "User location is not supported."), BadRequest),
        ("google", google_error(403, "PERMISSION_DENIED", "No."), NotPermitted),
        ("google", google_error(404, "NOT_FOUND", "models/gemini-x is not found"), UnknownModel),
        ("google", google_stream(ends="MALFORMED_FUNCTION_CALL"), EmptyAnswer),
        ("google", NOT_SSE, MalformedAnswer),
    ],
)
def test_what_is_wrong_is_told_at_once_and_without_a_variable(
    server: ProviderServer, provider: str, reply: HttpReply, kind: type[ModelError]
) -> None:
    server.script(reply)
    with pytest.raises(kind) as caught:
        told(opened(server, provider))
    said = f"{caught.value} {caught.value.help}"
    assert type(caught.value) is kind and len(server.asked) == 1
    assert [words for words in ("FOOTNOTE_", "OPENAI_", "{'error'", "/v1", KEY) if words in said] == []


@pytest.mark.parametrize(
    ("provider", "reply", "kind", "waited"),
    [
        ("anthropic", anthropic_error(529, "overloaded_error", "Overloaded"), ServerFailed, 0.5),
        (
            "anthropic",
            anthropic_stream(ends=None, fails=anthropic_failure("overloaded_error", "Overloaded")),
            ServerFailed,
            0.5,
        ),
        ("anthropic", anthropic_error(429, "rate_limit_error", "Too fast.", **{"retry-after": "3"}), RateLimited, 3.0),
        ("anthropic", anthropic_stream(ends=None), StreamInterrupted, 0.5),
        ("google", google_error(503, "UNAVAILABLE", "The model is overloaded."), ServerFailed, 0.5),
        ("google", google_error(429, "RESOURCE_EXHAUSTED", "Too fast.", RETRY), RateLimited, 3.0),
    ],
)
def test_what_passes_is_asked_again(
    server: ProviderServer, provider: str, reply: HttpReply, kind: type[ModelError], waited: float
) -> None:
    waits: list[float] = []
    server.script(reply, dict(ANSWERS)[provider])
    assert text(told(opened(server, provider, waits))) == "In 1932."
    assert waits == [waited]
    server.script(*[reply] * 5)
    with pytest.raises(kind):
        told(opened(server, provider))


@pytest.mark.parametrize(
    ("provider", "reply", "kind"),
    [
        ("anthropic", anthropic_stream(("text", "In"), ends=None), StreamInterrupted),
        ("anthropic", anthropic_stream(("text", "In"), ends=None, fails=anthropic_failure("api_error", "No")), ServerFailed),
        ("google", google_stream({"text": "In"}, ends=None), StreamInterrupted),
    ],
)
def test_an_answer_that_breaks_off_is_told_so(
    server: ProviderServer, provider: str, reply: HttpReply, kind: type[ModelError]
) -> None:
    server.script(reply)
    pieces: list[ReplyPiece] = []
    with pytest.raises(kind):
        pieces.extend(opened(server, provider).stream([("user", "When?")], max_tokens=50))
    assert len(server.asked) == 1


def test_a_model_that_takes_no_temperature_is_asked_without_from_then_on(server: ProviderServer) -> None:
    refusal = anthropic_error(400, "invalid_request_error", "temperature: may only be set to 1 when thinking is enabled")
    server.script(refusal, ANSWERS[0][1], ANSWERS[0][1])
    model = opened(server, "anthropic")
    assert text(told(model)) == text(told(model)) == "In 1932."
    assert ["temperature" in sent for _, _, sent in server.asked] == [True, False, False]


def test_without_a_key_the_variable_that_holds_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    model = open_model(load_settings(), "google_genai:gemini-x")
    assert model is not None
    with pytest.raises(SettingsError, match="cannot be opened with what is set") as caught:
        model.warm()
    assert "GOOGLE_API_KEY" in caught.value.help


@pytest.mark.parametrize("provider", ["anthropic", "google"])
def test_who_waits_for_a_silent_provider_can_be_woken(server: ProviderServer, provider: str) -> None:
    model = opened(server, provider)
    chat = model._chats({"anthropic": "claude-x", "google": "gemini-x"}[provider], 50, None)
    assert len(list(http_clients(chat))) == 1
