"""The examples in the docstrings run, and give what they say."""

import doctest
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest

import bot.errors
import vectorstore

MODULES = [bot.errors, vectorstore, *(import_module(one.name) for one in walk_packages(vectorstore.__path__, "vectorstore."))]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_give_what_they_say(module: ModuleType) -> None:
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testmod(module, optionflags=options).failed == 0
