"""The examples in docstrings that may need a whole service, the page's too, run and give what they say."""

import doctest
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import bot.commands
import bot.evals
import bot.models
import bot.prompting
import bot.ui
import bot.wiring
from bot.settings import Settings
from bot.wiring import Service, open_service

PACKAGES = [bot.commands, bot.evals, bot.models, bot.prompting, bot.ui, bot.wiring]
MODULES = [import_module(one.name) for package in PACKAGES for one in walk_packages(package.__path__, f"{package.__name__}.")]
# Without the two modules for agents, whose examples serve until they are ended, or await.
MODULES += [import_module(f"bot.serving.{name}") for name in ("access", "app", "failures", "metrics", "requests", "streaming")]
EXAMPLES = [module for module in MODULES if ">>>" in Path(str(module.__file__)).read_text(encoding="utf-8")]


@pytest.fixture
def service(seeds_home: Path, tmp_path: Path) -> Iterator[Service]:
    # On a copy of the example articles' home, as some examples take articles in or change them.
    opened = open_service(Settings(home=Path(shutil.copytree(seeds_home, tmp_path / "home"))))
    yield opened
    opened.close()


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_give_what_they_say(module: ModuleType, service: Service, tmp_path: Path) -> None:
    # What one example would open or write by itself is given to it, in the place that the test is allowed to write.
    given = {"service": service, "folder": tmp_path, "home": tmp_path}
    assert doctest.testmod(module, extraglobs=given).failed == 0
