"""Who the page's server lets in: its own pages, and no other page that a browser of this machine may have open.

A page of a name that its owner points at 127.0.0.1 (DNS rebinding) sends that name as Host and as Origin; a page that another
program of this machine serves sends the right Host and another Origin.
"""

import json
import os
import signal
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path

import pytest
from serving import footnote, free_port, process, serving
from websockets.sync.client import connect
from websockets.typing import Subprotocol

WEBSOCKET = "/_stcore/stream"
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
LET_IN, REFUSED = 101, 403


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a `footnote ui`, which is not 8501."""
    port = free_port()
    with serving(footnote_ui(port, tmp_path_factory.mktemp("home")), port, seconds=120):
        yield port


def footnote_ui(port: int, home: Path) -> Sequence[str]:
    return footnote("ui", "--port", str(port), "--home", home)


def status(port: int, path: str, host: str, origin: str | None = None) -> int:
    """The status with which the server meets a request; `PORT` stands for its own port."""
    given = {"Host": host} if origin is None else {"Host": host, "Origin": origin}
    headers = {name: value.replace("PORT", str(port)) for name, value in given.items()}
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=(HANDSHAKE if path == WEBSOCKET else {}) | headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_page_itself_is_let_in_by_each_of_its_names(port: int, name: str) -> None:
    assert status(port, "/", f"{name}:PORT") == 200
    assert status(port, WEBSOCKET, f"{name}:PORT", f"http://{name}:PORT") == LET_IN


def test_a_forwarded_port_is_let_in(port: int) -> None:
    assert status(port, WEBSOCKET, "localhost:9000", "http://localhost:9000") == LET_IN


def test_a_program_that_is_no_browser_is_let_in(port: int) -> None:
    assert status(port, WEBSOCKET, "127.0.0.1:PORT") == LET_IN


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example", "http://evil.example"),
        ("evil.example:PORT", "http://evil.example:PORT"),
        ("localhost.evil.example:PORT", "http://localhost.evil.example:PORT"),
        ("evil.example:PORT", None),
        ("127.0.0.1:PORT", "http://evil.example"),
        ("127.0.0.1:PORT", "http://127.0.0.1:1234"),
        ("127.0.0.1:PORT", "http://127.0.0.1"),
        ("localhost:PORT", "http://localhost:1234"),
        ("localhost:PORT", "http://127.0.0.1:1234"),
        ("localhost:PORT", "null"),
        ("localhost:PORT", ""),
        ("", "http://localhost:PORT"),
    ],
)
def test_any_other_page_is_refused_the_websocket(port: int, host: str, origin: str | None) -> None:
    assert status(port, WEBSOCKET, host, origin) in {400, REFUSED}


@pytest.mark.parametrize("path", ["/", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/v1/articles"])
def test_a_rebound_name_is_refused_whatever_it_asks_for(port: int, path: str) -> None:
    assert status(port, path, "evil.example:PORT") in {400, REFUSED}


def test_a_foreign_page_is_refused_what_is_no_websocket_too(port: int) -> None:
    assert status(port, "/_stcore/host-config", "localhost:PORT", "http://localhost:1234") == REFUSED
    assert status(port, "/v1/articles", "localhost:PORT", "http://localhost:1234") == REFUSED


def asked(port: int, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, object]]:
    """The status and the record with which the page's server answers a program."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request("POST" if body else "GET", path, sent, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_page_answers_programs_as_the_server_does(port: int) -> None:
    question = {"question": "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"}
    status, record = asked(port, "/v1/ask", question)
    assert (status, record["abstained"]) == (200, False)
    assert asked(port, "/v1/articles")[0] == 200
    assert asked(port, "/v1/nothing")[0] == 404


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_without_a_traceback_while_a_page_is_open(tmp_path: Path, sent: signal.Signals) -> None:
    port = free_port()
    with (
        process(footnote_ui(port, tmp_path), port, seconds=120) as server,
        connect(f"ws://127.0.0.1:{port}{WEBSOCKET}", subprotocols=[Subprotocol("streamlit")]),
    ):
        os.kill(server.pid, sent)
        output, _ = server.communicate(timeout=30)
    assert server.returncode in {0, -sent}
    assert "Traceback" not in output
