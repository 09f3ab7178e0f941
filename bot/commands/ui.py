"""`footnote ui`: the example articles on the first run, then the chat."""

import argparse
import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command, whole_number
from bot.commands.ingest import report_text
from bot.commands.output import CommandContext, failure_text
from bot.errors import InputError
from bot.resources import seeds_dir

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands

ADDRESS = "127.0.0.1"
_UNFINISHED = "examples-unfinished"

Launch = Callable[[Sequence[str], Mapping[str, str]], None]


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "open the chat in the browser; indexes the example articles on the first run"
    ui = add_command(commands, common, "ui", about)
    ui.add_argument(
        "--port", type=whole_number(1, 65535), metavar="N", help="the port on 127.0.0.1 (default: $PORT, else 8501)"
    )
    where = f"where to listen (default: {ADDRESS}, this machine alone); without sign-in, whoever reaches it sees all"
    ui.add_argument("--host", default=ADDRESS, metavar="ADDRESS", help=where)
    ui.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Opens the chat on this machine."""
    return open_chat(context, host=args.host)


def become(command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Turns this process into the server, so that Ctrl-C and signals reach it and no orphan can be left behind."""
    sys.stdout.flush()
    os.execve(command[0], list(command), dict(environ))


def open_chat(context: CommandContext, launch: Launch = become, host: str = ADDRESS) -> int:
    """Opens the chat on this machine, at the port of the settings; returns when it has ended.

    Another `host` is for a container, whose own loopback nobody reaches. The page still answers to this machine's names alone.
    """
    from bot.wiring.accounts import check_signin

    settings = context.settings
    # Before anything is indexed: a page that nobody can sign in to need not be opened.
    check_signin(settings)
    # First of all: to index the examples takes a minute, and would be for nothing.
    check_port(settings.port, host)
    add_examples(context)
    # The page reads its settings from the environment; --home must reach it, whatever folder it runs in.
    launch(server_command(settings.port, host), {**os.environ, "FOOTNOTE_HOME": str(settings.home.absolute())})
    return 0


def check_port(port: int, host: str = ADDRESS) -> None:
    """Raises InputError where the port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server will: without this, a port that was in use a minute ago would still count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # Between this look and the server's own another program may take the port, which the server then tells.
            probe.bind((host, port))
        except OSError as error:
            state = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            other = 8502 if port == 8501 else 8501
            raise InputError(
                f"Port {port} {state}.",
                f"Stop what runs there, or choose another: `PORT={other} make run`, or `footnote ui --port {other}`.",
            ) from error


def add_examples(context: CommandContext) -> None:
    """Ingests the articles that ship with Footnote where nothing is indexed yet, or where that was interrupted."""
    settings = context.settings
    unfinished = settings.home / _UNFINISHED
    if _has_index(context) and not unfinished.exists():
        return
    context.output.say("First run: indexing the example articles.")
    settings.home.mkdir(parents=True, exist_ok=True)
    # A marker, since a home whose first run was interrupted has a catalog like any other.
    unfinished.touch()
    with context.service() as service, context.output.progress() as progress:
        report = service.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=progress)
    unfinished.unlink()
    context.output.say(report_text(report))
    for failure in (*report.failed, *report.notes):
        context.output.warn(failure_text(failure))


def _has_index(context: CommandContext) -> bool:
    """Asks the service only where a look does not do: to import the index's libraries would double the time to start."""
    from vectorstore.storage.home import Home

    if not context.settings.catalog:
        return Home(context.settings.home).catalog.is_file()
    with context.service() as service:
        return service.library.has_index()


def server_command(port: int, host: str) -> list[str]:
    """How the server is started; -P keeps a `bot` or `streamlit` in the current folder from being imported instead."""
    return [sys.executable, "-P", "-m", "bot.ui.serve", str(port), host]
