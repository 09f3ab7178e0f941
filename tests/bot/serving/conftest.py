"""A real server on loopback over the example articles, which quotes; and what runs another for a test that needs its own."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.serving.app import serving_app
from bot.serving.server import address_of, listen
from bot.settings import Settings
from bot.wiring import Service, open_service


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The app on a free port of the loopback, in a thread; gives the address."""
    sock = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])), daemon=True)
    # Whoever connects before the loop runs waits in the socket's queue.
    address = address_of(sock)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def quoting_service(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("serving") / "home"
    shutil.copytree(seeds_home, home)
    with closing(open_service(Settings(home=home, model="quotes", embedding="minilm"))) as service:
        yield service


@pytest.fixture(scope="session")
def address(quoting_service: Service) -> Iterator[str]:
    with served(serving_app(quoting_service)) as address:
        yield address


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client
