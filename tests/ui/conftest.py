"""The made-up services that the pages' tests share, each on a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_pages import FakePages
from fake_rooms import Rooms
from fake_runs import FakeLab


@pytest.fixture
def service(tmp_path: Path) -> FakePages:
    """What the chat, the articles and the drafts ask."""
    return FakePages(home=tmp_path)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """What Health, Quality and Prompts ask, on a history that a test fills."""
    made = Rooms(tmp_path)
    yield made
    made.history().close()


@pytest.fixture
def lab(tmp_path: Path) -> FakeLab:
    """What the runs of the prompt lab ask."""
    return FakeLab(tmp_path)
