"""An index in a folder of its own, and what fills it with vectors that need no model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.index import Index
from vectorstore.ingest import Ingestor


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = open_index(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def ingestor(index: Index, encoder: FakeEncoder) -> Ingestor:
    return Ingestor(index, encoder, limit=60, batch=4)
