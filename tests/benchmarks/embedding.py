"""Our encoders beside Chroma's default embedding function: same texts, taking turns in one process; MiniLM has its weights.

MiniLM is what English is embedded with, e5 whatever crosses or leaves it (see `vectorstore/searching/multilingual.py`).
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.common import ROOT, Timer, articles, data_folder, questions, records
from tests.benchmarks.table import Row, at_least, info
from vectorstore.encoding import minilm
from vectorstore.encoding.embed import E5, LocalEncoder
from vectorstore.ingest import LIMIT
from vectorstore.splitting.split import split

if TYPE_CHECKING:
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

_ROUNDS = 3
# Times Chroma's default: chunks a second, and a query.
_TARGETS = {"MiniLM": (3, 12), "e5": (1.2, 7)}
_GRAPH = "Chroma's class on the float32 graph of MiniLM's weights, built here as nothing is downloaded"
_QUESTIONS = 40
# Chroma looks for all of them before it believes that its download is there, and reads only the model and the tokenizer.
_UNREAD = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt")


def run() -> list[Row]:
    """Chunks a second and milliseconds a query of both encoders, each as a ratio too; what they take of disk and memory."""
    encoders = {"MiniLM": LocalEncoder(), "e5": LocalEncoder(local_model=E5)}
    texts, asked = _chunks(), questions("xquad")[:_QUESTIONS]
    with _chroma() as theirs:
        same = _cosines(encoders["MiniLM"], theirs, texts[:8])
        rows = [row for name, ours in encoders.items() for row in _beside(name, ours, theirs, texts, asked)]
    rows.append(info("least cosine of MiniLM's vectors to Chroma's", f"{same:.4f}", "8 chunks, int8 to float32"))
    return rows + [row for name in encoders for row in _sizes(name)]


def _beside(name: str, ours: LocalEncoder, theirs: "ONNXMiniLM_L6_V2", texts: Sequence[str], asked: Sequence[str]) -> list[Row]:
    """One encoder's speed beside Chroma's: of every round the ratio by itself, then the median."""
    ours.encode(texts[:8])
    rounds = [(_seconds(lambda: ours.encode(texts)), _seconds(lambda: theirs(list(texts)))) for _ in range(_ROUNDS)]
    queries = [(_each(ours.encode_query, asked), _each(lambda q: theirs([q]), asked)) for _ in range(_ROUNDS)]
    mine, other = (median(len(texts) / pair[i] for pair in rounds) for i in (0, 1))
    ms, other_ms = (median(pair[i] for pair in queries) for i in (0, 1))
    chunks, query = _TARGETS[name]
    many, each = f"{len(texts)} chunks, median of {_ROUNDS} rounds", f"{len(asked)} questions one by one, {_ROUNDS} rounds"
    return [
        at_least(f"{name}: embedding, times Chroma's", median(b / a for a, b in rounds), chunks, many, "{:.1f}"),
        info("  chunks a second, ours and Chroma's", f"{mine:.1f}, {other:.1f}", _GRAPH),
        at_least(f"{name}: a query, times Chroma's", median(b / a for a, b in queries), query, each, "{:.1f}"),
        info("  ms a query, ours and Chroma's", f"{ms:.2f}, {other_ms:.2f}", _GRAPH),
    ]


def _sizes(name: str) -> list[Row]:
    """What an encoder takes of the disk once it is built, and of memory in a process of its own that has loaded it."""
    script = (
        "from pathlib import Path; from vectorstore.encoding.embed import E5, MINILM, LocalEncoder\n"
        f"made = {'E5' if name == 'e5' else 'MINILM'}; model, _ = made.files(None)\n"
        "LocalEncoder(local_model=made).encode_query('How old is the bridge?')\n"
        "disk = sum(file.stat().st_size for file in model.parent.iterdir())\n"
        "held = [line.split()[1] for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM')]\n"
        "print(disk / 1e6, int(held[0]) / 1e3)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    disk, memory = map(float, done.stdout.split())
    where = "its files in the cache; a process that embeds one question"
    return [info(f"{name}: on disk, in memory", f"{disk:.0f} MB, {memory:.0f} MB", where)]


def _chunks() -> list[str]:
    """xquad's chunks as they are embedded; without the set, as many of generated articles."""
    sets = data_folder()
    if sets is None:
        texts = [text for text, _ in zip(articles(2), range(100), strict=False)]
    else:
        texts = [str(line["text"]) for line in records((sets / "xquad" / "articles.jsonl").read_text(encoding="utf-8"))]
    count = LocalEncoder().count_tokens
    return [chunk.text for text in texts for chunk in split(text, LIMIT, count)]


@contextmanager
def _chroma() -> "Iterator[ONNXMiniLM_L6_V2]":
    """Chroma's own class, finding what it would have downloaded."""
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    with tempfile.TemporaryDirectory() as scratch:

        class Here(ONNXMiniLM_L6_V2):
            DOWNLOAD_PATH = Path(scratch)

        as_downloaded(Path(scratch) / Here.EXTRACTED_FOLDER_NAME)
        yield Here()


def as_downloaded(folder: Path) -> None:
    """Fills a new folder with what Chroma's class would have downloaded: the float32 graph and its tokenizer."""
    import onnx

    folder.mkdir()
    source = next(minilm.sources())
    onnx.save(minilm.build_graph(minilm.read_weights(source.folder)[0]), str(folder / "model.onnx"))
    shutil.copy(source.folder / "tokenizer.json", folder)
    for name in _UNREAD:
        (folder / name).touch()


def _cosines(ours: LocalEncoder, theirs: "ONNXMiniLM_L6_V2", texts: Sequence[str]) -> float:
    """The least cosine between the two vectors of a text; a warm-up of both as well."""
    pairs = zip(ours.encode(texts), theirs(list(texts)), strict=True)
    return min(float(np.dot(one.vector, other)) for one, other in pairs)


def _each(call: Callable[[str], object], asked: Sequence[str]) -> float:
    """Milliseconds a question, the median. Not turn by turn: an idle model's threads spin for a while, and get in the way."""
    return 1000 * median(_seconds(lambda: call(question)) for question in asked)  # noqa: B023  # called at once


def _seconds(call: Callable[[], object]) -> float:
    timer = Timer()
    call()
    return timer.seconds
