"""Late interaction: packed token vectors, and how near their estimated scores come to the true ones."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import (
    VERSION,
    MultilingualSimilarity,
    TokenSimilarity,
    _rotation,
    estimated_cosines,
    maxsim_scores,
    pack_tokens,
    query_tokens,
    unpack_tokens,
)
from vectorstore.encoding.transformer import DIMENSION, Floats, TokenVectors
from vectorstore.errors import EmbeddingError

PASSAGE = (
    "The US-Japan Security Consultative Committee met on Jan. 7. The foreign and defense ministers took part. "
    "Tokyo has spent the past few years improving its alliance. 鄧小平 spoke of reforms."
)
SENTENCES = [(0, 59), (60, 104), (105, 163), (164, 185)]
QUESTION = "When did the ministers meet?"
SIZE = 2 * 4 * DIMENSION + 2 * 8
"""Bytes of a text of one token: its vector, that of the whole, and its two offsets."""


def made_tokens(starts: list[int], lengths: list[int], seed: int = 0) -> TokenVectors:
    """A text's tokens with random states, [CLS] and [SEP] around them."""
    offsets = [(0, 0), *((start, start + length) for start, length in zip(starts, lengths, strict=True)), (0, 0)]
    states = np.random.default_rng(seed).standard_normal((len(offsets), DIMENSION)).astype(np.float32)
    return TokenVectors(np.arange(len(offsets)), np.array(offsets, np.int32), states)


@pytest.fixture(scope="module")
def passage(minilm_encoder: LocalEncoder) -> TokenVectors:
    return minilm_encoder.model.encode([PASSAGE])[0]


@pytest.fixture(scope="module")
def question(minilm_encoder: LocalEncoder) -> TokenVectors:
    return minilm_encoder.model.encode([QUESTION])[0]


def true_cosines(question: TokenVectors, passage: TokenVectors) -> Floats:
    rows, columns = (one.states[1:-1] / np.linalg.norm(one.states[1:-1], axis=1, keepdims=True) for one in (question, passage))
    return np.asarray(rows @ columns.T, np.float32)


def estimated(question: TokenVectors, passage: TokenVectors) -> Floats:
    return estimated_cosines(query_tokens(question), [unpack_tokens(pack_tokens(passage))]).T


@given(st.lists(st.tuples(st.integers(0, 2**31 - 2**17), st.integers(0, 2**16 - 1)), max_size=20), st.integers(0, 9))
def test_packing_keeps_offsets_and_signs(places: list[tuple[int, int]], seed: int) -> None:
    tokens = made_tokens([start for start, _ in places], [length for _, length in places], seed)
    unpacked = unpack_tokens(pack_tokens(tokens))
    assert np.array_equal(unpacked.offsets, tokens.offsets[1:-1])
    vectors = query_tokens(tokens).vectors
    assert np.array_equal(np.unpackbits(unpacked.bits, axis=1).astype(bool), vectors > 0)


def test_a_token_takes_54_bytes() -> None:
    sizes = [len(pack_tokens(made_tokens(list(range(n)), [1] * n))) for n in (0, 1, 10)]
    assert (sizes[1] - sizes[0], sizes[2] - sizes[0]) == (54, 540)


def test_the_bits_mean_the_same_everywhere() -> None:
    # What is packed is kept for years and shared between machines: another rotation would need another VERSION.
    assert VERSION == "signs-1"
    made = int(pack_tokens(made_tokens([0], [1]))[-48:-36].hex(), 16)
    # A bit may tip where a sum comes out within rounding of zero.
    assert (made ^ 0x6EDA47E899EDC3D647C5AC43).bit_count() <= 1


def test_a_token_of_a_very_long_word_ends_as_late_as_can_be_told() -> None:
    assert unpack_tokens(pack_tokens(made_tokens([7], [70_000]))).offsets.tolist() == [[7, 7 + 65_535]]


def test_the_rotation_keeps_lengths_and_angles() -> None:
    rotation = _rotation()
    assert rotation @ rotation.T == pytest.approx(np.eye(DIMENSION), abs=1e-5)


def test_nothing_packed_is_an_empty_passage() -> None:
    unpacked = unpack_tokens(b"")
    assert (unpacked.offsets.shape, unpacked.bits.shape) == ((0, 2), (0, 48))


def test_a_text_without_tokens_can_be_packed(minilm_encoder: LocalEncoder) -> None:
    (tokens,) = minilm_encoder.model.encode([""])
    assert unpack_tokens(pack_tokens(tokens)).bits.shape == (0, 48)


def test_question_vectors_have_unit_length(question: TokenVectors) -> None:
    vectors = query_tokens(question).vectors
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)


def test_estimated_cosines_are_close_to_the_true_ones(question: TokenVectors, passage: TokenVectors) -> None:
    wrong = estimated(question, passage) - true_cosines(question, passage)
    # The estimate's standard deviation is sqrt((pi / 2 - 1) / 384) = 0.039 for unrelated vectors.
    assert np.abs(wrong).mean() < 0.04


def test_the_estimate_has_no_lean(question: TokenVectors, passage: TokenVectors) -> None:
    wrong = estimated(question, passage) - true_cosines(question, passage)
    assert abs(float(wrong.mean())) < 0.015


def test_a_vectors_cosine_with_itself_is_estimated_as_about_one(passage: TokenVectors) -> None:
    assert np.diag(estimated(passage, passage)) == pytest.approx(np.ones(len(passage.ids) - 2), abs=0.05)


def test_similarities_are_those_of_the_unpacked_bits(question: TokenVectors, passage: TokenVectors) -> None:
    query, unpacked = (
        query_tokens(question),
        unpack_tokens(pack_tokens(passage)),
    )
    signs = 2.0 * np.unpackbits(unpacked.bits, axis=1) - 1
    wanted = np.sqrt(np.pi / 2) * (query.vectors @ signs.T) / np.sqrt(DIMENSION)
    assert estimated(question, passage) == pytest.approx(wanted, abs=1e-5)


def test_sentences_score_as_by_brute_force(question: TokenVectors, passage: TokenVectors) -> None:
    query, packed = query_tokens(question), pack_tokens(passage)
    found = maxsim_scores(query, {5: packed}, {5: SENTENCES})[5]
    cosines, offsets = estimated(question, passage), passage.offsets[1:-1]
    for (start, end), score in zip(SENTENCES, found.sentences, strict=True):
        inside = [column for column, (first, _) in zip(cosines.T, offsets, strict=True) if start <= first < end]
        assert score == pytest.approx(np.mean([max(row) for row in np.array(inside).T]), abs=1e-5)
    assert found.passage == pytest.approx(cosines.max(axis=1).mean())


def test_the_sentence_that_answers_scores_best(question: TokenVectors, passage: TokenVectors) -> None:
    found = maxsim_scores(query_tokens(question), {0: pack_tokens(passage)}, {0: SENTENCES})[0]
    assert int(found.sentences.argmax()) == 0


def test_no_sentence_scores_above_its_passage(question: TokenVectors, passage: TokenVectors) -> None:
    found = maxsim_scores(query_tokens(question), {0: pack_tokens(passage)}, {0: SENTENCES})[0]
    assert found.sentences.max() <= found.passage + 1e-6


def test_a_sentence_without_tokens_scores_zero(question: TokenVectors, passage: TokenVectors) -> None:
    past = len(PASSAGE) + 5
    found = maxsim_scores(query_tokens(question), {0: pack_tokens(passage)}, {0: [*SENTENCES, (past, past + 9)]})[0]
    assert found.sentences[-1] == 0
    assert found.sentences[:-1].all()


@pytest.mark.parametrize("packed", [b"", pack_tokens(made_tokens([], []))])
def test_a_passage_without_tokens_scores_zero(question: TokenVectors, packed: bytes) -> None:
    found = maxsim_scores(query_tokens(question), {0: packed}, {0: [(0, 5)]})[0]
    assert (found.passage, found.sentences.tolist()) == (0.0, [0.0])


def test_a_question_without_tokens_scores_zero(minilm_encoder: LocalEncoder, passage: TokenVectors) -> None:
    query = query_tokens(minilm_encoder.model.encode([""])[0])
    found = maxsim_scores(query, {0: pack_tokens(passage)}, {0: SENTENCES})[0]
    assert (found.passage, found.sentences.tolist()) == (0.0, [0.0] * len(SENTENCES))


def test_a_passage_without_sentences_still_scores(question: TokenVectors, passage: TokenVectors) -> None:
    found = maxsim_scores(query_tokens(question), {0: pack_tokens(passage)}, {0: []})[0]
    assert found.passage > 0
    assert found.sentences.size == 0


def test_matches_keep_their_numbers(question: TokenVectors, passage: TokenVectors) -> None:
    packed = {8: pack_tokens(passage), 3: b""}
    found = maxsim_scores(query_tokens(question), packed, {8: SENTENCES, 3: [(0, 1)]})
    assert list(found) == [8, 3]
    assert found[8].passage > found[3].passage


class CountingEncoder:
    """A token a word, [CLS] and [SEP] around them; the same word has the same vector."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.batches.append(list(texts))
        return [self._tokens(text) for text in texts]

    def _tokens(self, text: str) -> TokenVectors:
        offsets, at = [(0, 0)], 0
        for word in text.split():
            at = text.index(word, at)
            offsets.append((at, at := at + len(word)))
        offsets.append((0, 0))
        states = np.stack([_vector(text[start:end]) for start, end in offsets])
        return TokenVectors(np.arange(len(offsets)), np.array(offsets, np.int32), states)


def _vector(word: str) -> np.ndarray:
    return np.random.default_rng(sum(map(ord, word)) + 1).standard_normal(DIMENSION).astype(np.float32)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


def test_the_same_words_are_wholly_alike(encoder: CountingEncoder) -> None:
    grid = TokenSimilarity(encoder).grid("bridge", "old bridge", [(0, 10)])
    assert grid.cosines[0, 1] == pytest.approx(1, abs=1e-5)


def test_offsets_are_those_of_the_source_whatever_the_piece(encoder: CountingEncoder) -> None:
    source = "It rained. The bridge opened."
    grid = TokenSimilarity(encoder).grid("bridge", source, [(0, 10), (11, 29)])
    assert [source[start:end] for start, end in grid.source] == source.split()


def test_no_piece_gives_an_empty_grid(encoder: CountingEncoder) -> None:
    assert TokenSimilarity(encoder).grid("bridge", "x", []).cosines.shape == (1, 0)


def test_what_was_prepared_is_not_encoded_again(encoder: CountingEncoder) -> None:
    likeness = TokenSimilarity(encoder)
    likeness.prepare(["The bridge opened."])
    likeness.grid("bridge", "The bridge opened.", [(0, 18)])
    assert encoder.batches == [["The bridge opened."], ["bridge"]]


def test_nothing_is_encoded_where_there_is_nothing(encoder: CountingEncoder) -> None:
    TokenSimilarity(encoder).prepare([])
    assert encoder.batches == []


def test_the_oldest_are_forgotten(encoder: CountingEncoder) -> None:
    likeness = TokenSimilarity(encoder, kept=10 * SIZE)
    for n in range(20):
        likeness.prepare([f"text{n}"])
    likeness.prepare(["text0", "text19"])
    assert encoder.batches[-1] == ["text0"]


def test_a_long_text_takes_the_place_of_several_short_ones(encoder: CountingEncoder) -> None:
    likeness = TokenSimilarity(encoder, kept=10 * SIZE)
    likeness.prepare([f"text{n}" for n in range(6)])
    likeness.prepare(["It rained all day in the hills."])
    likeness.prepare(["text0", "text5"])
    assert encoder.batches[-1] == ["text0"]


def test_what_was_asked_for_last_stays_however_much_it_is(encoder: CountingEncoder) -> None:
    likeness = TokenSimilarity(encoder, kept=SIZE)
    likeness.prepare(["text0", "text1", "text2"])
    likeness.prepare(["text0", "text1", "text2"])
    assert len(encoder.batches) == 3


def test_the_real_model_finds_synonyms_more_alike_than_others(minilm_encoder: LocalEncoder) -> None:
    likeness = TokenSimilarity(minilm_encoder.tokens)
    assert likeness.alike("purchase", "buy") > likeness.alike("purchase", "river")


ENGLISH, GERMAN = "The bridge was closed on Wednesday evening.", "Die Brücke wurde am Mittwochabend gesperrt."


def _lacking() -> TokenSimilarity:
    raise EmbeddingError("The weights are not installed.")


def test_each_text_is_read_by_the_encoder_of_its_language(encoder: CountingEncoder) -> None:
    other = CountingEncoder()
    likeness = MultilingualSimilarity(TokenSimilarity(encoder), lambda: TokenSimilarity(other))
    likeness.prepare([ENGLISH])
    assert not other.batches
    likeness.grid(GERMAN, ENGLISH, [(0, len(ENGLISH))])
    assert [GERMAN] in other.batches and [ENGLISH] in other.batches
    assert encoder.batches == [[ENGLISH]]


def test_only_what_is_not_english_crosses(encoder: CountingEncoder) -> None:
    likeness = MultilingualSimilarity(TokenSimilarity(encoder), lambda: TokenSimilarity(encoder))
    assert likeness.crosses(ENGLISH, GERMAN) and likeness.crosses(GERMAN, GERMAN)
    assert not likeness.crosses(ENGLISH, ENGLISH)


def test_without_the_weights_the_english_encoder_reads_all(encoder: CountingEncoder) -> None:
    likeness = MultilingualSimilarity(TokenSimilarity(encoder), _lacking)
    likeness.grid(GERMAN, ENGLISH, [(0, len(ENGLISH))])
    assert encoder.batches == [[GERMAN], [ENGLISH]]
    assert not likeness.crosses(GERMAN, ENGLISH)
