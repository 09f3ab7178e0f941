"""Watched folders: real files, the real watcher, and what it tells of them."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.waiting import until
from vectorstore.watching import MAX_HOLD, REST, FolderBatch, FolderWatcher, is_temporary

LONG_ENOUGH = 2 * REST


class Watched:
    """A watcher in a thread, and all that it has told by now, folders as a whole apart."""

    def __init__(self, folders: Callable[[], list[Path]], passed_over: list[Path], *, polling: bool | None = None) -> None:
        self.whole: list[Path] = []
        self.told: list[FolderBatch] = []
        self._stop = Event()
        self._watcher = FolderWatcher(folders, passed_over, polling=polling)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def touched(self) -> list[Path]:
        return [path for batch in self.told for path in batch.touched]

    @property
    def missing(self) -> list[Path]:
        return [path for batch in self.told for path in batch.missing]

    def end(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        for batch in self._watcher.batches(self._stop):
            self.whole += batch.whole
            if batch.touched or batch.missing:
                self.told.append(batch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


@pytest.fixture
def watched(folder: Path) -> Iterator[Watched]:
    one = Watched(lambda: [folder], [folder / "home"])
    until(lambda: one.whole)
    yield one
    one.end()


def test_a_folder_is_first_told_of_as_a_whole(folder: Path, watched: Watched) -> None:
    assert watched.whole == [folder]


def test_a_new_file_is_told_of_within_seconds(folder: Path, watched: Watched) -> None:
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: watched.touched == [folder / "bridge.md"], seconds=5)


def test_a_burst_of_changes_is_one_batch(folder: Path, watched: Watched) -> None:
    for n in range(40):
        (folder / f"{n:02}.md").write_text("The bridge at Ner.")
    until(lambda: watched.told)
    assert [len(batch.touched) for batch in watched.told] == [40]


def test_a_file_that_is_saved_again_and_again_is_told_of_once(folder: Path, watched: Watched) -> None:
    for n in range(6):
        (folder / "bridge.md").write_text("The bridge at Ner. " * n)
        time.sleep(REST / 4)
    until(lambda: watched.told)
    time.sleep(LONG_ENOUGH)
    assert watched.touched == [folder / "bridge.md"]


def test_a_file_that_is_being_written_is_waited_for(folder: Path, watched: Watched) -> None:
    with (folder / "long.md").open("w") as file:
        for _ in range(8):
            file.write("The bridge at Ner.\n")
            file.flush()
            time.sleep(REST / 2)
        assert not watched.told
    until(lambda: watched.touched == [folder / "long.md"])


def test_other_files_do_not_wait_for_ever_for_one_that_grows(folder: Path, watched: Watched) -> None:
    (folder / "short.md").write_text("The bridge at Ner.")
    end = time.monotonic() + 3 * MAX_HOLD
    with (folder / "long.md").open("w") as file:
        while not watched.told and time.monotonic() < end:
            file.write("The bridge at Ner.\n")
            file.flush()
            time.sleep(REST / 4)
    assert watched.told[0].touched == (folder / "short.md",)


def test_a_file_that_is_replaced_at_once_is_touched_and_not_missing(folder: Path, watched: Watched) -> None:
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: watched.told)
    (folder / "bridge.md.tmp").write_text("The bridge at Ner, again.")
    (folder / "bridge.md.tmp").replace(folder / "bridge.md")
    until(lambda: len(watched.told) == 2)
    assert (watched.touched, watched.missing) == ([folder / "bridge.md"] * 2, [])


def test_a_removed_file_is_missing(folder: Path, watched: Watched) -> None:
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: watched.told)
    (folder / "bridge.md").unlink()
    until(lambda: watched.missing == [folder / "bridge.md"])


def test_a_moved_file_is_missing_and_touched_in_one_batch(folder: Path, watched: Watched) -> None:
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: watched.told)
    (folder / "bridge.md").rename(folder / "crossing.md")
    until(lambda: len(watched.told) == 2)
    assert watched.told[1] == FolderBatch((folder / "crossing.md",), (folder / "bridge.md",))


def test_a_folder_that_is_moved_in_brings_its_files(folder: Path, watched: Watched) -> None:
    outside = folder.with_name("outside")
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "bridge.md").write_text("The bridge at Ner.")
    outside.rename(folder / "inside")
    until(lambda: watched.touched == [folder / "inside" / "deep" / "bridge.md"])


def test_what_no_reader_reads_is_passed_over(folder: Path, watched: Watched) -> None:
    for name in ("photo.png", ".hidden.md", "~$bridge.md", "bridge.md~", ".git/notes.md", "home/originals/kept.md"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("The bridge at Ner.")
    (folder / "last.md").write_text("The bridge at Ner.")
    until(lambda: watched.touched)
    time.sleep(LONG_ENOUGH)
    assert watched.touched == [folder / "last.md"]


def test_a_link_that_leads_out_is_not_followed(folder: Path, watched: Watched) -> None:
    outside = folder.with_name("secret.md")
    outside.write_text("Nobody gave this.")
    (folder / "link.md").symlink_to(outside)
    (folder / "last.md").write_text("The bridge at Ner.")
    until(lambda: watched.touched)
    assert watched.touched == [folder / "last.md"]


def test_a_folder_that_comes_back_is_looked_through_again(folder: Path, watched: Watched) -> None:
    shutil.rmtree(folder)
    time.sleep(LONG_ENOUGH)
    folder.mkdir()
    until(lambda: watched.whole == [folder, folder])
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: folder / "bridge.md" in watched.touched)


def test_a_folder_may_be_added_meanwhile(folder: Path, tmp_path: Path) -> None:
    other, folders = tmp_path / "other", [folder]
    one = Watched(lambda: list(folders), [])
    until(lambda: one.whole == [folder])
    other.mkdir()
    folders.append(other)
    until(lambda: one.whole == [folder, other])
    (other / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: one.touched == [other / "bridge.md"])
    one.end()


def test_polling_finds_the_same_changes(folder: Path) -> None:
    one = Watched(lambda: [folder], [], polling=True)
    until(lambda: one.whole)
    (folder / "bridge.md").write_text("The bridge at Ner.")
    until(lambda: one.touched == [folder / "bridge.md"])
    one.end()


@pytest.mark.parametrize(
    "name", ["a.md~", "~$a.docx", "#a.md#", "a.md.tmp", "a.pdf.crdownload", ".a.md.swp", "4913", "lu1.tmp"]
)
def test_a_temporary_file_is_known_by_its_name(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["a.md", "49131.txt", "a.b.md", "part.md", "tmp.md", "download.pdf"])
def test_a_file_of_a_person_is_not_temporary(name: str) -> None:
    assert not is_temporary(name)
