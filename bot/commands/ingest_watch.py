"""`footnote ingest --watch`: folders are followed until Ctrl-C, and each batch of changes is told."""

import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

from bot.commands.output import CommandContext, Output, failure_text, first_names
from bot.errors import InputError
from bot.json_records import Record, failure_record

if TYPE_CHECKING:
    from bot.wiring.watch_loop import WatchedBatch

# In the order of `_by_kind`.
_KINDS = ("added", "changed", "moved", "gone", "removed", "failed")


def watch_folders(paths: Sequence[Path], context: CommandContext, *, prune: bool) -> int:
    """Takes in the folders, and then whatever changes in them, until Ctrl-C or SIGTERM; 0."""
    from bot.wiring.watched_places import WatchedFolder
    from bot.wiring.watching import watchable

    # Every folder is looked at before the first is taken in: a misspelt one should not be found after minutes.
    folders = [WatchedFolder(str(watchable(path, context.settings.home)), prune) for path in paths]
    teller = WatchTeller(context.output)
    context.output.note(f"Watching {', '.join(one.path for one in folders)}. Ctrl-C ends it.")
    with context.service() as service, stopped_by_signals() as stop:
        service.watching.follow(folders, teller.tell, stop)
    teller.end()
    return 0


def follow_feeds(urls: Sequence[str], context: CommandContext, every: int) -> int:
    """Looks at feeds, and follows them from then on, a look each so many minutes; 1 where one cannot be fetched."""
    code = 0
    with context.service() as service:
        for url in urls:
            try:
                batch = service.watching.follow_feed(url, every)
            except InputError as error:
                context.output.warn(f"Not followed: {error.message}")
                code = 1
                continue
            WatchTeller(context.output).tell(batch)
            context.output.note(f"Followed from now on, every {every} minutes, while a Footnote watches: {url}")
    return code


class WatchTeller:
    """Tells of each batch, and in the end of all of them together."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._sums: Counter[str] = Counter()
        self._batches = 0
        self._started = time.monotonic()

    def tell(self, batch: "WatchedBatch") -> None:
        """Prints a batch, and what failed in it."""
        output = self._output
        self._batches += 1
        self._sums.update({name: len(ids) for name, ids in _by_kind(batch).items()})
        if output.as_json:
            output.record(batch_record(batch))
        else:
            # A batch of failures alone has no line of its own: they follow, each with its file.
            if line := batch_line(batch):
                output.say(f"{batch.at.astimezone():%H:%M:%S}  {line}")
            for failure in (*batch.report.failed, *batch.report.notes):
                output.warn(failure_text(failure))
        if batch.trouble is not None:
            output.warn(f"{batch.trouble.message} {batch.trouble.help} It is tried again.")
        output.flush()

    def end(self) -> None:
        """Prints the sum."""
        minutes = (time.monotonic() - self._started) / 60
        sums = ", ".join(f"{self._sums[name]} {name}" for name in _KINDS)
        self._output.note(f"Watched for {minutes:.1f} minutes. Articles: {sums}.")


def batch_record(batch: "WatchedBatch") -> Record:
    """The JSON of a batch."""
    report = batch.report
    more: Record = {"error": batch.trouble.message} if batch.trouble else {}
    return {
        "at": batch.at.isoformat(timespec="seconds"),
        **({"feed": batch.feed} if batch.feed else {}),
        "added": list(report.added),
        "changed": list(report.changed),
        "moved": list(batch.moved),
        "gone": list(report.gone),
        "removed": list(report.removed),
        "failed": [failure_record(failure) for failure in report.failed],
        "notes": [failure_record(failure) for failure in report.notes],
        "seconds": round(report.seconds, 3),
        **more,
    }


def batch_line(batch: "WatchedBatch") -> str:
    """A batch for people: how many articles, and which; "" where nothing but failures came of it."""
    told = []
    for name, ids in _by_kind(batch).items():
        if ids and name != "failed":
            told.append(f"{len(ids)} {name}: {first_names([*map(str, ids)])}")
    return "; ".join(told)


def _by_kind(batch: "WatchedBatch") -> Mapping[str, Sequence[object]]:
    """What a batch came to, by what happened."""
    one = batch.report
    kinds = (one.added, one.changed, batch.moved, one.gone, one.removed, one.failed)
    return dict(zip(_KINDS, kinds, strict=True))


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set, so that a batch which is being written is ended first; again, they end at once."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        """Asks for the end, or brings it about at once."""
        if stop.is_set():
            raise KeyboardInterrupt
        # The first time only asked: a batch that is being written comes to its end.
        stop.set()

    # SIGTERM too: it is what a service manager sends.
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
