"""Slides: each is a page of the article, its title a heading, with tables and the speaker's notes."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from pptx import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from tests.corpus.make_office import OFFICE
from vectorstore.readers import read
from vectorstore.types import Article, Failure, OmittedText


def talk() -> Article:
    (found,) = read(OFFICE / "otters.pptx", OFFICE)
    assert isinstance(found, Article)
    return found


def drawn(folder: Path, draw: Callable[[Slide], None]) -> Article:
    made = Presentation()
    draw(made.slides.add_slide(made.slide_layouts[5]))
    packed = BytesIO()
    made.save(packed)
    (folder / "a.pptx").write_bytes(packed.getvalue())
    (found,) = read(folder / "a.pptx", folder)
    assert isinstance(found, Article), found
    return found


def test_each_slide_is_a_page() -> None:
    article = talk()
    assert [(page.kind, page.label, article.text[page.start : page.end].split("\n")[0]) for page in article.pages] == [
        ("slide", "1", "# Otters in the Lune"),
        ("slide", "2", "## What we counted"),
        ("slide", "3", "## By year"),
    ]


def test_bullets_have_levels_and_notes_stand_below() -> None:
    assert "- Eleven holts below the weir\n  - four of them new\n\nSay that the winter count" in talk().text


def test_a_table_is_a_table() -> None:
    assert "| Year | Otters |\n| --- | --- |\n| 2023 | 17 |\n| 2024 | 26 |\n\nCubs are not counted." in talk().text


def test_a_hidden_slide_is_apart() -> None:
    assert talk().omitted == (OmittedText("hidden slide", "Old figures"),)


def test_the_properties_of_a_template_are_no_data(tmp_path: Path) -> None:
    def draw(slide: Slide) -> None:
        slide.shapes.title.text = "Rain"

    article = drawn(tmp_path, draw)
    assert (article.title, article.author, article.date) == ("Rain", "", "")


def test_shapes_in_groups_and_merged_cells_are_read(tmp_path: Path) -> None:
    def draw(slide: Slide) -> None:
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group."
        table = slide.shapes.add_table(3, 2, 0, 0, Inches(1), Inches(1)).table
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(0, 0).text, table.cell(1, 0).text, table.cell(1, 1).text = "a", "b", "c"
        table.cell(2, 0).text = "d"

    assert drawn(tmp_path, draw).text == "In a group.\n\na\n\n| b | c |\n| --- | --- |\n| d |  |"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes((OFFICE / "minutes.odt").read_bytes())
    (found,) = read(tmp_path / "a.pptx", tmp_path)
    assert isinstance(found, Failure) and "has no part ppt/presentation.xml" in found.reason
