"""Footnote beside what its users would otherwise pick, taking turns in one run on the same sets with the same model.

The peers are no dependency of the project. FOOTNOTE_PEERS_PYTHON names a Python that has them, made for instance by
`uv venv peers && uv pip install --python peers/bin/python --link-mode copy langchain-text-splitters llama-index-core` with
`chromadb` and `onnxruntime` as in requirements.lock (nltk refuses the hard links that uv would make without `--link-mode`).
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bot.commands.questions import QuestionInput, from_file
from bot.settings import load_settings
from bot.types import Question
from bot.wiring import Service, open_service
from tests.benchmarks.common import SETS, Record, Timer, data_folder, percentile, questions_of, records
from tests.benchmarks.embedding import as_downloaded
from tests.benchmarks.peer_process import MISSING, K
from tests.benchmarks.retrieval_measures import score
from tests.benchmarks.table import Row, at_least, info, missing

OURS, RECIPE = "Footnote", "tutorial recipe"
_PEERS = {RECIPE: "recipe", "LlamaIndex": "llamaindex"}
_CHILD = Path(__file__).with_name("peer_process.py")
_MEASURES = (
    ("chunking", "recall@budget", 0.92),
    ("chunking", "full@5", 0.88),
    ("xquad", "full@1", 0.965),
    ("conversations", "nDCG@10", 0.91),
)
_FASTER = 3
_READ = {"LlamaIndex": "MiniLM reads the first 256 of each chunk's 1,024 tokens"}


@dataclass(frozen=True, slots=True)
class Run:
    """What one system made of one set: chunks taken in, the seconds it took, and a line with `hits` and `ms` a question."""

    chunks: int
    seconds: float
    answers: Sequence[Record]
    versions: Mapping[str, str]


def run() -> list[Row]:
    """Quality, chunks taken in a second, and milliseconds a search, of each system; Footnote's as a ratio too."""
    sets = data_folder()
    if sets is None:
        return [missing("peers")]
    python = os.environ.pop("FOOTNOTE_PEERS_PYTHON", "")
    with tempfile.TemporaryDirectory() as scratch:
        runs, absent = _runs(sets, python, Path(scratch))
        chars = sum(len(line["text"]) for name in SETS for line in _articles(sets, name))
        return [*_quality(runs), *ingest_rows(runs, chars), *_search(runs), *absent]


def _runs(sets: Path, python: str, scratch: Path) -> tuple[dict[str, dict[str, Run]], list[Row]]:
    """The runs of each system by set, set by set so that all have the same weather; and a row for each that is not here."""
    runs: dict[str, dict[str, Run]] = {OURS: {}}
    absent: dict[str, Row] = {}
    model = scratch / "onnx"
    as_downloaded(model)
    for name in SETS:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            runs[OURS][name] = pool.submit(ours, sets / name, scratch / f"home-{name}").result()
        for system, child in _PEERS.items():
            if system not in absent:
                folder = scratch / f"{child}-{name}"
                folder.mkdir()
                found = _peer(python, child, sets / name, model, folder)
                if isinstance(found, Run):
                    runs.setdefault(system, {})[name] = found
                else:
                    absent[system] = info(system, "not installed", found)
    return runs, list(absent.values())


def ours(folder: Path, home: Path) -> Run:
    """Footnote's run of a set; to be run in a process of its own."""
    app = open_service(load_settings(home=home))
    _warm_up(app, home.with_suffix(".txt"))
    timer = Timer()
    report = app.library.ingest([folder / "articles.jsonl"], prune=False, rebuild=False, progress=None)
    seconds = timer.seconds
    asked = [one for one in from_file(str(folder / "questions.jsonl")) if isinstance(one, QuestionInput)]
    answers = [_asked(app, one) for one in asked]
    app.close()
    return Run(report.chunks, seconds, answers, {})


def _warm_up(app: Service, file: Path) -> None:
    """What is imported or loaded at the first use is nobody's cost of a chunk; the peers do the same."""
    file.write_text("The bridge at Ner opened in 1931.", encoding="utf-8")
    app.library.ingest([file], prune=False, rebuild=False, progress=None)
    app.library.search(Question("warm"), 1)
    app.library.remove([file.name])


def _asked(app: Service, one: QuestionInput) -> Record:
    timer = Timer()
    found = app.library.search(one.question, K)
    ms = 1000 * timer.seconds
    if found.notes:
        raise RuntimeError("; ".join(found.notes))  # fast because an index was done without
    return {"id": one.id, "hits": [{"article": h.article, "start": h.start, "end": h.end} for h in found.hits], "ms": ms}


def _peer(python: str, child: str, folder: Path, model: Path, scratch: Path) -> Run | str:
    """A peer's run of a set, or why there is none."""
    if not python:
        return "FOOTNOTE_PEERS_PYTHON names no Python that has it; see tests/benchmarks/peers.py"
    command = [python, _CHILD, child, folder, model, scratch]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    complaint = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
    if done.returncode == MISSING:
        return f"FOOTNOTE_PEERS_PYTHON: {complaint[0]}"
    if done.returncode:
        raise RuntimeError(f"the peer {child} ended {done.returncode}: {complaint[0]}")
    return Run(**json.loads(done.stdout))


def _quality(runs: Mapping[str, Mapping[str, Run]]) -> Iterator[Row]:
    """The measures of each system."""
    scores = {(system, name): _scored(name, run) for system, by in runs.items() for name, run in by.items()}
    for name, metric, floor in _MEASURES:
        for system in runs:
            value, measure = scores[system, name][metric], f"{name} {metric}: {system}"
            if system == OURS:
                yield at_least(measure, value, floor, f"{K} hits")
            else:
                yield info(f"  {system}", f"{value:.3f}", _searched(name))


def _searched(name: str) -> str:
    return "the last turn alone, as the recipe searches" if name == "conversations" else ""


def _scored(name: str, run: Run) -> Record:
    return score(questions_of(name), {answer["id"]: answer["hits"] for answer in run.answers})


def ingest_rows(runs: Mapping[str, Mapping[str, Run]], chars: int) -> Iterator[Row]:
    """Chunks a second over all sets: splitting, embedding and storing; characters too, as chunks differ in size."""
    seconds = {system: sum(run.seconds for run in by.values()) for system, by in runs.items()}
    chunks = {system: sum(run.chunks for run in by.values()) for system, by in runs.items()}
    speed = {system: chunks[system] / seconds[system] for system in runs}
    for system in runs:
        if system == RECIPE:
            yield at_least("chunks ingested a second, times the recipe's", speed[OURS] / speed[RECIPE], _FASTER, "", "{:.1f}")
        elif system != OURS:
            yield info(f"chunks ingested a second, times {system}'s", f"{speed[OURS] / speed[system]:.1f}", "")
    for system, by in runs.items():
        versions = ", ".join(f"{name} {number}" for name, number in next(iter(by.values())).versions.items())
        where = f"{chunks[system]} chunks in {seconds[system]:.0f} s; {chars / seconds[system]:,.0f} characters a second"
        more = [_READ.get(system, ""), versions]
        yield info(f"  {system}", f"{speed[system]:.1f}", "; ".join([where, *filter(None, more)]))


def _search(runs: Mapping[str, Mapping[str, Run]]) -> Iterator[Row]:
    """Milliseconds a question, its embedding included, over all sets."""
    ms = {system: [answer["ms"] for run in by.values() for answer in run.answers] for system, by in runs.items()}
    for system, taken in ms.items():
        half, most = percentile(taken, 50), percentile(taken, 99)
        times = percentile(ms[OURS], 50) / half
        where = f"{len(taken)} questions" + ("" if system == OURS else f"; Footnote's p50 is {times:.2f} times this")
        yield info(f"search p50, p99: {system}", f"{half:.1f} ms, {most:.1f} ms", where)


def _articles(sets: Path, name: str) -> list[Record]:
    return records((sets / name / "articles.jsonl").read_text(encoding="utf-8"))
