"""A PDF becomes one article: pages, margins, labels, scans, and what is refused. The corpus has whole files."""

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.pdf_drafts import lines, on_canvas, photographed
from vectorstore.errors import ReadError
from vectorstore.readers import read
from vectorstore.readers.document import DocumentBlock, DocumentPage, PageBreak, page_at, pages_label, rendered
from vectorstore.readers.pdf import margins, ocr
from vectorstore.readers.pdf.file import PDFIUM_LOCK, opened_pdf
from vectorstore.types import Article, Failure, PageSpan

CORPUS = Path(__file__).parents[3] / "corpus" / "pdf"
PROSE = "The ferry left the north quay at noon with eleven passengers and a crated piano on board."


def article_of(data: bytes, folder: Path, max_bytes: int = 50_000_000) -> Article:
    path = folder / "made.pdf"
    path.write_bytes(data)
    found = [one for one in read(path, folder, max_bytes) if isinstance(one, Article)]
    assert len(found) == 1
    return found[0]


def test_a_paragraph_over_two_pages_is_one_and_knows_both(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 80, 700, [PROSE, "It was the last crossing that the company ever made, and the mate"])
        canvas.showPage()
        lines(canvas, 80, 700, ["wrote it down in pencil. Nobody read it for thirty years."])

    article = article_of(on_canvas(draw), tmp_path)
    assert "the mate wrote it down in pencil" in article.text
    at = article.text.index("wrote it down")
    labels = [page.label for page in (page_at(article.pages, at - 3), page_at(article.pages, at)) if page]
    assert labels == ["1", "2"]
    assert pages_label(article.pages, at - 10, at + 10) == "pp. 1–2"


def test_a_page_break_inside_a_block_counts_from_its_words() -> None:
    first, second = DocumentPage("page", 1, "1"), DocumentPage("page", 2, "2")
    text, pages = rendered([DocumentBlock("item", "one two", page=first, breaks=(PageBreak(4, second),))])
    assert text == "- one two"
    assert [(page.label, text[page.start : page.end]) for page in pages] == [("1", "- one "), ("2", "two")]


def test_words_that_lie_outside_of_the_page_are_left_out(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, PROSE)
        canvas.drawString(80, -40, "Cut here")

    assert "Cut here" not in article_of(on_canvas(draw), tmp_path).text


def test_what_is_drawn_out_of_order_is_read_from_the_top(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 80, 300, ["It came last."])
        lines(canvas, 80, 700, ["It came first, and it was a long sentence about the quay."])

    text = article_of(on_canvas(draw), tmp_path).text
    assert text.index("came first") < text.index("came last")


def test_a_document_with_too_much_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(on_canvas(lambda canvas: lines(canvas, 80, 800, [PROSE] * 50)))
    found = list(read(path, tmp_path, 1000))
    assert [type(one) for one in found] == [Failure]
    assert "the limit is 1000 bytes" in str(found[0])


def test_a_scan_says_what_to_install_where_nothing_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = photographed(on_canvas(lambda canvas: canvas.drawString(80, 700, PROSE)))
    path = tmp_path / "scan.pdf"
    path.write_bytes(on_canvas(lambda canvas: canvas.drawImage(picture, 0, 0, 595, 842)))
    # As on a machine without the extra: whether the package is there is asked of the import system.
    monkeypatch.setattr(ocr, "find_spec", lambda _name: None)
    (failure,) = read(path, tmp_path)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("The PDF is scanned: its page is a picture. Install the extra `ocr`")


def test_some_scanned_pages_are_told_and_the_others_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _name: None)
    found = list(read(CORPUS / "mixed-scanned.pdf", CORPUS))
    assert isinstance(found[0], Article)
    assert "The season opens" in found[0].text
    assert found[1] == Failure(
        "mixed-scanned.pdf",
        "1 of 2 pages are scanned and were left out (2): install the extra `ocr` to have them read.",
    )


def test_the_lock_is_free_between_two_pages() -> None:
    with opened_pdf(CORPUS / "one-column.pdf") as file:
        with file.page(0) as page:
            assert page is not None
        assert PDFIUM_LOCK.acquire(blocking=False)
        PDFIUM_LOCK.release()


def test_a_file_that_is_no_pdf_is_refused_when_it_is_opened() -> None:
    with pytest.raises(ReadError, match="is no PDF"), opened_pdf(CORPUS / "web-page.pdf"):
        pass


@pytest.mark.parametrize(
    ("stated", "printed", "expected"),
    [
        (["i", "ii", "1"], ["", "", ""], ["i", "ii", "1"]),
        (["", "", ""], ["113", "114", "115"], ["113", "114", "115"]),
        (["1", "2", "3"], ["", "8", ""], ["1", "2", "3"]),
        (["", ""], ["", ""], ["1", "2"]),
    ],
)
def test_pages_are_called_as_the_document_or_its_print_has_it(
    stated: list[str], printed: list[str], expected: list[str]
) -> None:
    assert margins.page_labels(stated, printed) == expected


def test_a_label_over_two_pages_names_both() -> None:
    pages = [PageSpan("page", "iii", 1, 0, 50), PageSpan("page", "iv", 2, 50, 90)]
    assert (pages_label(pages, 10, 20), pages_label(pages, 40, 60), pages_label((), 0, 5)) == ("p. iii", "pp. iii–iv", "")


@pytest.mark.skipif(not ocr.can_read_pictures(), reason="the extra `ocr` is not installed")
def test_a_page_that_takes_too_long_to_recognise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.0)
    found = list(read(CORPUS / "mixed-scanned.pdf", CORPUS))
    assert isinstance(found[0], Article) and "The season opens" in found[0].text
    assert [one.reason for one in found[1:] if isinstance(one, Failure)] == [
        "1 of 2 pages are scanned and were left out (2): to recognise their words took longer than 60 s a page."
    ]
