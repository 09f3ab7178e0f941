"""Ingest streams: what memory it takes does not grow with the folder, be it of many files or of many articles in one."""

import gc
import hashlib
import json
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.encoding.embed import Encoded
from vectorstore.ingest import Ingestor, IngestProgress

FEW, MANY = 20, 50
"""Even the fewer are more than the few batches that memory may hold at once."""
ARTICLE = 40_000
"""Characters of an article, roughly: 30 more of them are 1.2 MB, far above what their ids and hashes take."""
SPARE = 500_000
"""Bytes by which two runs may differ all the same: each of three functions remembers up to 200 kB of texts, or much less."""


class Forgetful(FakeEncoder):
    """Quick, and keeps nothing of what it was asked."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [Encoded(self._drawn(text), b"late") for text in texts]

    def _drawn(self, text: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return vector / np.linalg.norm(vector)


def article(number: int) -> str:
    """Long sentences, which are quickly parted even while every byte is counted, of words that no other article has.

    Articles that are nearly alike would be compared word by word as copies, each with all before it.
    """
    line = f"Part {{}} of {number} tells of " + " and of ".join(f"thing{number}-{n}" for n in range(50)) + "."
    return "\n\n".join(line.format(part) for part in range(ARTICLE // len(line)))


def as_files(folder: Path, texts: Iterator[str]) -> None:
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def as_lines(folder: Path, texts: Iterator[str]) -> None:
    with (folder / "all.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in texts)


def collect(_: IngestProgress) -> None:
    gc.collect()


def peak(folder: Path, articles: int, write: Callable[[Path, Iterator[str]], None]) -> int:
    """The most bytes that Python holds at once while it takes in so many articles, beyond those before."""
    source = folder / "articles"
    source.mkdir(parents=True)
    write(source, (article(n) for n in range(articles)))
    index = open_index(folder / "home", page=16)
    first = folder / "first"
    first.mkdir()
    write(first, iter([article(0)]))
    ingestor = Ingestor(index, Forgetful(), limit=2000, fill=None, batch=4)
    ingestor.ingest([first])  # what is imported and cached once is not the folder's
    # What only the garbage collector frees would count or not by when it happens to run: so it runs before, and at each step.
    gc.collect()
    gc.freeze()  # what the other tests have left needs no second look
    tracemalloc.start()
    try:
        assert len(ingestor.ingest([source], progress=collect).added) == articles
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
        index.close()


@pytest.mark.parametrize("write", [as_files, as_lines])
def test_twice_the_articles_take_no_more_memory(tmp_path: Path, write: Callable[[Path, Iterator[str]], None]) -> None:
    few, many = (peak(tmp_path / str(articles), articles, write) for articles in (FEW, MANY))
    assert many - few < SPARE < (MANY - FEW) * ARTICLE / 2
