"""OpenDocument texts: headings, lists, tables and notes, and what was deleted or said in comments apart."""

from pathlib import Path

import pytest

from tests.corpus.docx_drafts import packed_zip
from tests.corpus.make_office import OFFICE
from tests.corpus.office_drafts import ODT
from vectorstore.readers import read
from vectorstore.types import Article, Failure, OmittedText


def minutes() -> Article:
    (found,) = read(OFFICE / "minutes.odt", OFFICE)
    assert isinstance(found, Article)
    return found


def text_of(folder: Path, body: str) -> str:
    head, tail = ODT[: ODT.index("<text:tracked-changes>")], ODT[ODT.index("</office:text>") :]
    (folder / "a.odt").write_bytes(packed_zip({"content.xml": head + body + tail}))
    (found,) = read(folder / "a.odt", folder)
    assert isinstance(found, Article), found
    return found.text


def test_the_properties_are_those_of_who_wrote_it_first() -> None:
    article = minutes()
    assert (article.title, article.author, article.date) == ("Minutes of the Allotment Society", "Lise Berg", "2026-01-04")


def test_the_title_headings_and_notes_are_in_order() -> None:
    assert minutes().text.startswith(
        "# Minutes of the Allotment Society\n\n## Water\n\nThe society has two taps and one rain barrel.[1] A third tap is "
        "planned.\n\n[1] The barrel holds 900 litres.\n\n1. Nobody"
    )


def test_a_list_that_goes_on_goes_on_counting() -> None:
    assert "2. Hoses are rolled up:\n  a) on the hook\n\nIt was also agreed:\n\n3. The gate is locked." in minutes().text


def test_covered_cells_are_what_covers_them() -> None:
    rows = ["| Row | Plot | Holder |", "| --- | --- | --- |", "| North | 14 | Mr Eide |", "| North | free | free |"]
    assert "\n".join(rows) in minutes().text


def test_a_box_stands_after_its_paragraph() -> None:
    assert minutes().text.endswith("\n\nThe next meeting is on 9 March.")


def test_deleted_words_comments_and_margins_are_apart() -> None:
    assert minutes().omitted == (
        OmittedText("deleted text", "The chairman was late."),
        OmittedText("running head", "Allotment Society of Lund"),
        OmittedText("comment", "By whom?"),
    )


def test_a_second_paragraph_of_an_item_has_no_number(tmp_path: Path) -> None:
    paragraphs = ("<text:p>One.</text:p><text:p>More.</text:p>", "<text:p>Two.</text:p>")
    items = "".join(f"<text:list-item>{inside}</text:list-item>" for inside in paragraphs)
    text = text_of(tmp_path, f'<text:list text:style-name="L1">{items}</text:list>')
    assert text == "1. One.\n\nMore.\n\n2. Two."


def test_a_cell_repeated_a_million_times_costs_nothing(tmp_path: Path) -> None:
    row = '<table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="1000000"/>'
    text = text_of(tmp_path, f"<table:table><table:table-row>{row}</table:table-row></table:table>")
    assert text == "a"


@pytest.mark.parametrize(
    ("name", "reason"), [("encrypted.odt", "protected with a password"), ("xml-bomb.odt", "declares XML entities")]
)
def test_what_is_not_read_is_refused_with_a_sentence(name: str, reason: str) -> None:
    (found,) = read(OFFICE / name, OFFICE)
    assert isinstance(found, Failure) and reason in found.reason


def test_a_spreadsheet_under_this_name_is_refused(tmp_path: Path) -> None:
    sheet = '<o:body xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><o:spreadsheet/></o:body>'
    (tmp_path / "a.odt").write_bytes(packed_zip({"content.xml": sheet}))
    (found,) = read(tmp_path / "a.odt", tmp_path)
    assert isinstance(found, Failure) and "holds no text document" in found.reason
