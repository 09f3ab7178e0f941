"""A home is its folder, whatever that is called."""

from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index, write
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage.home import Home

NAMES = ["what?", "a?mode=memory", "100%", "a%20b", "a%2fb", "#1", "a&b=c", "two words", "a+b", "a:b@c", "file:x", "Ä;é"]


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_an_index_lies_in_its_home(tmp_path: Path, name: str) -> None:
    encoder, folder = FakeEncoder(), tmp_path / name / "home"
    write(tmp_path / "articles", {"bridge.txt": "The bridge at Ner opened in 1931."})
    index = open_index(folder)
    Ingestor(index, encoder).ingest([tmp_path / "articles"])
    index.close()
    assert {entry.name for entry in tmp_path.iterdir()} == {"articles", name}
    assert Home(folder).catalog.is_file()
    again = Index.open(Home(folder))
    (chunk,) = again.catalog.chunk_ids()
    assert [number for number, _ in again.dense.query(encoder.vector("bridge"), 1)] == [chunk]
    assert [number for number, _ in again.lexical.query([("bridge", 1.0)], 1)] == [chunk]
    again.close()


def test_homes_whose_names_begin_alike_are_two(tmp_path: Path) -> None:
    for name in ("notes?1", "notes?2"):
        write(tmp_path / "articles" / name, {f"{name[-1]}.txt": f"Only {name} has this."})
        index = open_index(tmp_path / name)
        Ingestor(index, FakeEncoder()).ingest([tmp_path / "articles" / name])
        index.close()
    index = open_index(tmp_path / "notes?1")
    assert [article.id for article in index.catalog.articles()] == ["1.txt"]
    index.close()
