"""What the index keeps of a text, from the model here and from a hosted one behind LangChain's interface."""

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from vectorstore.encoding import late_interaction
from vectorstore.encoding.embed import Encoder, HostedEncoder, LocalEncoder, hosted_dimension
from vectorstore.errors import EmbeddingError, IndexBusy

TEXTS = ["The bridge at Ner opened in 1931.", "Deng Xiaoping (鄧小平) began the reforms.", ""]


class Hosted(Embeddings):
    """A hosted model: gives what it was made with, whatever it is asked; an exception is raised."""

    def __init__(self, *rows: list[float] | Exception) -> None:
        self._rows = rows

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._row(n) for n in range(len(texts))]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _row(self, n: int) -> list[float]:
        row = self._rows[n % len(self._rows)]
        if isinstance(row, Exception):
            raise row
        return row


def hosted(*rows: list[float] | Exception, local: LocalEncoder, dimension: int = 2) -> HostedEncoder:
    return HostedEncoder(Hosted(*rows), "openai:some-model", dimension, local)


@pytest.fixture(params=["local", "hosted"])
def encoder(request: pytest.FixtureRequest, minilm_encoder: LocalEncoder) -> Encoder:
    return minilm_encoder if request.param == "local" else hosted([3.0, 4.0], [0.0, 2.0], local=minilm_encoder)


def test_vectors_have_the_dimension_and_unit_length(encoder: Encoder) -> None:
    vectors = [one.vector for one in encoder.encode(TEXTS)]
    assert {(vector.shape, vector.dtype) for vector in vectors} == {((encoder.dimension,), np.dtype(np.float32))}
    assert [float(np.linalg.norm(vector)) for vector in vectors] == pytest.approx([1, 1, 1], abs=1e-5)


def test_a_question_has_a_vector_and_tokens(encoder: Encoder) -> None:
    encoded = encoder.encode_query("When did it open?")
    assert (encoded.vector.shape, encoded.tokens.vectors.shape) == ((encoder.dimension,), (5, 384))


def test_token_vectors_are_those_of_the_model_here(encoder: Encoder, minilm_encoder: LocalEncoder) -> None:
    wanted = [late_interaction.pack_tokens(tokens) for tokens in minilm_encoder.model.encode(TEXTS)]
    assert [one.late for one in encoder.encode(TEXTS)] == wanted


def test_tokens_are_counted_as_the_model_here_cuts_them(encoder: Encoder) -> None:
    assert encoder.count_tokens(["Taiwan", ""]) == [1, 0]


def test_no_texts_need_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_a_question_and_a_passage_of_the_same_words_have_the_same_vector(minilm_encoder: LocalEncoder) -> None:
    asked, stored = minilm_encoder.encode_query(TEXTS[0]), minilm_encoder.encode([TEXTS[0]])[0]
    assert np.array_equal(asked.vector, stored.vector)


def test_a_text_is_nearest_to_its_paraphrase(minilm_encoder: LocalEncoder) -> None:
    asked = minilm_encoder.encode_query("What year was the crossing of the river at Ner inaugurated?").vector
    assert int(np.argmax([one.vector @ asked for one in minilm_encoder.encode(TEXTS)])) == 0


def test_the_fingerprint_names_the_model_and_the_packing(minilm_encoder: LocalEncoder) -> None:
    assert minilm_encoder.fingerprint == "all-MiniLM-L6-v2/int8-1+signs-1"


def test_a_hosted_fingerprint_differs_by_model_and_dimension(minilm_encoder: LocalEncoder) -> None:
    made = [HostedEncoder(Hosted([1.0]), *which, minilm_encoder).fingerprint for which in (("a", 2), ("b", 2), ("a", 3))]
    assert len({*made, minilm_encoder.fingerprint}) == 4


def test_a_hosted_vector_is_scaled_to_unit_length(minilm_encoder: LocalEncoder) -> None:
    encoded = hosted([3.0, 4.0], [0.0, 2.0], local=minilm_encoder).encode(["a", "b"])
    assert [one.vector.tolist() for one in encoded] == [pytest.approx([0.6, 0.8]), [0.0, 1.0]]


def test_a_hosted_vector_of_zeros_stays_one(minilm_encoder: LocalEncoder) -> None:
    assert hosted([0.0, 0.0], local=minilm_encoder).encode_query("a").vector.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("rows", [([1.0, 2.0, 3.0],), ([1.0, 2.0], [1.0, 2.0, 3.0])], ids=["every", "one"])
def test_a_wrong_dimension_is_told(minilm_encoder: LocalEncoder, rows: tuple[list[float], ...]) -> None:
    with pytest.raises(
        EmbeddingError, match=r"^The embedding model openai:some-model gave 3 dimensions where 2 were expected\.$"
    ):
        hosted(*rows, local=minilm_encoder).encode(["a", "b"])


def test_too_few_vectors_are_told(minilm_encoder: LocalEncoder) -> None:
    class Forgetful(Hosted):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return super().embed_documents(texts[1:])

    encoder = HostedEncoder(Forgetful([1.0, 2.0]), "openai:some-model", 2, minilm_encoder)
    with pytest.raises(EmbeddingError, match=r"^The embedding model openai:some-model gave 1 of 2 vectors\.$"):
        encoder.encode(["a", "b"])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionError("Connection refused.\nand a long trace"), "Connection refused."),
        (ValueError(), "ValueError."),
        (RuntimeError("x" * 500), "x" * 200 + "."),
    ],
)
def test_a_hosted_failure_is_one_sentence(minilm_encoder: LocalEncoder, error: Exception, told: str) -> None:
    with pytest.raises(EmbeddingError) as raised:
        hosted(error, local=minilm_encoder).encode_query("a")
    assert raised.value.message == f"The embedding model openai:some-model did not answer: {told}"
    assert "embed on this machine" in raised.value.help


def test_our_own_errors_pass_as_they_are(minilm_encoder: LocalEncoder) -> None:
    with pytest.raises(IndexBusy):
        hosted(IndexBusy("busy"), local=minilm_encoder).encode(["a"])


def test_a_hosted_model_is_asked_for_its_dimension() -> None:
    assert hosted_dimension(Hosted([1.0, 2.0, 3.0]), "openai:some-model") == 3


def test_a_server_that_is_gone_at_the_first_question_is_told() -> None:
    with pytest.raises(EmbeddingError, match=r"^The embedding model openai:some-model did not answer: gone\.$"):
        hosted_dimension(Hosted(OSError("gone")), "openai:some-model")
