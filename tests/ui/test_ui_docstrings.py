"""The examples in the docstrings of the page's modules run, and give what they say."""

import doctest
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import bot.ui
from bot.settings import Settings
from bot.wiring import Service, open_service

MODULES = [import_module(one.name) for one in walk_packages(bot.ui.__path__, "bot.ui.")]
EXAMPLES = [module for module in MODULES if ">>>" in Path(str(module.__file__)).read_text(encoding="utf-8")]


@pytest.fixture
def service(seeds_home: Path, tmp_path: Path) -> Iterator[Service]:
    # A copy, as an example takes an article in.
    opened = open_service(Settings(home=Path(shutil.copytree(seeds_home, tmp_path / "home"))))
    yield opened
    opened.close()


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_of_the_page_hold(module: ModuleType, service: Service, tmp_path: Path) -> None:
    given = {"service": service, "home": tmp_path}
    assert doctest.testmod(module, extraglobs=given).failed == 0
