"""The `footnote` command: parses, calls the command that was asked for, and turns errors into a line or two and an exit code.

Nothing heavy is imported until a command runs: `footnote --help` must not wait for a database or a model.
"""

import argparse
import io
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from bot.commands import (
    accounts,
    articles,
    ask,
    backup,
    check,
    doctor,
    evaluate,
    ingest,
    mcp,
    models,
    prompts,
    search,
    serve,
    transfer,
    ui,
    verify,
    watch,
)
from bot.commands.arguments import PrintVersion, UsageError, common_options
from bot.commands.output import CommandContext, Output
from bot.ending import end
from bot.errors import describe
from bot.logs import log_event, start_logging
from bot.request_context import Door, RequestContext, current_request, request_scope, set_request_source

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring.service import Opener, Service

COMMANDS = (
    ui,
    serve,
    mcp,
    accounts,
    ingest,
    search,
    ask,
    watch,
    check,
    verify,
    articles,
    doctor,
    backup,
    transfer,
    models,
    prompts,
    evaluate,
)
"""The modules of the commands, in the order of the help; each has an `add_parser`, which says what runs the command."""

log = logging.getLogger(__name__)
_DOORS: Mapping[str, Door] = {"ui": "page", "serve": "http", "mcp": "mcp"}
"""By which door a command is asked; all others are asked in the shell."""

_EXAMPLES = """\
examples:
  footnote ui                              open the chat in the browser
  footnote ingest ~/articles --prune       add a folder, and forget what is gone from it
  footnote ask "Who translated the op-ed?"
  footnote search "air defense" -k 5 --json
  footnote search "air defense" --why-not "a passage you missed"
  footnote ask "What was proposed?" --author Brandt --since 2019
  footnote ask --questions questions.jsonl --json > answers.jsonl
  footnote watch add "What was proposed?"  ask it again when the articles change, with `footnote watch`
  footnote check draft.md                  does each sentence of your own text stand in the articles?
  footnote check draft.md --export checked.docx
  footnote models add Home --provider ollama --model qwen3:8b
  footnote serve                           answer other programs over HTTP
  footnote prompts use answer terse        have answers written by another prompt
  footnote eval run cases.yaml --prompt strict --prompt terse

Settings are environment variables (FOOTNOTE_HOME, FOOTNOTE_EMBEDDING, OPENAI_API_KEY ...); the README lists them.
Exit codes: 0 done, 1 failed and said why, 2 wrong usage.
"""


def run() -> NoReturn:
    """The `footnote` command: runs, and ends the process with the exit code."""
    try:
        code = main()
    except SystemExit as asked:  # argparse: --help, --version, and whatever it does not understand
        code = asked.code if isinstance(asked.code, int) else 0
    # Not `sys.exit`: threads of native libraries may keep a process alive that is done (see `bot.ending`).
    end(code)


def main(argv: Sequence[str] | None = None, opener: "Opener | None" = None) -> int:
    """Runs one command; the exit code. `opener` stands in for `wiring.open_service` in tests."""
    _write_utf8()
    # The common options have no default of their own (see `common_options`), so they get it here.
    parser = build_parser()
    args = parser.parse_args(argv, argparse.Namespace(home=None, json=False, debug=False))
    door = _DOORS.get(args.command, "shell")
    set_request_source(partial(RequestContext, door), door)
    try:
        context = _context(args, opener)
        start_logging(context.settings)
        with _one_request(args.command), _logged(args.command):
            code = int(args.run(args, context))
        # Here, where a pipe that has gone can still be told from a failure.
        sys.stdout.flush()
    except UsageError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        # 128 and the number of SIGINT, as shells have it.
        return 130
    except BrokenPipeError:
        return _discard_output()
    except Exception as error:
        return _print_error(error, args.debug)
    return code


def _one_request(command: str) -> AbstractContextManager[object]:
    """The command as one request, but for those that serve many."""
    return nullcontext() if command in _DOORS else request_scope(current_request())


@contextmanager
def _logged(command: str) -> Iterator[None]:
    """A block that runs a command; the log tells of it when it has ended."""
    started = time.perf_counter()
    failure: dict[str, str] = {}
    try:
        yield
    # Also what is no `Exception`: the log tells of a command that was interrupted as well.
    except BaseException as error:
        failure = {"failure": type(error).__name__}
        raise
    finally:
        log_event(log, "command", {"command": command, **failure, "ms": round(1000 * (time.perf_counter() - started), 1)})


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line; `run` of what it parses is the handler of the command."""
    common = common_options()
    parser = argparse.ArgumentParser(
        prog="footnote",
        description="A chat over your own articles: every sentence of an answer opens the exact words it rests on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    version = "print the version and exit"
    parser.add_argument("--version", action=PrintVersion, nargs=0, default=argparse.SUPPRESS, help=version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands, common)
    return parser


def _context(args: argparse.Namespace, opener: "Opener | None") -> CommandContext:
    """The settings, the output and the way to the service that a command is given."""
    from bot.settings import load_settings

    # Only what was given: anything else comes from the environment.
    given = {name: value for name in ("home", "port") if (value := getattr(args, name, None)) is not None}
    # Looked up now, not when the module is imported: tests put other streams in their place.
    output = Output(sys.stdout, sys.stderr, args.json)
    return CommandContext(load_settings(**given), output, opener or partial(_open_service, output), args.debug)


def _open_service(output: Output, settings: "Settings") -> "Service":
    from bot.wiring import open_service

    return open_service(settings, progress=output.working)


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever the locale says: the articles may be in any language, and JSON is UTF-8.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _discard_output() -> int:
    """Has what is still in the buffer go nowhere, and gives the exit code: `| head` has seen enough, and nothing failed."""
    # The interpreter flushes once more as it ends, and would fail on the pipe that is closed.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _print_error(error: Exception, debug: bool) -> int:
    """Tells what went wrong and what to do, and gives the exit code; with `debug` Python prints the traceback instead."""
    if debug:
        raise error
    message, help = describe(error)
    sys.stderr.write(f"footnote: {message}\n{help}".rstrip() + "\n")
    return 1


if __name__ == "__main__":
    run()
