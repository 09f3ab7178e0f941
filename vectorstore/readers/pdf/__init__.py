"""PDF -> one article of light Markdown with the page of every word.

`runs.py` takes the words of a page with their places, `margins.py` takes running heads and page numbers out, `columns.py` finds
the order in which to read, `lines.py` and `blocks.py` make paragraphs, headings, lists, tables and notes of it, and `facts.py`
finds the title, the author and the date. `ocr.py` reads pages that are pictures, and `pictures.py` draws a page for the reader.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.converted import OmittedParts, converted_article
from vectorstore.readers.document import DocumentPage
from vectorstore.readers.files import megabytes
from vectorstore.readers.pdf.blocks import ReadPage, document_blocks
from vectorstore.readers.pdf.columns import reading_order
from vectorstore.readers.pdf.facts import stated_facts
from vectorstore.readers.pdf.file import PdfFile, opened_pdf
from vectorstore.readers.pdf.margins import PageMargins, page_labels, without_margins
from vectorstore.readers.pdf.ocr import PAGE_SECONDS, Pixels, can_read_pictures, picture_of, read_picture
from vectorstore.readers.pdf.runs import PageRuns, page_runs
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/pdf"
LARGEST_FILE = 10
"""A PDF may be so many times as large as a file of text: most of it is pictures and fonts."""
FEW_CHARACTERS = 12
"""A page with pictures and fewer characters than this is scanned; a stamp or a page number may stand on it all the same."""
PICTURED = 0.3
"""A scanned page is covered by pictures to this part at least."""
STRANGE = 0.3
"""Where more of the letters than this have no meaning, the page is read as a picture."""


@dataclass(slots=True)
class _Scans:
    """Which pages, from 0, are pictures, and what became of them."""

    read: list[int]
    unread: list[int]
    slow: list[int]
    """Those that took too long, which are not among the `unread`."""


def read_pdf(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The document as one article with its pages; pages that are scanned are read where the extra `ocr` is installed.

    Raises `ReadError` with a sentence for what is encrypted, damaged, empty, too large, or scanned and not to be read.
    """
    if (size := path.stat().st_size) > LARGEST_FILE * max_bytes:
        raise ReadError(f"The PDF is {megabytes(size)} large; the limit is {megabytes(LARGEST_FILE * max_bytes)}.")
    with opened_pdf(path) as file:
        pages, scans = _pages(file)
        if not any(page.runs for page in pages):
            raise ReadError(_nothing_read(scans, file.count))
        stated_labels = [file.label(at) for at in range(file.count)]
        outline, information = file.outline(), file.information()
    omitted = OmittedParts()
    read = _in_reading_order(pages, stated_labels, omitted)
    blocks = document_blocks(read, outline)
    for at in scans.read:
        # Nothing was left out here, but whoever cites the page should know.
        omitted.add("read by OCR", f"Page {read[at].page.label} is a picture; its words were recognised and may be wrong.")
    facts = stated_facts(information, path, blocks)
    yield from converted_article(path, where, blocks, facts, omitted, MEDIA_TYPE, max_bytes)
    yield from (Failure(where, told) for told in _unread(scans, file.count))


def _pages(file: PdfFile) -> tuple[list[PageRuns], _Scans]:
    """The words of all pages, those of pictures among them."""
    pages: list[PageRuns] = []
    scans = _Scans([], [], [])
    reads = can_read_pictures()
    for at in range(file.count):
        with file.page(at) as page:
            # A damaged page counts as an empty one of the American size, in points.
            found = page_runs(page) if page is not None else PageRuns(612, 792)
            scanned = page is not None and _is_picture(found)
            picture = picture_of(page) if page is not None and scanned and reads else None
            width, height = page.get_size() if page is not None else (612, 792)
        if picture is not None:
            # Without the lock: this takes a second, and other documents may be drawn meanwhile.
            found = _recognised(picture, width, height, at, scans) or found
        elif scanned:
            scans.unread.append(at)
        pages.append(found)
    return pages, scans


def _recognised(picture: Pixels, width: float, height: float, at: int, scans: _Scans) -> PageRuns | None:
    """The words in the picture of a page, and in `scans` what became of it; None where none were read."""
    try:
        found = read_picture(picture, width, height)
    except TimeoutError:
        scans.slow.append(at)
        return None
    (scans.read if found.runs else scans.unread).append(at)
    return found if found.runs else None


def _is_picture(page: PageRuns) -> bool:
    """Whether the words of a page are to be had from its picture alone."""
    characters = sum(len(run.text) for run in page.runs)
    if characters and page.strange > STRANGE:
        # Letters without a meaning would be stored as text.
        page.runs = []
        return True
    return characters < FEW_CHARACTERS and page.pictured > PICTURED


def _nothing_read(scans: _Scans, count: int) -> str:
    """Why nothing of the whole document could be read."""
    if scans.slow:
        return f"The PDF is scanned: {' '.join(_unread(scans, count))}"
    if not scans.unread:
        return "The PDF has no text on its pages."
    pages = "its page is a picture" if count == 1 else f"its {count} pages are pictures"
    if can_read_pictures():
        return f"The PDF is scanned: {pages}, in which no words were found."
    return f"The PDF is scanned: {pages}. Install the extra `ocr` to have them read (pip install 'footnote[ocr]')."


def _unread(scans: _Scans, count: int) -> Iterator[str]:
    """That some pages were not read, and why, for the report."""
    if scans.unread:
        why = "no words were found in them" if can_read_pictures() else "install the extra `ocr` to have them read"
        yield f"{len(scans.unread)} of {count} pages are scanned and were left out ({_numbers(scans.unread)}): {why}."
    if scans.slow:
        told = f"to recognise their words took longer than {PAGE_SECONDS:.0f} s a page"
        yield f"{len(scans.slow)} of {count} pages are scanned and were left out ({_numbers(scans.slow)}): {told}."


def _numbers(pages: Sequence[int]) -> str:
    return ", ".join(str(at + 1) for at in pages[:10]) + (" and others" if len(pages) > 10 else "")


def _in_reading_order(pages: Sequence[PageRuns], stated: Sequence[str], omitted: OmittedParts) -> list[ReadPage]:
    """The pages without their margins, each under the name that a reader knows it by."""
    margins = without_margins(pages)
    labels = page_labels(stated, [margin.printed for margin in margins])
    for page, margin in zip(pages, margins, strict=True):
        _omit(page, margin, omitted)
    return [
        ReadPage(DocumentPage("page", at, label), tuple(reading_order(page.runs, page.rules)), tuple(page.rules))
        for at, (page, label) in enumerate(zip(pages, labels, strict=True), start=1)
    ]


def _omit(page: PageRuns, margin: PageMargins, omitted: OmittedParts) -> None:
    for reason, text in margin.omitted:
        omitted.add(reason, text)
    for text in page.sideways:
        omitted.add("set sideways", text)
