"""The picture of a page, and where words stand on it."""

from pathlib import Path

import pytest

from tests.corpus.pdf_drafts import lines, on_canvas
from vectorstore.readers.pdf.pictures import marks_on_page, page_picture

CORPUS = Path(__file__).parents[3] / "corpus" / "pdf"


def test_a_page_is_a_picture_and_one_that_is_not_there_none() -> None:
    found = page_picture(CORPUS / "one-column.pdf", 1)
    assert found is not None
    assert found.data[8:12] == b"WEBP"
    assert 1000 < found.width < found.height
    assert page_picture(CORPUS / "one-column.pdf", 99) is None


def test_words_over_a_broken_line_have_a_mark_on_each(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(on_canvas(lambda canvas: lines(canvas, 80, 700, ["It was sold to a mer-", "chant in Lervik."])))
    first, second = marks_on_page(path, 1, "sold to a merchant in Lervik")
    assert first.top < second.top
    assert first.left > second.left == pytest.approx(80 / 595, abs=0.01)


def test_words_that_do_not_stand_there_are_not_marked() -> None:
    assert marks_on_page(CORPUS / "one-column.pdf", 1, "a sentence that nobody wrote") == ()


def test_what_goes_on_over_the_page_is_marked_as_far_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(on_canvas(lambda canvas: canvas.drawString(80, 700, "and the mate of the ferry")))
    assert len(marks_on_page(path, 1, "and the mate of the ferry wrote it down in pencil")) == 1


def test_marks_lie_on_a_turned_page_as_it_is_shown() -> None:
    (mark,) = marks_on_page(CORPUS / "rotated.pdf", 1, "Rainfall on the plateau")
    # The headline is level on the page as it is shown, at its top left.
    assert mark.width > 4 * mark.height
    assert mark.top < 0.3
    assert mark.left < 0.3
