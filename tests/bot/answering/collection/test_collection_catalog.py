"""What a question names, looked up in a real catalog and by a real search."""

import pytest

from bot.answering.collection.catalog import ArticleLookup, by_date, dated
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.types import EVERYWHERE, Scope


def ids(lookup: ArticleLookup, name: str) -> list[str]:
    return [one.article.id for one in lookup.about(name, lookup.articles(EVERYWHERE), EVERYWHERE)]


@pytest.mark.parametrize("name", ["Ada Brandt", "Brandt", "Brandt's", "Brant", "brandt, ada"])
def test_an_author_is_found_by_a_part_of_the_name_and_misspelt(lookup: ArticleLookup, name: str) -> None:
    author, found = lookup.by_author(name, lookup.articles(EVERYWHERE))
    assert (author, [one.id for one in found]) == ("Ada Brandt", ["dam.md", "tram.md"])


def test_a_name_that_no_article_states_is_nobody(lookup: ArticleLookup) -> None:
    assert lookup.by_author("Yao", lookup.articles(EVERYWHERE)) == ("", [])


@pytest.mark.parametrize(
    ("name", "article"), [("bees", "bees.txt"), ("trams", "tram.md"), ("harvest", "dam.md"), ("harvset", "dam.md")]
)
def test_articles_about_a_subject_are_found_by_title_or_text(lookup: ArticleLookup, name: str, article: str) -> None:
    assert ids(lookup, name)[:1] == [article]


def test_a_subject_that_stands_nowhere_has_no_article(lookup: ArticleLookup) -> None:
    assert ids(lookup, "submarines") == []


def test_an_article_about_a_subject_is_opened_at_the_words(lookup: ArticleLookup, library: Index) -> None:
    (found,) = lookup.about("harvest", lookup.articles(EVERYWHERE), EVERYWHERE)
    assert found.place is not None
    assert "harvest" in found.place.text
    assert library.catalog.text_between("dam.md", found.place.start, found.place.end) == found.place.text


def test_the_head_of_an_article_is_its_title_where_the_text_has_it(lookup: ArticleLookup, library: Index) -> None:
    place = lookup.head("bees.txt", "Bees on the roof")
    assert (place.text, library.catalog.text_between("bees.txt", place.start, place.end)) == (
        "Bees on the roof",
        "Bees on the roof",
    )


def test_the_head_of_an_article_titled_in_front_matter_is_its_first_line(lookup: ArticleLookup) -> None:
    assert lookup.head("dam.md", "The dam at Ner").text.startswith("The dam at Ner")
    assert lookup.head("ferry.md", "Its other title").text == "The last ferry left the harbour at noon."


def test_a_scope_keeps_to_its_articles(lookup: ArticleLookup) -> None:
    assert [one.id for one in lookup.articles(Scope(authors=("Lindqvist",)))] == ["ferry.md"]
    with pytest.raises(QueryError):
        lookup.articles(Scope(authors=("Nobody",)))


def test_the_order_of_dates_leaves_out_what_states_none(lookup: ArticleLookup) -> None:
    everything = lookup.articles(EVERYWHERE)
    assert [one.id for one in by_date(everything, latest=True)] == ["tram.md", "ferry.md", "dam.md"]
    assert [one.id for one in by_date(everything, latest=False)] == ["dam.md", "ferry.md", "tram.md"]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("2021", "2021", ["ferry.md"]), ("2021", "", ["ferry.md", "tram.md"]), ("", "2019", ["dam.md"]), ("1990", "1995", [])],
)
def test_articles_are_chosen_by_their_dates(lookup: ArticleLookup, first: str, last: str, found: list[str]) -> None:
    assert [one.id for one in dated(lookup.articles(EVERYWHERE), first, last)] == found
