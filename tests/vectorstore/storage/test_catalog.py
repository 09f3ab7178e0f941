"""The catalog alone, on a real SQLite file."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL, text

from vectorstore.errors import CatalogError, IndexMismatch, IndexMissing, Remedy
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import connect, paged
from vectorstore.storage.home import Home
from vectorstore.storage.records import (
    ChunkedArticle,
    IndexPosition,
    Manifest,
    day_range,
    packed_spans,
    packed_vector,
    unpacked_spans,
    unpacked_vector,
)
from vectorstore.storage.schema import metadata
from vectorstore.types import Article, Chunk

MADE_WITH = Manifest("model", 2, "chunker 1", "1", "1")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str | URL:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return Home(tmp_path).catalog_url
    address = os.environ.get("TEST_POSTGRES_URL")
    if not address:
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL database that the tests may empty")
    engine = connect(address)
    metadata.drop_all(engine)
    engine.dispose()
    return address


@pytest.fixture
def catalog(url: str | URL) -> Iterator[Catalog]:
    made = Catalog.open(url, create=True)
    made.set_manifest(MADE_WITH)
    yield made
    made.close()


def entry(article_id: str, *texts: str, **fields: str) -> ChunkedArticle:
    """An article whose chunks are these texts, each its own hash."""
    body = "\n".join(texts)
    starts = [body.index(one) for one in texts]
    chunks = [Chunk(at, at + len(one), one, ((at, at + len(one)),)) for at, one in zip(starts, texts, strict=True)]
    return ChunkedArticle(Article(article_id, body, article_id.title(), **fields), chunks, [one.encode() for one in texts])


def keep_vectors(catalog: Catalog, *entries: ChunkedArticle, fingerprint: str = "model") -> None:
    vector = packed_vector(np.ones(2, np.float32))
    catalog.save_vectors(fingerprint, [(key, vector, b"late " + key) for one in entries for key in one.hashes])


def changes(catalog: Catalog) -> list[tuple[int, bool]]:
    return [(change.chunk, change.added) for change in catalog.journal(0)]


def test_a_missing_catalog_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Catalog.open(Home(tmp_path / "nowhere").catalog_url)


def test_an_address_that_is_none_is_refused_in_a_sentence() -> None:
    with pytest.raises(CatalogError, match="address"):
        Catalog.open("not an address")


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    Home(tmp_path).catalog.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(CatalogError, match="database") as caught:
        Catalog.open(Home(tmp_path).catalog_url, create=True)
    assert caught.value.help == Remedy.RESTORE


def test_another_layout_of_the_tables_is_refused(catalog: Catalog, url: str | URL) -> None:
    with catalog._engine.begin() as connection:
        connection.execute(text("update counters set value = 99 where name = 'schema'"))
    with pytest.raises(IndexMismatch, match="99"):
        Catalog.open(url)


def test_an_article_comes_back_as_it_went_in(catalog: Catalog) -> None:
    one = Article("a", "鄧小平 said\nso. 🙂", "T", "A", "Tr", "2019-03", "S", True, "/o", {"k": "v"}, "zh")
    catalog.store([ChunkedArticle(one, [], [])])
    assert catalog.article("a") == one


def test_the_text_of_an_article_is_read_alone(catalog: Catalog) -> None:
    catalog.store([ChunkedArticle(Article("a", "鄧小平 said\nso. 🙂", "T"), [], [])])
    assert (catalog.text("a"), catalog.text("b")) == ("鄧小平 said\nso. 🙂", None)


def test_the_texts_of_several_articles_are_read_at_once(catalog: Catalog) -> None:
    catalog.store([ChunkedArticle(Article(id, f"It is {id}.", id), [], []) for id in "abc"])
    assert catalog.texts(["c", "a", "gone"]) == {"a": "It is a.", "c": "It is c."}


def test_a_new_language_counts_at_once(catalog: Catalog) -> None:
    catalog.store([ChunkedArticle(Article("a", "One.", "a", language="en"), [], [])])
    before = catalog.languages()
    catalog.store([ChunkedArticle(Article("b", "Eins.", "b", language="de"), [], [])])
    assert (before, catalog.languages()) == ({"en": 1}, {"de": 1, "en": 1})


def test_an_empty_catalog_has_no_articles(catalog: Catalog) -> None:
    empty = catalog.has_articles()
    catalog.store([ChunkedArticle(Article("a", "One.", "a"), [], [])])
    assert (empty, catalog.has_articles()) == (False, True)


def test_chunks_come_back_with_their_places(catalog: Catalog) -> None:
    one = entry("a", "First words.", "Second words.")
    catalog.store([one])
    assert [(c.start, c.end, c.text, c.sentences) for c in catalog.chunks_of("a")] == [
        (c.start, c.end, c.text, c.sentences) for c in one.chunks
    ]


def test_unknown_chunk_ids_are_left_out(catalog: Catalog) -> None:
    catalog.store([entry("a", "x")])
    assert list(catalog.chunks([1, 77])) == [1]


def test_more_ids_than_a_statement_takes_are_paged(catalog: Catalog) -> None:
    catalog.store([entry("a", *(f"text {n}." for n in range(10)))])
    assert len(catalog.chunks(range(1, 40_000))) == 10


def test_summaries_tell_the_sizes(catalog: Catalog) -> None:
    catalog.store([entry("b", "one", "three"), entry("a", "x", author="Ann")])
    assert [(s.id, s.author, s.chars, s.chunks) for s in catalog.articles()] == [("a", "Ann", 1, 1), ("b", "", 9, 2)]


def test_generation_moves_with_every_visible_change(catalog: Catalog, url: str | URL) -> None:
    other = Catalog.open(url)
    seen = [other.generation()]
    for change in (
        lambda: catalog.store([entry("a", "x")]),
        lambda: catalog.remove(["a"]),
        lambda: catalog.set_applied("dense", IndexPosition(1, 1)),
    ):
        change()
        seen.append(other.generation())
    other.close()
    assert len(set(seen)) == 4


def test_keeping_vectors_ahead_is_not_a_visible_change(catalog: Catalog) -> None:
    before = catalog.generation()
    keep_vectors(catalog, entry("a", "x"))
    assert catalog.generation() == before


def test_a_chunk_number_is_never_given_twice(catalog: Catalog) -> None:
    catalog.store([entry("a", "x", "y")])
    catalog.remove(["a"])
    catalog.store([entry("b", "z")])
    assert list(catalog.chunks([1, 2, 3])) == [3]


def test_a_changed_article_keeps_the_numbers_of_the_texts_that_stay(catalog: Catalog) -> None:
    catalog.store([entry("a", "old one", "stays", "old two")])
    catalog.store([entry("a", "quite new", "and newer", "stays")])
    assert [(c.id, c.text, c.ordinal) for c in catalog.chunks_of("a")] == [
        (4, "quite new", 0),
        (5, "and newer", 1),
        (2, "stays", 2),
    ]


def test_a_text_that_stays_moves_to_its_new_place(catalog: Catalog) -> None:
    catalog.store([entry("a", "stays")])
    catalog.store([entry("a", "before", "stays")])
    assert [(c.start, c.end, c.sentences) for c in catalog.chunks_of("a")] == [(0, 6, ((0, 6),)), (7, 12, ((7, 12),))]


def test_the_journal_tells_only_what_the_indexes_must_hear(catalog: Catalog) -> None:
    catalog.store([entry("a", "goes", "stays")])
    catalog.store([entry("a", "stays", "comes")])
    assert changes(catalog) == [(1, True), (2, True), (3, True), (1, False)]


def test_the_journal_forgets_what_all_have_applied(catalog: Catalog) -> None:
    catalog.store([entry("a", "x", "y")])
    catalog.set_applied("dense", IndexPosition(2, 1))
    catalog.set_applied("lexical", IndexPosition(1, 1))
    assert [change.seq for change in catalog.journal(0)] == [2]


def test_the_backlog_counts_for_the_slowest(catalog: Catalog) -> None:
    catalog.store([entry("a", "x", "y")])
    catalog.set_applied("dense", IndexPosition(2, 1))
    assert catalog.backlog() == 2


def test_vectors_are_those_of_the_manifests_model(catalog: Catalog) -> None:
    one = entry("a", "x", "y")
    keep_vectors(catalog, one)
    keep_vectors(catalog, one, fingerprint="another model")
    catalog.store([one])
    assert {number: vector.tolist() for number, vector in catalog.vectors([1, 2]).items()} == {1: [1, 1], 2: [1, 1]}


def test_late_blobs_come_by_chunk(catalog: Catalog) -> None:
    one = entry("a", "x", "y")
    keep_vectors(catalog, one)
    catalog.store([one])
    assert catalog.packed_tokens([2, 1]) == {1: b"late x", 2: b"late y"}


def test_missing_names_the_texts_without_a_vector(catalog: Catalog) -> None:
    keep_vectors(catalog, entry("a", "x"))
    assert catalog.missing("model", [b"x", b"y"]) == {b"y"}


def test_removing_takes_the_vectors_that_nothing_else_needs(catalog: Catalog) -> None:
    one, two = entry("a", "shared", "own"), entry("b", "shared")
    keep_vectors(catalog, one, two)
    catalog.store([one, two])
    catalog.remove(["a"])
    assert catalog.missing("model", [b"shared", b"own"]) == {b"own"}


def test_settling_sweeps_vectors_that_never_came_to_be_needed(catalog: Catalog) -> None:
    keep_vectors(catalog, entry("a", "used"), entry("b", "never"))
    catalog.store([entry("a", "used")])
    catalog.forget_loose_vectors(sweep=True)
    assert (catalog.missing("model", [b"used", b"never"]), catalog.has_loose_vectors()) == ({b"never"}, False)


def test_chunks_without_a_vector_are_counted(catalog: Catalog) -> None:
    keep_vectors(catalog, entry("a", "x"))
    catalog.store([entry("a", "x", "y")])
    assert catalog.without_vector() == 1


def test_replacing_all_asks_for_new_indexes(catalog: Catalog) -> None:
    catalog.store([entry("a", "x")])
    catalog.replace_all([[entry("a", "y")]], Manifest("newer", 2, "chunker 2", "1", "1"))
    assert ([c.text for c in catalog.chunks_of("a")], {s.seq for s in catalog.applied().values()}) == (["y"], {-1})


def test_a_failed_replacement_changes_nothing(catalog: Catalog) -> None:
    catalog.store([entry("a", "x")])

    def broken():
        yield [entry("a", "y")]
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        catalog.replace_all(broken(), MADE_WITH)
    assert [(c.id, c.text) for c in catalog.chunks_of("a")] == [(1, "x")]


def test_a_sample_is_spread_over_all(catalog: Catalog) -> None:
    catalog.store([entry("a", *(f"text {n}." for n in range(100)))])
    assert catalog.sample(4) == [1, 25, 50, 75]


def test_the_manifest_comes_back(catalog: Catalog) -> None:
    assert catalog.manifest() == MADE_WITH


def test_a_manifest_that_differs_is_refused_with_both_values() -> None:
    with pytest.raises(IndexMismatch, match=r"model is other, the index has model; .*dimensions is 3, the index has 2"):
        MADE_WITH.check(Manifest("other", 3, "chunker 1", "1", "1"))


def test_a_sound_database_has_nothing_to_say(catalog: Catalog) -> None:
    assert catalog.integrity() == ""


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("1970-01-01", (0, 0)),
        ("1970", (0, 364)),
        ("2020-02", (18293, 18321)),
        ("", None),
        ("2019-13", None),
        ("last May", None),
        ("99999999999999999999", None),
        ("1-2-3-4", None),
    ],
)
def test_dates_become_ranges_of_days(date: str, days: tuple[int, int] | None) -> None:
    assert day_range(date) == days


@given(st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 2**31))), st.integers(0, 2**31))
def test_spans_survive_packing(spans: list[tuple[int, int]], start: int) -> None:
    moved = tuple((a + start, b + start) for a, b in spans)
    assert unpacked_spans(packed_spans(moved, start), start) == moved


@given(st.lists(st.floats(width=32, allow_nan=False)))
def test_vectors_survive_packing(values: list[float]) -> None:
    vector = np.asarray(values, np.float32)
    assert unpacked_vector(packed_vector(vector)).tolist() == vector.tolist()


@given(st.lists(st.integers()), st.integers(1, 5))
def test_pages_hold_everything_in_order(values: list[int], size: int) -> None:
    pages = list(paged(values, size))
    assert [value for page in pages for value in page] == values and all(len(page) <= size for page in pages)


def test_authors_are_named_once_in_the_order_of_the_alphabet(catalog: Catalog) -> None:
    catalog.store([entry(str(n), "x", author=author) for n, author in enumerate(["Zoë", "ada", "Émile", "", "Zoë", "Bo"])])
    assert catalog.authors() == ["ada", "Bo", "Émile", "Zoë"]


def test_without_an_author_there_is_no_list_of_them(catalog: Catalog) -> None:
    catalog.store([entry("a", "x")])
    assert catalog.authors() == []


def test_the_listing_keeps_to_ids_authors_and_days(catalog: Catalog) -> None:
    written = [("a", "Ada", "2019"), ("b", "Bo", "2019-06-30"), ("c", "Ada", ""), ("d", "Bo", "2020")]
    catalog.store([entry(name, "x", author=author, date=date) for name, author, date in written])
    days = day_range("2019-06")
    assert {one.id for one in catalog.articles()} == {"a", "b", "c", "d"}
    assert {one.id for one in catalog.articles(["a", "d", "?"])} == {"a", "d"}
    assert {one.id for one in catalog.articles(authors={"Ada"})} == {"a", "c"}
    assert {one.id for one in catalog.articles(days=days)} == {"a", "b"}
    assert {one.id for one in catalog.articles(["b", "c"], {"Bo"}, days)} == {"b"}


def test_the_chunks_of_several_articles_are_those_of_each(catalog: Catalog) -> None:
    catalog.store([entry("a", "one", "two"), entry("b", "three"), entry("c", "four")])
    each = [chunk.id for name in ("a", "c") for chunk in catalog.chunks_of(name)]
    assert catalog.chunk_ids_of(["c", "a", "?"]) == sorted(each)
