"""The BERT graph, at a size that can be worked out by hand in numpy."""

import math

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from vectorstore.encoding import graph

LAYERS, HEADS, WIDTH, INNER, WORDS, PLACES = 2, 2, 8, 12, 11, 16
Array = NDArray[np.float32]
Weights = dict[str, Array]


def made_weights() -> Weights:
    """Random weights under the names of the published file."""
    random = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{n}" for n in range(LAYERS)):
        sizes = {f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        sizes |= {
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (INNER, WIDTH),
            "output.dense": (WIDTH, INNER),
        }
        for name, (out, into) in sizes.items():
            shapes |= {f"{layer}.{name}.weight": (out, into), f"{layer}.{name}.bias": (out,)}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        shapes |= {f"{norm}.weight": (WIDTH,), f"{norm}.bias": (WIDTH,)}
    return {name: random.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def by_hand(w: Weights, ids: list[int], kinds: list[int]) -> Array:
    """The states (tokens, WIDTH) of one text, as the paper has them."""

    def norm(x: Array, name: str) -> Array:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        return (x - x.mean(axis=-1, keepdims=True)) / spread * w[f"{name}.weight"] + w[f"{name}.bias"]

    def linear(x: Array, name: str) -> Array:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def attended(x: Array, name: str) -> Array:
        heads = []
        for columns in np.split(np.arange(WIDTH), HEADS):
            query, key, value = (linear(x, f"{name}.{part}")[:, columns] for part in ("query", "key", "value"))
            scores = np.exp(query @ key.T / math.sqrt(WIDTH // HEADS))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ value)
        return np.concatenate(heads, axis=1)

    gelu = np.vectorize(lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2)
    tables = (w[f"embeddings.{table}_embeddings.weight"] for table in ("word", "token_type", "position"))
    word, kind, place = tables
    x = norm(word[ids] + kind[kinds] + place[: len(ids)], "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{n}" for n in range(LAYERS)):
        mixed = linear(attended(x, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
        x = norm(mixed + x, f"{layer}.attention.output.LayerNorm")
        x = norm(
            linear(gelu(linear(x, f"{layer}.intermediate.dense")), f"{layer}.output.dense") + x, f"{layer}.output.LayerNorm"
        )
    return x


@pytest.fixture(scope="module")
def weights() -> Weights:
    return made_weights()


@pytest.fixture(scope="module", params=[False, True], ids=["of several texts", "of one text"])
def model(weights: Weights, request: pytest.FixtureRequest) -> onnx.ModelProto:
    return graph.bert(weights, layers=LAYERS, heads=HEADS, width=WIDTH, single=request.param)


@pytest.fixture(scope="module")
def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def states(session: onnxruntime.InferenceSession, ids: list[list[int]], mask: list[list[int]], kinds: list[list[int]]) -> Array:
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
    taken = {one.name: np.array(feed[one.name], np.int64) for one in session.get_inputs()}
    made: Array = session.run(None, taken)[0]
    return made


def batched(weights: Weights) -> onnx.ModelProto:
    return graph.bert(weights, layers=LAYERS, heads=HEADS, width=WIDTH)


def test_the_graph_is_valid_onnx(weights: Weights) -> None:
    model = batched(weights)
    assert onnx.checker.check_model(model, full_check=True) is None


def test_inputs_and_output_have_the_names_of_chromas_export(weights: Weights) -> None:
    model = batched(weights)
    assert [one.name for one in model.graph.input] == ["input_ids", "attention_mask", "token_type_ids"]
    assert [one.name for one in model.graph.output] == ["last_hidden_state"]


def test_states_are_those_worked_out_by_hand(session: onnxruntime.InferenceSession, weights: Weights) -> None:
    ids = [3, 1, 4, 1, 5, 9]
    made = states(session, [ids], [[1] * 6], [[0] * 6])
    assert made[0] == pytest.approx(by_hand(weights, ids, [0] * 6), abs=1e-4)


def test_token_kinds_count(session: onnxruntime.InferenceSession, weights: Weights) -> None:
    ids, kinds = [3, 1, 4], [0, 1, 1]
    assert states(session, [ids], [[1] * 3], [kinds])[0] == pytest.approx(by_hand(weights, ids, kinds), abs=1e-4)


def test_padding_changes_nothing_whatever_stands_there(weights: Weights) -> None:
    session = onnxruntime.InferenceSession(batched(weights).SerializeToString(), providers=["CPUExecutionProvider"])
    made = states(session, [[2, 7, 0, 0], [2, 7, 10, 5]], [[1, 1, 0, 0]] * 2, [[0] * 4] * 2)
    wanted = by_hand(weights, [2, 7], [0, 0])
    assert made[0, :2] == pytest.approx(wanted, abs=1e-4)
    assert made[1, :2] == pytest.approx(wanted, abs=1e-4)


def test_one_token_is_enough(session: onnxruntime.InferenceSession, weights: Weights) -> None:
    assert states(session, [[8]], [[1]], [[0]])[0] == pytest.approx(by_hand(weights, [8], [0]), abs=1e-4)


def test_as_many_tokens_as_there_are_places_fit(session: onnxruntime.InferenceSession, weights: Weights) -> None:
    ids = [n % WORDS for n in range(PLACES)]
    made = states(session, [ids], [[1] * PLACES], [[0] * PLACES])
    assert made[0] == pytest.approx(by_hand(weights, ids, [0] * PLACES), abs=1e-4)
