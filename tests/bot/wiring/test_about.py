"""What is told of an installation, and what never is."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.wiring.about import InstallationFacts, installation_facts
from vectorstore.storage.records import Manifest

MADE = Manifest("minilm-int8-1", 384, "sentences-2", "title-1", "fold-1")


def told(tmp_path: Path, **given: object) -> InstallationFacts:
    return installation_facts(Settings(home=tmp_path, **given), (12, 3456), MADE)  # type: ignore[arg-type]  # checked by pydantic


def test_the_index_is_told(tmp_path: Path) -> None:
    facts = dict(told(tmp_path).facts)
    assert (facts["Articles"], facts["Passages"]) == ("12", "3,456")
    assert facts["Embedding model of the index"] == "minilm-int8-1, 384 dimensions"


def test_without_an_index_the_rest_is_told(tmp_path: Path) -> None:
    facts = dict(installation_facts(Settings(home=tmp_path / "none"), None, None).facts)
    assert (facts["Articles"], facts["Embedding model of the index"]) == ("0", "none yet")
    assert facts["Size of the home folder"] == "0 kB"


def test_the_home_is_told_with_all_that_its_folders_hold(tmp_path: Path) -> None:
    (tmp_path / "dense-1").mkdir()
    (tmp_path / "dense-1" / "data").write_bytes(b"x" * 2_500_000)
    (tmp_path / "catalog.sqlite").write_bytes(b"x" * 500_000)
    facts = dict(told(tmp_path).facts)
    assert (facts["Home folder"], facts["Size of the home folder"]) == (str(tmp_path), "3.0 MB")


def test_every_setting_is_told_by_its_variable(tmp_path: Path) -> None:
    settings = dict(told(tmp_path, passages=5).settings)
    assert settings["FOOTNOTE_PASSAGES"] == "5"
    assert len(settings) == len(Settings.model_fields)


def test_a_key_is_set_or_not_and_never_shown(tmp_path: Path) -> None:
    found = told(tmp_path, openai_api_key=SecretStr("sk-secret"))
    assert dict(found.settings)["OPENAI_API_KEY"] == "set, never shown"
    assert "secret" not in str(found)
    assert dict(told(tmp_path, openai_api_key=SecretStr("")).settings)["OPENAI_API_KEY"] == "not set"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql+psycopg://ann:secret@db.example:5432/notes?password=secret", "postgresql+psycopg://db.example:5432/notes"),
        ("postgresql+psycopg://ann:s@cret@db.example/notes", "postgresql+psycopg://db.example/notes"),
        ("", "not set"),
    ],
)
def test_a_password_in_an_address_is_not_shown(tmp_path: Path, address: str, shown: str) -> None:
    found = told(tmp_path, catalog=address)
    assert dict(found.settings)["FOOTNOTE_CATALOG"] == shown
    assert "secret" not in str(found)


def test_versions_are_told(tmp_path: Path) -> None:
    facts = dict(told(tmp_path).facts)
    assert facts["Streamlit"][0].isdigit() and facts["Python"].startswith("3.")
