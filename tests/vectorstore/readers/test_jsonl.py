"""JSON lines: an article a line, and each bad line by its number while the others go in."""

import json
from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.files import FAILURES_NAMED
from vectorstore.types import Article, Failure


def take(folder: Path, content: str | bytes, max_bytes: int = 10_000) -> tuple[list[Article], list[Failure]]:
    path = folder / "a.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(read(path, folder, max_bytes))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Failure)]


def test_ids_are_given_or_made_of_the_path_and_the_lines_place(tmp_path: Path) -> None:
    articles, _ = take(
        tmp_path, '{"text": "A."}\n{"id": "x", "text": "B."}\n\n{"id": 7, "text": "C."}\n{"id": "", "text": "D."}'
    )
    assert [article.id for article in articles] == ["a.jsonl", "x", "7", "a.jsonl#4"]


def test_the_fields_of_a_line_fill_the_article(tmp_path: Path) -> None:
    line = {
        "id": "x",
        "text": "It is closed. It rained.",
        "author": {"name": "Ada Brandt"},
        "date": "Dec. 23, 2021",
        "url": "https://example.org/a",
        "tags": ["a", "b"],
        "views": 3,
        "section": "Opinion",
        "none": None,
        "cut_off": True,
    }
    (article,), notes = take(tmp_path, json.dumps(line))
    assert article == Article(
        id="x",
        text="It is closed. It rained.",
        title="It is closed",
        author="Ada Brandt",
        date="2021-12-23",
        source="https://example.org/a",
        cut_off=True,
        origin=str(tmp_path / "a.jsonl"),
        metadata={"tags": '["a", "b"]', "views": "3", "section": "Opinion"},
    )
    assert notes == []


def test_the_text_of_a_line_is_stored_as_it_came_but_for_line_ends(tmp_path: Path) -> None:
    assert take(tmp_path, '{"text": "  A.\\r\\nB.\\rC.\\n "}')[0][0].text == "  A.\nB.\nC.\n "


BAD = {
    "broken JSON": ('{"text": "A."', "The line is not valid JSON (Expecting ',' delimiter at column 14); it was left out."),
    "no object": ("[1]", 'The line is no JSON object like {"id": ..., "text": ...}; it was left out.'),
    "no text": ('{"id": "x"}', "The line has no `text`; it was left out."),
    "text no string": ('{"text": ["A."]}', "The `text` of the line is not a string; it was left out."),
    "empty text": ('{"text": " \\n"}', "The `text` of the line is empty; it was left out."),
    "an id that is none": (
        '{"id": [1], "text": "A."}',
        "The `id` of the line is neither a string nor a number; it was left out.",
    ),
    "an id that is true": (
        '{"id": true, "text": "A."}',
        "The `id` of the line is neither a string nor a number; it was left out.",
    ),
    "deep nesting": (
        "[" * 9000,
        "The line is JSON that cannot be read (nested too deeply, or a number too long); it was left out.",
    ),
    "a huge number": (
        '{"id": ' + "1" * 5000 + ', "text": "A."}',
        "The line is JSON that cannot be read (nested too deeply, or a number too long); it was left out.",
    ),
    "an id again": (
        '{"id": "first", "text": "B."}',
        "An earlier line has the same id “first”; this line was left out. Give each line its own id.",
    ),
    "too long": (
        '{"text": "' + "A" * 20_000 + '"}',
        "The line has more than 10000 bytes; it was left out. Cut its text into several articles.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named_and_the_others_go_in(tmp_path: Path, name: str) -> None:
    line, reason = BAD[name]
    articles, failures = take(tmp_path, f'{{"id": "first", "text": "A."}}\n{line}\n{{"id": "last", "text": "Z."}}\n')
    assert [article.id for article in articles] == ["first", "last"]
    assert failures == [Failure("a.jsonl, line 2", reason)]


def test_lines_in_another_encoding_are_read_and_told_once(tmp_path: Path) -> None:
    line = '{"text": "Le café de Besançon a fermé en été."}\n'
    articles, failures = take(tmp_path, line.encode("cp1252") * 2 + '{"text": "Müller."}'.encode())
    assert [article.text for article in articles] == ["Le café de Besançon a fermé en été."] * 2 + ["Müller."]
    told = "The lines that are not UTF-8 were read as Windows-1252, in which their bytes make sense."
    assert failures == [Failure("a.jsonl", told)]


@pytest.mark.parametrize("encoding", ["utf_16_le", "utf_16_be"])
def test_utf16_without_a_mark_is_understood(tmp_path: Path, encoding: str) -> None:
    articles, _ = take(tmp_path, '{"text": "The tram was built in 1878."}\n{"text": "B."}\n'.encode(encoding))
    assert [article.text for article in articles] == ["The tram was built in 1878.", "B."]


def test_the_line_ends_of_the_old_mac_part_lines(tmp_path: Path) -> None:
    assert [article.text for article in take(tmp_path, '{"text": "A."}\r{"text": "B."}\r')[0]] == ["A.", "B."]


NAMES = {
    "newspapers": {
        "text": "It is high.",
        "headline": "Dams",
        "authors": ["Olaf Berg"],
        "publish_date": "2020-03-04 00:00:00+00:00",
    },
    "programs": {
        "content": "It is high.",
        "title": "Dams",
        "creator": {"name": "Olaf Berg"},
        "publishedAt": "2020-03-04T00:00:00.000Z",
    },
    "databases": {
        "articleBody": "It is high.",
        "post_title": "Dams",
        "byline": "By Olaf Berg",
        "created": {"$date": 1583280000000},
    },
    "feeds": {
        "body": "It is high.",
        "title": "Dams",
        "dc:creator": "olaf@x.org (Olaf Berg)",
        "pubDate": "Wed, 04 Mar 2020 10:00:00 GMT",
    },
    "libraries": {
        "full_text": "It is high.",
        "title": "Dams",
        "author": [{"family": "Berg", "given": "Olaf"}],
        "issued": {"date-parts": [[2020, 3, 4]]},
    },
}


@pytest.mark.parametrize("kind", NAMES)
def test_each_name_of_a_field_is_known(tmp_path: Path, kind: str) -> None:
    (article,), failures = take(tmp_path, json.dumps(NAMES[kind]))
    assert (article.title, article.author, article.date, article.text) == ("Dams", "Olaf Berg", "2020-03-04", "It is high.")
    assert (failures, article.metadata) == ([], {})


@pytest.mark.parametrize("escape", ["\\ud83d", "\\u0000"])
def test_characters_that_cannot_be_stored_are_replaced_and_reported(tmp_path: Path, escape: str) -> None:
    articles, failures = take(tmp_path, f'{{"text": "A {escape} b."}}')
    assert [article.text for article in articles] == ["A \ufffd b."]
    assert [failure.where for failure in failures] == ["a.jsonl, line 1"]


def test_half_a_surrogate_pair_in_a_field_is_replaced(tmp_path: Path) -> None:
    (article,), _ = take(tmp_path, '{"id": "\\ud800", "title": "\\ud800", "text": "A.", "\\ud800": "\\ud800"}')
    assert (article.id, article.title, article.metadata) == ("\ufffd", "\ufffd", {"\ufffd": "\ufffd"})


def test_a_whole_surrogate_pair_is_its_character(tmp_path: Path) -> None:
    assert take(tmp_path, '{"text": "\\ud83d\\ude00 hi."}')[0][0].text == "😀 hi."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_is_understood(tmp_path: Path, encoding: str) -> None:
    articles, failures = take(tmp_path, '{"text": "A."}\n{"text": "B."}\n'.encode(encoding))
    assert ([article.text for article in articles], failures) == (["A.", "B."], [])


def test_a_date_that_is_not_understood_is_reported(tmp_path: Path) -> None:
    (article,), failures = take(tmp_path, '{"text": "A.", "date": "soon"}')
    assert (article.date, article.metadata["date"]) == ("", "soon")
    assert [failure.where for failure in failures] == ["a.jsonl, line 1"]


def test_a_file_of_another_kind_does_not_flood_the_report(tmp_path: Path) -> None:
    _, failures = take(tmp_path, "word\n" * 1000)
    assert len(failures) == FAILURES_NAMED + 1
    assert failures[-1].reason == "900 more lines of this file could not be read either."


def test_a_file_over_the_limit_with_lines_under_it_is_read(tmp_path: Path) -> None:
    articles, failures = take(tmp_path, '{"text": "A sentence."}\n' * 100, max_bytes=100)
    assert (len(articles), failures) == (100, [])


@pytest.mark.parametrize("name", ["author", "title", "date", "source", "cut_off", "tags"])
@pytest.mark.parametrize("depth", [500, 900, 990])
def test_a_line_that_is_nested_deep_does_not_stop_the_others(tmp_path: Path, name: str, depth: int) -> None:
    deep = f'{{"text": "Deep.", "{name}": {"[" * depth}"x"{"]" * depth}}}'
    articles, failures = take(tmp_path, f'{{"text": "Before."}}\n{deep}\n{{"text": "After."}}')
    assert {"Before.", "After."} <= {article.text for article in articles}
    assert len(articles) == 3 or ["nested too deeply" in failure.reason for failure in failures] == [True]


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1e999999", "9" * 4000, "NaN", "-Infinity"])
@pytest.mark.parametrize("name", ["id", "date", "views", "author"])
def test_a_line_with_a_huge_number_does_not_stop_the_others(tmp_path: Path, name: str, number: str) -> None:
    articles, _ = take(tmp_path, f'{{"text": "Before."}}\n{{"text": "Huge.", "{name}": {number}}}\n{{"text": "After."}}')
    assert {"Before.", "After."} <= {article.text for article in articles}
