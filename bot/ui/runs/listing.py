"""The runs as they are listed, each read once as long as nothing is added to it: a page is drawn often.

What the list tells of a run is kept beside it, in `listed.json`, with the size and the time of its results: to read the answers
of 5,000 cases for one row of a table would take half a second each time the program starts.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
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
from bot.serialization import from_json, to_plain

HEADLINES = ("passed", "supported", "citation_recall", "citation_precision", "seconds", "dollars")
"""The metrics that a run is told by in the list."""
_MOST = 4
"""Comparisons that are kept: each takes its time, and a page is drawn often."""

LISTED = "listed.json"
"""The file beside a run that holds its row of the list."""
_FORM = 1
"""Another number makes every such file be written anew: raise it where a metric of HEADLINES is computed otherwise."""

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
    answered: tuple[str, ...] = ()
    """The ids of the cases that have a result."""

    @property
    def complete(self) -> bool:
        """Whether each case has a result."""
        return self.done == self.cases


@dataclass(frozen=True, slots=True)
class _Kept:
    """listed.json."""

    form: int
    stamp: Stamp
    run: ListedRun


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
            # A dictionary keeps the order of its keys: the oldest comparison goes.
            self._compared = dict([*self._compared.items()][1 - _MOST :]) | {key: found}
        return found

    def _entry(self, id: str) -> ListedRun | None:
        stamp = self._stamp(id)
        known = self._entries.get(id)
        if known is None or known[0] != stamp:
            try:
                known = self._entries[id] = stamp, self._kept(id, stamp) or self._listed(id, stamp)
            except InputError:
                return None
        return known[1]

    def _kept(self, id: str, stamp: Stamp) -> ListedRun | None:
        try:
            kept = from_json(_Kept, (self.home / id / LISTED).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        # A folder that was copied under another name has the file of the run that it was copied from.
        return kept.run if (kept.form, kept.stamp) == (_FORM, stamp) and kept.run.id == id else None

    def _listed(self, id: str, stamp: Stamp) -> ListedRun:
        entry = entry_of(self.store.load(id))
        # A run that is under way changes twice a second, and a folder may be one that nobody may write to.
        if entry.complete:
            with suppress(OSError):
                kept = json.dumps(to_plain(_Kept(_FORM, stamp, entry)), default=str)
                (self.home / id / LISTED).write_text(kept, encoding="utf-8")
        return entry

    def _stamp(self, id: str) -> Stamp:
        try:
            # Results are only ever added, so size and time tell whether any came since.
            found = (self.home / id / RESULTS).stat()
        except OSError:
            # A run that was begun a moment ago has no results yet.
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
        tuple(result.case for result in run.results),
    )


def default_pair(entries: Sequence[ListedRun]) -> tuple[str, str]:
    """The two to compare unless others are chosen, the earlier first: the newest that have a case in common, if any have."""
    # The newest run may be over other cases; then an older pair is of more use than an empty comparison.
    for at, after in enumerate(entries):
        # `entries` have the newest first, so what stands behind one is older.
        if before := _comparable(after, entries[at + 1 :]):
            return before, after.id
    return entries[1].id, entries[0].id


def pair_of(entries: Sequence[ListedRun], chosen: Sequence[str]) -> tuple[str, str]:
    """The two to compare for the runs that are chosen, the earlier first; there must be two runs at least.

    Of several the oldest and the newest; one is held against the newest before it that has a case in common, the first run
    against the one after it.
    """
    at = [n for n, one in enumerate(entries) if one.id in chosen]
    if not at:
        return default_pair(entries)
    if len(at) > 1:
        return entries[at[-1]].id, entries[at[0]].id
    one = entries[at[0]]
    if before := _comparable(one, entries[at[0] + 1 :]):
        return before, one.id
    # Turned round, so that the next newer run comes first.
    after = _comparable(one, entries[: at[0]][::-1])
    if after:
        return one.id, after
    # Without any case in common the neighbour is shown: the comparison says itself that there is nothing to compare.
    return (entries[at[0] + 1].id, one.id) if at[0] + 1 < len(entries) else (one.id, entries[at[0] - 1].id)


def _comparable(one: ListedRun, others: Sequence[ListedRun]) -> str:
    """The first of the others that answered a case of this run; "" where none did."""
    cases = set(one.answered)
    return next((other.id for other in others if not cases.isdisjoint(other.answered)), "")


_LISTS: dict[Path, RunList] = {}


def runs_in(home: Path) -> RunList:
    """The runs of a folder; one for the whole process."""
    # One list for all sessions, so that a run is read from the disk once for all who look at it.
    return _LISTS.setdefault(home, RunList(home))
