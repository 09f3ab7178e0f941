"""Starts a server as a process of its own, waits until it answers, and ends it."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from bot.commands.main import main
from bot.conversation.history.schema import history_format, metadata

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def streamlit(script: Path, port: int) -> list[str]:
    """How a script is run by Streamlit, without opening a browser."""
    run = [sys.executable, "-m", "streamlit", "run", str(script)]
    return [*run, "--server.port", str(port), "--server.headless", "true"]


def footnote(*arguments: str | Path) -> list[str]:
    """The command line of this checkout, as a process of its own runs it."""
    return [sys.executable, "-m", "bot.commands.main", *map(str, arguments)]


def indexed(home: Path, articles: Mapping[str, str]) -> Path:
    """A home in which `footnote ingest` has put articles, given as file name -> text."""
    folder = home.with_name(f"{home.name}-articles")
    folder.mkdir(parents=True)
    for name, text in articles.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")
    run_footnote("ingest", folder, "--home", home)
    return home


def run_footnote(*arguments: str | Path) -> None:
    """A command of `footnote` that must succeed, in this process: a new one takes seconds to import and to load an encoder."""
    assert main([str(one) for one in arguments]) == 0, arguments


def empty_history(file: Path) -> None:
    """Deletes all conversations, drafts and standing questions of a home that a server may have open; the tables stay."""
    if file.exists():
        with closing(sqlite3.connect(file, timeout=20)) as database, database:
            for table in reversed(metadata.sorted_tables):
                if table is not history_format:
                    database.execute(f"delete from {table.name}")


@contextmanager
def serving(command: Sequence[str], port: int, environ: Mapping[str, str] | None = None, seconds: float = 60) -> Iterator[str]:
    """Run `command` until the block ends; gives the address. Fails with the output of a server that does not start."""
    with process(command, port, environ, seconds):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def process(
    command: Sequence[str],
    port: int,
    environ: Mapping[str, str] | None = None,
    seconds: float = 60,
    path: str = "/_stcore/health",
) -> Iterator["subprocess.Popen[str]"]:
    """The same; gives the process, for a test that kills it. `path` is what answers 200 once the server is healthy."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        _wait(process, port, path, time.monotonic() + seconds)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _wait(process: subprocess.Popen[str], port: int, path: str, until: float) -> None:
    while not _healthy(port, path):
        if process.poll() is not None:
            raise AssertionError(f"The server ended at once:\n{process.communicate()[0]}")
        if time.monotonic() > until:
            raise AssertionError("The server did not answer in time.")
        time.sleep(0.1)


def _healthy(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
