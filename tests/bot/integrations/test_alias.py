"""`import footnote`: an installation has the module, which stands for the public names of `bot`."""

import importlib.util
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import bot

ROOT = Path(__file__).parents[3]


def test_an_installed_module_has_the_public_names(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["editable"])
    zipfile.ZipFile(wheel).extract("footnote.py", tmp_path)
    spec = importlib.util.spec_from_file_location("footnote", tmp_path / "footnote.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.Footnote is bot.Footnote
    assert dir(module) == module.__all__ == bot.__all__
    with pytest.raises(AttributeError):
        _ = module.nothing
