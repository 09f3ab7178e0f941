"""Chosen models: what is taken, how they are kept in the home, and what becomes of a file that cannot be read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import InputError, SettingsError
from bot.models import PROVIDERS, ChoiceStore, DamagedChoices, ModelChoice, ModelChoices, checked_choice, provider
from bot.models.choices import normal_address


def added(store: ChoiceStore, choice: ModelChoice) -> ModelChoices:
    return store.change(lambda kept: kept.model_copy(update={"choices": (*kept.choices, choice)}))


@pytest.mark.parametrize("id", [one.id for one in PROVIDERS if one.address])
def test_a_provider_brings_its_usual_address(id: str) -> None:
    assert checked_choice(name="One", provider=id, model="m").address == provider(id).address


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        (" http://LOCALHOST:1234/v1/ ", "http://localhost:1234/v1"),
        ("HTTPS://Example.test/Path", "https://example.test/Path"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_an_address_has_one_form(given: str, normal: str) -> None:
    assert normal_address(given) == normal


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "a:b"}, "a name has 1 to 60 characters"),
        ({"name": "quotes"}, "is not “quotes”"),
        ({"name": " "}, "a name has 1 to 60 characters"),
        ({"provider": "nobody"}, "no provider called nobody"),
        ({"provider": "compatible"}, "the address of the server is missing"),
        ({"address": "localhost:1234"}, "begins with http://"),
        ({"address": "http://me:secret@h/v1"}, "holds no user, password or query"),
        ({"address": "http://h/v1?key=secret"}, "holds no user, password or query"),
        ({"address": "http://h:port/v1"}, "address: "),
        ({"provider": "openai", "model": ""}, "the model's name is missing"),
        ({"provider": "anthropic", "model": ""}, "the model's name is missing"),
        ({"provider": "langchain", "model": "command-r"}, "LangChain's name of its provider before it"),
        ({"temperature": 3}, "temperature: "),
        ({"max_answer_tokens": 1}, "max answer tokens: "),
    ],
)
def test_what_cannot_be_kept_is_told_and_quotes_no_secret(fields: dict[str, object], told: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_choice(**{"name": "One", "provider": "ollama", "model": "m", **fields})
    assert told in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    ("id", "model", "full"),
    [
        ("ollama", "qwen3:8b", "openai:qwen3:8b"),
        ("ollama", "", ""),
        ("anthropic", "claude-x", "anthropic:claude-x"),
        ("google", "gemini-x", "google_genai:gemini-x"),
        ("langchain", "cohere:command-r", "cohere:command-r"),
    ],
)
def test_a_choice_names_its_model_as_the_setting_does(id: str, model: str, full: str) -> None:
    assert checked_choice(name="One", provider=id, model=model).full_name == full


def test_choices_are_there_again_after_they_were_kept(tmp_path: Path) -> None:
    choice = checked_choice(name="At  home", provider="ollama", model="m", temperature=0.2, context_tokens=900)
    added(ChoiceStore(tmp_path), choice)
    assert ChoiceStore(tmp_path).read().find("at HOME") == choice


def test_a_store_sees_what_another_one_wrote(tmp_path: Path) -> None:
    one, other = ChoiceStore(tmp_path), ChoiceStore(tmp_path)
    assert one.read().choices == ()
    added(other, checked_choice(name="One", provider="ollama"))
    assert [choice.name for choice in one.read().choices] == ["One"]


@pytest.mark.parametrize("content", ["{", "[]", '{"choices": [], "colour": 1}', '{"default": "Nobody"}', ""])
def test_a_damaged_file_is_told_and_not_written_over(tmp_path: Path, content: str) -> None:
    store = ChoiceStore(tmp_path)
    store.path.write_text(content, encoding="utf-8")
    with pytest.raises(DamagedChoices, match=r"models\.json cannot be read") as caught:
        store.read()
    assert "nothing in it was changed" in caught.value.help
    with pytest.raises(DamagedChoices):
        added(store, checked_choice(name="One", provider="ollama"))
    assert store.path.read_text(encoding="utf-8") == content


def test_a_choice_of_unknown_fields_is_refused_when_read(tmp_path: Path) -> None:
    store = ChoiceStore(tmp_path)
    store.path.write_text('{"choices": [{"name": "One", "provider": "ollama", "colour": "red"}]}', encoding="utf-8")
    with pytest.raises(SettingsError, match="colour"):
        store.read()


def test_a_failed_write_leaves_the_old_file_and_no_scrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ChoiceStore(tmp_path)
    added(store, checked_choice(name="One", provider="ollama"))

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="No space left on device"):
        added(store, checked_choice(name="Two", provider="ollama"))
    assert [choice.name for choice in store.read().choices] == ["One"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


_ADD_TEN = """
import sys
from pathlib import Path
from bot.models.choices import ChoiceStore, checked_choice

store, first = ChoiceStore(Path(sys.argv[1])), int(sys.argv[2])
for n in range(first, first + 10):
    choice = checked_choice(name=f"Model {n}", provider="ollama")
    store.change(lambda kept: kept.model_copy(update={"choices": (*kept.choices, choice)}))
"""


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    # Programs of their own: what multiprocessing starts runs the main module again, which is another test's at times.
    adding = [subprocess.Popen([sys.executable, "-c", _ADD_TEN, str(tmp_path), str(first)]) for first in (0, 10)]
    assert [process.wait(60) for process in adding] == [0, 0]
    assert len(ChoiceStore(tmp_path).read().choices) == 20
