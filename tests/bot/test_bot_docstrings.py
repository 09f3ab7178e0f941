"""The examples in docstrings are run, so that they stay true."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "bot.types",
    "bot.serialization",
    "bot.answering.cited",
    "bot.answering.streamed",
    "bot.answering.tally",
    "bot.conversation.history.rows",
    "bot.conversation.history.store",
    "bot.conversation.history.texts",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
