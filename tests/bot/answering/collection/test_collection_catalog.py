"""What a question names, looked up in a real catalog and by a real search."""

import pytest

from bot.answering.collection.catalog import Holdings, by_date, dated
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.types import EVERYWHERE, Scope


def ids(holdings: Holdings, name: str) -> list[str]:
    return [one.article.id for one in holdings.about(name, holdings.articles(EVERYWHERE), EVERYWHERE)]


@pytest.mark.parametrize("name", ["Ada Brandt", "Brandt", "Brandt's", "Brant", "brandt, ada"])
def test_an_author_is_found_by_a_part_of_the_name_and_misspelt(holdings: Holdings, name: str) -> None:
    author, found = holdings.by_author(name, holdings.articles(EVERYWHERE))
    assert (author, [one.id for one in found]) == ("Ada Brandt", ["dam.md", "tram.md"])


def test_a_name_that_no_article_states_is_nobody(holdings: Holdings) -> None:
    assert holdings.by_author("Yao", holdings.articles(EVERYWHERE)) == ("", [])


@pytest.mark.parametrize(
    ("name", "article"), [("bees", "bees.txt"), ("trams", "tram.md"), ("harvest", "dam.md"), ("harvset", "dam.md")]
)
def test_articles_about_a_subject_are_found_by_title_or_text(holdings: Holdings, name: str, article: str) -> None:
    assert ids(holdings, name)[:1] == [article]


def test_a_subject_that_stands_nowhere_has_no_article(holdings: Holdings) -> None:
    assert ids(holdings, "submarines") == []


def test_an_article_about_a_subject_is_opened_at_the_words(holdings: Holdings, library: Index) -> None:
    (found,) = holdings.about("harvest", holdings.articles(EVERYWHERE), EVERYWHERE)
    assert found.place is not None
    assert "harvest" in found.place.text
    assert library.catalog.text_between("dam.md", found.place.start, found.place.end) == found.place.text


def test_the_head_of_an_article_is_its_title_where_the_text_has_it(holdings: Holdings, library: Index) -> None:
    place = holdings.head("bees.txt", "Bees on the roof")
    assert (place.text, library.catalog.text_between("bees.txt", place.start, place.end)) == (
        "Bees on the roof",
        "Bees on the roof",
    )


def test_the_head_of_an_article_titled_in_front_matter_is_its_first_line(holdings: Holdings) -> None:
    assert holdings.head("dam.md", "The dam at Ner").text.startswith("The dam at Ner")
    assert holdings.head("ferry.md", "Its other title").text == "The last ferry left the harbour at noon."


def test_a_scope_keeps_to_its_articles(holdings: Holdings) -> None:
    assert [one.id for one in holdings.articles(Scope(authors=("Lindqvist",)))] == ["ferry.md"]
    with pytest.raises(QueryError):
        holdings.articles(Scope(authors=("Nobody",)))


def test_the_order_of_dates_leaves_out_what_states_none(holdings: Holdings) -> None:
    everything = holdings.articles(EVERYWHERE)
    assert [one.id for one in by_date(everything, latest=True)] == ["tram.md", "ferry.md", "dam.md"]
    assert [one.id for one in by_date(everything, latest=False)] == ["dam.md", "ferry.md", "tram.md"]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("2021", "2021", ["ferry.md"]), ("2021", "", ["ferry.md", "tram.md"]), ("", "2019", ["dam.md"]), ("1990", "1995", [])],
)
def test_articles_are_chosen_by_their_dates(holdings: Holdings, first: str, last: str, found: list[str]) -> None:
    assert [one.id for one in dated(holdings.articles(EVERYWHERE), first, last)] == found
