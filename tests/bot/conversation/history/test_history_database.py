"""What can be wrong with the database is said in sentences."""

from pathlib import Path
from threading import Thread

import pytest
from making import Opening, answer, chat
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.conversation.history import AskedQuestion, History
from bot.conversation.history.database import Database
from bot.conversation.history.schema import address
from bot.errors import HistoryError
from vectorstore.storage.catalog import Catalog


def full(engine: Engine) -> None:
    """Lets the SQLite file grow no more."""

    def limit(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("pragma max_page_count = 1")

    engine.dispose()
    event.listen(engine, "connect", limit)


def test_a_newer_format_is_refused(history: History, opening: Opening) -> None:
    with history._database.writing() as connection:
        connection.exec_driver_sql("update history_format set number = 99")
    with pytest.raises(HistoryError, match="format 99") as caught:
        opening()
    assert "newer" in caught.value.help


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    history = History.open(tmp_path)
    conversation, turns = chat(history, "Why?")
    full(history._database.engine)
    with pytest.raises(HistoryError, match="disk is full"):
        history.save(turns[0], answer(text="long " * 10_000))
    found = history.conversation(conversation)
    assert found is not None and found.turns[0].answer.text == "Because. [1]"
    history.close()


def test_a_history_that_may_only_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    History.open(tmp_path).close()
    monkeypatch.chdir(tmp_path)  # where a folder called `file:` would be made
    database = Database.open(f"sqlite:///file:{tmp_path / 'history.sqlite'}?mode=ro&uri=true")
    with pytest.raises(HistoryError, match="may not be written"), database.writing() as connection:
        connection.exec_driver_sql("delete from conversations")
    database.close()
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == []


@pytest.mark.parametrize("name", ["what?", "100%", "a%20b", "#1", "a&b=c", "file:x"])
def test_a_history_lies_in_its_home_whatever_that_is_called(tmp_path: Path, name: str) -> None:
    history = History.open(tmp_path / name / "home")
    chat(history, "Why?")
    history.close()
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "home" / "history.sqlite").is_file()
    again = History.open(tmp_path / name / "home")
    assert [head.title for head in again.conversations().items] == ["Why?"]
    again.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(HistoryError, match="no database"):
        History.open(tmp_path)


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HistoryError, match="cannot be made"):
        History.open(tmp_path / "home")


def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="address") as caught:
        History.open(tmp_path, "nonsense://user:secret@host/db")
    assert "secret" not in caught.value.message + caught.value.help


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="database fails"):
        History.open(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing")


def test_a_writer_that_waits_too_long_may_try_again(tmp_path: Path) -> None:
    one, other = Database.open(address(tmp_path, "")), Database.open(address(tmp_path, ""))
    event.listen(other.engine, "connect", lambda connection, _: connection.execute("pragma busy_timeout = 10"))
    other.engine.dispose()
    with one.writing(), pytest.raises(HistoryError, match="Another footnote") as caught, other.writing():
        pass
    assert caught.value.retryable
    one.close()
    other.close()


def test_a_home_is_made_where_there_is_none(tmp_path: Path) -> None:
    history = History.open(tmp_path / "new" / "home")
    history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.close()
    assert (tmp_path / "new" / "home" / "history.sqlite").is_file()


def test_many_open_a_new_history_at_once(tmp_path: Path, catalog: str) -> None:
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            History.open(tmp_path, catalog).close()
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_it_lives_beside_the_catalog(history: History, tmp_path: Path, catalog: str) -> None:
    beside = Catalog.open(address(tmp_path, catalog), create=True)
    conversation, _ = chat(history, "Why?")
    assert beside.articles() == [] and history.conversation(conversation) is not None
    beside.close()
