"""`footnote ui`: the example articles on the first run, then the chat."""

import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

from bot.commands.output import Output, report_text
from bot.errors import InputError
from bot.resources import seeds_dir
from bot.settings import Settings
from bot.wiring.service import Opener
from vectorstore.storage.home import Home

ADDRESS = "127.0.0.1"
_UNFINISHED = "examples-unfinished"

Launch = Callable[[Sequence[str], Mapping[str, str]], None]


def become(command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Turns this process into the server, so that Ctrl-C and signals reach it and no orphan can be left behind."""
    sys.stdout.flush()
    os.execve(command[0], list(command), dict(environ))


def ui(settings: Settings, opener: Opener, output: Output, launch: Launch = become) -> int:
    """Opens the chat on this machine; returns when it has ended."""
    check_port(settings.port)
    add_examples(settings, opener, output)
    output.say(f"Footnote opens at http://{ADDRESS}:{settings.port} (Ctrl-C stops it).")
    launch(server_command(settings.port), {**os.environ, "FOOTNOTE_HOME": str(settings.home.absolute())})
    return 0


def check_port(port: int) -> None:
    """Raises InputError where the port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server will: without this, a port that was in use a minute ago would still count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            state = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            other = 8502 if port == 8501 else 8501
            raise InputError(
                f"Port {port} {state}.",
                f"Stop what runs there, or choose another: `PORT={other} make run`, or `footnote ui --port {other}`.",
            ) from error


def add_examples(settings: Settings, opener: Opener, output: Output) -> None:
    """Ingests the articles that ship with Footnote where nothing is indexed yet, or where that was interrupted."""
    unfinished = settings.home / _UNFINISHED
    if _has_index(settings, opener) and not unfinished.exists():
        return
    output.say("First run: indexing the example articles.")
    settings.home.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    with closing(opener(settings)) as service, output.progress() as progress:
        report = service.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=progress)
    unfinished.unlink()
    output.say(report_text(report))
    for failure in report.failed:
        output.warn(f"Not taken in: {failure.where}: {failure.reason}")


def _has_index(settings: Settings, opener: Opener) -> bool:
    """Asks the service only where a look does not do: to import the index's libraries would double the time to start."""
    if not settings.catalog:
        return Home(settings.home).catalog.is_file()
    with closing(opener(settings)) as service:
        return service.library.has_index()


def server_command(port: int) -> list[str]:
    """How the server is started; -P keeps a `bot` or `streamlit` in the current folder from being imported instead."""
    return [sys.executable, "-P", "-m", "bot.ui.serve", str(port)]
