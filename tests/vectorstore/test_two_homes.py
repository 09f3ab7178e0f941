"""Two homes on one PostgreSQL catalog and one Chroma server: nothing that is reported is lost, whoever writes and reads."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import chroma_server, postgres_schema
from tests.two_homes import ENCODER, LIMIT, SharedStore, found_fault, interleave
from tests.vectorstore.fake_encoder import prose, write
from vectorstore.errors import IndexBusy
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage import journal
from vectorstore.storage.home import Home

pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_POSTGRES_URL"), reason="TEST_POSTGRES_URL names no PostgreSQL database that the tests may use"
)


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server.url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SharedStore]:
    """A catalog of its own; each home has a Chroma of its own."""
    with postgres_schema() as catalog:
        yield SharedStore(tmp_path, catalog, "")


@pytest.fixture
def homes(store: SharedStore) -> Iterator[tuple[Index, Index]]:
    """The index as both homes have it, opened."""
    both = store.open(0, create=True), store.open(1, create=True)
    yield both
    for index in both:
        index.close()


def ingest(index: Index, folder: Path, word: str, wait: float = 60) -> None:
    ingestor = Ingestor(index, ENCODER, limit=LIMIT, wait=wait)
    ingestor.ingest([write(folder, {f"{word}.txt": prose(word, 3)}) / f"{word}.txt"])


def test_writers_and_readers_of_two_homes_lose_nothing(tmp_path: Path, chroma: str) -> None:
    with postgres_schema() as catalog:
        report = interleave(SharedStore(tmp_path, catalog, chroma), 2)
    # How many searches it comes to depends on the machine; each article is looked for from both homes at the end.
    assert (report.faults, report.articles > 1) == ([], True)


def test_each_home_finds_what_the_other_has_taken_in(homes: tuple[Index, Index], tmp_path: Path) -> None:
    for at, index in enumerate(homes):
        ingest(index, tmp_path / "articles", f"heron{at}")
    assert [found_fault(index, f"heron{at}.txt", f"heron{at}") for at in (0, 1) for index in homes] == [""] * 4


def test_a_home_too_far_behind_is_made_anew(
    homes: tuple[Index, Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(homes[0], tmp_path / "articles", "heron")
    assert found_fault(homes[1], "heron.txt", "heron") == ""
    monkeypatch.setattr(journal, "KEPT", 2)
    for word in ("stork", "crane"):
        ingest(homes[0], tmp_path / "articles", word)
    assert len(homes[0].catalog.journal(0)) <= 2
    assert [found_fault(homes[1], f"{word}.txt", word) for word in ("heron", "stork", "crane")] == [""] * 3


def test_a_copied_home_makes_copies_of_its_own(homes: tuple[Index, Index], store: SharedStore, tmp_path: Path) -> None:
    ingest(homes[0], tmp_path / "articles", "heron")
    copied = Home(shutil.copytree(homes[0].home.path, tmp_path / "copied"))
    ingest(homes[0], tmp_path / "articles", "stork")
    index = Index.open(copied, catalog_url=store.catalog)
    assert [found_fault(index, f"{word}.txt", word) for word in ("heron", "stork")] == ["", ""]
    assert copied.replica_number() != homes[0].home.replica_number()
    index.close()


def test_making_all_anew_reaches_the_other_home(homes: tuple[Index, Index], tmp_path: Path) -> None:
    ingest(homes[0], tmp_path / "articles", "heron")
    assert found_fault(homes[1], "heron.txt", "heron") == ""
    Ingestor(homes[0], ENCODER, limit=30).rebuild()
    assert found_fault(homes[1], "heron.txt", "heron") == ""
    assert homes[1].lexical.count() == homes[1].catalog.counts()[1]


def test_each_home_makes_its_copies_of_an_older_catalog(homes: tuple[Index, Index], store: SharedStore, tmp_path: Path) -> None:
    ingest(homes[0], tmp_path / "articles", "heron")
    older = (
        "drop table applied",
        "create table applied (name varchar(40) primary key, seq bigint not null, folder integer not null)",
        "insert into applied values ('dense', 3, 1), ('lexical', 3, 1)",
        "delete from counters where name in ('trimmed', 'multilingual')",
        "alter table counters alter column value type integer",
        "update counters set value = 3 where name = 'schema'",
    )
    with homes[0].catalog._engine.begin() as connection:
        for statement in older:
            connection.exec_driver_sql(statement)
    for number in (0, 1):
        index = store.open(number)
        assert found_fault(index, "heron.txt", "heron") == ""
        index.close()


def test_a_second_writer_waits_and_says_so(homes: tuple[Index, Index], tmp_path: Path) -> None:
    told: list[str] = []
    done = threading.Event()

    def heard(what: str, _: float) -> None:
        told.append(what)
        done.set()

    homes[1].waiting = heard
    with homes[0].writing():
        late = threading.Thread(target=ingest, args=(homes[1], tmp_path / "articles", "heron"))
        late.start()
        assert done.wait(20)
    late.join()
    assert (told[0], found_fault(homes[0], "heron.txt", "heron")) == ("Another process is writing to the index.", "")


def test_a_writer_that_waits_long_enough_is_refused(homes: tuple[Index, Index], tmp_path: Path) -> None:
    with homes[0].writing(), pytest.raises(IndexBusy):
        ingest(homes[1], tmp_path / "articles", "heron", wait=0.1)


def test_a_writer_whose_lock_was_lost_writes_no_more(homes: tuple[Index, Index], tmp_path: Path) -> None:
    write(tmp_path / "articles", {"heron.txt": prose("heron", 3)})
    ended = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = "
    with pytest.raises(IndexBusy, match="was lost"), homes[0].writing():
        with homes[0].catalog._engine.begin() as connection:
            connection.exec_driver_sql(f"{ended}{homes[0].catalog.identity()}")
        # The server is told to end the connection, and lets go of its lock a little later.
        with homes[1].writing(wait=20):
            homes[0].catalog.archive(["heron.txt"])
