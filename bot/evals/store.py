"""Runs on disk, `EVALS/RUN/{run.json,results.jsonl}`, and answers by all that went into them, `EVALS/cache`.

A result is one line, appended as soon as it is there: a process that is killed at any moment loses the case that it was at, and
no more. A line that was cut off is passed over, so its case counts as not answered yet.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot.answering.cited import passage_of
from bot.errors import InputError
from bot.evals.records import Case, MetricScore, Result, Run, Setup
from bot.serialization import Unreadable, from_json, to_json
from bot.types import Answer, Part, Passage

T = TypeVar("T")

# The cache stands beside the runs and has no run.json, so it is not listed as one.
RUN, RESULTS, CACHE = "run.json", "results.jsonl", "cache"
LAST = "last"
"""The name of the newest run; "last~1" is the one before it."""
_LISTS = "`footnote eval list` lists the runs there are."


@dataclass(frozen=True, slots=True)
class CachedPassages:
    """What a case was answered from: what was searched, the passages found, the places of those cited, and the answer."""

    query: str = ""
    passages: tuple[Passage, ...] = ()
    cited: tuple[Part, ...] = ()
    # The earlier answer's text, in which `robustness` looks for a fact to change.
    said: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as it is listed: `done` of its `cases` have a result, and `failed` of these went wrong."""

    id: str
    started: datetime
    setup: Setup
    message: str
    cases: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer in the cache, and the seconds that it took when it was made."""

    answer: Answer
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Head:
    """What run.json holds."""

    id: str
    # A text in ISO form, as it stands in the file; `load` makes a time of it.
    started: str
    setup: Setup
    cases: tuple[Case, ...]
    message: str = ""
    stale: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of results.jsonl. `held` is there where no answer holds the passages: the model failed after the search."""

    result: Result
    held: CachedPassages | None = None


@dataclass(frozen=True, slots=True)
class _Scores:
    """An answer's scores in the cache."""

    scores: Mapping[str, MetricScore] = field(default_factory=dict)


class RunStore:
    """The runs and the answers of one folder, which is made when something is first kept.

    >>> from tempfile import mkdtemp
    >>> store = RunStore(Path(mkdtemp()))
    >>> begun = store.begin([Case("a", "Why?")], Setup("quotes"), "a try")
    >>> [(run.message, run.cases, run.done) for run in store.runs()]
    [('a try', 1, 0)]
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, cases: Sequence[Case], setup: Setup, message: str = "", stale: tuple[tuple[str, str], ...] = ()) -> Run:
        """A new run with no result yet; `stale` are the cases that were left out, with the reasons."""
        # Eight hexadecimal digits are typed by hand after `--frozen`, and collide only among tens of thousands of runs.
        run = Run(secrets.token_hex(4), tuple(cases), setup, datetime.now(UTC), message=message, stale=stale)
        head = _Head(run.id, run.started.isoformat(), setup, run.cases, message, stale)
        # The head is written at once, so that a run that is killed can be gone on with.
        (self._folder / run.id).mkdir(parents=True)
        _write(self._folder / run.id / RUN, to_json(head))
        return run

    def add(self, run: str, result: Result, held: CachedPassages | None = None) -> None:
        """Appends a result; where a case has several, the last one counts."""
        path = self._folder / run / RESULTS
        # An answer holds its passages itself; to write them twice would double the file.
        line = to_json(_Line(result, None if result.answer else held))
        # "a+": its last byte is read, too.
        with path.open("a+b") as file:
            # After a line that was cut off, the next one must not be lost with it.
            if file.tell() and _last_byte(path) != b"\n":
                file.write(b"\n")
            file.write(line.encode() + b"\n")

    def load(self, name: str) -> Run:
        """The run of that id, unambiguous beginning, or "last"; raises InputError."""
        head = self._head(self.find(name))
        # The last line of a case counts: it may have failed first, and then been asked again.
        by_case = {line.result.case: line.result for line in self._lines(head.id)}
        results = tuple(by_case[case.id] for case in head.cases if case.id in by_case)
        return Run(head.id, head.cases, head.setup, datetime.fromisoformat(head.started), results, head.message, head.stale)

    def held(self, name: str) -> Mapping[str, CachedPassages]:
        """What each case of a run was answered from, by the case's id; without those whose search failed. Raises InputError."""
        found = {}
        for line in self._lines(self.find(name)):
            if held := _held(line.result.answer) if line.result.answer else line.held:
                found[line.result.case] = held
        return found

    def find(self, name: str) -> str:
        """The id that a name stands for; raises InputError where that is none, or several."""
        ids = self._ids()
        # No id begins so: they are hexadecimal.
        if name.startswith(LAST):
            return self._nth_last(name)
        # "" is the beginning of every id and means none of them.
        matching = [id for id in ids if name and id.startswith(name)]
        if name in ids:
            return name
        if not matching:
            raise InputError(
                f"There is no run {name}.", _LISTS if ids else "Nothing has been evaluated here: `footnote eval run`."
            )
        if len(matching) > 1:
            raise InputError(f"{name} may be any of the runs {', '.join(sorted(matching))}.", "Give more of its letters.")
        return matching[0]

    def runs(self) -> tuple[RunSummary, ...]:
        """All runs, the newest first; one whose head cannot be read is left out."""
        briefs = [brief for id in self._ids() if (brief := self._brief(id))]
        # The id decides between runs of the same moment, so that "last~1" is the same run each time.
        return tuple(sorted(briefs, key=lambda brief: (brief.started, brief.id), reverse=True))

    def answer(self, key: str) -> CachedAnswer | None:
        """The answer that was kept under this key."""
        return _read(CachedAnswer, self._cached(key))

    def keep(self, key: str, kept: CachedAnswer) -> None:
        """Keeps an answer under its key."""
        _write(self._cached(key), to_json(kept))

    def scores(self, key: str) -> Mapping[str, MetricScore] | None:
        """The scores that were kept under this key."""
        found = _read(_Scores, self._cached(key))
        return None if found is None else found.scores

    def keep_scores(self, key: str, scores: Mapping[str, MetricScore]) -> None:
        """Keeps scores under their key."""
        _write(self._cached(key), to_json(_Scores(scores)))

    def _cached(self, key: str) -> Path:
        # 256 folders: one folder with tens of thousands of files is slow to list on some file systems.
        return self._folder / CACHE / key[:2] / f"{key[2:]}.json"

    def _ids(self) -> list[str]:
        """A folder without a head is a run that was killed before it began."""
        return [path.parent.name for path in self._folder.glob(f"*/{RUN}")]

    def _nth_last(self, name: str) -> str:
        back = name.removeprefix(LAST)
        if back and not (back.startswith("~") and back[1:].isdecimal()):
            raise InputError(f"There is no run {name}.", "Write last for the newest run, last~1 for the one before it.")
        runs = self.runs()
        if (at := int(back[1:]) if back else 0) >= len(runs):
            had = f"there {'is' if len(runs) == 1 else 'are'} only {len(runs)}" if runs else "nothing has been evaluated here"
            raise InputError(f"There is no run {name}: {had}.", _LISTS if runs else "Begin with `footnote eval run`.")
        return runs[at].id

    def _head(self, id: str) -> _Head:
        try:
            return from_json(_Head, (self._folder / id / RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"The run {id} cannot be read: its {RUN} is damaged.", f"Remove the folder {self._folder / id}."
            ) from error

    def _brief(self, id: str) -> RunSummary | None:
        try:
            head = self._head(id)
        except InputError:
            return None
        # By case first, as the last line of a case counts.
        outcomes = Counter({line.result.case: line.result.outcome for line in self._lines(id)}.values())
        started = datetime.fromisoformat(head.started)
        return RunSummary(id, started, head.setup, head.message, len(head.cases), outcomes.total(), outcomes["failed"])

    def _lines(self, id: str) -> Iterator[_Line]:
        try:
            # A run that was begun and not answered yet has no such file.
            content = (self._folder / id / RESULTS).read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        for line in content.splitlines():
            try:
                yield from_json(_Line, line)
            except Unreadable:
                continue


def _held(answer: Answer) -> CachedPassages:
    cited = [passage for one in answer.citations if (passage := passage_of(answer, one))]
    # Two citations of one passage are one place; the order is that of the answer.
    parts = dict.fromkeys(Part(passage.article, passage.start, passage.end) for passage in cited)
    return CachedPassages(answer.query, answer.passages, tuple(parts), answer.text)


def _read(kind: type[T], path: Path) -> T | None:
    """What was kept there; None where nothing was, or where it cannot be read."""
    try:
        return from_json(kind, path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, text: str) -> None:
    """Writes the file whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may keep the same answer at once; a name of its own for each keeps their files apart.
    part = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        # Only for a file that is not empty: there is no byte before the beginning.
        file.seek(-1, os.SEEK_END)
        return file.read(1)
