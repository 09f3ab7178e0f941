"""A catalog of another layout: an older one is brought to the present one with all its articles, a newer one is left alone."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection

from bot.commands.main import main
from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose, write
from vectorstore.errors import CatalogError, IndexMismatch
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage import schema
from vectorstore.storage.database import connect, sqlite_url
from vectorstore.storage.home import Home
from vectorstore.storage.schema import metadata

FIRST = Path(__file__).with_name("data") / "layout-1.sql"
THIRD = Path(__file__).with_name("data") / "layout-3.sql"
ENCODER = FakeEncoder()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of the present layout, with two articles."""
    index = open_index(tmp_path / "home")
    Ingestor(index, ENCODER).ingest([write(tmp_path / "articles", {"cats.txt": prose("cat", 4), "dogs.txt": prose("dog", 4)})])
    index.close()
    return index.home


@pytest.fixture
def first_home(tmp_path: Path) -> Home:
    """A home with the catalog that layout 1 had."""
    home = Home(tmp_path / "first")
    home.path.mkdir()
    with sqlite3.connect(home.catalog) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    connection.close()
    return home


def shout(connection: Connection) -> None:
    """A step that changes the table of the articles."""
    connection.exec_driver_sql("alter table articles add column loud text not null default 'no'")
    connection.exec_driver_sql("update articles set loud = upper(title)")


def columns(home: Home) -> dict[str, list[str]]:
    engine = connect(sqlite_url(home.catalog))
    with engine.connect() as connection:
        found = {name: [row[1] for row in connection.exec_driver_sql(f"pragma table_info({name})")] for name in metadata.tables}
    engine.dispose()
    return found


def counted(home: Home) -> int:
    engine = connect(sqlite_url(home.catalog))
    with engine.connect() as connection:
        found = connection.exec_driver_sql("select value from counters where name = 'schema'").scalar_one()
    engine.dispose()
    return int(found)


def renumbered(home: Home, number: int) -> None:
    engine = connect(sqlite_url(home.catalog))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"update counters set value = {number} where name = 'schema'")
    engine.dispose()


def test_an_older_catalog_is_brought_up_when_it_is_opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema.schema_version()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, shout))
    index = Index.open(home)
    assert [article.id for article in index.catalog.articles()] == ["cats.txt", "dogs.txt"]
    (nearest, _), *_ = index.dense.query(ENCODER.vector("dog"), 1)
    assert index.catalog.chunks([nearest])[nearest].article_id == "dogs.txt"
    index.close()
    assert counted(home) == before + 1
    assert "loud" in columns(home)["articles"]
    Index.open(home).close()  # and no step is taken twice


def test_steps_are_taken_in_their_order_from_the_catalogs_own_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    steps: list[Callable[[Connection], None]] = [
        lambda _: taken.append("one"),
        lambda _: taken.append("two"),
        lambda _: taken.append("three"),
    ]
    monkeypatch.setattr(schema, "MIGRATIONS", tuple(steps))
    renumbered(home, 2)
    Index.open(home).close()
    assert taken == ["two", "three"]


def test_a_step_that_fails_leaves_everything_as_it_was(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: Connection) -> None:
        shout(connection)
        connection.exec_driver_sql("select nonsense")

    before = columns(home), counted(home)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, fails))
        with pytest.raises(CatalogError):
            Index.open(home)
    assert (columns(home), counted(home)) == before
    Index.open(home).close()


def test_of_many_that_open_an_older_catalog_one_brings_it_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, shout))
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            Index.open(home).close()
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_home_of_the_first_layout_keeps_its_articles_and_vectors(first_home: Home, tmp_path: Path) -> None:
    encoder = FakeEncoder()
    index = Index.open(first_home, create=True)
    Ingestor(index, encoder, limit=60).rebuild()
    article = index.catalog.article("bridge.md")
    assert article is not None
    assert "Nobody “saw” it — 鄧小平 did." in article.text
    assert (article.author, article.date, article.metadata) == ("Ada Brandt", "1931-05-04", {"section": "News"})
    assert encoder.asked == []
    assert index.lexical.query([("trains", 1.0)], 1)
    index.close()
    new = open_index(tmp_path / "new")
    new.close()
    assert {table: set(names) for table, names in columns(first_home).items()} == {
        table: set(names) for table, names in columns(new.home).items()
    }


@pytest.fixture
def third_home(tmp_path: Path) -> Home:
    """A home with the catalog that layout 3 had, and no indexes beside it."""
    home = Home(tmp_path / "third")
    home.path.mkdir()
    with sqlite3.connect(home.catalog) as connection:
        connection.executescript(THIRD.read_text(encoding="utf-8"))
    connection.close()
    return home


def test_a_home_of_the_layout_before_keeps_its_articles_and_positions(third_home: Home) -> None:
    index = Index.open(third_home, create=True)
    assert {name: (state.seq, state.folder) for name, state in index.catalog.applied().items()} == {
        "dense": (2, 1),
        "lexical": (2, 1),
    }
    assert [one.id for one in index.catalog.articles()] == ["bridge.md", "cats.txt"]
    index.prepare()  # its folders are not there, so they are made anew
    with index.writing():
        assert index.rebuild_damaged() == ["dense", "lexical"]
    assert index.lexical.query([("trains", 1.0)], 1)
    index.close()


def test_a_catalog_is_kept_as_it_was_before_it_is_brought_up(third_home: Home) -> None:
    Index.open(third_home, create=True).close()
    Index.open(third_home, create=True).close()
    kept = third_home.path / "catalog-layout-3.sqlite"
    with sqlite3.connect(kept) as connection:
        assert connection.execute("select value from counters where name = 'schema'").fetchone() == (3,)
        assert connection.execute("select count(*) from articles").fetchone() == (2,)
    connection.close()
    assert not list(third_home.path.glob("catalog-layout-4*"))


def test_articles_of_the_first_layout_get_their_language(first_home: Home) -> None:
    german = "Die Brücke am alten Hafen wurde im Mai gebaut, und niemand weiß heute, wer sie bezahlt hat."
    with sqlite3.connect(first_home.catalog) as connection:
        connection.execute("update articles set metadata = '{\"lang\": \"nl-BE\"}' where id = 'bridge.md'")
        connection.execute("update articles set text = ? where id = 'cats.txt'", (german,))
    connection.close()
    index = Index.open(first_home, create=True)
    assert {one.id: one.language for one in index.catalog.articles()} == {"bridge.md": "nl", "cats.txt": "de"}
    index.close()


@pytest.mark.parametrize("number", [0, 99])
def test_a_layout_that_cannot_be_read_is_refused_with_advice_that_works(home: Home, number: int) -> None:
    renumbered(home, number)
    for create in (False, True):
        with pytest.raises(IndexMismatch, match=f"layout {number}") as refused:
            Index.open(home, create=create)
        assert "--rebuild" not in refused.value.help and "Install the version that made this home" in refused.value.help
    assert counted(home) == number


def test_rebuild_on_the_command_line_brings_an_older_catalog_up(
    first_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, shout))
    assert main(["ingest", "--rebuild", "--home", str(first_home.path)]) == 0
    assert counted(first_home) == schema.schema_version()
    assert main(["articles", "--home", str(first_home.path)]) == 0
    assert "The bridge at Ner" in capsys.readouterr().out
