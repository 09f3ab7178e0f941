"""Writers and readers of two homes on one catalog and one Chroma server, all at the same time.

A writer notes each article in a log before the ingest and when it has reported it, and each one that it is about to remove.
A reader takes articles from the log and looks for them, so that whatever is reported and not found is a loss. Now and then a
writer is killed, and another takes its place. At the end, both homes are compared with the catalog, chunk by chunk.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import vectorstore.searching.dense  # noqa: F401  # two seconds, once for all that are forked
from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.errors import VectorstoreError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage.home import Home

ENCODER = FakeEncoder()
LIMIT = 60
ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class InterleavingReport:
    """What came of it: articles reported and removed, searches, writers killed, and what was wrong, in sentences."""

    added: int = 0
    removed: int = 0
    searches: int = 0
    killed: int = 0
    articles: int = 0
    chunks: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SharedStore:
    """Where the homes lie, and what they share."""

    folder: Path
    catalog: str
    chroma: str

    def home(self, number: int) -> Home:
        """One of the two homes."""
        return Home(self.folder / f"home-{number % 2}")

    def open(self, number: int, *, create: bool = False) -> Index:
        """The index as that home has it."""
        return Index.open(self.home(number), catalog_url=self.catalog, chroma=self.chroma, create=create)

    @property
    def log(self) -> Path:
        """One JSON list a line: what happened, the article, and the word that stands in it alone."""
        return self.folder / "log"

    def note(self, *what: str) -> None:
        """Adds a line to the log, whole: an append of this size is atomic."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(what) + "\n")

    def noted(self) -> list[list[str]]:
        """All lines so far."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()] if self.log.exists() else []


def write_articles(store: SharedStore, number: int, until: float) -> None:
    """Adds articles, and now and then changes or removes one of its own."""
    draw, index, kept, count = random.Random(number), store.open(number, create=True), list[str](), 0
    ingestor = Ingestor(index, ENCODER, limit=LIMIT)
    while time.monotonic() < until:
        count += 1
        word = f"w{number}n{count}x"
        name = f"{word}.txt"
        if len(kept) > 5 and draw.random() < 0.3:
            gone = kept.pop(draw.randrange(len(kept)))
            store.note("removing", gone)
            ingestor.remove([gone])
            store.note("removed", gone)
            continue
        if kept and draw.random() < 0.2:
            name = kept.pop()
            store.note("removing", name)
        folder = write(store.folder / f"articles-{number}", {name: prose(word, draw.randint(1, 6))})
        store.note("adding", name)
        report = ingestor.ingest([folder / name])
        if [*report.added, *report.changed] != [name]:
            store.note("fault", f"writer {number}: the report of {name} names {report}")
        kept.append(name)
        store.note("added", name, word)
    index.close()


def read_articles(store: SharedStore, number: int, until: float) -> None:
    """Looks for what was reported, and notes what it does not find."""
    draw, searches, index = random.Random(number), 0, None
    while time.monotonic() < until:
        noted = store.noted()
        present = _present(noted)
        if not present:
            time.sleep(0.02)
            continue
        index = index or store.open(number)
        # What came last is looked for most, as it is what a copy that lags behind does not have.
        article, word = draw.choice(list(present.items())[-3:] if draw.random() < 0.7 else list(present.items()))
        fault = found_fault(index, article, word)
        if fault and _present(store.noted()).get(article) == word:
            store.note("fault", f"reader {number}: {fault}")
        searches += 1
        time.sleep(0.02)
    store.note("searches", str(searches))


def found_fault(index: Index, article: str, word: str) -> str:
    """What is wrong with the search for an article, by its vector and by the word that it alone has, or ""."""
    try:
        index.refresh()
        chunks = index.catalog.chunks_of(article)
        by_words = {number for number, _ in index.lexical.query([(word, 1.0)], 5)}
        by_vector = {number for number, _ in index.dense.query(ENCODER.vector(chunks[0].text), 5)} if chunks else set()
    except VectorstoreError as error:
        return f"{article}: {error.message}"
    lost = [name for name, found in (("dense", by_vector), ("lexical", by_words)) if not found & {one.id for one in chunks}]
    return f"{article} is not found by {' and '.join(lost)}" if lost else ""


def _present(noted: Sequence[Sequence[str]]) -> dict[str, str]:
    """The articles that are there by the log, with their words."""
    present: dict[str, str] = {}
    for what, article, *word in noted:
        if what == "added":
            present[article] = word[0]
        elif what == "removing":
            present.pop(article, None)
    return present


def _unreported(noted: Sequence[Sequence[str]]) -> set[str]:
    """The articles of whose adding or removal nobody reported the end."""
    open_now: dict[str, int] = {}
    for what, article, *_ in noted:
        if what in ("adding", "removing"):
            open_now[article] = open_now.get(article, 0) + 1
        elif what in ("added", "removed"):
            open_now.pop(article, None)
    return set(open_now)


def compared(store: SharedStore) -> InterleavingReport:
    """What both homes hold at the end, against the catalog and the log."""
    noted = store.noted()
    report = InterleavingReport(
        added=sum(what == "added" for what, *_ in noted),
        removed=sum(what == "removing" for what, *_ in noted),
        searches=sum(int(rest[0]) for what, *rest in noted if what == "searches"),
        killed=sum(what == "killed" for what, *_ in noted),
        faults=[rest[0] for what, *rest in noted if what == "fault"],
    )
    present = _present(noted)
    for number in (0, 1):
        index = store.open(number)
        report.faults += [f"home {number}: {fault}" for one in present.items() if (fault := found_fault(index, *one))]
        report.articles, report.chunks = index.catalog.counts()
        for name in ("dense", "lexical"):
            try:
                found = getattr(index, name).count()
                if found != report.chunks:
                    report.faults.append(f"home {number}: the {name} index has {found} of {report.chunks} chunks")
            except VectorstoreError as error:
                report.faults.append(f"home {number}: {error.message}")
        known = set(index.catalog.known_articles())
        # What a writer was killed over may be there or not.
        if not set(present) <= known <= set(present) | _unreported(noted):
            report.faults.append(f"The catalog has {report.articles} articles, and {len(present)} were reported.")
        index.close()
    return report


def interleave(
    store: SharedStore, seconds: float, writers: int = 3, readers: int = 2, killed_every: float = 0.0
) -> InterleavingReport:
    """Runs them in processes of their own for so long, kills a writer about every so many seconds (0: never), and compares."""
    store.folder.mkdir(parents=True, exist_ok=True)
    given = [str(store.folder), store.catalog, store.chroma, *map(str, (seconds, writers, readers, killed_every))]
    done = subprocess.run([sys.executable, "-m", __name__, *given], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return InterleavingReport(**json.loads(done.stdout.splitlines()[-1]))


def main(folder: str, catalog: str, chroma: str, seconds: str, writers: str, readers: str, killed_every: str) -> None:
    """Forks writers and readers, each for the home of its number, waits for them, and prints the report as JSON."""
    store, until = SharedStore(Path(folder), catalog, chroma), time.monotonic() + float(seconds)
    writing = {_forked(write_articles, store, number, until): number for number in range(int(writers))}
    reading = [_forked(read_articles, store, number, until) for number in range(int(readers))]
    if float(killed_every):
        _kill_now_and_then(store, writing, until, float(killed_every))
    for child in [*writing, *reading]:
        os.waitpid(child, 0)
    sys.stdout.write(json.dumps(asdict(compared(store))) + "\n")


def _forked(role: Callable[[SharedStore, int, float], None], store: SharedStore, number: int, until: float) -> int:
    """A process that plays this role; what it raises is a fault."""
    child = os.fork()
    if not child:
        try:
            role(store, number, until)
        except BaseException:
            store.note("fault", f"{role.__name__} {number} broke off: {traceback.format_exc()[-600:]}")
        os._exit(0)
    return child


def _kill_now_and_then(store: SharedStore, writing: dict[int, int], until: float, every: float) -> None:
    """Kills a writer, and has another one of the same home take its place, until little time is left."""
    draw = random.Random(0)
    while True:
        time.sleep(min(draw.uniform(0.1, 2 * every), max(0.0, until - time.monotonic())))
        if time.monotonic() > until - 2:
            return
        victim = draw.choice(list(writing))
        # A number that nobody has, so that no two writers name an article alike; and an even one, as the home goes by it.
        number = writing.pop(victim) + 10
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        store.note("killed", str(number))
        writing[_forked(write_articles, store, number, until)] = number


if __name__ == "__main__":
    main(*sys.argv[1:])
