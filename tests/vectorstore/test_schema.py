"""Opening a file that another process is just making."""

import sqlite3
from pathlib import Path
from threading import Timer

from vectorstore.schema import connect


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
