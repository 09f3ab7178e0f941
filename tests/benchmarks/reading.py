"""What the readers make of the corpus under `tests/corpus/`, and beside it, in the same run, the loaders of the tutorials.

FOOTNOTE_PEERS_PYTHON names a Python that has these, made for instance by `uv venv peers && uv pip install --python
peers/bin/python langchain-community beautifulsoup4 pypdf docx2txt`. Without one their rows say so.
"""

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.benchmarks.common import Timer, articles
from tests.benchmarks.reading_peer import MISSING
from tests.benchmarks.table import Row, at_least, info, under
from tests.reading_corpus import CorpusFile, ExpectedArticle, corpus_files, field_of, paired, read_whole, scored
from vectorstore.readers import read
from vectorstore.types import Article

WHERE = "make bench ARGS=reading"
PAGES = 1000
_CHILD = Path(__file__).with_name("reading_peer.py")
_LOADERS = {".html": "WebBaseLoader", ".htm": "WebBaseLoader", ".pdf": "PyPDFLoader", ".docx": "Docx2txtLoader"}
_ENOUGH = 0.95

Scores = Sequence[tuple[float, float]]
"""Recall and precision of each file."""


def run() -> list[Row]:
    """Recall and precision by format, dates and authors, refusals, the peers' on the same files, pages a second, memory."""
    files = corpus_files()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        corpus_peak = pool.submit(_peak_of, read_corpus).result()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        seconds, busy = pool.submit(read_many_pages).result()
    return [
        *_quality(files),
        *_fields(files),
        *_refusals(files),
        *_peers([one for one in files if one.path.suffix in _LOADERS and one.articles]),
        at_least(f"pages of 10 kB read in a second, of {PAGES}", PAGES / seconds, 50, WHERE, "{:.0f}"),
        info("the same in a second of processor time", f"{PAGES / busy:.0f}", WHERE),
        under("peak of memory over the corpus", corpus_peak, 500, WHERE, "{:.0f} MB"),
    ]


def read_corpus() -> None:
    """Reads every file once; to be run in a process of its own."""
    for file in corpus_files():
        read_whole(file.path)


def read_many_pages() -> tuple[float, float]:
    """Seconds, and those of them on the processor, for a thousand pages of 10 kB, each with words of its own.

    A page has a menu, a headline, prose and a foot.
    """
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(islice(articles(8, sentences_each=5), PAGES)):
            (Path(folder) / f"{number}.html").write_text(_page(number, text), encoding="utf-8")
        pages = sorted(Path(folder).iterdir())
        list(read(pages[0], Path(folder)))  # what is loaded at the first use is nobody's cost of a page
        timer, started = Timer(), time.process_time()
        read_in = sum(isinstance(one, Article) for page in pages for one in read(page, Path(folder)))
        if read_in != PAGES:
            raise RuntimeError(f"{read_in} of {PAGES} pages were read.")
        return timer.seconds, time.process_time() - started


def _peak_of(work: Callable[[], None]) -> float:
    """The peak of this process's memory in MB when `work` is done."""
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _page(number: int, text: str) -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in text.split("\n\n"))
    menu = "".join(f'<li class="menu"><a href="/section/{n}">Part {n}</a></li>' for n in range(20))
    page = (
        f'<!DOCTYPE html><html lang="en"><head><title>Page {number} | Paper</title><meta name="author" content="Ada Br">'
        f'<meta property="article:published_time" content="2024-02-{number % 28 + 1:02}"></head><body><nav>'
        f"<ul>{menu}</ul></nav>"
        f'<main><article><h1>Page {number}</h1>{paragraphs}</article></main><aside class="related"><ul>{menu}</ul></aside>'
    )
    # What a page has besides its text is markup, scripts and styles.
    return page + f"<script>{'var a=1;' * max(0, (9900 - len(page)) // 8)}</script><footer>Imprint</footer></body></html>"


def _quality(files: Sequence[CorpusFile]) -> Iterator[Row]:
    """Recall and precision of each format, over its files."""
    by_format: dict[str, list[tuple[float, float]]] = {}
    for file in files:
        if file.articles:
            found, _ = read_whole(file.path)
            by_format.setdefault(file.path.suffix, []).append(_score(file.articles, found))
    for suffix, scores in sorted(by_format.items()):
        yield from _rows(f"{suffix}, {len(scores)} files", scores, _ENOUGH)
    yield from _rows(f"all, {sum(map(len, by_format.values()))} files", [s for of in by_format.values() for s in of], _ENOUGH)


def _rows(what: str, scores: Scores, floor: float) -> Iterator[Row]:
    for name, values in zip(("recall", "precision"), zip(*scores, strict=True), strict=True):
        yield at_least(f"{name} of words, {what}", fmean(values), floor, WHERE)


def _score(expected: Sequence[ExpectedArticle], found: Sequence[Article]) -> tuple[float, float]:
    """The means over a file's articles; nothing found is 0."""
    if not found or len(expected) not in (1, len(found)):
        return 0.0, 0.0
    scores = [scored(one, article.text) for one, article in paired(expected, found)]
    return fmean(score.recall for score in scores), fmean(score.precision for score in scores)


def _fields(files: Sequence[CorpusFile]) -> Iterator[Row]:
    """The share of the titles, authors and dates that are asked for and right."""
    read_in = [(file.articles, read_whole(file.path)[0]) for file in files if file.articles]
    pairs = [
        pair for expected, found in read_in if len(expected) in (1, len(found)) and found for pair in paired(expected, found)
    ]
    for name in ("title", "author", "date", "language"):
        right = [getattr(one, name) == field_of(article, name) for one, article in pairs if getattr(one, name) is not None]
        if right:
            yield at_least(f"{name} right, {len(right)} articles", fmean(right), _ENOUGH, WHERE)


def _refusals(files: Sequence[CorpusFile]) -> Iterator[Row]:
    refused = [file for file in files if file.refused]
    said = [file for file in refused if _is_refused(file)]
    if refused:
        yield at_least(f"refused with its sentence, {len(refused)} files", len(said) / len(refused), 1, WHERE, "{:.2f}")


def _is_refused(file: CorpusFile) -> bool:
    found, failures = read_whole(file.path)
    return not found and any(file.refused in failure.reason for failure in failures)


def _peers(files: Sequence[CorpusFile]) -> Iterator[Row]:
    """The peers' recall and precision, loader by loader, on the files that ours are measured on."""
    texts = _peers_texts([file.path for file in files])
    if isinstance(texts, str):
        yield info("LangChain's loaders", "not installed", texts)
        return
    for loader in sorted(set(_LOADERS.values())):
        own = [file for file in files if _LOADERS[file.path.suffix] == loader]
        # A loader gives one text of a file, so the expected articles are one too.
        wanted = [ExpectedArticle("\n\n".join(one.text for one in file.articles), file.articles[0].title) for file in own]
        scores = [scored(one, texts.get(str(file.path), "")) for one, file in zip(wanted, own, strict=True)]
        for name in ("recall", "precision"):
            values = [getattr(score, name) for score in scores]
            if values:
                yield info(
                    f"{name} of words, LangChain's {loader}, {len(own)} files", f"{fmean(values):.3f}", texts["versions"]
                )


def _peers_texts(paths: Sequence[Path]) -> Mapping[str, str] | str:
    """File -> the peer's text, and "versions"; or why there is none."""
    python = os.environ.get("FOOTNOTE_PEERS_PYTHON", "")
    if not python:
        return "FOOTNOTE_PEERS_PYTHON names no Python that has them; see tests/benchmarks/reading.py"
    done = subprocess.run([python, _CHILD, *paths], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        complaint = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        if done.returncode != MISSING:
            raise RuntimeError(complaint)
        return complaint
    *lines, last = (json.loads(line) for line in done.stdout.splitlines())
    return {line["file"]: line.get("text", "") for line in lines} | {"versions": _versions(last)}


def _versions(last: Mapping[str, Any]) -> str:
    named = ", ".join(f"{name} {number}" for name, number in last["versions"].items())
    return f"{named}; {last['seconds']:.1f} s in all, peak {last['peak']:.0f} MB"
