"""`footnote ingest --watch` as a process of its own: folders are followed while another process asks."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from bot.commands.main import main
from bot.wiring.watched_places import WatchedPlacesFile
from tests.site_server import SiteAnswer, site
from tests.waiting import until

ROOT = Path(__file__).parents[3]
BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"


class Watcher:
    """The command, and the lines that it has printed by now."""

    def __init__(self, home: Path, *argv: str | Path) -> None:
        command = [sys.executable, "-m", "bot.commands.main", "ingest", "--watch", "--home", str(home), *map(str, argv)]
        environ = {**os.environ, "FOOTNOTE_EMBEDDING": "minilm"}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._threads = [
            Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def records(self) -> list[dict[str, list[str]]]:
        return [json.loads(line) for line in self.out]

    def added(self) -> list[str]:
        return [id for record in self.records for id in record["added"]]

    def failed(self, name: str) -> list[str]:
        """What was said of a file that could not be taken in, each time."""
        return [one for record in self.records for one in record["failed"] if name in str(one)]

    def end(self, number: int = signal.SIGINT) -> int:
        """Ends it as Ctrl-C does, unless it has ended; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        for thread, stream in zip(self._threads, (self.process.stdout, self.process.stderr), strict=True):
            thread.join(5)
            assert stream is not None
            stream.close()
        return code

    def _read(self, stream: Iterator[str], lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip("\n"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "harbour.md").write_text("The harbour of Lindmark froze in January.\n")
    return made


@pytest.fixture
def watcher(home: Path, folder: Path) -> Iterator[Watcher]:
    """One with --json that has taken in what was there, for a test that ends it."""
    with following(home, folder) as started:
        yield started


@contextmanager
def following(home: Path, folder: Path) -> Iterator[Watcher]:
    started = Watcher(home, folder, "--json")
    until(lambda: started.records or started.process.poll() is not None, seconds=60)
    yield started
    started.end()


@dataclass
class Watched:
    """A folder, the home into which it is taken, and the process that follows it."""

    home: Path
    folder: Path
    watcher: Watcher

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One process for the tests that leave it running: to start one takes seconds. Each test has files of its own names."""
    home, folder = tmp_path_factory.mktemp("watched") / "home", tmp_path_factory.mktemp("articles")
    (folder / "harbour.md").write_text("The harbour of Lindmark froze in January.\n")
    with following(home, folder) as watcher:
        yield Watched(home, folder, watcher)


def ask(home: Path, question: str) -> str:
    """The answer that another process gives."""
    command = [sys.executable, "-m", "bot.commands.main", "ask", question, "--home", str(home), "--json"]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env={**os.environ, "FOOTNOTE_EMBEDDING": "minilm"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["answer"])


def test_what_is_there_is_taken_in_first(watched: Watched) -> None:
    assert watched.watcher.records[0]["added"] == ["harbour.md"]


def test_a_new_article_can_be_asked_about_in_another_process(watched: Watched) -> None:
    watched.write("bridge.md", BRIDGE)
    until(lambda: "bridge.md" in watched.watcher.added())
    assert "4 May 1931" in ask(watched.home, "When did the bridge at Ner open?")


def test_a_changed_article_is_taken_in(watched: Watched) -> None:
    watched.write("harbour.md", "The harbour of Lindmark never froze.\n")
    until(lambda: any(record["changed"] == ["harbour.md"] for record in watched.watcher.records))


def test_a_file_that_fails_is_told_of_once(watched: Watched) -> None:
    watched.write("broken.md", b"\x00\x01 no text")
    until(lambda: watched.watcher.failed("broken.md"))
    watched.write("broken.md", b"\x00\x02 no text")
    watched.write("mill.md", "The mill at Ostrow was sold.\n")
    until(lambda: "mill.md" in watched.watcher.added())
    assert len(watched.watcher.failed("broken.md")) == 1


def test_a_file_that_is_whole_a_moment_later_is_not_said_to_fail(watched: Watched) -> None:
    watched.write("half.md", b"\x00 being copied")
    watched.write("tower.md", "The tower at Ostrow was sold.\n")
    until(lambda: "tower.md" in watched.watcher.added())
    watched.write("half.md", "The bridge at Ner is whole.\n")
    until(lambda: "half.md" in watched.watcher.added())
    assert watched.watcher.failed("half.md") == []


def test_ctrl_c_ends_it_with_a_sum(watcher: Watcher) -> None:
    assert watcher.end() == 0
    assert watcher.err[-1].endswith("Articles: 1 added, 0 changed, 0 moved, 0 gone, 0 removed, 0 failed.")
    assert not any("Traceback" in line for line in watcher.err)


def test_sigterm_ends_it_as_well(watcher: Watcher) -> None:
    assert watcher.end(signal.SIGTERM) == 0


def test_one_process_watches_for_a_home(watched: Watched) -> None:
    other = Watcher(watched.home, watched.folder)
    until(lambda: other.process.poll() is not None, seconds=30)
    assert other.end() == 1
    assert other.err[0] == f"footnote: Another Footnote watches for {watched.home} already."


def test_for_people_each_batch_is_a_line(home: Path, folder: Path) -> None:
    watcher = Watcher(home, folder, "--prune")
    until(lambda: len(watcher.out) == 2, seconds=60)
    shutil.move(folder / "harbour.md", folder.with_name("elsewhere.md"))
    until(lambda: len(watcher.out) == 3)
    assert watcher.end() == 0
    assert watcher.out[0] == f"Watching {folder}. Ctrl-C ends it."
    assert [line.partition("  ")[2] for line in watcher.out[1:3]] == ["1 added: harbour.md", "1 removed: harbour.md"]


def test_a_file_cannot_be_watched(home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--watch", str(folder / "harbour.md"), "--home", str(home)]) == 1
    assert "is no folder" in capsys.readouterr().err


def test_a_watch_without_a_folder_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ingest", "--watch"])
    assert ended.value.code == 2
    assert "at least one PATH" in capsys.readouterr().err


def test_a_page_that_is_followed_is_kept_for_the_watcher(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_FETCH_PRIVATE", "all")
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")
    with site({"/rain": SiteAnswer(headers={"Content-Type": "text/html"})}) as one:
        url = f"{one.address}/rain"
        assert main(["ingest", url, "--follow", "--every", "30", "--home", str(home)]) == 0
        assert f"every 30 minutes, while a Footnote watches: {url}" in capsys.readouterr().out
        assert main(["ingest", f"{one.address}/nothing", "--follow", "--home", str(home)]) == 1
    assert [(feed.url, feed.minutes) for feed in WatchedPlacesFile(home).places().feeds] == [(url, 30)]


def test_a_folder_cannot_be_followed_as_a_feed(folder: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ingest", "--follow", str(folder)])
    assert ended.value.code == 2
