"""The list of runs, as plain values. Pure."""

from collections.abc import Iterator, Sequence
from typing import TypedDict

from bot.evals.metrics import BY_KEY, counted
from bot.evals.records import Setup
from bot.ui.runs.listing import ListedRun


class FigureData(TypedDict):
    """The mean of a metric with its name."""

    name: str
    value: str


class RunData(TypedDict):
    """One run: `at` is an ISO time, `state` says how far it has come, and `goes_on` that it can be gone on with."""

    id: str
    name: str
    at: str
    cases: str
    state: str
    details: list[str]
    message: str
    figures: list[FigureData]
    open: bool
    goes_on: bool


def run_rows(entries: Sequence[ListedRun], opened: str, running: str) -> list[RunData]:
    """A row for each run; `opened` is the one whose results are in sight, `running` says that one is under way: its id."""
    return [_row(entry, entry.id == opened, running) for entry in entries]


def details(setup: Setup) -> Iterator[str]:
    """What was done to the passages, and whose they are."""
    if setup.frozen:
        yield f"on the passages of {setup.frozen}"
    if setup.shuffled is not None:
        yield f"shuffled by {setup.shuffled}"
    if setup.removed:
        yield "without the cited passages"


def _row(entry: ListedRun, opened: bool, running: str) -> RunData:
    return RunData(
        id=entry.id,
        name=entry.setup.name,
        at=entry.started.isoformat(),
        cases=counted(entry.cases),
        state=" · ".join(_state(entry, running)),
        details=list(details(entry.setup)),
        message=entry.message,
        figures=[FigureData(name=BY_KEY[key].label, value=BY_KEY[key].shown(mean)) for key, mean in entry.headlines],
        open=opened,
        goes_on=not entry.complete and not running,
    )


def _state(entry: ListedRun, running: str) -> Iterator[str]:
    if entry.id == running:
        yield "under way"
    elif not entry.complete:
        yield f"stopped after {entry.done} of {entry.cases}"
    if entry.failed:
        yield f"{entry.failed} failed"
