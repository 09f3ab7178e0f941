"""The loop of a watcher on real files: what stands in the way is waited for, and told once."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.wiring import watch_loop
from bot.wiring.watch_loop import FailureMemory, TakeIn, WatchedBatch, WatchLoop
from tests.waiting import until
from vectorstore.errors import CatalogError, IndexBusy, VectorstoreError
from vectorstore.types import Failure, IngestReport
from vectorstore.watching import FolderBatch, FolderWatcher

BAD = Failure("bad.md", "The file is empty.")


class Loop:
    """A loop in a thread over a folder; `take` says what becomes of each batch."""

    def __init__(self, folder: Path, take: TakeIn) -> None:
        self.told: list[WatchedBatch] = []
        self.taken: list[FolderBatch] = []
        self._take = take
        self._stop = Event()
        loop = WatchLoop(FolderWatcher(lambda: [folder]), self._taken, self.told.append)
        self._thread = Thread(target=loop.run, args=(self._stop,), daemon=True)
        self._thread.start()

    def _taken(self, batch: FolderBatch) -> WatchedBatch:
        self.taken.append(batch)
        return self._take(batch)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


Start = Callable[[TakeIn], Loop]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a loop that is in a hurry."""
    monkeypatch.setattr(watch_loop, "AGAIN", 0.5)
    loops: list[Loop] = []

    def started(take: TakeIn) -> Loop:
        loops.append(Loop(tmp_path, take))
        return loops[-1]

    yield started
    for loop in loops:
        loop.end()


def added(batch: FolderBatch) -> WatchedBatch:
    return WatchedBatch(IngestReport(added=tuple(path.name for path in batch.touched)))


def hindered(*errors: VectorstoreError) -> TakeIn:
    """Fails with these errors first, one after another."""
    left = list(errors)

    def take(batch: FolderBatch) -> WatchedBatch:
        if left:
            raise left.pop(0)
        return added(batch)

    return take


def test_a_batch_with_no_news_is_not_told(start: Start) -> None:
    loop = start(lambda _: WatchedBatch(IngestReport(unchanged=("a.md",))))
    until(lambda: loop.taken)
    assert loop.told == []


def test_an_index_that_is_busy_is_waited_for_without_a_word(start: Start, tmp_path: Path) -> None:
    loop = start(hindered(IndexBusy("Another process is writing.")))
    until(lambda: len(loop.taken) == 2)
    (tmp_path / "a.md").write_text("The bridge at Ner.")
    until(lambda: loop.told)
    assert [(one.trouble, one.report.added) for one in loop.told] == [(None, ("a.md",))]


def test_what_stands_in_the_way_for_long_is_told_once_and_tried_again(start: Start) -> None:
    full = CatalogError("The disk is full.")
    loop = start(hindered(full, full))
    until(lambda: len(loop.taken) == 3)
    assert [one.trouble and one.trouble.message for one in loop.told] == ["The disk is full."]


def test_changes_during_a_hindrance_are_not_lost(start: Start, tmp_path: Path) -> None:
    loop = start(hindered(IndexBusy("Another process is writing.")))
    until(lambda: loop.taken)
    (tmp_path / "a.md").write_text("The bridge at Ner.")
    until(lambda: any("a.md" in one.report.added for one in loop.told))


def test_a_file_that_fails_is_tried_once_more_and_then_told(start: Start, tmp_path: Path) -> None:
    loop = start(lambda batch: WatchedBatch(IngestReport(failed=(BAD,) if batch.touched else ())))
    until(lambda: loop.taken)
    (tmp_path / "bad.md").write_text("")
    until(lambda: loop.told)
    assert [one.report.failed for one in loop.told] == [(BAD,)]
    assert [len(batch.touched) for batch in loop.taken] == [0, 1, 1]


def test_a_failure_that_is_known_is_not_told_again(start: Start, tmp_path: Path) -> None:
    loop = start(lambda _: WatchedBatch(IngestReport(failed=(BAD,))))
    until(lambda: loop.told)
    (tmp_path / "a.md").write_text("The bridge at Ner.")
    until(lambda: len(loop.taken) == 2)
    time.sleep(1)
    assert [one.report.failed for one in loop.told] == [(BAD,)]


def test_another_reason_is_told(start: Start) -> None:
    memory, other = FailureMemory(), Failure("bad.md", "The file is binary.")
    assert (memory.new([BAD]), memory.new([other])) == ([BAD], [other])


def test_what_was_not_attempted_stays_known() -> None:
    memory = FailureMemory()
    memory.new([BAD])
    memory.new([], attempted=lambda where: where != "bad.md")
    assert memory.new([BAD]) == []


def test_a_chore_that_says_no_ends_the_loop(tmp_path: Path) -> None:
    loop = WatchLoop(FolderWatcher(lambda: [tmp_path]), lambda _: WatchedBatch(), lambda _: None, lambda: False)
    loop.run(Event())
