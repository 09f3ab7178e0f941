"""A PDF file, opened by PDFium: its pages one at a time, its outline, its page labels and what it says of itself.

PDFium is not thread-safe, and everything that calls it holds `PDFIUM_LOCK`. The lock is taken page by page, so that a picture
of one page need not wait until a long document is read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from vectorstore.errors import ReadError

PDFIUM_LOCK = RLock()
"""Held around each call of PDFium, whatever the document."""
MAX_PAGES = 20_000
"""Pages of a document at most."""

_HEADER = re.compile(rb"%PDF-\d")
_ENCRYPTED = 4
"""PDFium's code for a document that wants a password."""


class PdfFile:
    """An open document; `close` it, or use `opened_pdf`.

    >>> with opened_pdf(Path("tests/corpus/pdf/one-column.pdf")) as file:
    ...     file.count
    2
    """

    def __init__(self, path: Path) -> None:
        """Opens the file; raises `ReadError` with a sentence for one that cannot be opened."""
        with PDFIUM_LOCK:
            try:
                self._document = PdfDocument(path)
            except PdfiumError as error:
                raise ReadError(_refusal(path, error)) from error
            self.count = len(self._document)

    def close(self) -> None:
        """Gives the document's memory back."""
        with PDFIUM_LOCK:
            self._document.close()

    @contextmanager
    def page(self, at: int) -> Iterator[PdfPage | None]:
        """The page `at` from 0, with the lock held while it is used; None for one that is damaged."""
        with PDFIUM_LOCK:
            try:
                page = self._document[at]
            except PdfiumError:
                yield None
                return
            try:
                yield page
            finally:
                # A page that is not closed keeps its fonts and pictures until the document goes: gigabytes for a long one.
                page.close()

    def label(self, at: int) -> str:
        """The name that the document gives to a page, such as "iv"; "" where it gives none."""
        with PDFIUM_LOCK:
            return str(self._document.get_page_label(at) or "").strip()

    def outline(self) -> list[tuple[int, str]]:
        """The titles of the document's outline with their depth from 0, in order."""
        with PDFIUM_LOCK:
            try:
                return [(mark.level, str(mark.get_title() or "").strip()) for mark in self._document.get_toc(max_depth=6)]
            except (PdfiumError, RecursionError):
                return []

    def information(self) -> dict[str, str]:
        """The entries of the document's information, such as Title and Author, where they say anything."""
        with PDFIUM_LOCK:
            return {key: value.strip("\0 \n\t") for key, value in self._document.get_metadata_dict(skip_empty=True).items()}


@contextmanager
def opened_pdf(path: Path) -> Iterator[PdfFile]:
    """A document that is closed at the end; raises `ReadError` for what is none, is damaged or wants a password."""
    file = PdfFile(path)
    try:
        if not file.count:
            raise ReadError("The PDF has no pages.")
        if file.count > MAX_PAGES:
            raise ReadError(f"The PDF has {file.count:,} pages; the limit is {MAX_PAGES:,}. Split it.")
        yield file
    finally:
        file.close()


def _refusal(path: Path, error: PdfiumError) -> str:
    # Readers of PDF accept the header anywhere in the first kilobyte.
    """Why PDFium could not open a file, for the reader."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head.strip():
        return "The file is empty."
    if not _HEADER.search(head):
        return "The file is called .pdf and is no PDF."
    if getattr(error, "err_code", None) == _ENCRYPTED or "password" in str(error).lower():
        return "The PDF is protected with a password; save a copy without one."
    return "The PDF is damaged and cannot be opened."
