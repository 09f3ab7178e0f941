"""An index with its vectors on a Chroma server that is down, hangs, forgets everything, or comes back."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ChromaProcess, chroma_server, free_port
from tests.vectorstore.fake_encoder import prose, write
from tests.waiting import until
from vectorstore import index as index_module
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.errors import IndexUnreachable
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching import dense
from vectorstore.searching.search import Query, Searcher
from vectorstore.storage.home import Home

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "ANSWERING", 1.0)
    monkeypatch.setattr(dense, "RETRY_AFTER", 0.5)
    monkeypatch.setattr(index_module, "MENDED_EVERY", 0.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture
def index(server: ChromaProcess, tmp_path: Path, minilm_encoder: LocalEncoder) -> Iterator[Index]:
    made = Index.open(Home(tmp_path / "home"), chroma=server.url, create=True)
    take_in(made, minilm_encoder, tmp_path, "heron")
    yield made
    made.close()


def take_in(index: Index, encoder: LocalEncoder, folder: Path, subject: str) -> list[str]:
    """Ingests an article about the subject; what the report notes."""
    report = Ingestor(index, encoder).ingest([write(folder / "articles", {f"{subject}.txt": prose(subject, 4)})])
    return [one.reason for one in report.notes]


def searched(index: Index, encoder: LocalEncoder, words: str) -> tuple[list[str], list[str]]:
    """The articles that are found, best first, and the notes."""
    found = Searcher(index, encoder, manifest_of(encoder)).search(Query(words), 3)
    return [hit.article for hit in found.hits], list(found.notes)


def test_a_server_that_hangs_is_done_without_and_then_used_again(
    index: Index, server: ChromaProcess, minilm_encoder: LocalEncoder
) -> None:
    assert searched(index, minilm_encoder, "heron") == (["heron.txt"], [])
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    for _ in range(3):
        found, notes = searched(index, minilm_encoder, "heron")
        assert (found, "does not answer" in notes[0]) == (["heron.txt"], True)
    assert time.monotonic() - start < 5
    server.process.send_signal(signal.SIGCONT)
    until(lambda: not searched(index, minilm_encoder, "heron")[1], pause=0.1)


def test_what_is_taken_in_while_the_server_is_down_reaches_it_later(
    index: Index, server: ChromaProcess, minilm_encoder: LocalEncoder, tmp_path: Path
) -> None:
    server.stop()
    (note,) = take_in(index, minilm_encoder, tmp_path, "stork")
    assert "does not answer" in note and "goes in by itself" in note
    assert searched(index, minilm_encoder, "stork")[0][0] == "stork.txt"
    server.start()
    until(lambda: not searched(index, minilm_encoder, "stork")[1], pause=0.1)
    until(lambda: index.dense.count() == index.catalog.counts()[1], pause=0.1)


def test_an_emptied_server_is_filled_again_from_the_catalog(
    index: Index, server: ChromaProcess, minilm_encoder: LocalEncoder
) -> None:
    server.empty()
    server.start()
    found, notes = searched(index, minilm_encoder, "heron")
    assert (found, len(notes)) == (["heron.txt"], 1)
    until(lambda: not searched(index, minilm_encoder, "heron")[1], pause=0.1)
    assert index.dense.count() == index.catalog.counts()[1]


def test_a_server_that_lost_a_part_is_noticed_by_its_count(index: Index, minilm_encoder: LocalEncoder, tmp_path: Path) -> None:
    index.dense.apply([], [1])
    take_in(index, minilm_encoder, tmp_path, "stork")
    assert (index.dense.count(), index.find_damage("dense")) == (index.catalog.counts()[1], "")


def test_a_new_making_leaves_one_collection_on_the_server(index: Index, server: ChromaProcess) -> None:
    with index.writing():
        index.rebuild("dense")
    identity = f"footnote-{index.catalog.identity():x}"
    names = [name for name in dense.ChromaServer(server.url).collections() if name.startswith(identity)]
    assert sorted(names) == [identity, f"{identity}-{index.replicas.position('dense').folder}"]


def test_the_password_of_an_address_is_never_told() -> None:
    server = dense.ChromaServer(f"http://reader:s3cret@127.0.0.1:{free_port()}/vectors")
    with pytest.raises(IndexUnreachable) as caught:
        dense.DenseIndex(server)
    assert "s3cret" not in f"{caught.value.message} {server.where}" and "/vectors" in server.where
