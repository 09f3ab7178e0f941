"""The encoder in memory: what it takes for a text, and what it gives back."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

from vectorstore.encoding import minilm
from vectorstore.encoding.transformer import Transformer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the memory is read from /proc")

LIMIT = 512
"""Tokens of the longest text."""
KEPT = 10.0
"""Megabytes that may stay for what the allocator can't hand back; with onnxruntime's arena it was 42."""


def memory() -> float:
    """Megabytes of this process, without what the allocator holds for later."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        pytest.skip("this C library can't be told to hand memory back")
    trim(0)
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_the_encoder_gives_back_what_long_texts_took() -> None:
    encoder = Transformer(*minilm.ensure_model(), LIMIT)
    encoder.encode(["rain"])
    before = memory()
    # Each length has its own shape, for which an arena finds no room in what it holds already.
    for words in (60, 125, 250, 500):
        encoder.encode(["rain " * words])
    for words in (14, 30, 62):
        encoder.encode(["rain " * words] * (LIMIT // words))
    assert memory() - before < KEPT
