"""llama.cpp's server on a free port of the loopback, for as long as it is needed."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

from tests.local_model.fetching import LocalModelError

START = 180.0
"""Seconds that it may take to read the model from a slow disk."""
CONTEXT = 8192
"""Tokens of a question with its passages and its answer."""
PATIENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}
"""Its threads sleep while they wait for one another: else they take the processor from the page and from each other."""
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
LOOK = 0.2
"""Seconds between two looks whether it answers."""


@contextmanager
def served(python: Path, model: Path, name: str, log: Path) -> Iterator[str]:
    """The base address of a server that has the model under that name; it ends with the block. Raises LocalModelError."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}/v1"
    with log.open("w", encoding="utf-8") as out:
        command = [str(python), "-m", "llama_cpp.server", *_options(model, name, port)]
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=_environment())
        try:
            _await(server, address, log)
            yield address
        finally:
            _stop(server)


def _options(model: Path, name: str, port: int) -> list[str]:
    given = {
        "model": str(model),
        "model_alias": name,
        "host": "127.0.0.1",
        "port": str(port),
        "n_ctx": str(CONTEXT),
        # Else the questions to go on with, which are asked for after an answer, would be cut off by the next question.
        "interrupt_requests": "False",
        # Log-probabilities of all that was read cost 5 GB, and nobody asks for them.
        "logits_all": "False",
        "verbose": "False",
    }
    return [part for option, value in given.items() for part in (f"--{option}", value)]


def _environment() -> dict[str, str]:
    """What the server needs of the environment: it takes PORT, HOST, MODEL and the like from there, before its options."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | PATIENT


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Returns once the server answers."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        if server.poll() is not None:
            raise LocalModelError(f"llama.cpp's server ended at once. What it said is in {log}; its last line is: {_last(log)}")
        with suppress(URLError, OSError), urllib.request.urlopen(f"{address}/models", timeout=5):
            return
        time.sleep(LOOK)
    raise LocalModelError(f"llama.cpp's server did not answer within {START:.0f} seconds. What it said is in {log}.")


def _last(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "nothing")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
