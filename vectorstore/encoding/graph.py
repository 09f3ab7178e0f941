"""A BERT encoder as an ONNX graph, built from its weights with the `onnx` package alone (Devlin et al. 2019; opset 20)."""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SCALES = "embeddings.word_embeddings.scale"
"""Where the table of words has bytes: the name of its rows' scales, shape (words, 1)."""
Array = NDArray[np.float32 | np.int64 | np.int8]
_OPSET = 20  # the first with Gelu; LayerNormalization came with 17
_ONNXRUNTIME = "com.microsoft"  # the domain of onnxruntime's own operators


class _Builder:
    """Collects nodes and initializers; every method returns the name of the tensor that it adds."""

    def __init__(self, weights: Mapping[str, Array], epsilon: float, single: bool) -> None:
        self.weights = weights
        self.epsilon = epsilon
        self.single = single
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, Array] = {}

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        """Adds an operator; gives the name of its one output."""
        name = f"{kind}_{len(self.nodes)}"
        # onnx types the attributes as a few parameters of its own.
        node = helper.make_node(kind, list(inputs), [name], **attributes)  # type: ignore[arg-type]
        self.nodes.append(node)
        return name

    def constant(self, name: str, value: Array) -> str:
        """Keeps an array in the graph under a name, and gives the name."""
        self.constants[name] = value
        return name

    def weight(self, name: str) -> str:
        """Keeps a weight of the model under its own name."""
        return self.constant(name, self.weights[name])

    def linear(self, x: str, name: str) -> str:
        """A dense layer: x · Wᵀ + b."""
        # torch keeps (out, in); MatMul wants (in, out), and only MatMul with a constant right side is quantised.
        matrix = self.constant(f"{name}.weight", np.ascontiguousarray(self.weights[f"{name}.weight"].T))
        return self.op("Add", self.op("MatMul", x, matrix), self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str) -> str:
        """A layer normalisation over the last axis."""
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        if not self.single:
            return self.op("LayerNormalization", x, scale, bias, epsilon=self.epsilon, axis=-1)
        last = self.constant("last_axis", np.array([-1], np.int64))
        epsilon = self.constant("epsilon", np.array(self.epsilon, np.float32))
        centred = self.op("Sub", x, self.op("ReduceMean", x, last, keepdims=1))
        variance = self.op("ReduceMean", self.op("Mul", centred, centred), last, keepdims=1)
        # A division here would be recognised as a norm, and put back into the one slow operation.
        inverse = self.op("Reciprocal", self.op("Sqrt", self.op("Add", variance, epsilon)))
        return self.op("Add", self.op("Mul", self.op("Mul", centred, inverse), scale), bias)


def bert(
    weights: Mapping[str, Array],
    *,
    layers: int,
    heads: int,
    width: int,
    epsilon: float = 1e-12,
    single: bool = False,
) -> onnx.ModelProto:
    """The encoder: `input_ids`, `attention_mask` and `token_type_ids` (batch, tokens), to
    `last_hidden_state` (batch, tokens, width). `weights` by the names that the published files have.

    `single` is for texts that are read one by one, without padding: there is no `attention_mask`, and the same values but for
    rounding take a quarter less time in onnxruntime. Attention is its own `MultiHeadAttention`, which keeps what it works on in
    the processor's cache (Dao et al. 2022, "FlashAttention") and which takes no mask; layer norms are made of means, products
    and roots, as its LayerNormalization takes one number after the other.
    """
    b = _Builder(weights, epsilon, single)
    x = _embeddings(b)
    mask = "" if single else _attention_bias(b)
    for layer in range(layers):
        x = _layer(b, x, mask, f"encoder.layer.{layer}", heads, width)
    b.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
    names = ("input_ids", "token_type_ids") if single else ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in names]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", width])
    tensors = [numpy_helper.from_array(value, name) for name, value in b.constants.items()]
    graph = helper.make_graph(b.nodes, "bert", inputs, [output], tensors)
    opsets = [helper.make_opsetid("", _OPSET), *([helper.make_opsetid(_ONNXRUNTIME, 1)] if single else [])]
    # ONNX Runtime 1.23 reads IR version 10; a newer stamp from the onnx package would be refused by it.
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    # Says that there is nothing to prepare before quantising; the quantiser logs advice to the root logger otherwise.
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    return model


def _embeddings(b: _Builder) -> str:
    words = _words(b)
    kinds = b.op("Gather", b.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
    # Only as many positions as the batch's longest text has: the length is read while the graph runs.
    length = b.op("Shape", "input_ids", start=1, end=2)
    table = b.weight("embeddings.position_embeddings.weight")
    start, step = b.constant("zero", np.array([0], np.int64)), b.constant("one", np.array([1], np.int64))
    places = b.op("Slice", table, start, length, start, step)
    return b.norm(b.op("Add", b.op("Add", words, kinds), places), "embeddings.LayerNorm")


def _words(b: _Builder) -> str:
    """The words' vectors; a table of bytes has a scale for each row."""
    table = b.op("Gather", b.weight("embeddings.word_embeddings.weight"), "input_ids")
    if SCALES not in b.weights:
        return table
    # 1 is ONNX's number for float32.
    return b.op("Mul", b.op("Cast", table, to=1), b.op("Gather", b.weight(SCALES), "input_ids"))


def _attention_bias(b: _Builder) -> str:
    """0 where a token may be attended to and a large negative number where it is padding, as (batch, 1, 1, tokens)."""
    floats = b.op("Cast", "attention_mask", to=1)
    padding = b.op("Sub", b.constant("one_float", np.array(1, np.float32)), floats)
    bias = b.op("Mul", padding, b.constant("minus", np.array(-1e9, np.float32)))
    return b.op("Unsqueeze", bias, b.constant("axes", np.array([1, 2], np.int64)))


def _layer(b: _Builder, x: str, mask: str, name: str, heads: int, width: int) -> str:
    """One transformer layer: self-attention and the feed-forward part, each added to its input and normalised."""
    mixed = (_attention_of_one if b.single else _attention)(b, x, mask, f"{name}.attention.self", heads, width)
    x = b.norm(b.op("Add", b.linear(mixed, f"{name}.attention.output.dense"), x), f"{name}.attention.output.LayerNorm")
    wide = b.op("Gelu", b.linear(x, f"{name}.intermediate.dense"))
    return b.norm(b.op("Add", b.linear(wide, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")


def _attention(b: _Builder, x: str, mask: str, name: str, heads: int, width: int) -> str:
    """Each token's mix of the values of the tokens that it attends to, none of them padding."""
    # In a Reshape, 0 stands for the size that the axis has already.
    split = b.constant("split", np.array([0, 0, heads, width // heads], np.int64))
    join = b.constant("join", np.array([0, 0, width], np.int64))
    scale = b.constant("scale", np.array(1 / np.sqrt(width // heads), np.float32))

    def part(which: str, order: list[int]) -> str:
        """The layer's queries, keys or values, split by heads."""
        return b.op("Transpose", b.op("Reshape", b.linear(x, f"{name}.{which}"), split), perm=order)

    # The keys are turned at once, for their product with the queries.
    query, key, value = part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]), part("value", [0, 2, 1, 3])
    # Scaled dot products; padding gets a number so low that its share of the attention is 0.
    scores = b.op("Add", b.op("Mul", b.op("MatMul", query, key), scale), mask)
    mixed = b.op("MatMul", b.op("Softmax", scores, axis=-1), value)
    return b.op("Reshape", b.op("Transpose", mixed, perm=[0, 2, 1, 3]), join)


def _attention_of_one(b: _Builder, x: str, _mask: str, name: str, heads: int, _width: int) -> str:
    """The same for one text without padding, in one operator."""
    parts = (b.linear(x, f"{name}.{which}") for which in ("query", "key", "value"))
    # Its scale is the usual one, 1 / sqrt(width / heads).
    return b.op("MultiHeadAttention", *parts, domain=_ONNXRUNTIME, num_heads=heads)
