"""Tenants, databases and tokens against the real server, and Chroma's cloud by what its own client asks of it."""

import gc
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from tests.servers import chroma_server
from vectorstore.errors import IndexUnreachable
from vectorstore.searching.chroma_address import ChromaAddress
from vectorstore.searching.dense import ChromaServer, DenseIndex

# Chroma's client leaves connections to the garbage collector, which a test that follows must not be blamed for.
pytestmark = pytest.mark.filterwarnings("ignore:.*socket:pytest.PytestUnraisableExceptionWarning")
TOKEN = "t0ken-of-the-newsroom"


class RecordingChroma(ThreadingHTTPServer):
    """Answers what Chroma answers before anything is asked of a collection, and keeps all requests."""

    daemon_threads = False  # so that closing waits for them

    def __init__(self, tenant: str = "news") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tenant = tenant
        self.requests: list[tuple[str, str, str | None]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: RecordingChroma

    def do_GET(self) -> None:
        self.server.requests.append(("GET", self.path.partition("?")[0], self.headers["X-Chroma-Token"]))
        answers: dict[str, object] = {
            "/api/v2/auth/identity": {"user_id": "u", "tenant": self.server.tenant, "databases": ["2026"]},
            "/api/v2/pre-flight-checks": {"max_batch_size": 100},
            "/api/v2/heartbeat": {"nanosecond heartbeat": 1},
        }
        known = self.headers["X-Chroma-Token"] == TOKEN
        answer = answers.get(self.path, {"name": self.path.rsplit("/", 1)[-1], "id": "0" * 32, "tenant": self.server.tenant})
        body = json.dumps([] if self.path.partition("?")[0].endswith("/collections") else answer).encode()
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(body if known else b'{"error": "ChromaAuthError", "message": "who are you?"}')

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def recording(tenant: str = "news") -> Iterator[RecordingChroma]:
    with RecordingChroma(tenant) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server that has a tenant with a database of its own."""
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        host = Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host="127.0.0.1",
            chroma_server_http_port=server.port,
            anonymized_telemetry=False,
        )
        admin = chromadb.AdminClient(host)
        admin.create_tenant("news")
        admin.create_database("archive", "news")
        yield server.url


def test_vectors_lie_in_the_tenant_and_database_of_the_address(chroma: str) -> None:
    place = f"{chroma}/?tenant=news&database=archive"
    index = DenseIndex(ChromaServer(place, TOKEN), "some")
    index.apply([(1, np.eye(4, dtype=np.float32)[0])], [])
    assert (index.count(), ChromaServer(place).collections(), ChromaServer(chroma).collections()) == (1, ["some"], [])


@pytest.mark.parametrize("place", ["?tenant=nobody", "?tenant=news&database=lost"])
def test_a_tenant_that_the_server_does_not_know_is_told(chroma: str, place: str) -> None:
    with pytest.raises(IndexUnreachable, match=r"refuses|does not answer"):
        DenseIndex(ChromaServer(f"{chroma}{place}"))


@pytest.mark.parametrize("named", [{}, {"tenant": "news", "database": "2026"}])
def test_the_cloud_is_asked_as_its_own_client_asks_it(named: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with recording() as server:
        client = chromadb.CloudClient(
            **named, api_key=TOKEN, settings=Settings(anonymized_telemetry=False),
            cloud_host="127.0.0.1", cloud_port=server.port, enable_ssl=False,
        )  # fmt: skip
        client.list_collections()
        wanted, server.requests = server.requests, []
        monkeypatch.setattr("vectorstore.searching.chroma_address.CLOUD", "127.0.0.1")
        query = "&".join(f"{name}={value}" for name, value in named.items())
        assert ChromaServer(f"http://127.0.0.1:{server.port}/?{query}", TOKEN).collections() == []
        assert server.requests == wanted
        assert any("/tenants/news/databases/2026/collections" in path for _, path, _ in wanted)


def test_a_wrong_token_is_told_and_not_shown() -> None:
    with recording() as server, pytest.raises(IndexUnreachable) as caught:
        DenseIndex(ChromaServer(f"http://127.0.0.1:{server.port}", "wr0ng"))
    assert "wr0ng" not in f"{caught.value.message}{caught.value.help}"


def test_a_server_of_one_s_own_is_sent_the_token_as_a_proxy_knows_it() -> None:
    assert ChromaAddress.parse("http://127.0.0.1", TOKEN).headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Authorization" not in ChromaAddress.parse("https://api.trychroma.com", TOKEN).headers


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://h/?tenat=a", "tenat"),
        ("http://h:99999", "port"),
        ("http://:8000", "no host"),
        ("http://h/?token=s3cret", "token"),
    ],
)
def test_what_cannot_be_meant_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        ChromaAddress.parse(url)
    assert "s3cret" not in str(caught.value)


def test_a_home_of_the_server_is_kept_apart_by_its_database(chroma: str) -> None:
    apart = ChromaServer(f"{chroma}/?tenant=news&database=archive").replica_number("footnote-x")
    assert apart != ChromaServer(chroma).replica_number("footnote-x")
