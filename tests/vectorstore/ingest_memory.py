"""The memory that ingest takes, measured in a process of its own: `python -m tests.vectorstore.ingest_memory FORM FOLDER N...`.

It prints, for each N, the most bytes that Python held at once while so many articles were taken in. In a process of its own, as
CPython before 3.12 may crash where tracing is stopped while other threads free memory (python/cpython#128679), and threads of
other tests would.
"""

import gc
import hashlib
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.encoding.embed import Encoded
from vectorstore.ingest import Ingestor, IngestProgress

ARTICLE = 40_000
"""Characters of an article, roughly: 30 more of them are 1.2 MB, far above what their ids and hashes take."""


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
    # Never stopped: see above. The second of two runs starts from what is held now.
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert len(ingestor.ingest([source], progress=collect).added) == articles
    most = tracemalloc.get_traced_memory()[1] - before
    index.close()
    return most


FORMS = {"files": as_files, "lines": as_lines}

if __name__ == "__main__":
    form, folder, *counts = sys.argv[1:]
    for count in counts:
        sys.stdout.write(f"{peak(Path(folder) / count, int(count), FORMS[form])}\n")
