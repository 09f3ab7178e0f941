"""The library's list and its intake, without a browser."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from fake_library import FakeLibrary
from fake_pages import FakePages
from streamlit.testing.v1 import AppTest
from test_ui_pages import drawn, reading

from bot.resources import seeds_dir
from bot.ui.library.adding import address_items, progress_text, text_item
from bot.ui.library.intake import Intake, IntakeItem
from bot.ui.library.listing import ListFilter, ListOrder, kind_of, listed
from bot.ui.library.state import LibraryState, examples_among
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article, IngestSource

SECONDS = 20


def summary(id: str, title: str = "", **values: object) -> ArticleSummary:
    return replace(ArticleSummary(id, title or id, "", "", "", False, 100, 1), **values)  # type: ignore[arg-type]


RAIN = summary("rain.md", "Rain", author="Ada Brandt", date="2020", added="2026-01-02", chars=300, tags=("weather",))
SNOW = summary("snow.pdf", "Snow", date="2021", added="2026-01-01", chars=500, media_type="application/pdf", language="de")
AGAIN = summary("again.md", "Rain, again", variant_of="rain.md", chars=200)
GONE = summary("gone.md", "Gone", archived=True)
ALL = [RAIN, SNOW, AGAIN, GONE]


def ids(wanted: ListFilter, order: ListOrder = "title") -> list[str]:
    return [row.article.id for row in listed(ALL, wanted, order)]


def test_copies_are_one_row_and_archived_articles_none() -> None:
    rows = listed(ALL, ListFilter(), "title")
    assert [(row.article.id, row.copies) for row in rows] == [("rain.md", 1), ("snow.pdf", 0)]


def test_a_copy_is_listed_where_its_original_is_not() -> None:
    assert ids(ListFilter("again")) == ["again.md"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("title", ["rain.md", "snow.pdf"]),
        ("date", ["snow.pdf", "rain.md"]),
        ("added", ["rain.md", "snow.pdf"]),
        ("size", ["snow.pdf", "rain.md"]),
    ],
)
def test_the_list_is_sorted(order: ListOrder, expected: list[str]) -> None:
    assert ids(ListFilter(), order) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ListFilter("brandt"), ["rain.md"]),
        (ListFilter("weather"), ["rain.md"]),
        (ListFilter(tags=("weather",)), ["rain.md"]),
        (ListFilter(languages=("de",)), ["snow.pdf"]),
        (ListFilter(kinds=("pdf",)), ["snow.pdf"]),
        (ListFilter(archived=True), ["gone.md"]),
        (ListFilter("flood", holding=frozenset({"snow.pdf"})), ["snow.pdf"]),
    ],
)
def test_the_list_is_filtered(wanted: ListFilter, expected: list[str]) -> None:
    assert ids(wanted) == expected


def test_what_only_its_text_holds_comes_after_the_titles() -> None:
    rows = listed(ALL, ListFilter("snow", holding=frozenset({"rain.md"})), "title")
    assert [(row.article.id, row.by_text) for row in rows] == [("snow.pdf", False), ("rain.md", True)]


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (SNOW, "pdf"),
        (RAIN, "markdown"),
        (summary("a.txt"), "text"),
        (summary("a", media_type="text/html", origin="https://example.org/a.md"), "web_page"),
    ],
)
def test_the_kind_is_that_of_the_original(one: ArticleSummary, kind: str) -> None:
    assert kind_of(one) == kind


def test_examples_are_told_by_the_folder_that_they_come_from() -> None:
    example = summary("a.md", origin=str(seeds_dir() / "a.md"))
    assert examples_among([RAIN, example]) == [example]


# Taking in


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary({}, folder=tmp_path)


def taken(library: FakeLibrary, items: Sequence[IntakeItem]) -> Intake:
    intake = Intake(library)  # type: ignore[arg-type]
    intake.add(items)
    assert intake.join(SECONDS)
    return intake


def pasted(library: FakeLibrary, title: str, text: str = "Text.") -> IntakeItem:
    return text_item(library, title, text)  # type: ignore[arg-type]


def test_each_item_comes_to_what_became_of_it(library: FakeLibrary) -> None:
    intake = taken(
        library, [pasted(library, "Rain"), pasted(library, "Bad", "It is broken."), pasted(library, "Rain", "More.")]
    )
    assert [(one.status, one.articles, one.said) for one in intake.items] == [
        ("added", ("Rain.md",), ""),
        ("failed", (), "The file is broken."),
        ("changed", ("Rain.md",), ""),
    ]
    assert progress_text(intake, intake.items) == "2 added · 1 failed"


def test_an_address_that_cannot_be_reached_is_told_and_the_others_come_in(library: FakeLibrary) -> None:
    items = address_items(library, "nowhere.test/a\n\nhttps://example.org/b\n")  # type: ignore[arg-type]
    intake = taken(library, items)
    assert [(one.name, one.status) for one in intake.items] == [
        ("https://nowhere.test/a", "failed"),
        ("https://example.org/b", "added"),
    ]
    assert "cannot be reached" in intake.items[0].said


def test_what_failed_is_tried_again(library: FakeLibrary) -> None:
    texts = iter(["It is broken.", "It is whole."])
    item = IntakeItem("Rain", lambda: [library.pasted("Rain", next(texts))])
    intake = taken(library, [item])
    intake.retry(0)
    assert intake.join(SECONDS)
    assert [one.status for one in intake.items] == ["added"]


def test_cancelling_keeps_what_is_there_and_takes_in_no_more(library: FakeLibrary) -> None:
    begun, go_on = Event(), Event()

    def slow() -> list[IngestSource]:
        begun.set()
        assert go_on.wait(SECONDS)
        return [library.pasted("Slow", "Text.")]

    intake = Intake(library)  # type: ignore[arg-type]
    intake.add([IntakeItem("Slow", slow), pasted(library, "Later")])
    assert begun.wait(SECONDS)
    intake.cancel()
    go_on.set()
    assert intake.join(SECONDS)
    assert [one.status for one in intake.items] == ["cancelled", "cancelled"]
    assert library.articles() == []


def test_a_page_that_is_fetched_again_and_is_the_same_is_unchanged(library: FakeLibrary) -> None:
    intake = taken(library, [IntakeItem("Page", list, known=True), IntakeItem("Feed", list)])
    assert [one.status for one in intake.items] == ["unchanged", "failed"]


def test_a_bug_is_told_and_the_intake_goes_on(library: FakeLibrary) -> None:
    def crash() -> list[IngestSource]:
        raise ZeroDivisionError

    intake = taken(library, [IntakeItem("Bad", crash)])
    intake.add([pasted(library, "Rain")])
    assert intake.join(SECONDS)
    assert [one.status for one in intake.items] == ["added"]


# What is done to articles


def test_deleting_offers_the_way_back(library: FakeLibrary) -> None:
    library.stored["rain.md"] = Article("rain.md", "It rained.", "Rain")
    state = LibraryState(reading="rain.md", chosen=("rain.md",))
    state.delete(library, {"rain.md": "Rain"})  # type: ignore[arg-type]
    assert (library.articles(), state.reading, state.chosen) == ([], "", ())
    assert state.undo is not None
    state.restore(library, state.undo.ids)  # type: ignore[arg-type]
    assert ([one.title for one in library.articles()], state.undo) == (["Rain"], None)


def test_an_edit_that_cannot_be_is_told(library: FakeLibrary) -> None:
    library.stored["rain.md"] = Article("rain.md", "It rained.", "Rain")
    state = LibraryState()
    state.edit(library, "rain.md", {"date": "soon"})  # type: ignore[arg-type]
    assert state.fault is not None
    assert "is not a date" in state.fault.message


def test_the_words_of_a_text_find_its_article(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30).run()
    at.text_input(key="footnote-find").set_value("eleven days").run()
    assert [one["id"] for one in drawn(at, "catalog")[0]["entries"]] == ["harbour.md"]
    assert at.text[0].value == "1 of 3 articles, 1 of them by its text"


def test_an_address_opens_its_article(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30)
    at.query_params["article"] = "harbour.md"
    at.run()
    assert (at.title[0].value, drawn(at, "source")[0]["title"]) == (
        "The winter the harbour froze",
        "The winter the harbour froze",
    )


def test_an_article_says_what_it_is_about_and_leads_there(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30)
    at.query_params["article"] = "harbour.md"
    at.run()
    sentence = at.button(key="footnote-article-sentence-0-level-0")
    sentence.click().run()
    marked = [
        segment["text"]
        for block in drawn(at, "source")[0]["blocks"]
        for segment in block["segments"]
        if segment["mark"] == "passage"
    ]
    assert sentence.label.split()[:3] == marked[0].split()[:3]


def test_an_address_of_no_article_shows_the_list_and_says_so(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30)
    at.query_params["article"] = "nothing.md"
    at.run()
    assert "This article is not in the library" in at.error[0].value
    assert len(drawn(at, "catalog")[0]["entries"]) == 3


def test_an_empty_library_says_what_to_do(service: FakePages) -> None:
    service.stored.clear()
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30).run()
    assert at.text[0].value.startswith("There are no articles yet. Drop files")
    assert drawn(at, "catalog") == []
