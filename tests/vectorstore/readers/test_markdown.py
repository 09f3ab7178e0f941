"""Markdown: the body as it stands, and what the front matter says."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.types import Article, Failure

BODY = "\n# The bridge\n\nIt is *closed*.\n"


def take(folder: Path, content: str) -> tuple[Article, list[Failure]]:
    path = folder / "a.md"
    path.write_text(content, "utf-8")
    article, *notes = read(path, folder)
    assert isinstance(article, Article)
    return article, [note for note in notes if isinstance(note, Failure)]


def test_the_text_is_the_body_exactly_as_it_stands(tmp_path: Path) -> None:
    assert take(tmp_path, f"---\ntitle: Bridges\n---\n{BODY}")[0].text == BODY


def test_the_front_matter_fills_the_fields(tmp_path: Path) -> None:
    article, notes = take(
        tmp_path,
        "---\nTitle: 'Bridges: a history'\nauthors: [Ada Brandt, Pia Moe]\ntranslator: Jo Lee\ndate: 2021-03-04\n"
        f"source: https://example.org/a\nsection: Opinion\nversion: 1.10\ndraft: false\ncut_off: true\n---\n{BODY}",
    )
    assert (article.title, article.author, article.translator) == ("Bridges: a history", "Ada Brandt, Pia Moe", "Jo Lee")
    assert (article.date, article.source, article.cut_off) == ("2021-03-04", "https://example.org/a", True)
    assert article.metadata == {"section": "Opinion", "version": "1.10", "draft": "false"}
    assert notes == []


TITLES = {
    "a heading": (BODY, "The bridge"),
    "an underlined heading": ("The bridge\n==========\n\nIt is closed.", "The bridge"),
    "marks in a heading": ("Foreword.\n\n## The [old](b.md) *bridge* `now` ##\n\nIt is closed.", "The old bridge now"),
    "no heading": ("It **is** closed. It rained.", "It is closed"),
    "a comment in code": ("```\n# no heading\n```\n\n# The bridge\n", "The bridge"),
    "an empty title": ("---\ntitle:\n---\n# The bridge\n", "The bridge"),
    "nothing to make a title of": ("***\n", "a"),
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_the_heading_else_the_first_sentence(tmp_path: Path, name: str) -> None:
    text, title = TITLES[name]
    assert take(tmp_path, text)[0].title == title


BROKEN = {
    "a tab": ("---\ntitle: [open\nauthor: x\n---\n", "is not valid YAML (line 3: "),
    "two values": ("---\ntitle: a: b\n---\n", "is not valid YAML (line 2: mapping values are not allowed here)"),
    "aliases": ("---\na: &a [x]\nb: *a\n---\n", "is not valid YAML (aliases (*name) are not read here)"),
    "a sentence": ("---\nHello there\n---\n", "is not a list of `name: value` pairs"),
    "deep nesting": (f"---\na: {'[' * 3000}\n---\n", "is not valid YAML"),
    "an author nested deep": (f"---\nauthor: {'[' * 500}x{']' * 500}\n---\n", "is not valid YAML"),
    "never closed": ("---\ntitle: x\n", "has no closing line ---"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_front_matter_stays_in_the_text_and_is_reported(tmp_path: Path, name: str) -> None:
    block, problem = BROKEN[name]
    article, notes = take(tmp_path, block + BODY)
    assert article.text == block + BODY
    assert [note.reason.startswith(f"The front matter {problem}") for note in notes] == [True]


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    assert take(tmp_path, f"---\n\nHello.\n{BODY}") == (take(tmp_path, f"---\n\nHello.\n{BODY}")[0], [])


def test_empty_front_matter_is_taken_off(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\n---\n{BODY}")
    assert (article.text, notes) == (BODY, [])


def test_a_date_that_is_not_understood_is_reported_and_kept(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\ndate: the other day\n---\n{BODY}")
    assert (article.date, article.metadata) == ("", {"date": "the other day"})
    assert [(note.where, "the other day" in note.reason) for note in notes] == [("a.md", True)]


def test_line_ends_inside_front_matter_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Bridges\r\n---\r\nIt is closed.\r\n")
    (article,) = read(path, tmp_path)
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Bridges", "It is closed.\n")


def test_what_cannot_be_encoded_is_replaced(tmp_path: Path) -> None:
    assert take(tmp_path, f'---\ntitle: "a\\ud800b"\n---\n{BODY}')[0].title == "a\ufffdb"
