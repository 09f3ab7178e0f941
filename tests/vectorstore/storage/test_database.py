"""Opening a file that another process is just making."""

import sqlite3
from pathlib import Path
from threading import Timer

import pytest

from vectorstore.storage.database import connect, file_of


def test_a_file_that_is_being_made_by_another_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    made = Timer(0.1, lambda: other.execute("commit"))
    made.start()
    engine = connect(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
    made.join()
    engine.dispose()
    other.close()


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("sqlite:////tmp/notes.sqlite", "/tmp/notes.sqlite"),
        ("sqlite:///notes.sqlite", "notes.sqlite"),
        ("sqlite:///file:/tmp/notes.sqlite?mode=ro&uri=true", "/tmp/notes.sqlite"),
        ("sqlite:///file:///tmp/notes.sqlite?uri=true", "/tmp/notes.sqlite"),
        ("sqlite:///file:/tmp/a%253Fb.sqlite?uri=true", "/tmp/a?b.sqlite"),
        ("sqlite:///file:notes.sqlite?uri=true", "notes.sqlite"),
        ("sqlite:///file:notes.sqlite", "file:notes.sqlite"),
        ("sqlite:///file::memory:?uri=true", None),
        ("sqlite:///:memory:", None),
        ("sqlite://", None),
        ("postgresql://127.0.0.1/notes", None),
    ],
)
def test_the_file_behind_an_address(address: str, file: str | None) -> None:
    assert file_of(connect(address)) == (Path(file).absolute() if file else None)
