"""The words of a question in the index: how many articles have them, and what misspelt ones were meant to be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.searching.vocabulary import Occurrences, WordCounter, respelt
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home
from vectorstore.types import Scope

ARTICLES = {
    "island.md": "Okinawa is an island. Okinawa has beaches.",
    "city.md": "The cities of the U.S. grow. A café opened in 1991.",
    "more.md": "One city, many islands.\n\n" + "The harbour is old and deep, as every sailor knows. " * 40,
}


@pytest.fixture
def index(minilm_encoder: LocalEncoder, tmp_path: Path) -> Iterator[Index]:
    """Three articles, of which one has several chunks."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    home = Home(tmp_path / "home")
    made = Index(home, Catalog.open(home.catalog_url, create=True))
    Ingestor(made, minilm_encoder).ingest([folder])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the population of Okinawa?", {"population": 0, "Okinawa": 1}),
        ("How many islands?", {"many": 1, "islands": 2}),
        ("Does the city have cities?", {"city": 2}),
        ("the U.S. in 1991", {"U.S.": 1, "1991": 1}),
        ("Whose CAFÉ?", {"CAFÉ": 1}),
        ("sailor's harbour", {"sailor": 1, "harbour": 1}),
        ("is it the one?", {"one": 1}),
        ("the city-café", {"city-café": 1}),
        ("the harbour-café", {"harbour-café": 0}),
        ("鄧小平是誰？", {}),
        ("?", {}),
    ],
)
def test_words_are_counted_by_article_in_whatever_form(index: Index, question: str, words: dict[str, int]) -> None:
    assert WordCounter(index).count(question, Scope()) == Occurrences(3, words)


def test_a_scope_is_counted_alone(index: Index) -> None:
    counted = WordCounter(index).count("islands of Okinawa", Scope(articles=("city.md", "more.md")))
    assert counted == Occurrences(2, {"islands": 1, "Okinawa": 0})


def test_what_came_since_is_counted(index: Index, minilm_encoder: LocalEncoder, tmp_path: Path) -> None:
    counter = WordCounter(index)
    assert counter.count("Okinawa", Scope()).words == {"Okinawa": 1}
    (tmp_path / "new.md").write_text("A letter from Okinawa.", encoding="utf-8")
    Ingestor(index, minilm_encoder).ingest([tmp_path / "new.md"])
    assert counter.count("Okinawa", Scope()) == Occurrences(4, {"Okinawa": 2})


def test_the_words_of_a_language_that_no_article_is_in_are_not_counted(index: Index) -> None:
    assert WordCounter(index).count("Wie viele Menschen wohnen heute auf der Insel?", Scope()) == Occurrences(3, foreign=True)


def test_a_word_of_the_title_or_author_counts_as_well(minilm_encoder: LocalEncoder, tmp_path: Path) -> None:
    (tmp_path / "walk.md").write_text("---\ntitle: Island days\nauthor: Jun Takeda\n---\nI would bring food.", encoding="utf-8")
    made = Index(home := Home(tmp_path / "home"), Catalog.open(home.catalog_url, create=True))
    Ingestor(made, minilm_encoder).ingest([tmp_path / "walk.md"])
    counted = WordCounter(made).count("What would Takeda eat on the islands?", Scope())
    made.close()
    assert dict(counted.words) == {"Takeda": 1, "eat": 0, "islands": 1}


@pytest.mark.parametrize(
    ("name", "stands"),
    [("Okinawa", True), ("Okinawa Prefecture", True), ("Mongolia", False), ("city", True), ("鄧小平", True)],
)
def test_a_name_stands_where_one_of_its_words_does(index: Index, name: str, stands: bool) -> None:
    assert WordCounter(index).stands(name, Scope()) == stands


def test_a_name_stands_in_the_scope_or_it_does_not(index: Index) -> None:
    assert not WordCounter(index).stands("Okinawa", Scope(articles=("city.md",)))


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
        "How are loaves baked in a stadium?",  # one letter from "leaves", which an article has; "loaf" is a word
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
