"""Reads the picture of a scanned page, where the extra `ocr` is installed; its models come in the package `rapidocr`."""

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
from pypdfium2 import PdfPage

from vectorstore.readers.pdf.runs import PageRuns, TextRun

DOTS = 110
"""Dots an inch of the picture that is read."""
LEAST_SURE = 0.5
"""What is read with less certainty than this, 0 to 1, is left out."""
LARGEST_SIDE = 3000
"""Pixels."""
_SETTINGS = {
    "Global.log_level": "error",
    # Lines one by one, and pictures of this size at most: reading a page then takes half a gigabyte less.
    "Global.max_side_len": 1120,
    "Rec.rec_batch_num": 1,
    # A page that stands on its head is not worth a model that looks at each line for it.
    "Global.use_cls": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
}


class _OcrResult(Protocol):
    boxes: Sequence[Sequence[Sequence[float]]] | None
    txts: Sequence[str] | None
    scores: Sequence[float] | None


class _OcrEngine(Protocol):
    def __call__(self, image: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> _OcrResult:
        """Reads a picture."""


def can_read_pictures() -> bool:
    """Whether the extra is installed."""
    return find_spec("rapidocr") is not None


@cache
def _engine() -> _OcrEngine:
    # RapidOCR writes to the screen what it loads at each start.
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    from rapidocr import RapidOCR

    engine = RapidOCR(params=_SETTINGS)
    return cast(_OcrEngine, engine)


def picture_of(page: PdfPage) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """The page as pixels, for `read_picture`; the lock has to be held."""
    width, height = page.get_size()
    # A page is measured in points, of which an inch has 72.
    scale = min(DOTS / 72, LARGEST_SIDE / max(width, height, 1))
    bitmap = page.render(scale=scale, may_draw_forms=False)
    try:
        # Copied, since the bitmap takes its pixels with it when it is closed.
        return np.array(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()


def read_picture(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", width: float, height: float) -> PageRuns:
    """The lines that stand in the picture of a page that is so many points wide and high."""
    result = _engine()(picture)
    found = PageRuns(width, height)
    found.runs = list(_runs(result, width / picture.shape[1], height / picture.shape[0]))
    return found


def _runs(result: _OcrResult, across: float, down: float) -> Iterator[TextRun]:
    if result.boxes is None or result.txts is None or result.scores is None:
        return
    # Boxes are in pixels of the picture, runs in points of the page.
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if score < LEAST_SURE or not text.strip():
            continue
        xs, ys = [float(x) * across for x, _ in box], [float(y) * down for _, y in box]
        # The box is a little higher than the letters, and reaches as far below the line as a "g" does.
        high = max(ys) - min(ys)
        yield TextRun(text.strip(), min(xs), max(xs), max(ys) - 0.24 * high, round(0.78 * high), False)
