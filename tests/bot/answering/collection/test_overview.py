"""The most central sentences: against the definition, and on real articles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.collection.overview import LEADING, RESTART, article_overview, central_sentences, lexrank, reading_minutes
from vectorstore.index import Index
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Article, Span

TEXT = (
    "# The bridge of Ner\n\n"
    "Trains over the bridge of Ner were stopped by the rain in the river. The mayor likes old films a lot.\n\n"
    "## The *river*\n\nA river of rain ran under the trains. Rain closed the bridge of Ner in the north for nine days.\n\n"
    "The bridge of Ner carries trains over the river. Nobody crossed the bridge in the rain that night, said the mayor."
)
ARTICLE = Article("ner.md", TEXT, "The bridge of Ner")


def chunk(text: str) -> StoredChunk:
    spans: tuple[Span, ...] = tuple(sentences(text))
    return StoredChunk(1, "a", 0, 0, len(text), text, spans)


def chosen(text: str, most: int = 1, title: str = "") -> list[str]:
    return [one.text for one in central_sentences([chunk(text)], title, most)]


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_lexrank_is_the_stationary_distribution_of_its_walk(count: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    half = numbers.random((count, count))
    alike = (half + half.T) / 2 + np.eye(count)
    step = (1 - RESTART) * alike / alike.sum(axis=1, keepdims=True) + RESTART / count
    values, vectors = np.linalg.eig(step.T)
    exact = np.real(vectors[:, np.argmax(np.real(values))])
    assert np.allclose(lexrank(alike, np.zeros(count)), exact / exact.sum(), atol=1e-6)


def test_the_sentence_that_is_like_most_others_is_the_most_central() -> None:
    text = (
        "The mayor likes old films very much. Rain closed the bridge in the north. The bridge carries trains over the river. "
        "Trains over the bridge were stopped by rain in the river. A river of rain ran under the trains."
    )
    assert chosen(text) == ["Trains over the bridge were stopped by rain in the river."]


def test_a_formal_line_that_repeats_the_title_is_no_summary() -> None:
    text = (
        "The minutes of the town council were approved.\n\n"
        "The council resolved to replace the six swings in the park. Two swings had failed the test of the council. "
        "The clerk of the town was asked to order the swings before the summer.\n\n"
        "The market was shifted to Saturday by the council. People in work cannot come to the market on a Thursday."
    )
    assert "approved" not in chosen(text, title="Minutes of the town council")[0]


def test_where_a_sentence_stands_does_not_matter() -> None:
    lines = [
        "Rain closed the bridge in the north.",
        "Trains cross the bridge in rain each day.",
        "Cats sleep on the warm roof all day.",
    ]
    assert chosen(" ".join(lines)) == chosen(" ".join(reversed(lines)))


@pytest.mark.parametrize(
    "line",
    [
        "## The bridge and its trains over the river",
        "What is the bridge over the river and the trains?",
        "- The bridge carries trains over the river.",
        "[The bridge](a.md), [the trains](b.md) and [the river](c.md).",
        "The bridge, the river, the trains, the rain:",
    ],
)
def test_headings_questions_items_and_links_are_never_quoted(line: str) -> None:
    text = f"{line}\n\nThe bridge carries trains over the river.\n\nRain falls on the bridge and the river."
    assert line not in chosen(text, 5)


def test_nothing_is_said_twice() -> None:
    text = (
        "The bridge carries trains over the river. The bridge carries all trains over the river. Cats sleep on the warm roof."
    )
    assert len(chosen(text, 3)) == 2


def test_the_sentences_come_in_reading_order_and_stand_where_they_say(seeds_index: Index) -> None:
    for article in seeds_index.catalog.articles():
        found = central_sentences(seeds_index.catalog.chunks_of(article.id), article.title, 4)
        text = seeds_index.catalog.text_between(article.id, 0, article.chars)
        assert [one.start for one in found] == sorted(one.start for one in found)
        assert [text[one.start : one.end] for one in found] == [one.text for one in found]
        assert len(found) == 4


def test_an_article_without_a_statement_has_no_overview() -> None:
    assert chosen("## A heading\n\nWhy?") == []


def test_each_heading_and_sentence_has_its_place() -> None:
    chunk = StoredChunk(1, "ner.md", 0, 0, len(TEXT), TEXT, tuple(sentences(TEXT)))
    found = article_overview(ARTICLE, [chunk])
    assert [(one.text, one.level) for one in found.headings] == [("The bridge of Ner", 1), ("The river", 2)]
    assert 1 <= len(found.sentences) <= LEADING
    assert all(TEXT[slice(*one.span)] == one.text for one in found.sentences)
    assert [TEXT[slice(*one.span)].lstrip("# ") for one in found.headings] == ["The bridge of Ner", "The *river*"]


def test_an_article_in_the_archive_has_its_headings() -> None:
    found = article_overview(ARTICLE, [])
    assert (len(found.headings), found.sentences) == (2, ())


def test_the_time_to_read_is_at_least_a_minute() -> None:
    assert (reading_minutes(""), reading_minutes("a" * 13_000), reading_minutes("雨" * 1000)) == (1, 10, 2)
