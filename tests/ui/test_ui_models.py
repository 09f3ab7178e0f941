"""What the page of the models and the picker in the chat make of the models that there are."""

from pathlib import Path
from textwrap import dedent

import pytest
from fake_pages import FakePages
from streamlit.testing.v1 import AppTest

from bot.errors import ModelError
from bot.models import checked_choice
from bot.settings import load_settings
from bot.ui.model_offer import offered_models
from bot.ui.words import word
from bot.wiring.model_choices import ModelDirectory

SCRIPT = dedent("""
    from types import SimpleNamespace

    from bot.settings import load_settings
    from bot.ui.pages import models
    from bot.wiring.model_choices import ModelDirectory

    models.page(SimpleNamespace(models=ModelDirectory(load_settings(home={home!r}))))
""")


def opened(home: Path) -> AppTest:
    """The page on a home, in this process."""
    return AppTest.from_string(SCRIPT.format(home=str(home)), default_timeout=60).run()


def texts(at: AppTest) -> list[str]:
    return [one.value for one in at.text]


def test_chosen_models_are_offered_beside_those_of_the_server() -> None:
    pages = FakePages(chosen=("At home",), others=("quotes", "openai:large"))
    assert offered_models(pages).models == ("quotes", "At home", "openai:large")  # type: ignore[arg-type]  # it is each of its parts


def test_chosen_models_are_offered_where_the_server_is_gone() -> None:
    offer = offered_models(FakePages(chosen=("At home",), others=ModelError("It is gone.", "Start it.")))  # type: ignore[arg-type]
    assert offer.models == ("quotes", "At home")
    assert offer.problem is not None
    assert offer.problem.message == "It is gone."


def test_the_environments_model_is_listed_and_cannot_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    at = opened(tmp_path)
    assert [one.value for one in at.subheader] == [r"From the environment", r"Quotations, word for word"]
    assert word("models.environment_is") in texts(at)
    assert {one.label for one in at.button} == {"Add a model", "Try it", "Make default"}


def test_a_named_model_of_the_environment_is_told_to_be_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", "quotes")
    ModelDirectory(load_settings(home=tmp_path)).save(checked_choice(name="One", provider="ollama", model="m"))
    at = opened(tmp_path)
    assert "FOOTNOTE\\_MODEL is set" in at.info[0].value
    assert "Make default" not in {one.label for one in at.button}


def test_what_a_model_needs_is_told_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ModelDirectory(load_settings(home=tmp_path)).save(checked_choice(name="One", provider="anthropic", model="claude-x"))
    monkeypatch.setattr("bot.models.providers.find_spec", lambda _: None)
    assert "`pip install 'footnote[anthropic]'`" in opened(tmp_path).error[0].value


def test_a_trial_that_fails_is_told_below_its_model(tmp_path: Path) -> None:
    choice = checked_choice(name="One", address="http://127.0.0.1:9/v1", model="m")
    ModelDirectory(load_settings(home=tmp_path)).save(choice)
    at = opened(tmp_path)
    at.button(key="footnote-models-0-try").click().run()
    assert "nothing listens there" in at.error[0].value
