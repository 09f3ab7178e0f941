"""Where a home can lie: on a disk that is full or may not be written, and under any name that the system allows."""

import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks import filled, mount, mounted
from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.errors import CatalogError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.search import Query, Searcher
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home

ENCODER = FakeEncoder()
NAMES = (
    *(f"a{mark}b" for mark in string.punctuation if mark != "/"),
    *(f"{mark}x" for mark in string.punctuation if mark not in "/."),
    *("%41", "a%20b", "a?mode=ro", "a#b?c=d", "file:a", "sqlite:a", ":memory:", "a;b", "a&b=c"),
    *("~", "~root", "$HOME", "-rf", "--home", "-", "0", "a  b", "a.", "a.zip", "con.", "a'\"b"),
    *("two words", " leading", "trailing ", "tab\tname", "line\nbreak", "carriage\rreturn", "\x01", "\x7f", "...", "a..b"),
    *("häuser", "鄧小平", "статьи", "مقالات", "e\u0301", "é", "🗞️", "\u202eedoc", "\u200b", "x" * 200, "家" * 80, "CON", "nul"),
)  # fmt: skip


def opened(home: Path) -> Index:
    return Index.open(Home(home), create=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    yield from mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=12m", "tmpfs")


@pytest.fixture
def read_only_home(tmp_path: Path, minilm_encoder: LocalEncoder) -> Iterator[Path]:
    """A home with an article about herons, on a disk that may not be written."""
    index = opened(tmp_path / "home")
    Ingestor(index, minilm_encoder).ingest([write(tmp_path / "articles", {"heron.txt": prose("heron", 3)})])
    index.close()
    for folder in mounted(tmp_path / "read-only", "--bind", str(tmp_path / "home")):
        assert not mount("-o", "remount,ro,bind", str(folder))
        yield folder


def found(index: Index, encoder: LocalEncoder, words: str) -> list[str]:
    index.prepare()
    hits = Searcher(index, encoder, manifest_of(encoder)).search(Query(words), 3).hits
    assert all("dense" in hit.stages and "lexical" in hit.stages for hit in hits)
    return [hit.article for hit in hits]


def test_there_are_a_hundred_names() -> None:
    assert len(set(NAMES)) >= 100


@pytest.mark.skipif(sys.platform == "win32", reason="these names are not allowed there")
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_catalog_lies_under_any_name(name: str, tmp_path: Path) -> None:
    home = Home(tmp_path / name)
    Catalog.open(home.catalog_url, create=True).close()
    catalog = Catalog.open(home.catalog_url)
    assert (catalog.file, catalog.counts(), home.catalog.exists()) == (home.catalog, (0, 0), True)
    catalog.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(sys.platform == "win32", reason="these names are not allowed there")
def test_an_index_lies_under_the_oddest_name_of_all(tmp_path: Path) -> None:
    name = " ".join(sorted(set("".join(NAMES[:90])) - {"/"}))[:120]
    folder = write(tmp_path / name, {"articles/heron.txt": prose("heron", 3)})
    index = opened(folder / "home?#%")
    Ingestor(index, ENCODER, limit=60).ingest([folder / "articles"])
    index.close()
    index = opened(folder / "home?#%")
    assert [index.find_damage(name) for name in ("dense", "lexical")] == ["", ""]
    index.close()


def test_a_home_that_may_not_be_written_is_searched(read_only_home: Path, minilm_encoder: LocalEncoder) -> None:
    index = Index.open(Home(read_only_home))
    assert found(index, minilm_encoder, "heron") == ["heron.txt"]
    with pytest.raises(CatalogError, match="cannot be written"):
        Ingestor(index, minilm_encoder).remove(["heron.txt"])
    index.close()


def test_a_full_disk_stops_writing_and_not_reading(small_disk: Path, minilm_encoder: LocalEncoder, tmp_path: Path) -> None:
    index = opened(small_disk / "home")
    folder = write(tmp_path / "articles", {"heron.txt": prose("heron", 3), "stork.txt": prose("stork", 40)})
    Ingestor(index, minilm_encoder).ingest([folder / "heron.txt"])
    index.close()
    filling = filled(small_disk)
    index = Index.open(Home(small_disk / "home"))
    assert found(index, minilm_encoder, "heron") == ["heron.txt"]
    with pytest.raises(CatalogError, match=r"full|written"):
        Ingestor(index, minilm_encoder).ingest([folder / "stork.txt"])
    assert found(index, minilm_encoder, "heron") == ["heron.txt"]
    index.close()
    filling.unlink()
    index = opened(small_disk / "home")
    Ingestor(index, minilm_encoder).ingest([folder / "stork.txt"])
    assert (found(index, minilm_encoder, "stork")[0], index.find_damage("dense")) == ("stork.txt", "")
    index.close()
