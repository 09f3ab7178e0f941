import pytest

from bot.ui.components.sources import MOST, sources_data, ticked_anew
from vectorstore.storage.records import ArticleSummary


def article(id: str, *collections: str) -> ArticleSummary:
    return ArticleSummary(id, f"Title of {id}", "", "", "", False, 100, 1, collections=collections)


THREE = [article("a", "Spring"), article("b", "Spring", "Autumn"), article("c")]


def test_without_a_tick_everything_is_asked() -> None:
    data = sources_data(THREE, (), "")
    assert (data["everything"], data["asked"], data["all_label"]) == (True, "all are asked", "All 3 articles")
    assert not any(row["ticked"] for row in data["articles"])


def test_a_collection_is_ticked_when_all_of_it_is() -> None:
    data = sources_data(THREE, ("b",), "")
    assert [(row["id"], row["ticked"]) for row in data["collections"]] == [("Autumn", True), ("Spring", False)]
    assert data["asked"] == "1 of 3 asked"


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"kind": "article", "id": "c", "on": True}, ("b", "c")),
        ({"kind": "article", "id": "b", "on": False}, ()),
        ({"kind": "collection", "id": "Spring", "on": True}, ("a", "b")),
        ({"kind": "collection", "id": "Autumn", "on": False}, ()),
        ({"kind": "all", "id": "", "on": True}, ()),
        ({"kind": "article", "id": "gone", "on": True}, ("b",)),
        ({"kind": "no such thing"}, None),
        ("nonsense", None),
    ],
)
def test_a_tick_changes_what_is_asked(sent: object, asked: tuple[str, ...] | None) -> None:
    assert ticked_anew(THREE, ("b",), sent) == asked


def test_of_a_large_library_those_that_are_asked_come_first() -> None:
    many = [article(str(n)) for n in range(MOST + 20)]
    data = sources_data(many, (str(MOST + 10),), "")
    assert (data["articles"][0]["id"], len(data["articles"])) == (str(MOST + 10), MOST)
    assert data["more"] == "20 more are on the page Articles."
