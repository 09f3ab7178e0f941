"""A home with the example articles for the doors, and the class `Footnote` on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import Footnote


def pytest_configure(config: pytest.Config) -> None:
    # Marks that LangChain's own tests carry, whose plugins are left out here.
    for mark in ("benchmark", "vcr", "default_cassette"):
        config.addinivalue_line("markers", f"{mark}: of a plugin that is not used")


@pytest.fixture(autouse=True)
def one_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fastest encoder alone: the second one, for other languages, takes seconds to load and changes nothing here."""
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")


@pytest.fixture(scope="session")
def door_home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that the doors read; nobody changes it."""
    return Path(shutil.copytree(seeds_home, tmp_path_factory.mktemp("doors") / "home"))


@pytest.fixture(scope="session")
def footnote(door_home: Path) -> Iterator[Footnote]:
    with Footnote(door_home, model="quotes", embedding="minilm") as opened:
        yield opened
