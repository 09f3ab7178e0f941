"""The examples of the Python interface run, in a folder with a home that holds the example articles."""

import doctest
import shutil
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import bot
import bot.integrations
from bot import Footnote

MODULES = [bot, *(import_module(f"bot.integrations.{one.name}") for one in walk_packages(bot.integrations.__path__))]
EXAMPLES = [module for module in MODULES if ">>>" in Path(str(module.__file__)).read_text(encoding="utf-8")]


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_of_the_interface_hold(
    module: ModuleType, seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(seeds_home, tmp_path / ".footnote")
    monkeypatch.chdir(tmp_path)
    with Footnote() as footnote:
        assert doctest.testmod(module, extraglobs={"footnote": footnote, "Footnote": Footnote}).failed == 0
