"""Texts over the limit of a file: in parts that are the whole again when they are put together, cut where a paragraph ends."""

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.readers import large_text, read
from vectorstore.types import Article, Failure

PARAGRAPH = "It rained on the moor for a week. Nobody at Ner had seen so much water.\n\n"
LIMIT = 1000


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_text, "PART", 500)
    monkeypatch.setattr(large_text.text_parts, "__defaults__", (500,))


def found_in(folder: Path, data: str | bytes, name: str = "log.txt") -> tuple[list[Article], list[Failure]]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = list(read(path, folder, LIMIT))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Failure)]


def test_a_large_text_comes_in_parts_that_are_the_whole(tmp_path: Path) -> None:
    text = PARAGRAPH * 30
    articles, told = found_in(tmp_path, text)
    assert "".join(one.text for one in articles) == text
    assert [one.id for one in articles] == ["log.txt", *(f"log.txt#{n}" for n in range(2, len(articles) + 1))]
    assert all(len(one.text) <= 500 and one.text.endswith("water.\n\n") for one in articles)
    assert [(one.taken, one.reason) for one in told] == [
        (True, f"The text has 2190 bytes; it was taken in as {len(articles)} articles, one for each part of it.")
    ]


def test_a_part_is_called_by_the_title_of_the_whole_and_its_number(tmp_path: Path) -> None:
    articles, _ = found_in(tmp_path, PARAGRAPH * 20)
    assert [one.title for one in articles[:2]] == [
        "It rained on the moor for a week (1)",
        "It rained on the moor for a week (2)",
    ]
    assert (articles[0].metadata, articles[1].metadata) == ({"part": "1"}, {"part": "2", "part_of": "log.txt"})


def test_front_matter_holds_for_all_parts(tmp_path: Path) -> None:
    articles, _ = found_in(tmp_path, "---\ntitle: Rain\nauthor: Ann Reid\n---\n" + PARAGRAPH * 20, "log.md")
    assert {one.author for one in articles} == {"Ann Reid"}
    assert [one.title for one in articles[:2]] == ["Rain (1)", "Rain (2)"]
    assert "".join(one.text for one in articles) == PARAGRAPH * 20


def test_a_heading_stays_with_what_stands_under_it(tmp_path: Path) -> None:
    text = PARAGRAPH * 6 + "# Hail\n\n" + PARAGRAPH * 14
    articles, _ = found_in(tmp_path, text)
    assert articles[1].text.startswith("# Hail")


def test_a_text_that_grows_keeps_its_parts(tmp_path: Path) -> None:
    before, _ = found_in(tmp_path, PARAGRAPH * 20)
    after, _ = found_in(tmp_path, PARAGRAPH * 40)
    assert [one.hash for one in before[:-1]] == [one.hash for one in after[: len(before) - 1]]


@pytest.mark.parametrize(
    ("codec", "told"),
    [("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "Windows-1252"), ("koi8_r", "KOI8-R"), ("cp932", "Shift-JIS")],
)
def test_a_large_text_is_read_in_its_own_encoding(tmp_path: Path, codec: str, told: str) -> None:
    words = {
        "koi8_r": "Дождь шёл над болотом целую неделю, и никто не видел столько воды.",
        "cp932": "沼地では一週間ずっと雨が降り続いた。誰もこんなに多くの水を見たことがなかった。",
    }
    text = f"{words.get(codec, 'Der Regen fiel über dem Moor, und in Nürnberg wußte es niemand. Alle hörten zu.')}\n\n" * 22
    articles, notes = found_in(tmp_path, text.encode(codec))
    assert "".join(one.text for one in articles) == text
    assert [told in one.reason for one in notes[1:]] == ([True] if told else [])


def test_a_few_bad_bytes_in_a_large_text_are_told(tmp_path: Path) -> None:
    articles, notes = found_in(
        tmp_path, ("Schöner Regen fällt über Köln und Zürich, schön für Bäume.\n\n" * 30).encode() + b"\xff."
    )
    assert articles[-1].text.endswith("\ufffd.")
    assert [one.reason for one in notes[1:]] == [
        "The text holds 1 byte that is not valid UTF-8; in their place stands “\ufffd”."
    ]


def test_a_large_binary_file_is_refused(tmp_path: Path) -> None:
    articles, told = found_in(tmp_path, b"words " * 200 + bytes(100))
    assert (articles, [one.reason for one in told]) == ([], ["This is a binary file, not text."])


@given(st.text("ab .\n。", min_size=1, max_size=400), st.integers(10, 60))
def test_parts_put_together_are_the_text_but_for_white_space(text: str, most: int) -> None:
    parts = list(large_text.text_parts(StringIO(text), most))
    assert all(0 < len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
