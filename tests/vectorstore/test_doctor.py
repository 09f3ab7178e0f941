"""What the doctor finds, and what repair makes of it."""

import shutil
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.doctor import diagnose, repair
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of

ENCODER = FakeEncoder()


@pytest.fixture
def index(index: Index, tmp_path: Path) -> Index:
    Ingestor(index, ENCODER, limit=60).ingest([write(tmp_path / "articles", {"cats.txt": prose("cat", 12)})])
    return index


def ill(index: Index) -> list[str]:
    return [finding.name for finding in diagnose(index, manifest_of(ENCODER, 60)) if not finding.ok]


def sql(index: Index, statement: str) -> None:
    with index.catalog._engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_sound_index_is_well(index: Index) -> None:
    assert [finding.name for finding in diagnose(index, manifest_of(ENCODER, 60)) if finding.ok] == [
        "catalog",
        "manifest",
        "chunks",
        "vectors",
        "journal",
        "dense",
        "lexical",
        "disk",
        "folders",
    ]


def test_looking_changes_nothing(index: Index) -> None:
    before = index.catalog.generation()
    diagnose(index)
    assert index.catalog.generation() == before


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("update chunks set start = start + 1 where id = 2", "chunks"),
        ("delete from vectors where text_hash = (select text_hash from chunks where id = 2)", "vectors"),
        ("update manifest set value = 'another' where key = 'fingerprint'", "manifest"),
        ("update counters set value = 1 where name = 'writing'", "journal"),
        ("insert into journal (chunk_id, op) values (99, 'remove')", "journal"),
    ],
)
def test_damage_in_the_catalog_is_found(index: Index, damage: str, name: str) -> None:
    sql(index, damage)
    assert name in ill(index)


def test_every_illness_comes_with_help(index: Index) -> None:
    sql(index, "update chunks set start = start + 1")
    index.dense.apply([], [1])
    assert [bool(finding.help) for finding in diagnose(index) if not finding.ok] == [True, True]


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_an_index_that_lacks_chunks_is_found_and_mended(index: Index, name: str) -> None:
    getattr(index, name).apply([], [1, 2])
    assert ill(index) == [name]
    assert repair(index) == [f"The {name} index was made anew from the catalog."]
    assert ill(index) == []


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_an_index_that_is_gone_is_found_and_mended(index: Index, name: str) -> None:
    index.close()
    shutil.rmtree(index.home.folder(name, 1))
    assert ill(index) == [name]
    repair(index)
    assert ill(index) == []


def test_vectors_that_chroma_has_mixed_up_are_found(index: Index) -> None:
    ids = index.catalog.chunk_ids()
    index.dense.apply([(number, ENCODER.vector(f"something else {number}")) for number in ids], [])
    assert ill(index) == ["dense"]


def test_a_backlog_is_applied(index: Index) -> None:
    sql(index, "insert into journal (chunk_id, op) select id, 'add' from chunks where id = 1")
    assert (repair(index), ill(index)) == (["1 waiting changes were applied."], [])


def test_old_folders_are_told_and_removed(index: Index) -> None:
    index.home.folder("dense", 7).mkdir()
    told = [finding.detail for finding in diagnose(index) if finding.name == "folders"]
    assert (told, len(repair(index)), index.home.folders("dense").keys()) == (["left from earlier: dense-7"], 1, {1})


def test_a_database_that_fails_is_a_finding(index: Index) -> None:
    sql(index, "drop table vectors")
    assert "vectors" in ill(index)
