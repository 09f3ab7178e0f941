"""`footnote serve`: answers, searches and checks over HTTP, for other programs."""

import argparse
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command, whole_number
from bot.commands.output import CommandContext
from bot.errors import FootnoteError
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring import Service

HOST = "127.0.0.1"
PORT = 8600

_EXAMPLES = """\
examples:
  footnote serve                              http://127.0.0.1:8600, for the programs of this machine
  footnote serve --host 0.0.0.0               for others too, who send the token that it says the place of
  footnote serve --port 0 --answers 4         any free port; four answers at once
  curl http://127.0.0.1:8600/v1/ask -H 'Content-Type: application/json' -d '{"question": "Who signed it?"}'

/docs describes what is answered, /openapi.json does so for programs, and /v1/chat/completions is OpenAI's protocol: enter
http://127.0.0.1:8600/v1 as the address in a chat client. The token is that of FOOTNOTE_SERVE_TOKEN or of --token-file; else,
beyond this machine, one is made and kept in the home.
"""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    serve = add_command(commands, common, "serve", "answer other programs over HTTP", _EXAMPLES)
    add_listening_options(serve, PORT)
    answers = "how many answers may be made at once (default: FOOTNOTE_ANSWERS_AT_ONCE, else 32)"
    serve.add_argument("--answers", type=whole_number(1, 1000), metavar="N", help=answers)
    serve.set_defaults(run=run)


def add_listening_options(command: argparse.ArgumentParser, port: int) -> None:
    """The options that say where a server listens and who may ask it; `port` is the one where none is given."""
    command.add_argument(
        "--host", default=HOST, metavar="ADDRESS", help=f"where to listen (default: {HOST}, this machine alone)"
    )
    # Not `port`, which is the setting of the page's.
    about = f"the port; 0 is one that is free (default: {port})"
    command.add_argument("--port", dest="serve_port", type=whole_number(0, 65535), default=port, metavar="N", help=about)
    token = command.add_mutually_exclusive_group()
    token.add_argument("--token-file", type=Path, metavar="FILE", help="a file with the token that callers must send")
    token.add_argument("--no-token", action="store_true", help="ask for none, also beyond this machine")
    name = "a name of this machine that callers use; may be given several times"
    command.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=name)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Answers requests until it is stopped by Ctrl-C or SIGTERM; the exit code."""
    from bot.serving.access import access_rules
    from bot.serving.app import serving_app
    from bot.serving.server import address_of, listen, run_server
    from bot.wiring import open_service
    from bot.wiring.accounts import Accounts

    token = callers_token(args, context)
    rules = access_rules(args.host, token, args.allow_host, Accounts(context.settings.home).token_holder)
    settings = context.settings.model_copy(update={"answers_at_once": args.answers} if args.answers else {})
    # The articles are prepared for other languages beside the answers, not while somebody waits.
    with listen(args.host, args.serve_port) as sock, closing(open_service(settings, background=True)) as service:
        app = serving_app(service, rules)
        context.output.warn(f"Footnote answers at {address_of(sock)} (Ctrl-C stops it).")
        context.output.flush()
        begin_warming(service, examples=False)
        run_server(app, sock)
    return 0


def callers_token(args: argparse.Namespace, context: CommandContext) -> str:
    """The token that callers must send, "" where they need none; its place is told, and never the token."""
    from bot.serving.access import checked_token, is_loopback, kept_token, read_token

    stated = context.settings.serve_token.get_secret_value()
    if args.no_token:
        if stated:
            raise UsageError("--no-token does not go with FOOTNOTE_SERVE_TOKEN")
        return ""
    if args.token_file:
        return read_token(args.token_file)
    if stated:
        return checked_token(stated, "FOOTNOTE_SERVE_TOKEN")
    # Whoever can connect here is on this machine already.
    if is_loopback(args.host):
        return ""
    # Beyond this machine a token is never optional unless somebody says so by --no-token.
    token, path = kept_token(context.settings.home)
    context.output.warn(f"Callers must send the token that is in {path.absolute()}.")
    return token


def begin_warming(service: "Service", *, examples: bool = True) -> None:
    """Opens what the first question needs in a thread beside; what stands in the way is told to whoever asks."""

    def warm() -> None:
        """Opens it."""
        with suppress(FootnoteError, VectorstoreError):
            service.chat.warm(examples=examples)

    # A daemon: a server that is stopped does not wait for a model that is still being loaded.
    threading.Thread(target=warm, name="warm", daemon=True).start()
