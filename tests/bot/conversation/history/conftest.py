"""Empty histories of each kind: an SQLite file, and a schema of its own in the PostgreSQL that TEST_POSTGRES_URL names."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import Opening
from sqlalchemy import text

from bot.conversation.history import History
from vectorstore.storage.database import connect


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest) -> Iterator[str]:
    """What `Settings.catalog` would be: "" for SQLite, else the address of a schema that nobody else uses."""
    if request.param == "sqlite":
        yield ""
        return
    address = os.environ.get("TEST_POSTGRES_URL")
    if not address:
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL database that the tests may empty")
    name = f"history_{secrets.token_hex(6)}"
    engine = connect(address)
    with engine.begin() as connection:
        connection.execute(text(f"create schema {name}"))
    yield f"{address}{'&' if '?' in address else '?'}options=-csearch_path%3D{name}"
    with engine.begin() as connection:
        connection.execute(text(f"drop schema {name} cascade"))
    engine.dispose()


@pytest.fixture
def opening(tmp_path: Path, catalog: str) -> Iterator[Opening]:
    """Opens the same history again and again, each time as another process would."""
    opened: list[History] = []

    def once_more() -> History:
        opened.append(History.open(tmp_path, catalog))
        return opened[-1]

    yield once_more
    for history in opened:
        history.close()


@pytest.fixture
def history(opening: Opening) -> History:
    return opening()
