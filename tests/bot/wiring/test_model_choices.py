"""The models of a home: which one answers, what a change does to the next question, and what of it is never told."""

import json
import logging
from pathlib import Path

import pytest

from bot.errors import InputError, ModelError, ServerUnreachable, SettingsError
from bot.models import DamagedChoices, Model, checked_choice
from bot.settings import load_settings
from bot.types import Done, Question
from bot.wiring.model_choices import ModelDirectory
from bot.wiring.service import open_service
from tests.openai_server import KEY, Failure, OpenAIServer, error, words

OTHER_KEY = "sk-other-very-secret"


@pytest.fixture
def models(tmp_path: Path) -> ModelDirectory:
    return ModelDirectory(load_settings(home=tmp_path))


def opened(models: ModelDirectory, name: str = "") -> Model:
    model = models.model(name)
    assert model is not None
    return model


def said(model: Model) -> str:
    return model.complete([("user", "Who?")], max_tokens=50).text


def test_a_new_home_has_no_model_and_answers_with_quotations(models: ModelDirectory) -> None:
    assert (models.model(), models.default(), models.entries()) == (None, "", ())


def test_the_first_model_that_is_added_becomes_the_default(models: ModelDirectory, server: OpenAIServer) -> None:
    models.save(checked_choice(name="One", address=server.address, model="m-1"), KEY)
    models.save(checked_choice(name="Two", address=server.address, model="m-2"), KEY)
    assert models.default() == "One"
    assert (opened(models).name, opened(models, "two").name) == ("openai:m-1", "openai:m-2")
    models.make_default("two")
    assert opened(models).name == "openai:m-2"
    models.make_default("quotes")
    assert models.model() is None


def test_quotations_can_be_had_whatever_the_default_is(models: ModelDirectory, server: OpenAIServer) -> None:
    models.save(checked_choice(name="One", address=server.address, model="m"))
    assert models.model("quotes") is None


def test_the_environments_model_stays_the_default_until_another_is_chosen(
    tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    models = ModelDirectory(load_settings(home=tmp_path))
    models.save(checked_choice(name="One", address=server.address, model="m"), KEY)
    assert [(one.name, one.model, one.default) for one in models.entries()] == [
        ("", "openai:gpt-4.1-mini", True),
        ("One", "m", False),
    ]
    models.make_default("One")
    assert opened(models).name == "openai:m"
    assert opened(models, "openai:gpt-4.1").host == "api.openai.com"
    assert [one.default for one in models.entries()] == [False, True]


def test_a_model_that_the_environment_names_is_the_default_of_this_run(
    tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ModelDirectory(load_settings(home=tmp_path)).save(checked_choice(name="One", address=server.address, model="m"))
    monkeypatch.setenv("FOOTNOTE_MODEL", "quotes")
    models = ModelDirectory(load_settings(home=tmp_path))
    assert (models.default(), models.model()) == ("", None)
    assert opened(models, "One").name == "openai:m"


def test_an_environment_that_cannot_be_meant_is_listed_with_why(tmp_path: Path) -> None:
    models = ModelDirectory(load_settings(home=tmp_path, model="openai:gpt-4.1"))
    (entry,) = models.entries()
    assert entry.missing.startswith("The model openai:gpt-4.1 needs a key.")


def test_a_change_counts_at_once_and_keeps_the_key(models: ModelDirectory, server: OpenAIServer) -> None:
    saved = models.save(checked_choice(name="One", address=server.address, model="m-1"), KEY)
    before = opened(models)
    assert opened(models) is before
    models.save(saved.model_copy(update={"model": "m-2", "name": "Uno"}), before="One")
    server.script(words("Yes."))
    assert (said(opened(models)), opened(models, "Uno").name) == ("Yes.", "openai:m-2")
    with pytest.raises(SettingsError, match=r"^There is no model called One\.$"):
        models.model("One")


def test_a_change_in_another_process_counts_with_the_next_question(
    models: ModelDirectory, server: OpenAIServer, tmp_path: Path
) -> None:
    saved = models.save(checked_choice(name="One", address=server.address, model="m"), OTHER_KEY)
    with pytest.raises(ModelError):
        said(opened(models))
    ModelDirectory(load_settings(home=tmp_path)).save(saved, KEY, before="One")
    server.script(words("Yes."))
    assert said(opened(models)) == "Yes."


def test_a_key_is_never_sent_to_another_address(models: ModelDirectory, server: OpenAIServer) -> None:
    saved = models.save(checked_choice(name="One", address="http://127.0.0.1:9/v1", model="m"), KEY)
    moved = saved.model_copy(update={"address": server.address})
    # Neither when the changed one is tried or its models are looked for, nor when it was saved.
    with pytest.raises(ModelError):
        models.try_out(moved)
    with pytest.raises(ModelError):
        models.offered(moved)
    models.save(moved, before="One")
    with pytest.raises(ModelError):
        said(opened(models))
    assert (server.chats, models.entries()[0].key) == ([], "none")


def test_a_key_is_not_sent_to_an_address_that_was_written_into_the_file(
    models: ModelDirectory, server: OpenAIServer, tmp_path: Path
) -> None:
    models.save(checked_choice(name="One", address="http://127.0.0.1:9/v1", model="m"), KEY)
    file = tmp_path / "models.json"
    file.write_text(file.read_text().replace("http://127.0.0.1:9/v1", server.address))
    with pytest.raises(ModelError):
        said(opened(models))
    assert server.chats == []


def test_a_name_belongs_to_one_model(models: ModelDirectory, server: OpenAIServer) -> None:
    models.save(checked_choice(name="One", address=server.address, model="m"), KEY)
    with pytest.raises(InputError, match=r"^There is a model called One already\.$"):
        models.save(checked_choice(name="ONE", address=server.address, model="n"), OTHER_KEY)
    server.script(words("Yes."))
    assert said(opened(models)) == "Yes."


def test_a_removed_model_goes_with_its_key_and_is_no_default(
    models: ModelDirectory, server: OpenAIServer, tmp_path: Path
) -> None:
    models.save(checked_choice(name="One", address=server.address, model="m"), KEY)
    models.remove("one")
    assert (models.entries(), models.default(), models.model()) == ((), "", None)
    assert all(KEY not in path.read_text() for path in tmp_path.iterdir())
    with pytest.raises(InputError, match=r"^There is no model called One\.$"):
        models.remove("One")


def test_a_model_that_answers_is_told_with_its_time(models: ModelDirectory, server: OpenAIServer) -> None:
    server.script(words("ready", delay=0.05))
    trial = models.try_out(checked_choice(name="One", address=server.address, model="m"), KEY)
    assert (trial.model, 0.05 <= trial.seconds < 30) == ("openai:m", True)
    models.save(checked_choice(name="One", address=server.address, model="m"), KEY)
    assert models.try_kept("One").model == models.try_kept().model == "openai:m"


def test_what_stands_in_the_way_of_a_trial_is_told(models: ModelDirectory) -> None:
    with pytest.raises(ServerUnreachable, match="nothing listens there"):
        models.try_out(checked_choice(name="One", address="http://127.0.0.1:9/v1", model="m"))
    with pytest.raises(InputError, match="no model to try"):
        models.try_kept()


def test_a_trial_does_not_wait_to_ask_again(models: ModelDirectory, server: OpenAIServer) -> None:
    server.script(Failure(429, error("Slow down."), {"Retry-After": "15"}))
    with pytest.raises(ModelError, match="too many requests"):
        models.try_out(checked_choice(name="One", address=server.address, model="m"), KEY)


def test_a_damaged_file_stands_in_the_way_of_the_default_alone(tmp_path: Path) -> None:
    models = ModelDirectory(load_settings(home=tmp_path, openai_api_key=OTHER_KEY))
    tmp_path.joinpath("models.json").write_text("{")
    for asked in (models.model, models.default, models.entries):
        with pytest.raises(DamagedChoices):
            asked()
    assert models.model("quotes") is None
    assert opened(models, "openai:gpt-4.1").host == "api.openai.com"


def test_a_model_of_a_choice_is_named_with_it(models: ModelDirectory, server: OpenAIServer) -> None:
    models.save(checked_choice(name="One", address=server.address, model="m", context_tokens=900, temperature=0.5), KEY)
    name = models.full_name("one", opened(models, "One").resolve())
    assert (name, opened(models, name).name, opened(models, "openai:n@One").name) == ("openai:m@One", "openai:m", "openai:n")
    assert (models.settings(name).context_tokens, models.temperature(name)) == (900, 0.5)


def test_the_chosen_model_answers_and_nothing_tells_its_key(
    seeds_home: Path, tmp_path: Path, server: OpenAIServer, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for path in seeds_home.iterdir():
        home.joinpath(path.name).symlink_to(path)
    caplog.set_level(logging.DEBUG)
    service = open_service(load_settings(home=home))
    service.models.save(checked_choice(name="One", address=server.address, model="m"), OTHER_KEY)
    assert (service.chat.mode(), service.chat.chosen_models()) == ("One", ("One",))
    server.key = OTHER_KEY
    server.script(words("The op-ed was translated [1]."))
    *_, done = service.chat.stream(Question("Who translated the op-ed?"))
    assert isinstance(done, Done)
    assert done.answer.model == "openai:m"
    server.script(Failure(500, error(f"You sent {OTHER_KEY}")), *[Failure(500, error(OTHER_KEY))] * 2)
    with pytest.raises(ModelError) as failed:
        list(service.chat.stream(Question("Who wrote the op-ed?", model="One")))
    setup = service.lab.setup("One")
    assert setup.model == "openai:m@One"
    told = [
        repr(done),
        *map(str, (failed.value, failed.value.help, failed.value.__cause__)),
        repr(setup),
        json.dumps([str(one) for one in service.models.entries()]),
        caplog.text,
    ]
    assert all(OTHER_KEY not in text for text in told)
    service.close()


def test_changes_of_models_are_told_in_the_audit_log_without_a_key(tmp_path: Path, server: OpenAIServer) -> None:
    models = ModelDirectory(load_settings(home=tmp_path))
    models.save(checked_choice(name="One", address=server.address, model="m"), KEY)
    models.make_default("quotes")
    models.remove("One")
    text = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line)["action"] for line in text.splitlines()]
    assert told == ["models.save", "models.key", "models.default", "models.remove"]
    assert KEY not in text
