"""`footnote serve` as a process of its own: its address, its token, and its end."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.bot.running import Run
from tests.e2e.serving import ROOT, footnote


@contextmanager
def started(home: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str, list[str]]]:
    """The process, its address, and what it said before."""
    command = footnote("serve", "--home", home, "--port", "0", *options)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stderr
        said: list[str] = []
        try:
            while not (found := re.search(r"answers at (http://\S+)", (line := process.stderr.readline()))):
                assert line, f"The server ended at once: {said}"
                said.append(line)
            yield process, found[1], said
        finally:
            process.kill()


def test_it_answers_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with started(tmp_path / "home") as (process, address, said):
        assert httpx.get(f"{address}/healthz").json()["status"] == "empty"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr and process.stderr.read() == ""
    assert (said, address.startswith("http://127.0.0.1:")) == ([], True)


def test_beyond_this_machine_a_token_is_made_and_its_place_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started(home, "--host", "0.0.0.0") as (process, address, said):
        token = (home / "serve-token").read_text(encoding="utf-8").strip()
        here = address.replace("0.0.0.0", "127.0.0.1")
        refused = httpx.get(f"{here}/v1/models")
        answered = httpx.get(f"{here}/v1/models", headers={"Authorization": f"Bearer {token}"})
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert said == [f"Callers must send the token that is in {home / 'serve-token'}.\n"]
    assert (refused.status_code, answered.status_code) == (401, 200)


def test_a_port_in_use_is_a_sentence(run: Run) -> None:
    from bot.serving.server import listen

    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        assert run("serve", "--port", str(port)) == 1
    assert f"Port {port} of 127.0.0.1 is in use." in run.err


def test_a_token_that_is_given_twice_or_badly_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("short\n", encoding="utf-8")
    assert run("serve", "--token-file", str(tmp_path / "token")) == 1
    assert "cannot be used" in run.err and "short" not in run.err
    monkeypatch.setenv("FOOTNOTE_SERVE_TOKEN", "a-token-that-nobody-guesses")
    with pytest.raises(SystemExit) as caught:
        run("serve", "--no-token")
    assert caught.value.code == 2
