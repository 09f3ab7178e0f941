"""Likeness of tokens: from any encoder, remembered by text, with the offsets of the whole source."""

from collections.abc import Sequence

import numpy as np
import pytest

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.similarity import MultilingualSimilarity, TokenSimilarity
from vectorstore.encoding.transformer import DIMENSION, TokenVectors
from vectorstore.errors import EmbeddingError

SIZE = 2 * 4 * DIMENSION + 2 * 8
"""Bytes of a text of one token: its vector, that of the whole, and its two offsets."""


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
