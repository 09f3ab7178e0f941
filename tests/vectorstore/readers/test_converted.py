"""Blocks of a file to an article: titles, authors, dates, tables, and what was left out."""

from pathlib import Path

import pytest

from vectorstore.errors import ReadError
from vectorstore.readers.converted import (
    MAX_OMITTED,
    OmittedParts,
    converted_article,
    stated_author,
    stated_day,
    stated_title,
    table_blocks,
)
from vectorstore.readers.document import DocumentBlock
from vectorstore.types import Article, Failure

LABEL, SENTENCE = [DocumentBlock("paragraph", "Ships")], [DocumentBlock("paragraph", "It rained. " * 20)]
OTHER = [DocumentBlock("paragraph", "12")]


def article(*blocks: DocumentBlock, **stated: str) -> list[Article | Failure]:
    return list(converted_article(Path("a.docx"), "a.docx", blocks, stated, OmittedParts(), "text/x", 1000))


def title(*blocks: DocumentBlock, **stated: str) -> str:
    (found,) = article(*blocks, **stated)
    assert isinstance(found, Article)
    return found.title


def cells(*rows: list[list[DocumentBlock]]) -> list[tuple[str, ...]]:
    return [block.cells for block in table_blocks(rows, 1)]


def test_the_title_is_stated_or_the_first_heading_or_the_first_sentence() -> None:
    heading, words = DocumentBlock("heading", "Rain[1]"), DocumentBlock("item", "It rained.[2] Much.")
    assert title(words, heading, title="Snow") == "Snow"
    assert title(words, heading) == "Rain"
    assert title(words) == "It rained"


def test_a_date_that_is_not_understood_is_reported() -> None:
    found, note = article(DocumentBlock("paragraph", "It rained."), date="the other day")
    assert isinstance(found, Article) and isinstance(note, Failure)
    assert (found.date, "the other day" in note.reason) == ("", True)


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(ReadError, match="the limit is 1000 bytes"):
        article(DocumentBlock("paragraph", "x" * 1001))


@pytest.mark.parametrize("name", ["python-docx", "Microsoft Office User", "Windows User", "用户", ""])
def test_what_programs_fill_in_is_no_author(name: str) -> None:
    assert stated_author(name) == ""


def test_several_authors_are_joined_once_each() -> None:
    assert stated_author("Ann Reid; Jon Ask;Ann Reid;python-docx") == "Ann Reid, Jon Ask"


def test_titles_and_dates_of_templates_are_none() -> None:
    assert (stated_title(" PowerPoint  Presentation"), stated_title("Rain")) == ("", "Rain")
    assert (stated_day("2013-12-23T23:15:00Z"), stated_day("2024-05-04T10:00:00Z")) == ("", "2024-05-04")


def test_a_label_is_repeated_for_all_that_it_spans() -> None:
    assert cells([LABEL, LABEL, OTHER], [LABEL, OTHER, OTHER]) == [("Ships", "Ships", "12"), ("Ships", "12", "12")]


def test_a_line_across_the_table_and_a_long_text_stand_once() -> None:
    across = [DocumentBlock("paragraph", "In May")]
    assert cells([LABEL, OTHER], [across, across]) == [("Ships", "12"), ("In May", "")]
    assert [row[1] for row in cells([OTHER, SENTENCE, SENTENCE], [OTHER, SENTENCE, LABEL])] == [
        "It rained. " * 19 + "It rained.",
        "",
    ]


def test_what_was_left_out_has_a_limit() -> None:
    parts = OmittedParts()
    parts.add("comment", "x" * (MAX_OMITTED - 5))
    parts.add("comment", "It rained all day.")
    parts.add("comment", "Never kept.")
    assert [len(part.text) for part in parts.collected()] == [MAX_OMITTED - 5, 5]
