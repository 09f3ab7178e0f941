"""A chosen model as it is asked: its address, its key, its temperature, and what its errors advise."""

import pytest

from bot.errors import ModelError, ServerUnreachable, SettingsError, UnknownModel, WrongKey
from bot.models import Model, ModelChoice, checked_choice, list_chosen, open_chosen, provider
from bot.models.providers import PROVIDERS, missing_package
from bot.settings import load_settings
from tests.openai_server import KEY, Failure, OpenAIServer, error, serving, words


def choice(server: OpenAIServer, **fields: object) -> ModelChoice:
    return checked_choice(**{"name": "One", "address": server.address, "model": "fake-model", **fields})


def said(model: Model, **options: float) -> str:
    return model.complete([("user", "Who?")], max_tokens=50, **options).text  # type: ignore[arg-type]


def test_it_is_asked_at_its_address_with_its_key(server: OpenAIServer) -> None:
    server.script(words("Yes."))
    model = open_chosen(load_settings(), choice(server), KEY)
    assert (said(model), model.name, server.chats[0]["model"]) == ("Yes.", "openai:fake-model", "fake-model")


def test_the_environments_key_and_model_stay_out_of_it(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:another")
    # The server takes no other key than the environment's, which it must not be sent.
    with pytest.raises(WrongKey):
        said(open_chosen(load_settings(), choice(server)))


def test_its_own_temperature_goes_before_the_prompts(server: OpenAIServer) -> None:
    said(open_chosen(load_settings(), choice(server, temperature=0.7), KEY), temperature=0.1)
    said(open_chosen(load_settings(), choice(server), KEY), temperature=0.1)
    assert [chat["temperature"] for chat in server.chats] == [0.7, 0.1]


def test_without_a_model_it_is_the_servers_first(server: OpenAIServer) -> None:
    server.models = ("some-embedding", "first", "second")
    model = open_chosen(load_settings(), choice(server, model=""), KEY)
    assert (model.name, model.resolve()) == ("", "openai:first")


def test_the_models_of_its_server_are_listed(server: OpenAIServer) -> None:
    server.models = ("some-embedding", "first", "second:7b")
    assert list_chosen(load_settings(), choice(server), KEY) == ("first", "second:7b")


def test_openai_is_not_asked_for_its_models_without_a_key() -> None:
    assert list_chosen(load_settings(), checked_choice(name="One", provider="openai", model="gpt-4.1")) == ()


def test_openai_needs_a_key() -> None:
    with pytest.raises(SettingsError, match=r"^One needs a key\.$") as caught:
        open_chosen(load_settings(), checked_choice(name="One", provider="openai", model="gpt-4.1"))
    assert "`footnote models add`" in caught.value.help


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure(401, error("Incorrect API key.", "invalid_api_key")), WrongKey),
        (Failure(404, error("No such model.", "model_not_found")), UnknownModel),
        (Failure(404, "not found"), ModelError),
        (Failure(400, error("Bad.")), ModelError),
        (Failure(403, error("No.")), ModelError),
        (Failure(402, error("No.")), ModelError),
        (Failure(400, error("context length exceeded")), ModelError),
        (words(""), ModelError),
    ],
)
def test_no_error_names_a_variable_that_has_no_part_in_it(
    server: OpenAIServer, failure: Failure, kind: type[ModelError]
) -> None:
    server.script(failure)
    with pytest.raises(kind) as caught:
        said(open_chosen(load_settings(), choice(server), KEY))
    assert "OPENAI_" not in caught.value.help
    assert "FOOTNOTE_MODEL" not in caught.value.help
    assert KEY not in f"{caught.value} {caught.value.help}"


def test_a_server_that_is_not_there_is_told_with_the_page() -> None:
    with serving() as server:
        gone = choice(server)
    with pytest.raises(ServerUnreachable) as caught:
        said(open_chosen(load_settings(), gone))
    assert "on the page Models" in caught.value.help


def test_a_first_model_that_cannot_be_known_is_told_with_the_page(server: OpenAIServer) -> None:
    server.models = ()
    with pytest.raises(SettingsError, match="lists no model") as caught:
        open_chosen(load_settings(), choice(server, model=""), KEY).resolve()
    assert "FOOTNOTE_MODEL" not in caught.value.help


# Other providers


def test_anthropic_is_asked_at_the_address_that_was_entered(server: OpenAIServer) -> None:
    # The tests' server does not speak Anthropic's protocol: that it answers with its own 404 is what shows who was asked.
    model = open_chosen(load_settings(), choice(server, provider="anthropic", model="claude-x"), KEY)
    with pytest.raises(ModelError):
        said(model)
    assert model.name == "anthropic:claude-x"


def test_an_environments_key_is_not_sent_to_an_address_that_was_entered(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-of-the-environment")
    model = open_chosen(load_settings(), choice(server, provider="anthropic", model="claude-x"))
    made = model._chats("claude-x", 50, None)
    assert made.anthropic_api_key.get_secret_value() == "none"  # type: ignore[attr-defined]


def test_a_provider_of_langchains_is_told_the_package_that_it_needs() -> None:
    model = open_chosen(load_settings(), checked_choice(name="One", provider="langchain", model="cohere:command-r"))
    with pytest.raises(SettingsError, match=r"^cohere needs a package\.$") as caught:
        model.warm()
    assert caught.value.help == "Install it: `pip install langchain-cohere`."


def test_a_provider_that_langchain_has_not_is_told() -> None:
    model = open_chosen(load_settings(), checked_choice(name="One", provider="langchain", model="nobody:m"))
    with pytest.raises(SettingsError, match=r"^LangChain has no provider called nobody\.$"):
        model.warm()


def test_what_a_provider_needs_is_told_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.models.providers.find_spec", lambda _: None)
    told = "Anthropic needs a package: `pip install 'footnote[anthropic]'`."
    assert missing_package("anthropic") == told
    with pytest.raises(SettingsError, match=r"^Anthropic needs a package\.$") as caught:
        open_chosen(load_settings(), checked_choice(name="One", provider="anthropic", model="claude-x"))
    assert caught.value.help == "Install it: `pip install 'footnote[anthropic]'`."


def test_providers_differ_and_most_need_no_package() -> None:
    assert len({one.id for one in PROVIDERS}) == len({one.label for one in PROVIDERS}) == len(PROVIDERS)
    assert all(missing_package(one.id) == "" for one in PROVIDERS if one.compatible)
    with pytest.raises(SettingsError, match="no provider called nobody"):
        provider("nobody")
