"""A web site on loopback whose pages a test writes, each a function from the request to the answer."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat

PAGE = b"<html><head><title>Rain</title></head><body><h1>Rain</h1><p>It rained in Ner for a week.</p></body></html>"


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """A status, headers and a body; `pieces` instead of a body are sent one after the other, `pause` seconds apart."""

    status: int = 200
    body: bytes = PAGE
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterator[bytes] | None = None
    pause: float = 0.0


Pages = dict[str, SiteAnswer | Callable[[Mapping[str, str]], SiteAnswer]]


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is up: its address, its pages by their paths, and what it was asked for, with the headers."""

    address: str
    port: int
    pages: Pages
    asked: list[tuple[str, Mapping[str, str]]]

    def paths(self) -> list[str]:
        """What was asked for, but for the rules for programs."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def site(pages: Pages | None = None) -> Iterator[Site]:
    """A site with these pages; everything else is not found."""
    held: Pages = dict(pages or {})
    asked: list[tuple[str, Mapping[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server calls
            asked.append((self.path, dict(self.headers)))
            found = held.get(self.path, SiteAnswer(404, b"not here"))
            _send(self, found if isinstance(found, SiteAnswer) else found(dict(self.headers)))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", server.server_port, held, asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def zeros(megabytes: int) -> bytes:
    """A small file that unpacks to so many megabytes of zeros."""
    return gzip.compress(bytes(megabytes * 1_000_000))


def endless(piece: bytes = b"x" * 65536) -> Iterator[bytes]:
    """The same piece, for ever."""
    return repeat(piece)


def _send(handler: BaseHTTPRequestHandler, answer: SiteAnswer) -> None:
    handler.send_response(answer.status)
    if not any(name.lower() == "content-type" for name in answer.headers):
        handler.send_header("Content-Type", "text/html")
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if answer.pieces is None:
        handler.send_header("Content-Length", str(len(answer.body)))
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        for piece in [answer.body] if answer.pieces is None else answer.pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(answer.pause)
    except OSError:
        pass  # whoever asked has heard enough
