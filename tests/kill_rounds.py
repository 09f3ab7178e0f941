"""Writers of one home that are killed with SIGKILL at random moments, many of them while their disk refuses what they write.

Each round forks a writer, which ingests, prunes, removes and rebuilds until it is killed. Some of its writes fail on the way
(`tests/write_errors.c`). A second process then opens the home as anybody would, and compares what is found with what was
reported: an article that was reported is there, one that was being written is there as it was or as it was to be.
"""

import ctypes
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import vectorstore.searching.dense  # noqa: F401  # two seconds, once for all that are forked
from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose
from vectorstore.doctor import diagnose
from vectorstore.errors import VectorstoreError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor

ROOT = Path(__file__).parents[1]
SOURCE = Path(__file__).with_name("write_errors.c")
ENCODER = FakeEncoder()
ARTICLES = 24
ANSWERED_WITHIN = 120.0
"""Seconds after which a home that cannot be opened counts as one that hangs."""

Words = dict[str, str | None]
"""The word that stands in each article alone, by its id; None for an article that is not there."""


@dataclass(slots=True)
class KillReport:
    """What came of it: rounds, operations reported, errors that writers were told, searches afterwards, and what was wrong."""

    rounds: int = 0
    done: int = 0
    told: int = 0
    searches: int = 0
    articles: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KilledHome:
    """The folder of everything; the home alone lies on the disk whose writes fail."""

    folder: Path

    @property
    def home(self) -> Path:
        """The home."""
        return self.folder / "home"

    @property
    def articles(self) -> Path:
        """The folder that is ingested."""
        return self.folder / "articles"

    @property
    def log(self) -> Path:
        """One JSON list a line: "begin" or "done" with the words of articles, "told" or "fault" with a sentence."""
        return self.folder / "log"

    def note(self, what: str, about: object) -> None:
        """Adds a line to the log, whole: an append of this size is atomic."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps([what, about]) + "\n")

    def on_disk(self) -> Words:
        """The words of the files that are there."""
        return {file.name: file.read_text(encoding="utf-8").split()[1] for file in self.articles.glob("*.txt")}


def compiled_write_errors(folder: Path) -> Path | None:
    """The library that makes writes fail; None where it cannot be built."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or not compiler:
        return None
    library = folder / "write_errors.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


# The writer


def write_until_killed(store: KilledHome, seed: int, library: str) -> None:
    """Does one thing after another, each noted before and after."""
    draw = random.Random(seed)
    if library and draw.random() < 0.7:
        # Some fail at once and for long, as on a full disk; others late and for a few writes, as on a bad one.
        after, length = int(draw.expovariate(1 / 150)), draw.choice([1, 3, 30, 100_000])
        arm = ctypes.CDLL(library).write_errors_arm
        arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_long, ctypes.c_int]
        arm(str(store.home).encode(), after, length, draw.choice([errno.ENOSPC, errno.EIO]))
    index: Index | None = None
    while True:
        try:
            index = index or open_index(store.home, page=16)
            _do_one(store, Ingestor(index, ENCODER, limit=60, batch=8), draw)
        except VectorstoreError as error:
            store.note("told", f"{type(error).__name__}: {error.message}")
            time.sleep(0.05)
            if draw.random() < 0.3:
                index = None


def _do_one(store: KilledHome, ingestor: Ingestor, draw: random.Random) -> None:
    """One ingest, removal or rebuild."""
    what = draw.random()
    if what < 0.12:
        ingestor.rebuild()
        store.note("done", {})
    elif what < 0.3:
        gone: Words = dict.fromkeys(draw.sample([f"{n}.txt" for n in range(ARTICLES)], 3))
        store.note("begin", gone)
        ingestor.remove(list(gone))
        store.note("done", gone)
    else:
        _change_files(store, draw)
        prune = draw.random() < 0.5
        coming = store.on_disk()
        if prune:
            coming = {f"{n}.txt": coming.get(f"{n}.txt") for n in range(ARTICLES)}
        store.note("begin", coming)
        report = ingestor.ingest([store.articles], prune=prune)
        if report.failed:
            store.note("fault", f"an ingest left out {report.failed[0]}")
        store.note("done", coming)


def _change_files(store: KilledHome, draw: random.Random) -> None:
    """Gives a few articles another text, and takes a few away."""
    store.articles.mkdir(exist_ok=True)
    for number in draw.sample(range(ARTICLES), 5):
        file = store.articles / f"{number}.txt"
        if draw.random() < 0.25:
            file.unlink(missing_ok=True)
            continue
        part = file.with_name(f".{file.name}.part")  # hidden, as one that is killed here must not be taken in
        part.write_text(prose(f"w{number}n{draw.randrange(10**9)}x", draw.randint(1, 12)), encoding="utf-8")
        part.replace(file)


# The one who looks afterwards


class HomeChecker:
    """Opens a home after a kill, and compares it with the words that may be there."""

    def __init__(self, store: KilledHome, allowed: Mapping[str, set[str | None]], old: set[str]) -> None:
        self._store = store
        self._allowed = allowed
        self._old = old
        self.faults: list[str] = []
        self.searches = 0

    def found(self) -> Words:
        """The words of all articles as the home has them; what is wrong goes into `faults`."""
        index = open_index(self._store.home, page=16)
        index.prepare()
        index.refresh()
        present = self._catalog(index)
        self._searched(index, present)
        # What any start does; `doctor` then has nothing left to say.
        with index.writing(5):
            pass
        self.faults += [f"doctor: {one.name}: {one.detail}" for one in diagnose(index) if not one.ok and one.name != "manifest"]
        index.close()
        return present

    def _catalog(self, index: Index) -> Words:
        known = index.catalog.known_articles()
        present: Words = dict.fromkeys(self._allowed)
        for id in known:
            article = index.catalog.article(id)
            present[id] = article.text.split()[1] if article else None
            chunks = index.catalog.chunks_of(id)
            if article and any(article.text[chunk.start : chunk.end] != chunk.text for chunk in chunks):
                self.faults.append(f"a chunk of {id} does not stand where it says")
        for id, word in present.items():
            if word not in self._allowed.get(id, {None}):
                self.faults.append(f"{id} has {word}, and should have one of {self._allowed.get(id)}")
        return present

    def _searched(self, index: Index, present: Words) -> None:
        """Looks for each article by its word and by the vectors of its chunks, and for words that are there no more."""
        total = index.catalog.counts()[1]
        if not total:
            return
        for name, found in (("dense", index.dense.count()), ("lexical", index.lexical.count())):
            if found != total:
                self.faults.append(f"the {name} index has {found} of {total} chunks")
        for id, word in present.items():
            if not word:
                continue
            chunks = index.catalog.chunks_of(id)
            own = {chunk.id for chunk in chunks}
            lexical = {number for number, _ in index.lexical.query([(word, 1.0)], 2 * len(own))}
            self.searches += 1 + len(own)
            if lexical != own:
                self.faults.append(f"{id}: {word} finds {sorted(lexical)} of {sorted(own)}")
            lost = [one.id for one in chunks if index.dense.query(ENCODER.vector(one.text), 1)[0][0] != one.id]
            if lost:
                self.faults.append(f"{id}: the vectors of chunks {lost} find others")
        for word in self._old - set(present.values()):
            self.searches += 1
            if hits := index.lexical.query([(word, 1.0)], 3):
                self.faults.append(f"{word}, which is gone, finds {hits}")


# Rounds


class KillRounds:
    """Round after round on one home; what was noted last is what the next one is compared with."""

    def __init__(self, store: KilledHome, seed: int, library: str) -> None:
        self.report = KillReport()
        self._store = store
        self._seed = seed
        self._draw = random.Random(seed)
        self._library = library
        # What each article may have; a round whose look fails leaves it as the log has it by then.
        self._may: dict[str, set[str | None]] = {f"{n}.txt": {None} for n in range(ARTICLES)}
        self._read = 0

    def round(self) -> None:
        """One writer, killed; one look."""
        number = self.report.rounds = self.report.rounds + 1
        writer = _forked(lambda: write_until_killed(self._store, self._seed * 1_000_003 + number, self._library), self._store)
        # Some die while they open the home, most over their first piece of work, and others after some of it.
        if self._draw.random() < 0.8:
            self._await_news()
        time.sleep(self._draw.uniform(0.0, 1.2) if self._draw.random() < 0.6 else self._draw.uniform(1.2, 4.0))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        allowed, old = self._allowed()
        outcome = self._store.folder / "outcome"
        outcome.unlink(missing_ok=True)
        checker = HomeChecker(self._store, allowed, set(self._draw.sample(sorted(old), min(4, len(old)))))

        def look() -> None:
            words = checker.found()
            outcome.write_text(json.dumps([words, checker.faults, checker.searches]), encoding="utf-8")

        reader = _forked(look, self._store)
        if not _ended(reader):
            self._fault("the home could not be opened in time")
        self._allowed()
        if outcome.exists():
            words, faults, searches = json.loads(outcome.read_text(encoding="utf-8"))
            self._may = {id: {word} for id, word in words.items()}
            self.report.searches += searches
            self.report.articles = sum(word is not None for word in words.values())
            for fault in faults:
                self._fault(fault)

    def _await_news(self) -> None:
        """Waits until the writer has begun something, which on a busy machine takes it seconds."""
        before, until = self._size(), time.monotonic() + 10
        while self._size() == before and time.monotonic() < until:
            time.sleep(0.005)

    def _size(self) -> int:
        return self._store.log.stat().st_size if self._store.log.exists() else 0

    def _allowed(self) -> tuple[dict[str, set[str | None]], set[str]]:
        """What each article may have by the log's new lines, and the words that were there before."""
        lines = self._store.log.read_text(encoding="utf-8").splitlines() if self._store.log.exists() else []
        allowed = self._may = {id: set(words) for id, words in self._may.items()}
        old = {word for words in allowed.values() for word in words}
        for what, about in map(json.loads, lines[self._read :]):
            if what == "begin":
                for id, word in about.items():
                    old |= allowed[id]
                    allowed[id] |= {word}
            elif what == "done":
                self.report.done += 1
                allowed.update({id: {word} for id, word in about.items()})
            elif what == "told":
                self.report.told += 1
            else:
                self._fault(about)
        self._read = len(lines)
        return allowed, {word for word in old if word} - {word for words in allowed.values() for word in words if word}

    def _fault(self, fault: str) -> None:
        self.report.faults.append(f"round {self.report.rounds} of seed {self._seed}: {fault}")


def _forked(work: Callable[[], None], store: KilledHome) -> int:
    """A child that does the work and ends; anything that it raises is a fault."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            store.note("fault", f"broke off: {traceback.format_exc()[-1500:]}")
        os._exit(0)
    return child


def _ended(child: int) -> bool:
    until = time.monotonic() + ANSWERED_WITHIN
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def kill_rounds(rounds: int, seed: int = 1) -> tuple[KillReport, bool]:
    """So many rounds in a process of their own, and whether writes were made to fail in them."""
    with tempfile.TemporaryDirectory() as folder:
        library = compiled_write_errors(Path(folder))
        environment = os.environ | ({"LD_PRELOAD": str(library)} if library else {})
        command = [sys.executable, "-m", __name__, folder, str(rounds), str(seed), str(library or "")]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return KillReport(**json.loads(done.stdout.splitlines()[-1])), library is not None


def main(folder: str, rounds: str, seed: str, library: str) -> None:
    """Does the rounds, and prints the report as JSON."""
    work = KillRounds(KilledHome(Path(folder)), int(seed), library)
    for _ in range(int(rounds)):
        before = len(work.report.faults)
        work.round()
        for fault in work.report.faults[before:]:
            sys.stderr.write(f"{fault}\n")
    sys.stdout.write(json.dumps(asdict(work.report)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
