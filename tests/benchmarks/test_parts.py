"""Each part of the benchmarks can be loaded: a module that it asks may have got another name."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import _ON_DEMAND, _PARTS


@pytest.mark.parametrize("part", [*_PARTS, *_ON_DEMAND])
def test_each_part_has_figures_to_print(part: str) -> None:
    assert callable(import_module(f"tests.benchmarks.{part}").run)


@pytest.mark.parametrize("part", [*_PARTS, *_ON_DEMAND])
def test_what_a_part_reads_of_the_repository_is_there(part: str) -> None:
    constants = vars(import_module(f"tests.benchmarks.{part}"))
    assert [name for name, value in constants.items() if isinstance(value, Path) and not value.exists()] == []


@pytest.mark.parametrize("tool", ["calibration_file", "cost_drawing"])
def test_what_writes_a_file_can_be_loaded(tool: str) -> None:
    assert callable(import_module(f"tests.benchmarks.{tool}").main)
