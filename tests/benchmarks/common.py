"""What the parts share: the development sets, the command as a user runs it, articles of any number, percentiles."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.resources import seeds_dir
from vectorstore.readers import read, walk
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Article

ROOT = Path(__file__).parents[2]
FOOTNOTE = Path(sys.executable).with_name("footnote")
SETS = ("xquad", "conversations", "chunking")
_POOL = 20_000  # sentences: enough that no two generated chunks are alike

Floats = NDArray[np.float64]
Record = dict[str, Any]  # a line of JSON, as it came


def data_folder() -> Path | None:
    """The folder of the public data, which docs/figures.md describes, or None where there is none."""
    # The team's own checkouts lie beside such a folder; everybody else names theirs.
    folder = Path(os.environ.get("FOOTNOTE_BENCH") or ROOT.parent / "shared" / "bench")
    return folder if all((folder / name / "articles.jsonl").is_file() for name in SETS) else None


def footnote(*arguments: str | Path) -> str:
    """What `footnote ARGUMENTS` prints; raises RuntimeError with its complaint where it fails."""
    done = subprocess.run([FOOTNOTE, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"footnote {arguments[0]} ended {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def records(lines: str) -> list[Record]:
    """JSON lines, read."""
    return [json.loads(line) for line in lines.splitlines() if line.strip()]


def questions_of(name: str) -> list[Record]:
    """The questions of a data set with what they ask for; raises FileNotFoundError where the data are not here."""
    folder = data_folder()
    if folder is None:
        raise FileNotFoundError(name)
    return records((folder / name / "questions.jsonl").read_text(encoding="utf-8"))


def questions(name: str) -> list[str]:
    """The questions of a data set, or a few about the example articles where the data are not here."""
    if data_folder() is None:
        return [f"What is said about {article.title}?" for article in _articles_of(seeds_dir())]
    return [str(line["question"]) for line in questions_of(name)]


def articles(paragraphs: int, seed: int = 0, sentences_each: int = 6) -> Iterator[str]:
    """Endless articles whose sentences are drawn from real ones: of a real text's size and words, and without its sense."""
    draw = random.Random(seed)
    while True:
        yield "\n\n".join(" ".join(draw.choices(_pool(), k=sentences_each)) for _ in range(paragraphs))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` percent of the values do not exceed, interpolated."""
    return float(np.percentile(values, share))


def logistic(x: Floats, y: Floats, each: Floats, ridge: float = 0.01) -> Floats:
    """The weights (n + 1,) of a logistic regression of y (m,) on x (m, n), the constant last, by Newton's method.

    `each` (m,) is what each row counts; the penalty `ridge` on a squared weight spares the constant.
    """
    x = np.column_stack([x, np.ones(len(x))])
    weights, penalty = np.zeros(x.shape[1]), np.diag([ridge] * (x.shape[1] - 1) + [0.0])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (each * (y - likely)) - penalty @ weights
        weights = weights + np.linalg.solve((x.T * (each * likely * (1 - likely))) @ x + penalty, slope)
    return weights


def calibration_error(scores: Sequence[float], truth: Sequence[bool], bins: int = 10) -> float:
    """How far scores are from the shares that are true, over bins of equal width: the expected calibration error.

    Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    sums = np.zeros(bins)
    for score, true in zip(scores, truth, strict=True):
        sums[min(int(score * bins), bins - 1)] += score - true
    return float(np.abs(sums).sum() / max(1, len(scores)))


class Timer:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Until now."""
        return time.perf_counter() - self._start


@cache
def _pool() -> list[str]:
    """Sentences of 5 to 60 words from the development sets' articles, or from the example articles."""
    folder = data_folder()
    sources = [folder / name / "articles.jsonl" for name in SETS] if folder else [seeds_dir()]
    found: list[str] = []
    for article in (article for source in sources for article in _articles_of(source)):
        spans = sentences(article.text)
        found += [text for start, end in spans if 5 <= len((text := " ".join(article.text[start:end].split())).split()) <= 60]
        if len(found) > _POOL:
            break
    return found


def _articles_of(source: Path) -> Iterator[Article]:
    root = source if source.is_dir() else source.parent
    files = (file for file in walk(source) if isinstance(file, Path))
    return (item for file in files for item in read(file, root) if isinstance(item, Article))
