"""A home whose catalog lies in a database of its own: saved as one file, and restored into a home or into such a database."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.history import History
from bot.errors import InputError
from bot.settings import Settings, load_settings
from bot.wiring.backup import back_up, restore
from tests.servers import postgres_schema
from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.errors import CatalogError, IndexMissing
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.database import connect, sqlite_url
from vectorstore.storage.home import Home

ENCODER = FakeEncoder()


@pytest.fixture(params=["a file", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "a file":
        yield f"sqlite:///{tmp_path / 'shared.sqlite'}"
    elif not os.environ.get("TEST_POSTGRES_URL"):
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL database that the tests may use")
    else:
        with postgres_schema() as address:
            yield address


def opened(settings: Settings, *, create: bool = False) -> Index:
    home = Home(settings.home)
    return Index(home, Catalog.open(settings.catalog or home.catalog_url, create=create))


def ingest(settings: Settings, folder: Path, *words: str) -> None:
    """Takes in an article about each word."""
    settings.home.mkdir(exist_ok=True)
    with closing(opened(settings, create=True)) as index:
        found = write(folder, {f"{word}.txt": prose(word, 3) for word in words})
        Ingestor(index, ENCODER, limit=60).ingest([found])


def articles(settings: Settings) -> tuple[list[str], list[int]]:
    """The articles of a home, and the sizes of its catalog and of the indexes that are made of it."""
    with closing(opened(settings)) as index:
        index.prepare()
        return sorted(index.catalog.known_articles()), [index.catalog.counts()[1], index.dense.count(), index.lexical.count()]


def questions(settings: Settings) -> list[str]:
    with closing(History.open(settings.home, settings.catalog)) as history:
        return [conversation.title for conversation in history.conversations().items]


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """A home with two articles and a conversation."""
    settings = load_settings(home=tmp_path / "home", catalog=database)
    ingest(settings, tmp_path / "articles", "heron", "otter")
    with closing(History.open(settings.home, database)) as history:
        history.create("What did the heron do?")
    return settings


@pytest.fixture
def saved(settings: Settings, tmp_path: Path) -> Path:
    assert back_up(settings, tmp_path / "saved.zip").articles == 2
    return tmp_path / "saved.zip"


def test_a_backup_of_it_makes_a_home_with_files(saved: Path, tmp_path: Path) -> None:
    restored = load_settings(home=tmp_path / "restored")
    assert restore(restored, saved).articles == 2
    names, counts = articles(restored)
    assert (names, len(set(counts)), questions(restored)) == (["heron.txt", "otter.txt"], 1, ["What did the heron do?"])


def emptied(settings: Settings) -> Settings:
    """The same settings, with nothing in their database."""
    engine = connect(settings.catalog)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            schema = connection.scalar(text("select current_schema()"))
            connection.execute(text(f"drop schema {schema} cascade"))
            connection.execute(text(f"create schema {schema}"))
    engine.dispose()
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).unlink()
    return settings


@pytest.fixture
def restored(settings: Settings, saved: Path, tmp_path: Path) -> Settings:
    """Another home on the emptied database, made of the backup."""
    again = load_settings(home=tmp_path / "again", catalog=emptied(settings).catalog)
    restore(again, saved)
    return again


def test_it_is_restored_into_a_database_and_searched(restored: Settings) -> None:
    names, counts = articles(restored)
    assert (names, len(set(counts)), questions(restored)) == (["heron.txt", "otter.txt"], 1, ["What did the heron do?"])
    assert not (restored.home / "catalog.sqlite").exists()


def test_a_restored_database_takes_more_in(restored: Settings, tmp_path: Path) -> None:
    before = articles(restored)[1][0]
    ingest(restored, tmp_path / "more", "kestrel")
    with closing(History.open(restored.home, restored.catalog)) as history:
        history.create("And the kestrel?")
    names, counts = articles(restored)
    assert (names[1], len(set(counts)), counts[0] > before, len(questions(restored))) == ("kestrel.txt", 1, True, 2)


def test_a_database_that_is_used_is_not_restored_into(settings: Settings, saved: Path, tmp_path: Path) -> None:
    other = load_settings(home=tmp_path / "other", catalog=settings.catalog)
    with pytest.raises(InputError, match="holds articles or conversations already"):
        restore(other, saved)
    assert not list(other.home.iterdir())
    assert articles(settings)[0] == ["heron.txt", "otter.txt"]


def test_an_empty_database_has_nothing_to_save(database: str, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        back_up(load_settings(home=tmp_path, catalog=database), tmp_path / "saved.zip")
    assert not (tmp_path / "saved.zip").exists()


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = load_settings(home=tmp_path, catalog="postgresql://127.0.0.1:9/none")
    with pytest.raises(CatalogError, match="database"):
        back_up(nowhere, tmp_path / "saved.zip")


def test_a_number_that_was_given_is_not_given_again(settings: Settings, tmp_path: Path) -> None:
    from vectorstore.storage.schema import metadata
    from vectorstore.storage.table_copy import save_tables

    with closing(opened(settings)) as index:
        last = max(index.catalog.chunk_ids())
        index.catalog.remove(["otter.txt", "heron.txt"])
    engine = connect(settings.catalog)
    save_tables(engine, {tmp_path / "copy.sqlite": metadata})
    engine.dispose()
    copy = load_settings(home=tmp_path / "home", catalog=str(sqlite_url(tmp_path / "copy.sqlite")))
    ingest(copy, tmp_path / "more", "kestrel")
    with closing(opened(copy)) as index:
        assert min(index.catalog.chunk_ids()) > last
