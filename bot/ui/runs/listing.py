"""The runs as they are listed, each read once as long as nothing is added to it: a page is drawn often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import InputError
from bot.evals.comparing import RunComparison, compare
from bot.evals.decision import rule_of
from bot.evals.metrics import BY_KEY
from bot.evals.records import Run, Setup
from bot.evals.store import RESULTS, RUN, RunStore
from bot.evals.summary import failed, mean

HEADLINES = ("passed", "supported", "citation_recall", "citation_precision", "seconds", "dollars")
"""The metrics that a run is told by in the list."""
_MOST = 4
"""Comparisons that are kept: each takes its time, and a page is drawn often."""

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in the list; `headlines` are the means of those metrics that have one, by key."""

    id: str
    started: datetime
    setup: Setup
    message: str
    cases: int
    done: int
    failed: int
    headlines: tuple[tuple[str, float], ...] = ()
    answered: frozenset[str] = frozenset()
    """The ids of the cases that have a result."""

    @property
    def complete(self) -> bool:
        """Whether each case has a result."""
        return self.done == self.cases


class RunList:
    """The runs of one folder, and what was read of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = RunStore(home)
        self._entries: dict[str, tuple[Stamp, ListedRun]] = {}
        self._runs: dict[str, tuple[Stamp, Run]] = {}
        self._compared: dict[tuple[str, Stamp, str, Stamp], RunComparison] = {}

    def entries(self) -> tuple[ListedRun, ...]:
        """All runs, the newest first; one that cannot be read is left out."""
        # Read from the folder each time, as the command line makes runs as well.
        ids = [path.parent.name for path in self.home.glob(f"*/{RUN}")]
        found = [entry for id in ids if (entry := self._entry(id)) is not None]
        return tuple(sorted(found, key=lambda one: (one.started, one.id), reverse=True))

    def run(self, id: str) -> Run:
        """A run with all its results; raises InputError."""
        stamp = self._stamp(id)
        known = self._runs.get(id)
        if known is None or known[0] != stamp:
            known = stamp, self.store.load(id)
            # Runs with all their passages are large: no more than what is looked at and compared is held.
            self._runs = dict([*self._runs.items()][-2:]) | {id: known}
        return known[1]

    def comparison(self, a: str, b: str) -> RunComparison:
        """What changed from one run to another; raises InputError."""
        key = a, self._stamp(a), b, self._stamp(b)
        found = self._compared.get(key)
        if found is None:
            found = compare(self.run(a), self.run(b), rule_of(self.run(b)))
            self._compared = dict([*self._compared.items()][1 - _MOST :]) | {key: found}
        return found

    def _entry(self, id: str) -> ListedRun | None:
        stamp = self._stamp(id)
        known = self._entries.get(id)
        if known is None or known[0] != stamp:
            try:
                known = self._entries[id] = stamp, entry_of(self.store.load(id))
            except InputError:
                return None
        return known[1]

    def _stamp(self, id: str) -> Stamp:
        try:
            found = (self.home / id / RESULTS).stat()
        except OSError:
            return 0, 0
        return found.st_size, found.st_mtime_ns


def entry_of(run: Run) -> ListedRun:
    """A run as it is listed."""
    means = [(key, mean(run, BY_KEY[key])[0].value) for key in HEADLINES]
    headlines = tuple((key, value) for key, value in means if value is not None)
    return ListedRun(
        run.id,
        run.started,
        run.setup,
        run.message,
        len(run.cases),
        len(run.results),
        len(failed(run)),
        headlines,
        frozenset(result.case for result in run.results),
    )


def default_pair(entries: Sequence[ListedRun]) -> tuple[str, str]:
    """The two to compare unless others are chosen, the earlier first: the newest that have a case in common, if any have."""
    # The newest run may be over other cases; then an older pair is of more use than an empty comparison.
    for at, after in enumerate(entries):
        for before in entries[at + 1 :]:
            if after.answered & before.answered:
                return before.id, after.id
    return entries[1].id, entries[0].id


_SHELVES: dict[Path, RunList] = {}


def runs_in(home: Path) -> RunList:
    """The runs of a folder; one for the whole process."""
    return _SHELVES.setdefault(home, RunList(home))
