"""`footnote ui`: the port, the example articles of the first run, and the server that is started."""

import io
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.commands import ui
from bot.commands.output import CommandContext, Output
from bot.errors import InputError
from bot.resources import seeds_dir
from bot.settings import load_settings
from tests.bot.fake_service import FakeService
from tests.e2e.serving import ROOT, footnote
from tests.servers import listening


class Launched:
    """Stands in for becoming the server."""

    command: Sequence[str] = ()
    environ: Mapping[str, str] = {}

    def __call__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.command, self.environ = command, environ


def open_ui(service: FakeService, home: Path, port: int) -> tuple[Launched, str]:
    launched, out = Launched(), io.StringIO()
    ui.open_chat(CommandContext(load_settings(home=home, port=port), Output(out, io.StringIO()), lambda _: service), launched)
    return launched, out.getvalue()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ui.ADDRESS, 0))
        return int(probe.getsockname()[1])


def test_the_first_run_indexes_the_examples_and_starts_the_server(tmp_path: Path, free_port: int) -> None:
    service = FakeService()
    launched, out = open_ui(service, tmp_path / "home", free_port)
    assert service.calls == [("ingest", [seeds_dir()], False, False)]
    assert out.startswith("First run: indexing the example articles.\n")
    assert str(free_port) in launched.command
    assert launched.environ["FOOTNOTE_HOME"] == str(tmp_path / "home")


def test_the_address_is_told_once_it_takes_connections(seeds_home: Path, free_port: int) -> None:
    command = footnote("ui", "--home", seeds_home, "--port", str(free_port))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            told = next(line for line in process.stdout if "opens at" in line)
            assert listening(free_port)
        finally:
            process.kill()
    assert told == f"Footnote opens at http://127.0.0.1:{free_port} (Ctrl-C stops it).\n"


def test_a_home_that_has_an_index_is_left_as_it_is(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "catalog.sqlite").touch()
    service = FakeService()
    open_ui(service, tmp_path, free_port)
    assert service.calls == []


def test_a_first_run_that_was_interrupted_is_made_up_for(
    tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(FakeService):
        def ingest(self, *_: object, **__: object) -> object:  # type: ignore[override]
            (tmp_path / "catalog.sqlite").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_ui(Interrupted(), tmp_path, free_port)
    service = FakeService()
    open_ui(service, tmp_path, free_port)
    open_ui(service, tmp_path, free_port)
    assert len(service.calls) == 1


@pytest.mark.parametrize(("indexed", "ingests"), [(True, 0), (False, 1)])
def test_a_catalog_that_is_no_file_is_asked_for_its_index(tmp_path: Path, indexed: bool, ingests: int) -> None:
    service = FakeService(indexed=indexed)
    settings = load_settings(home=tmp_path, catalog="postgresql://db/x")
    ui.add_examples(CommandContext(settings, Output(io.StringIO(), io.StringIO()), lambda _: service))
    assert len(service.calls) == ingests


def test_a_taken_port_is_said_plainly_before_anything_is_indexed(tmp_path: Path) -> None:
    service = FakeService()
    with socket.socket() as taken:
        taken.bind((ui.ADDRESS, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is in use") as caught:
            open_ui(service, tmp_path, port)
    assert "PORT=8501 make run" in caught.value.help
    assert service.calls == []


def test_a_progress_bar_is_drawn_on_a_terminal_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with Output(io.StringIO(), terminal).progress() as progress:
        assert progress is not None
        progress("Embedding", 1, 2)
    assert "Embedding" in terminal.getvalue()
    with Output(io.StringIO(), io.StringIO()).progress() as progress:
        assert progress is None
