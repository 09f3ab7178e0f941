"""Which articles are in a scope, and what is said where there are none, on a real catalog."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.errors import QueryError
from vectorstore.searching.scope_articles import articles_in_scope, matching_authors, nearest_names
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home
from vectorstore.storage.records import ChunkedArticle, Manifest
from vectorstore.types import Article, Scope

ARTICLES = (
    Article("bridge.md", "x", "The bridge at Ner", "Ada Brandt", date="1931-05-04", language="en"),
    Article("harbour.md", "x", "Häfen", "Ada Brandt, Jo Li", date="1931", language="de"),
    Article("nunez.md", "x", "On rivers", "José Núñez", date="1932-02", language="en"),
    Article("notes.txt", "x", "Notes"),
)
AUTHORS = ["Ada Brandt", "Ada Brandt, Jo Li", "José Núñez"]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    made = stored(tmp_path_factory.mktemp("members"), ARTICLES)
    yield made
    made.close()


def stored(folder: Path, articles: tuple[Article, ...]) -> Catalog:
    made = Catalog.open(Home(folder).catalog_url, create=True)
    made.set_manifest(Manifest("model", 2, "chunker 1", "1", "1"))
    made.store([ChunkedArticle(article, [], []) for article in articles])
    return made


def refusal(catalog: Catalog, scope: Scope) -> str:
    with pytest.raises(QueryError) as caught:
        articles_in_scope(catalog, scope)
    return caught.value.message


@pytest.mark.parametrize(
    ("scope", "ids"),
    [
        (Scope(("notes.txt",)), {"notes.txt"}),
        (Scope(("notes.txt", "bridge.md")), {"notes.txt", "bridge.md"}),
        (Scope(authors=("Ada Brandt",)), {"bridge.md", "harbour.md"}),
        (Scope(authors=("Li", "Núñez")), {"harbour.md", "nunez.md"}),
        (Scope(since="1931"), {"bridge.md", "harbour.md", "nunez.md"}),
        (Scope(since="1932"), {"nunez.md"}),
        (Scope(until="1931-05-03"), {"harbour.md"}),
        (Scope(until="1931-05"), {"bridge.md", "harbour.md"}),
        (Scope(since="1931-05-04", until="1931-05-04"), {"bridge.md", "harbour.md"}),
        (Scope(since="1932-02-29", until="1932-2"), {"nunez.md"}),
        (Scope(("bridge.md", "nunez.md"), ("Ada Brandt",), "1931", "1931"), {"bridge.md"}),
        (Scope(languages=("de",)), {"harbour.md"}),
        (Scope(languages=("German", "EN")), {"bridge.md", "harbour.md", "nunez.md"}),
        (Scope(authors=("Ada Brandt",), languages=("en",)), {"bridge.md"}),
    ],
)
def test_an_article_is_in_scope_where_all_that_is_given_holds(catalog: Catalog, scope: Scope, ids: set[str]) -> None:
    assert set(articles_in_scope(catalog, scope)) == ids


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        (Scope(("brige.md",)), "There is no article brige.md. The nearest is bridge.md."),
        (Scope(("the bridge",)), "There is no article the bridge. The nearest is bridge.md."),
        (Scope(("bridge.md", "xyzzy")), "There is no article xyzzy."),
        (Scope(("Bridge.md",)), "There is no article Bridge.md. The nearest is bridge.md."),
        (Scope(authors=("Nuñes",)), "No article is by “Nuñes”. The authors are Ada Brandt; Ada Brandt, Jo Li; José Núñez."),
        (Scope(authors=("Jose Nunes",)), "No article is by “Jose Nunes”. The nearest is José Núñez."),
        (Scope(authors=("Bran",)), "No article is by “Bran”. Near it are Ada Brandt; Ada Brandt, Jo Li."),
        (
            Scope(authors=("",)),
            "No article is by “”. The authors are Ada Brandt; Ada Brandt, Jo Li; José Núñez.",
        ),
        (Scope(("notes.txt",), ("Li",)), "The article notes.txt is not by Li. No author is named."),
        (
            Scope(("bridge.md", "nunez.md"), ("Jo Li",)),
            "None of the 2 chosen articles is by Jo Li. The authors are Ada Brandt; José Núñez.",
        ),
        (Scope(since="1940"), "None of the 4 articles is dated 1940 or later. The dates go from 1931 to 1932-02."),
        (Scope(until="1930"), "None of the 4 articles is dated 1930 or earlier. The dates go from 1931 to 1932-02."),
        (
            Scope(authors=("Brandt",), since="1933", until="1934"),
            "None of the 2 articles by Brandt is dated from 1933 to 1934. The date is 1931.",
        ),
        (Scope(("notes.txt",), since="1933", until="1933"), "The article notes.txt is not dated 1933. No date is known."),
        (Scope(languages=("fr",)), "No article is in French. The languages are English, German."),
        (Scope(languages=("Elvish",)), "“Elvish” is not a language that is known here."),
        (Scope(("notes.txt",), languages=("de",)), "The article notes.txt is not in German."),
        (Scope(("notes.txt", "bridge.md"), languages=("de",)), "None of the 2 chosen articles is in German."),
        (
            Scope(authors=("Núñez",), languages=("de",)),
            "The article harbour.md is not by Núñez. The only author is Ada Brandt, Jo Li.",
        ),
        (Scope(since="33"), "“33” is not a date."),
        (Scope(until="1931-13"), "“1931-13” is not a date."),
        (Scope(until="1931-02-30"), "“1931-02-30” is not a date."),
        (Scope(since="yesterday"), "“yesterday” is not a date."),
        (Scope(since="1932", until="1931"), "Nothing is dated from 1932 to 1931: the range ends before it begins."),
    ],
)
def test_a_scope_with_nothing_in_it_is_refused_with_what_there_is_near(catalog: Catalog, scope: Scope, message: str) -> None:
    assert refusal(catalog, scope) == message


def test_where_no_author_is_named_that_is_said(tmp_path: Path) -> None:
    catalog = stored(tmp_path, ARTICLES[3:])
    assert refusal(catalog, Scope(authors=("Li",))) == "No article is by “Li”: none names its author."
    catalog.close()


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Ada Brandt", ["Ada Brandt", "Ada Brandt, Jo Li"]),
        ("ADA  BRANDT", ["Ada Brandt", "Ada Brandt, Jo Li"]),
        ("Brandt, Ada", ["Ada Brandt", "Ada Brandt, Jo Li"]),
        ("Brandt", ["Ada Brandt", "Ada Brandt, Jo Li"]),
        ("Ada Brandt, Jo Li", ["Ada Brandt, Jo Li"]),
        ("jose nunez", ["José Núñez"]),
        ("Nunez", ["José Núñez"]),
    ],
)
def test_a_name_matches_in_part_whatever_its_case_and_accents(name: str, stated: list[str]) -> None:
    assert matching_authors([name], AUTHORS) == set(stated)


@pytest.mark.parametrize("name", ["Brand", "Ada Li", "Brandt Ada", "Jo Brandt", "Brandt Li", "and", ", ", "—"])
def test_another_name_matches_nobody(name: str) -> None:
    with pytest.raises(QueryError, match=r"^No article is by"):
        matching_authors([name], AUTHORS)


@pytest.mark.parametrize(
    "stated", ["Jo Li and Ada Brandt", "Jo Li & Ada Brandt", "Jo Li; Ada Brandt", "Brandt, Ada", "Dr. Ada M. Brandt"]
)
def test_however_the_authors_are_joined_each_is_found(stated: str) -> None:
    assert matching_authors(["Ada Brandt"], [stated]) == {stated}


def test_a_whole_name_is_meant_before_a_part_of_one() -> None:
    assert matching_authors(["Li"], ["Li", "Jo Li", "Li & Sons"]) == {"Li", "Li & Sons"}


def test_a_chinese_name_is_one_word() -> None:
    assert matching_authors(["王小明"], ["王小明、李華", "王小"]) == {"王小明、李華"}


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_name_that_has_a_letter_is_found_by_itself(name: str, other: str) -> None:
    if any(letter.isalpha() and letter.isascii() for letter in name):
        assert name in matching_authors([name], [name, other])


def test_names_with_the_words_are_nearer_than_similar_spellings() -> None:
    known = {name: name for name in ("Brandt", "Ada Brandt", "Brand", "Bran")}
    assert nearest_names("brandt", known) == ["Brandt", "Ada Brandt"]
    assert nearest_names("brrandt", known) == ["Brandt", "Brand", "Bran"]
    assert nearest_names("xyz", known) == []
