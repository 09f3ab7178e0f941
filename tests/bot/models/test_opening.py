"""Which model the settings, the key, the address and the page's chooser ask for."""

import pytest
from langchain_openai import ChatOpenAI

from bot.errors import ModelError, ServerUnreachable, SettingsError, WrongKey
from bot.models import Model, TextDelta, list_models, open_model
from bot.models.opening import THINKING, _chats
from bot.settings import Settings, load_settings
from tests.openai_server import KEY, Failure, OpenAIServer, Raw, error, serving, words


def settings(*, key: str = "", address: str = "", model: str = "") -> Settings:
    """The settings as if the environment had given them."""
    return load_settings(openai_api_key=key, openai_base_url=address, model=model)


def opened(settings: Settings, name: str = "") -> Model:
    model = open_model(settings, name)
    assert model is not None
    return model


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        (settings(), ""),
        (settings(model="quotes"), ""),
        (settings(key="k", address="http://localhost:1/v1", model="quotes"), ""),
        (settings(key="k"), "quotes"),
    ],
)
def test_quotes_mode_is_no_model(given: Settings, chosen: str) -> None:
    assert open_model(given, chosen) is None


@pytest.mark.parametrize(
    ("given", "chosen", "name", "host"),
    [
        (settings(key="k"), "", "openai:gpt-4.1-mini", "api.openai.com"),
        (settings(key="k", address="https://api.openai.com/v1"), "", "openai:gpt-4.1-mini", "api.openai.com"),
        (settings(key="k", model="openai:gpt-4o"), "", "openai:gpt-4o", "api.openai.com"),
        (settings(key="k", model="openai:gpt-4o"), "openai:gpt-5", "openai:gpt-5", "api.openai.com"),
        (settings(key="k", model="quotes"), "openai:gpt-5", "openai:gpt-5", "api.openai.com"),
        (
            settings(address="http://me:pass@localhost:11434/v1", model="openai:qwen3:8b"),
            "",
            "openai:qwen3:8b",
            "localhost:11434",
        ),
        (settings(model="anthropic:claude-x"), "", "anthropic:claude-x", ""),
    ],
)
def test_a_model_is_chosen(given: Settings, chosen: str, name: str, host: str) -> None:
    model = opened(given, chosen)
    assert (model.name, model.host) == (name, host)


@pytest.mark.parametrize(("address", "compatible"), [("", False), ("https://api.openai.com/v1", False), ("http://h/v1", True)])
def test_another_server_than_openais_is_told_apart(address: str, compatible: bool) -> None:
    assert opened(settings(key="k", address=address, model="openai:gpt-4o")).compatible == compatible


def test_openai_itself_wants_a_key() -> None:
    with pytest.raises(SettingsError, match=r"^The model openai:gpt-4o needs a key\.$") as caught:
        open_model(settings(model="openai:gpt-4o"))
    assert "OPENAI_API_KEY" in caught.value.help


@pytest.mark.parametrize("chosen", ["gpt-4o", "openai:", ":gpt-4o"])
def test_a_name_without_its_provider_is_refused(chosen: str) -> None:
    with pytest.raises(SettingsError, match=f"^{chosen} is not a model's name"):
        open_model(settings(key="k"), chosen)


def test_a_provider_without_its_package_is_told_the_packages_name() -> None:
    model = opened(settings(model="mistralai:small"))
    with pytest.raises(SettingsError, match=r"^mistralai needs a package\.$") as caught:
        list(model.stream([("user", "Who?")], max_tokens=9))
    assert "pip install langchain-mistralai" in caught.value.help


def test_a_provider_that_there_is_not_is_told_with_what_may_be_meant() -> None:
    model = opened(settings(model="qwen3:8b"))
    with pytest.raises(SettingsError, match=r"^LangChain has no provider called qwen3\.$") as caught:
        model.warm()
    assert caught.value.help == "For a model of a compatible server set FOOTNOTE_MODEL to openai:qwen3:8b."


# What the server lists


@pytest.fixture
def served(server: OpenAIServer) -> Settings:
    return settings(key=KEY, address=server.address)


def test_the_first_chat_model_of_the_server_is_asked(served: Settings, server: OpenAIServer) -> None:
    server.models = ("nomic-embed-text", "llama3.2:3b", "qwen3:8b")
    server.script(words("Yes."))
    model = opened(served)
    assert next(model.stream([("user", "Is it?")], max_tokens=9)) == TextDelta("Yes.")
    assert (server.chats[0]["model"], model.name) == ("llama3.2:3b", "openai:llama3.2:3b")


def test_the_server_is_asked_for_its_models_once_and_when_needed(served: Settings, server: OpenAIServer) -> None:
    model = opened(served)
    before = model.name
    server.models = ("one",)
    named = model.resolve()
    server.models = ("two",)
    assert (before, named, model.resolve()) == ("", "openai:one", "openai:one")


def test_a_server_that_lists_nothing_asks_for_the_setting(served: Settings, server: OpenAIServer) -> None:
    server.models = ("only-embeddings-embed",)
    with pytest.raises(SettingsError, match="lists no model") as caught:
        opened(served).resolve()
    assert caught.value.help == "Set FOOTNOTE_MODEL to openai: and the model's name."


@pytest.mark.parametrize("how", [Failure(404, "not found"), Raw("<html>", "text/html"), Raw("{}", "application/json")])
def test_a_server_that_cannot_list_its_models_asks_for_the_setting(
    served: Settings, server: OpenAIServer, how: Failure | Raw
) -> None:
    server.models = how
    with pytest.raises(ModelError, match="does not tell which models it has") as caught:
        opened(served).resolve()
    assert "FOOTNOTE_MODEL" in caught.value.help


@pytest.mark.parametrize(
    "listed", ['[{"id": "m1"}]', '["m1"]', '{"models": [{"name": "m1"}]}', '{"object": "list", "data": [{"id": "m1"}]}']
)
def test_a_list_of_models_in_another_form_is_read(served: Settings, server: OpenAIServer, listed: str) -> None:
    server.models = Raw(listed, "application/json")
    assert list_models(served) == ("openai:m1",)


def test_a_wrong_key_is_told_when_the_models_are_asked_for(server: OpenAIServer) -> None:
    with pytest.raises(WrongKey):
        opened(settings(key="another", address=server.address)).resolve()


def test_the_models_of_the_server_are_listed_as_the_setting_takes_them(served: Settings, server: OpenAIServer) -> None:
    server.models = ("big", "text-embedding-3-small", "whisper-1", "small:7b-instruct", "gpt-image-1", "gpt-3.5-turbo-instruct")
    assert list_models(served) == ("openai:big", "openai:small:7b-instruct")


def test_without_a_key_and_an_address_there_is_nothing_to_list() -> None:
    assert list_models(settings()) == ()


def test_a_list_that_cannot_be_had_is_told() -> None:
    with serving() as server:
        address = server.address
    with pytest.raises(ServerUnreachable):
        list_models(settings(address=address))


# How many tokens are asked for, and under which name


@pytest.mark.parametrize(
    ("model", "compatible", "limit"),
    [
        ("gpt-4.1-mini", False, {"max_completion_tokens": 100}),
        ("gpt-5-chat-latest", False, {"max_completion_tokens": 100}),
        ("gpt-5-mini", False, {"max_completion_tokens": 100 + THINKING}),
        ("o4-mini", False, {"max_completion_tokens": 100 + THINKING}),
        ("llama3.2", True, {"max_tokens": 100}),
        ("gpt-oss:20b", True, {"max_tokens": 100}),
        ("openai/gpt-4o", True, {"max_completion_tokens": 100}),
    ],
)
def test_the_limit_has_the_name_and_the_size_that_the_model_knows(
    served: Settings, server: OpenAIServer, model: str, compatible: bool, limit: dict[str, int]
) -> None:
    chat = _chats(served, compatible=compatible)(model, 100)
    assert isinstance(chat, ChatOpenAI)
    chat.invoke("Who?")
    assert {name: value for name, value in server.chats[0].items() if name.startswith("max_")} == limit


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [("gpt-4.1-mini", 0.2, 0.2), ("gpt-4.1-mini", 0.0, 0.0), ("gpt-4.1-mini", None, None), ("o4-mini", 0.2, None)],
)
def test_a_set_temperature_is_sent_but_to_no_model_that_thinks(
    served: Settings, server: OpenAIServer, model: str, given: float | None, sent: float | None
) -> None:
    _chats(served, compatible=False)(model, 100, given).invoke("Who?")
    assert server.chats[0].get("temperature") == sent


def test_a_list_that_is_refused_for_too_many_requests_is_told_at_once(served: Settings, server: OpenAIServer) -> None:
    server.models = Failure(429, error("Slow down."))
    with pytest.raises(ModelError, match="too many requests"):
        list_models(served)
