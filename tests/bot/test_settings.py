"""The settings: what they take, what they refuse and in which words, and that the README tells of each."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, variable

README = Path(__file__).parents[2] / "README.md"


def test_defaults_need_no_key_and_no_network() -> None:
    settings = load_settings()
    assert (settings.embedding, settings.openai_api_key.get_secret_value()) == ("auto", "")
    assert (settings.home, settings.port) == (Path(".footnote"), 8501)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("FOOTNOTE_HOME", "/tmp/elsewhere", "home", Path("/tmp/elsewhere")),
        ("FOOTNOTE_EMBEDDING", "openai:text-embedding-3-small", "embedding", "openai:text-embedding-3-small"),
        ("FOOTNOTE_PASSAGES", "12", "passages", 12),
        ("FOOTNOTE_ABSTAIN_BELOW", "0.5", "abstain_below", 0.5),
        ("OPENAI_BASE_URL", " http://localhost:1234/v1 ", "openai_base_url", "http://localhost:1234/v1"),
        ("FOOTNOTE_MODEL", "openai:gpt-4o", "model", "openai:gpt-4o"),
        ("FOOTNOTE_MODEL", " quotes ", "model", "quotes"),
        ("FOOTNOTE_MODEL", "", "model", ""),
        ("FOOTNOTE_MODEL", "ollama:hf.co/some/model:Q4_K_M", "model", "ollama:hf.co/some/model:Q4_K_M"),
        ("FOOTNOTE_MAX_ANSWER_TOKENS", "400", "max_answer_tokens", 400),
        ("FOOTNOTE_CONTEXT_TOKENS", "6000", "context_tokens", 6000),
        ("FOOTNOTE_MODEL_TIMEOUT", "2.5", "model_timeout", 2.5),
        ("PORT", "9000", "port", 9000),
        ("FOOTNOTE_PORT", "9001", "port", 9001),
        ("FOOTNOTE_QUOTES", "", "quotes", 4),
        ("FOOTNOTE_PROMPTS", "/tmp/mine", "prompts", "/tmp/mine"),
        ("FOOTNOTE_PROMPTS", "", "prompts", ""),
    ],
)
def test_a_variable_sets_its_field(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == expected


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", "/tmp/one")
    monkeypatch.setenv("PORT", "9000")
    settings = load_settings(home="/tmp/two", port=9001)
    assert (settings.home, settings.port) == (Path("/tmp/two"), 9001)


def test_a_tilde_in_the_home_is_the_users_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/tmp/ada")
    assert load_settings(home="~/notes").home == Path("/tmp/ada/notes")


def test_a_tilde_in_the_folder_of_the_prompts_is_the_users_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/tmp/ada")
    monkeypatch.setenv("FOOTNOTE_PROMPTS", "~/prompts")
    assert load_settings().prompts == "/tmp/ada/prompts"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOOTNOTE_PASSAGES", "0"),
        ("FOOTNOTE_PASSAGES", "many"),
        ("FOOTNOTE_CHUNK_TOKENS", "300"),
        ("FOOTNOTE_ABSTAIN_BELOW", "nan"),
        ("FOOTNOTE_EMBEDDING", "word2vec"),
        ("FOOTNOTE_CATALOG", "my.sqlite"),
        ("FOOTNOTE_CHROMA", "localhost:8000"),
        ("OPENAI_BASE_URL", "api.example.org"),
        ("PORT", "99999"),
        ("FOOTNOTE_MODEL", "gpt-4o"),
        ("FOOTNOTE_MODEL", "openai:"),
        ("FOOTNOTE_MODEL", "openai:gpt 4o"),
        ("FOOTNOTE_MAX_ANSWER_TOKENS", "10"),
        ("FOOTNOTE_CONTEXT_TOKENS", "0"),
        ("FOOTNOTE_MODEL_TIMEOUT", "0"),
        ("FOOTNOTE_MODEL_TIMEOUT", "inf"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_variables_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.message.startswith(f"{name} cannot be used: ")


@pytest.mark.parametrize(
    ("home", "reason"),
    [("file", "it is a file, and a home is a folder"), ("\udcff", "it is no path that can be written as UTF-8")],
)
def test_a_home_that_cannot_be_a_folder_is_refused(tmp_path: Path, home: str, reason: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError) as caught:
        load_settings(home=str(tmp_path / home))
    assert caught.value.message == f"FOOTNOTE_HOME cannot be used: {reason}."


def test_a_refusal_shows_neither_the_value_nor_a_regular_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_CATALOG", "user:hunter2@db")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert not re.search(r"hunter2|\^", caught.value.message + caught.value.help)


def test_the_key_and_the_catalogs_password_are_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")
    monkeypatch.setenv("FOOTNOTE_CATALOG", "postgresql://ada:hunter2@db/x")
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize(
    ("wrong", "right"), [("FOOTNOTE_PASAGES", "FOOTNOTE_PASSAGES"), ("FOOTNOTE_OPENAI_API_KEY", "OPENAI_API_KEY")]
)
def test_a_misspelt_variable_is_refused_with_the_right_name(monkeypatch: pytest.MonkeyPatch, wrong: str, right: str) -> None:
    monkeypatch.setenv(wrong, "x")
    with pytest.raises(SettingsError, match=f"{wrong} is not a setting; {right} is"):
        load_settings()


def test_a_strangers_variable_with_our_prefix_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_SERVICE_HOST", "10.0.0.1")
    assert load_settings().passages == 8


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="no setting called colour"):
        load_settings(colour="red")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_for_a_setting_gives_settings_or_a_settings_error(text: str) -> None:
    for field in ("embedding", "model", "chunk_tokens", "model_timeout", "home", "port", "catalog"):
        try:
            assert load_settings(**{field: text}).quotes == 4
        except SettingsError as error:
            assert variable(field) in error.message


def test_the_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().passages = 3


def test_the_readme_lists_each_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", README.read_text(encoding="utf-8"), re.MULTILINE))
    expected = {variable(name): f"{_default(name)} | {field.description}" for name, field in Settings.model_fields.items()}
    assert rows == expected


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return f"`{text}`" if text else ""
