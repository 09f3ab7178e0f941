"""What an article's own page says of it: how long it is, its headings, its leading sentences, each in its place."""

from bot.answering.collection.article_overview import LEADING, article_overview, reading_minutes
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import StoredChunk
from vectorstore.types import Article

TEXT = (
    "# The bridge of Ner\n\n"
    "Trains over the bridge of Ner were stopped by the rain in the river. The mayor likes old films a lot.\n\n"
    "## The *river*\n\nA river of rain ran under the trains. Rain closed the bridge of Ner in the north for nine days.\n\n"
    "The bridge of Ner carries trains over the river. Nobody crossed the bridge in the rain that night, said the mayor."
)
ARTICLE = Article("ner.md", TEXT, "The bridge of Ner")


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
