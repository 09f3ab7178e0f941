"""Reads the picture of a scanned page, where the extra `ocr` is installed; its models come in the package `rapidocr`."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from pypdfium2 import PdfPage

from vectorstore.memory import give_back_memory
from vectorstore.readers.pdf.runs import PageRuns, TextRun

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""A picture: rows of points of three colours."""

DOTS = 110
"""Dots an inch of the picture that is read."""
LEAST_SURE = 0.5
"""What is read with less certainty than this, 0 to 1, is left out."""
PAGE_SECONDS = 60.0
"""A page takes a second or two; one of thousands of specks, each taken for a line, would take many minutes."""
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


if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions

# Those of the page that this thread is reading; each run of a model is stopped by them.
_run_options: "ContextVar[RunOptions | None]" = ContextVar("run_options", default=None)


class _OcrResult(Protocol):
    boxes: Sequence[Sequence[Sequence[float]]] | None
    txts: Sequence[str] | None
    scores: Sequence[float] | None


class _OcrEngine(Protocol):
    def __call__(self, image: Pixels) -> _OcrResult:
        """Reads a picture."""


def can_read_pictures() -> bool:
    """Whether the extra is installed."""
    return find_spec("rapidocr") is not None


@cache
def _engine() -> _OcrEngine:
    # RapidOCR writes to the screen what it loads at each start.
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    import rapidocr
    from omegaconf import AnyNode

    sessions = _sessions(Path(rapidocr.__file__).parent / "models")
    # A setting of RapidOCR is a string or a number, unless it is said to be an object.
    ours = {f"{name}.session": AnyNode(session, flags={"allow_objects": True}) for name, session in sessions.items()}
    engine = rapidocr.RapidOCR(params={**_SETTINGS, **ours})
    return cast(_OcrEngine, engine)


def _sessions(folder: Path) -> "Mapping[str, InferenceSession]":
    """The models that find lines and read them, run so that a page can be stopped, and in less memory."""
    import onnxruntime

    class StoppableSession(onnxruntime.InferenceSession):  # type: ignore[misc]  # the library states no types
        """A model whose runs end at once when the time of their page is over."""

        def run(self, output_names: object, input_feed: object, run_options: object = None) -> object:
            """Runs the model once."""
            return super().run(output_names, input_feed, run_options or _run_options.get())

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = 2
    # The further optimizations keep the weights in a second layout: 90 MB more at the peak, for the same words.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    found = {name: sorted(folder.glob(f"*_{name.lower()}_*.onnx")) for name in ("Det", "Rec")}
    return {
        name: StoppableSession(str(paths[0]), options, providers=["CPUExecutionProvider"])
        for name, paths in found.items()
        # Where a version of the package has several models of a kind, or none, it knows best which to take.
        if len(paths) == 1
    }


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Stops the models of this thread after so long; raises `TimeoutError` where they were stopped."""
    from onnxruntime import RunOptions

    options = RunOptions()
    timer = Timer(seconds, setattr, (options, "terminate", True))
    token = _run_options.set(options)
    timer.start()
    try:
        yield
    except Exception as error:
        if options.terminate:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        _run_options.reset(token)


def picture_of(page: PdfPage) -> Pixels:
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


def read_picture(picture: Pixels, width: float, height: float) -> PageRuns:
    """The lines that stand in the picture of a page that is so many points wide and high.

    Raises `TimeoutError` where this takes longer than `PAGE_SECONDS`.
    """
    engine = _engine()
    try:
        with _time_limit(PAGE_SECONDS):
            result = engine(picture)
    finally:
        # What the models leave would be added to what the next page, of another size, needs.
        give_back_memory()
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
