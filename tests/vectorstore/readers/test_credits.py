"""The line under a title that says who wrote an article and when: read, left out of the text, and listed with it."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.types import Article, OmittedText

BYLINES = {
    "a day, a name and a time to read": ("3 May 2022 · Ida Moe · 5 min read", "Ida Moe"),
    "a name behind By": ("By Ida Moe | 3 May 2022", "Ida Moe"),
    "a name and a day": ("Ida Moe | 3 May 2022", "Ida Moe"),
    "a day with a comma": ("Ida Moe · May 3, 2022", "Ida Moe"),
    "two names": ("By Ida Moe and Jo Lee — 2022-05-03", "Ida Moe, Jo Lee"),
    "a link and emphasis": ("*May 3, 2022 • [Ida Moe](https://site.example/ida)*", "Ida Moe"),
    "two lines": ("By Ida Moe\nPublished on 3 May 2022", "Ida Moe"),
    "a day of change": ("Ida Moe · Updated 4 June 2022 · Published 3 May 2022", "Ida Moe"),
    "German": ("Von Ida Moe | 3. Mai 2022 | Lesezeit: 5 Min.", "Ida Moe"),
    "a day and a time to read": ("3 May 2022 · 5 min read", ""),
}
KEPT = {
    "a place and a day": "Novi Sad, 3 May 2022",
    "a place before a dash": "Port Salerno — 3 May 2022",
    "a sentence": "Ida Moe left on 3 May 2022.",
    "a name without a day": "Ida Moe | The old dam",
    "a row of sections": "Home | News | Sport",
    "a day and a subject": "3 May 2022 · the dam of Ner broke",
}


def article(folder: Path, name: str, text: str) -> Article:
    (folder / name).write_text(text, "utf-8")
    (found,) = read(folder / name, folder)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("name", BYLINES)
def test_the_line_under_the_title_is_read_and_left_out(tmp_path: Path, name: str) -> None:
    line, author = BYLINES[name]
    found = article(tmp_path, "a.md", f"# The old dam\n\n{line}\n\nIt broke at night.\n")
    assert (found.title, found.author, found.date) == ("The old dam", author, "2022-05-03")
    assert found.text == "# The old dam\n\nIt broke at night.\n"
    assert found.omitted == (OmittedText("byline", line),)


@pytest.mark.parametrize("name", KEPT)
def test_a_line_that_may_be_something_else_stays(tmp_path: Path, name: str) -> None:
    text = f"# The old dam\n\n{KEPT[name]}\n\nIt broke at night.\n"
    found = article(tmp_path, "a.md", text)
    assert (found.text, found.author, found.date, found.omitted) == (text, "", "", ())


def test_the_front_matter_wins_over_the_line(tmp_path: Path) -> None:
    matter = "---\nauthor: Jo Lee\ndate: 2021-01-01\n---\n"
    found = article(tmp_path, "a.md", f"{matter}# The old dam\n\nIda Moe | 3 May 2022\n\nIt broke.\n")
    assert (found.author, found.date, found.text) == ("Jo Lee", "2021-01-01", "# The old dam\n\nIt broke.\n")


def test_a_line_under_a_stated_title_is_one_too(tmp_path: Path) -> None:
    found = article(tmp_path, "a.md", "---\ntitle: The old dam\n---\n\nIda Moe | 3 May 2022\n\nIt broke.\n")
    assert (found.author, found.text) == ("Ida Moe", "\nIt broke.\n")


def test_a_line_under_the_title_of_plain_text_is_one_too(tmp_path: Path) -> None:
    found = article(
        tmp_path, "a.txt", "The old dam\n\n3 May 2022 · Ida Moe · 5 min read\n\nIt broke at night, and it rained.\n"
    )
    assert (found.title, found.author, found.date) == ("The old dam", "Ida Moe", "2022-05-03")
    assert found.text == "The old dam\n\nIt broke at night, and it rained.\n"


def test_a_line_further_down_is_text(tmp_path: Path) -> None:
    text = "# The old dam\n\nIt broke at night.\n\nIda Moe | 3 May 2022\n"
    assert article(tmp_path, "a.md", text).text == text


def test_an_article_of_a_byline_alone_keeps_it(tmp_path: Path) -> None:
    assert (
        article(tmp_path, "a.md", "# The old dam\n\nIda Moe | 3 May 2022\n").text == "# The old dam\n\nIda Moe | 3 May 2022\n"
    )
