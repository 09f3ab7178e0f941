"""Which words of a question are taken for misspellings, on the real index of `seeds/`."""

import pytest

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.searching.spelling import respelt


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Who lauched the alianse?", "Who launched the alliance?"),
        ("What did the newpaper report on the proposel?", "What did the newspaper report on the proposal?"),
    ],
)
def test_a_misspelt_word_is_spelt_as_the_articles_do(
    typed: str, wanted: str, seeds_index: Index, minilm_encoder: LocalEncoder
) -> None:
    assert respelt(typed, seeds_index, minilm_encoder.count_tokens) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "When was the alliance launched?",
        "What is the minimum for a stadium?",  # words that no article has, and that are words all the same
        "Wer hat den Leitartikel übersetzt?",
        "¿Qué dijo Musk sobre los trabajadores chinos?",
        "台灣在2019年向日本提出了什麼？",
        "¿Qué propuso Taiwán a Japón en 2019?",  # one letter from "Japan", and no misspelling of it
        "Who is on the LAUNCHD?",  # an abbreviation is none of the words that look like it
        "",
    ],
)
def test_any_other_word_stays_as_it_is(typed: str, seeds_index: Index, minilm_encoder: LocalEncoder) -> None:
    assert respelt(typed, seeds_index, minilm_encoder.count_tokens) == typed
