"""The examples in the docstrings of the rooms that answer are run, so that they stay true."""

import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from types import ModuleType

import pytest

import bot
import bot.answering
import bot.conversation
import bot.export
import bot.reading
import bot.suggestions
import bot.verification
from bot.conversation.history import History
from vectorstore.index import Index
from vectorstore.searching.search import Searcher

ROOMS = (bot.answering, bot.conversation, bot.export, bot.reading, bot.suggestions, bot.verification)
NAMES = [one.name for room in ROOMS for one in walk_packages(room.__path__, f"{room.__name__}.")]
NAMES += [f"bot.{one.name}" for one in iter_modules(bot.__path__) if not one.ispkg]
MODULES = [import_module(name) for name in NAMES]
EXAMPLES = [module for module in MODULES if ">>>" in Path(str(module.__file__)).read_text(encoding="utf-8")]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History.open(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_of_a_module_hold(
    module: ModuleType, history: History, seeds_index: Index, seeds_searcher: Searcher, tmp_path: Path
) -> None:
    # What an example would have to open first: a home, its history with a conversation, and the example articles.
    given = {
        "home": tmp_path,
        "history": history,
        "conversation": history.create("When was the bridge opened?"),
        "catalog": seeds_index.catalog,
        "searcher": seeds_searcher,
    }
    assert doctest.testmod(module, extraglobs=given).failed == 0
