"""Real servers for tests and benchmarks: a PostgreSQL schema of one's own, a Chroma server that can be stopped and emptied."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.waiting import until
from vectorstore.storage.database import connect


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listening(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    with socket.socket() as probe:
        return not probe.connect_ex(("127.0.0.1", port))


class ChromaProcess:
    """`chroma run` with its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, the same after each start."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: listening(self.port), pause=0.05)

    def stop(self) -> None:
        """Stops it at once; what it has written stays."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def empty(self) -> None:
        """Stops it and removes all that it has."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaProcess]:
    """A Chroma server that runs for the block."""
    server = ChromaProcess(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def postgres_schema() -> Iterator[str]:
    """The address of a schema that nobody else uses, in TEST_POSTGRES_URL's database or, without it, in a server started here.

    Raises FileNotFoundError where there is neither.
    """
    address = os.environ.get("TEST_POSTGRES_URL")
    if not address:
        with _postgres_server() as address:
            yield address
        return
    name = f"footnote_{secrets.token_hex(6)}"
    engine = connect(address)
    with engine.begin() as connection:
        connection.execute(text(f"create schema {name}"))
    try:
        yield f"{address}{'&' if '?' in address else '?'}options=-csearch_path%3D{name}"
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"drop schema {name} cascade"))
        engine.dispose()


@contextmanager
def _postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of its own; raises FileNotFoundError where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise FileNotFoundError("no PostgreSQL is installed, and TEST_POSTGRES_URL names none")
    programs, folder, port = found[-1].parent, Path(tempfile.mkdtemp()), free_port()
    # PostgreSQL refuses to be run by root.
    run = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if run:
        shutil.chown(folder, "postgres")
    start = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    init = ["initdb", "--pgdata", f"{folder}/data", "--auth", "trust", "--username", "postgres", "--no-sync"]
    control = ["pg_ctl", "--pgdata", f"{folder}/data", "--log", f"{folder}/log", "--silent", "--wait"]
    for name, *rest in (init, [*control, "--options", start, "start"]):
        subprocess.run([*run, str(programs / name), *rest], check=True, cwd="/", stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        name, *rest = [*control, "--mode", "immediate", "stop"]
        subprocess.run([*run, str(programs / name), *rest], check=False, cwd="/", stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
