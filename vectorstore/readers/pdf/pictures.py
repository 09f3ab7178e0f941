"""A page of a PDF as a picture, with the places of words on it.

Only words that stand on the page to the letter are marked: what differs is not looked for. Line ends, hyphens and signs do not
count, since the stored text has mended them.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from pypdfium2 import PdfPage
from pypdfium2 import raw as pdfium

from vectorstore.readers.pdf.file import opened_pdf

PICTURE_WIDTH = 1100
"""Pixels."""
LARGEST_PICTURE = 2600
"""Pixels of the longer side."""
KEPT_PICTURES = 24
SHORTEST_RUN = 3
"""Words: fewer in a row may be met anywhere on a page."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WordMark:
    """A rectangle around words, in parts of the page's width and height from its top left, 0 to 1."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a WebP picture; `width` and `height` are its pixels."""

    data: bytes
    width: int
    height: int


def page_picture(path: Path, number: int) -> PagePicture | None:
    """The picture of a page, counted from 1; None where there is no such page. The last few are kept.

    Raises `ReadError` where the file cannot be opened, `OSError` where it is gone.
    """
    # With the time of its change, so that a file that was replaced is drawn anew.
    return _picture(path, path.stat().st_mtime_ns, number)


def marks_on_page(path: Path, number: int, words: str) -> tuple[WordMark, ...]:
    """Where words stand on a page, a rectangle a line; none where they do not stand there to the letter.

    Words that go on from the page before, or on the next, are marked as far as they stand on this one.
    """
    return _marks(path, path.stat().st_mtime_ns, number, words)


@lru_cache(maxsize=KEPT_PICTURES)
def _picture(path: Path, _changed: int, number: int) -> PagePicture | None:
    # The time of the file's change is only a part of the cache's key.
    with opened_pdf(path) as file:
        if not 1 <= number <= file.count:
            return None
        with file.page(number - 1) as page:
            return _drawn(page) if page is not None else None


def _drawn(page: PdfPage) -> PagePicture:
    width, height = page.get_size()
    scale = min(PICTURE_WIDTH / max(width, 1), LARGEST_PICTURE / max(width, height, 1))
    bitmap = page.render(scale=scale)
    try:
        image = bitmap.to_pil()
        file = BytesIO()
        image.save(file, "WEBP", quality=82)
        return PagePicture(file.getvalue(), image.width, image.height)
    finally:
        bitmap.close()


@lru_cache(maxsize=4 * KEPT_PICTURES)
def _marks(path: Path, _changed: int, number: int, words: str) -> tuple[WordMark, ...]:
    with opened_pdf(path) as file:
        if not 1 <= number <= file.count:
            return ()
        with file.page(number - 1) as page:
            return tuple(_marks_of(page, words)) if page is not None else ()


def _marks_of(page: PdfPage, words: str) -> Iterator[WordMark]:
    text = page.get_textpage()
    try:
        letters, places = _letters(text.raw)
        spans = list(_found(letters, [_bare(word) for word in _WORD.findall(words)]))
        boxes = [box for first, last in spans for box in _line_boxes(text.raw, places[first:last])]
    finally:
        text.close()
    yield from (_on_page(page, box) for box in boxes)


def _letters(raw: object) -> tuple[str, list[int]]:
    """The letters and digits of a page in one string, and the place of each among PDFium's characters."""
    letters: list[str] = []
    places: list[int] = []
    for at in range(pdfium.FPDFText_CountChars(raw)):
        for one in _bare(chr(pdfium.FPDFText_GetUnicode(raw, at))):
            letters.append(one)
            places.append(at)
    return "".join(letters), places


def _bare(text: str) -> str:
    """Letters and digits alone, folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if one.isalnum())


def _found(letters: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The spans where the words stand: all of them in a row, else in runs that are as long as they can be."""
    whole = "".join(words)
    if whole and (at := letters.find(whole)) >= 0:
        yield at, at + len(whole)
        return
    start = after = 0
    while start < len(words):
        end = len(words)
        # From the longest run down: what stands on two pages, or around a note, is found in its parts.
        while end - start >= SHORTEST_RUN and letters.find("".join(words[start:end]), after) < 0:
            end -= 1
        if end - start < SHORTEST_RUN:
            start += 1
            continue
        run = "".join(words[start:end])
        at = letters.find(run, after)
        yield at, at + len(run)
        start, after = end, at + len(run)


_Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own coordinates."""


def _line_boxes(raw: object, places: Sequence[int]) -> list[_Box]:
    """A box for each line of characters, around all of its height."""
    boxes: list[_Box] = []
    rect = pdfium.FS_RECTF()
    # Each place once: a ligature is several letters in one place.
    for at in dict.fromkeys(places):
        if not pdfium.FPDFText_GetLooseCharBox(raw, at, rect):
            continue
        box = (rect.left, rect.bottom, rect.right, rect.top)
        # The angle is in radians; a line that runs up or down the page has an odd number of quarter turns.
        turned = round(pdfium.FPDFText_GetCharAngle(raw, at) / (math.pi / 2)) % 2 == 1
        if boxes and _on_one_line(boxes[-1], box, turned):
            last = boxes[-1]
            boxes[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            boxes.append(box)
    return boxes


def _on_one_line(before: _Box, box: _Box, upright: bool) -> bool:
    """Whether a character stands beside a box on its line; `upright` lines run up or down the page."""
    across, along = (0, 1) if upright else (1, 0)
    high = max(box[across + 2] - box[across], 1.0)
    shared = min(before[across + 2], box[across + 2]) - max(before[across], box[across])
    gap = max(box[along] - before[along + 2], before[along] - box[along + 2])
    return shared > 0.5 * high and gap < 3 * high


def _on_page(page: PdfPage, box: _Box) -> WordMark:
    """A box as a part of the page as it is shown, turned and cut."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1), max(top - bottom, 1)
    x0, x1 = (box[0] - left) / width, (box[2] - left) / width
    y0, y1 = (top - box[3]) / height, (top - box[1]) / height
    for _ in range(page.get_rotation() // 90 % 4):
        # A quarter turn to the right.
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return WordMark(round(x0, 4), round(y0, 4), round(x1 - x0, 4), round(y1 - y0, 4))
