"""Reading four-bit weights, from a small file that is written here."""

import struct

import numpy as np
import pytest

from vectorstore.encoding.q4 import MAGIC, read_q4

WIDTH, LAYERS, INNER, WORDS, PLACES, KINDS = 32, 1, 64, 3, 4, 2
PIECES = ["<s>", "</s>", "▁Łódź"]


def packed(values: np.ndarray) -> bytes:
    """Blocks of 32 whole numbers from -8 to 7, each block with the scale 0.5."""
    blocks = (values.reshape(-1, 32) + 8).astype(np.uint8)
    halves = blocks[:, :16] | (blocks[:, 16:] << 4)
    scale = np.array([0.5], "<f2").tobytes()
    return b"".join(scale + row.tobytes() for row in halves)


def drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).integers(-8, 8, shape)


@pytest.fixture(scope="module")
def matrices() -> dict[str, np.ndarray]:
    sizes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
    sizes |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    return {"emb.word": drawn(WORDS, WIDTH)} | {f"l0.{name}.w": drawn(*shape) for name, shape in sizes.items()}


@pytest.fixture(scope="module")
def content(matrices: dict[str, np.ndarray]) -> bytes:
    """A file with these matrices; all else is counted upwards."""
    floats = {"emb.pos": PLACES * WIDTH, "emb.type": KINDS * WIDTH, "emb.ln.w": WIDTH, "emb.ln.b": WIDTH}
    floats |= {f"l0.{name}.b": INNER if name == "fi" else WIDTH for name in ("q", "k", "v", "ao", "fi", "fo")}
    floats |= {f"l0.{name}.{part}": WIDTH for name in ("aln", "oln") for part in ("w", "b")}
    tensors = {name: packed(values) for name, values in matrices.items()}
    tensors |= {name: np.arange(size, dtype="<f4").tobytes() for name, size in floats.items()}
    letters = [piece.encode() for piece in PIECES]
    places = np.cumsum([0, *map(len, letters)]).astype("<u4")
    head = MAGIC + struct.pack("<7ifi", WIDTH, LAYERS, 2, INNER, WORDS, PLACES, KINDS, 1e-5, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 1, 1, 2, sum(map(len, letters)))
    head += places.tobytes() + np.array([0.0, 0.0, -3.5], "<f4").tobytes() + b"".join(letters)
    head += struct.pack("<iI", 1, 3) + b"map" + struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 5 + 16 for name in tensors)
    for name, data in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(data))
        at += len(data)
    return head + b"".join(tensors.values())


def test_the_configuration_is_read(content: bytes) -> None:
    sizes = read_q4(content).configuration
    assert (sizes.width, sizes.layers, sizes.inner, sizes.words) == (WIDTH, LAYERS, INNER, WORDS)
    assert sizes.epsilon == pytest.approx(1e-5)


def test_the_vocabulary_is_read(content: bytes) -> None:
    vocabulary = read_q4(content).vocabulary
    assert (list(vocabulary.pieces), vocabulary.scores.tolist()) == (PIECES, [0.0, 0.0, -3.5])
    assert (vocabulary.begin, vocabulary.end, vocabulary.unknown) == (0, 1, 2)


def test_four_bits_and_a_scale_become_a_weight(content: bytes, matrices: dict[str, np.ndarray]) -> None:
    found = read_q4(content).weights["encoder.layer.0.intermediate.dense.weight"]
    assert np.array_equal(found, matrices["l0.fi.w"] * 0.5)


def test_the_table_of_words_comes_in_bytes_with_a_scale_for_each_row(content: bytes, matrices: dict[str, np.ndarray]) -> None:
    model = read_q4(content)
    assert np.allclose(model.words * model.scales, matrices["emb.word"] * 0.5, atol=model.scales.max() / 2)


def test_a_vector_is_read_as_it_is(content: bytes) -> None:
    assert read_q4(content).weights["encoder.layer.0.output.LayerNorm.bias"].tolist() == list(range(WIDTH))


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no model in this format"):
        read_q4(b"GGUF")
