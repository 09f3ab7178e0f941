"""Nothing leaves this machine: what `footnote` looks up and connects to, as the kernel sees it.

A hook inside Python would miss what native code does: onnxruntime's telemetry is C++ on threads of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from serving import ROOT, free_port, process
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from vectorstore.encoding.minilm import cache_folder

SEEDS = ROOT / "seeds"
WATCHED = 15
"""Seconds that the page is watched: before the telemetry was off, it looked its server up some 10 seconds after the start."""

_CALL = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*?\{sa_family=(AF_INET6?|AF_UNIX)")
_HOME = re.compile(r'"(127\.[\d.]+|::1|::ffff:127\.[\d.]+)"')
_RESOLVER = re.compile(r"sin6?_port=htons\((53|853|5353)\)|nscd|resolve|mdns", re.IGNORECASE)


@pytest.fixture(scope="module")
def strace() -> str:
    """The path of strace; without it the test is skipped, or fails where FOOTNOTE_REQUIRE_STRACE=1 asks for it."""
    if found := shutil.which("strace"):
        return found
    if os.environ.get("FOOTNOTE_REQUIRE_STRACE") == "1":
        pytest.fail("strace is not on the PATH.")
    pytest.skip("strace is not on the PATH.")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A new user's: an own home and cache, and telemetry as it is where nobody has said a word about it."""
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    graphs = str(cache_folder())  # the model is built once, and not for each test
    return {**kept, "HOME": str(tmp_path / "user"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "FOOTNOTE_CACHE": graphs}


def traced(strace: str, log: Path, *arguments: str) -> list[str]:
    """`footnote` with these arguments, its calls of the network written down."""
    return [
        strace,
        "-f",
        "-qq",
        "-s",
        "200",
        "-e",
        "trace=network",
        "-o",
        str(log),
        sys.executable,
        "-m",
        "bot.commands.main",
        *arguments,
    ]


def run(command: Sequence[str], environ: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def outside(log: Path) -> list[str]:
    """The calls that ask for a name, or for an address that is not this machine's."""
    calls = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if _CALL.search(line)]
    return [line for line in calls if _RESOLVER.search(line) or ("AF_UNIX" not in line and not _HOME.search(line))]


def queued(environ: dict[str, str]) -> list[Path]:
    """What lies in the user's own folders that is not Footnote's."""
    folders = [Path(environ[name]) for name in ("HOME", "XDG_CACHE_HOME")]
    return [file for folder in folders for file in folder.rglob("*") if file.is_file() and "footnote" not in file.parts]


def read_once(port: int) -> None:
    """Opens the page as a browser does: its script runs once."""
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=[Subprotocol("streamlit")]) as page:
        rerun = BackMsg()
        rerun.rerun_script.query_string = ""
        page.send(rerun.SerializeToString())
        assert page.recv(timeout=60)


def test_ingest_and_ask_reach_for_nothing_outside(strace: str, environ: dict[str, str], tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    run(traced(strace, tmp_path / "ingest", "ingest", str(SEEDS), "--home", home), environ)
    run(traced(strace, tmp_path / "ask", "ask", "Who translated the op-ed?", "--home", home), environ)
    assert outside(tmp_path / "ingest") == []
    assert outside(tmp_path / "ask") == []
    assert queued(environ) == []


def test_the_page_reaches_for_nothing_outside(strace: str, environ: dict[str, str], tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "ui"
    command = traced(strace, log, "ui", "--port", str(port), "--home", str(tmp_path / "home"))
    with process(command, port, environ, seconds=120):
        read_once(port)
        time.sleep(WATCHED)
    assert f"htons({port})" in log.read_text(encoding="utf-8", errors="replace")
    assert outside(log) == []
    assert queued(environ) == []


@pytest.mark.parametrize("package", ["bot", "vectorstore"])
def test_either_package_as_a_library_queues_nothing(environ: dict[str, str], package: str) -> None:
    run([sys.executable, "-c", f"import {package}; import onnxruntime"], environ)
    assert queued(environ) == []
