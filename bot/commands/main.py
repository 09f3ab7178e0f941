"""The `footnote` command: parses, calls, and turns errors into a line or two and an exit code.

Only argparse is imported until a command is known: `footnote --help` must not wait for a database or a model.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from bot.commands.grammar import build_parser
from bot.ending import end

if TYPE_CHECKING:
    from bot.commands.answers import Source
    from bot.commands.output import Output
    from bot.prompting import Prompts
    from bot.settings import Settings
    from bot.wiring.service import Opener, Service
    from vectorstore.types import Scope


def run() -> NoReturn:
    """The `footnote` command: runs, and ends the process with the exit code."""
    try:
        code = main()
    except SystemExit as asked:  # argparse: --help, --version, and whatever it does not understand
        code = asked.code if isinstance(asked.code, int) else 0
    end(code)


def main(argv: Sequence[str] | None = None, opener: "Opener | None" = None) -> int:
    """Runs one command; the exit code. `opener` stands in for `wiring.open_service` in tests."""
    _speak_utf8()
    args = _parsed(argv)
    try:
        code = _run(args, opener)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:
        return _complain(error, args.debug)
    return code


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = build_parser()
    args = parser.parse_args(argv, argparse.Namespace(home=None, json=False, debug=False))
    if args.command == "ingest" and not args.paths and (args.prune or not args.rebuild):
        parser.error("ingest wants at least one PATH (only --rebuild goes without)")
    if args.command == "search" and args.why_not is not None and args.questions is not None:
        parser.error("--why-not wants one QUESTION; it does not go with --questions")
    if args.command == "prompts" and args.action == "use" and (args.version is None) != args.back:
        parser.error("prompts use wants a VERSION, or --back for the one before")
    return args


def _run(args: argparse.Namespace, opener: "Opener | None") -> int:
    from bot.commands.output import Output
    from bot.settings import load

    given = {name: value for name in ("home", "port") if (value := getattr(args, name, None)) is not None}
    settings = load(**given)
    output = Output(sys.stdout, sys.stderr, args.json)
    open_home = opener or partial(_real_opener, output=output)
    if args.command == "ui":
        from bot.commands.ui import ui

        return ui(settings, open_home, output)
    if args.command == "verify":
        from bot.commands.verify import verify
        from bot.wiring import open_verifier

        return verify(open_verifier(), output, args.pairs, args.debug)
    if args.command == "prompts":
        return _prompts(args, settings, open_home, output)
    return _with_service(args, settings, open_home, output)


def _with_service(args: argparse.Namespace, settings: "Settings", open_home: "Opener", output: "Output") -> int:
    service = open_home(settings)
    try:
        return _COMMANDS[args.command](args, service, output)
    finally:
        service.close()


def _prompts(args: argparse.Namespace, settings: "Settings", open_home: "Opener", output: "Output") -> int:
    """All but `render` need the files alone: no home is opened."""
    from bot.commands import prompts as commands
    from bot.prompting import Prompts
    from bot.resources import prompts_dir

    prompts = Prompts(prompts_dir(settings.prompts))
    match args.action:
        case "show":
            return commands.show(prompts, output, args.which)
        case "diff":
            return commands.diff(prompts, output, args.name, args.a, args.b)
        case "use":
            return commands.use(prompts, output, args.name, args.version)
        case "render":
            return _render(args, settings, open_home, output, prompts)
    return commands.show_all(prompts, output)


def _render(args: argparse.Namespace, settings: "Settings", open_home: "Opener", output: "Output", prompts: "Prompts") -> int:
    from bot.commands.prompts import asked, render
    from vectorstore.encoding.embed import LocalEncoder

    question = asked(args.question, args.said, _scope(args))
    service = open_home(settings)
    try:
        return render(service, prompts, output, args.which, question, settings.context_tokens, LocalEncoder().count_tokens)
    finally:
        service.close()


def _real_opener(settings: "Settings", output: "Output") -> "Service":
    from bot.wiring import open_service

    return open_service(settings, progress=output.working)


def _ingest(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import library

    return library.ingest(service, output, args.paths, prune=args.prune, rebuild=args.rebuild)


def _search(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import answers, why

    if args.why_not is not None:
        return why.why_not(service, output, _source(args), args.why_not, args.k)
    search = why.why if args.why else answers.search
    return search(service, output, _source(args), args.k, args.debug)


def _ask(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import answers

    return answers.ask(service, output, _source(args), args.debug)


def _source(args: argparse.Namespace) -> "Source":
    from bot.commands.answers import Source

    return Source(args.question, args.questions, _scope(args))


def _scope(args: argparse.Namespace) -> "Scope":
    from vectorstore.types import Scope

    return Scope(tuple(args.article), tuple(args.author), args.since, args.until, tuple(args.language))


def _check(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands.check import check

    return check(service, output, args.draft, args.export or "")


def _articles(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import library

    match args.action:
        case "show":
            return library.show(service, output, args.id)
        case "remove":
            return library.remove(service, output, args.ids)
        case "export":
            return library.export(service, output, args.file)
    return library.show_all(service, output)


def _eval(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import evaluate

    match args.action:
        case "run":
            return evaluate.run(args, service, output)
        case "compare":
            return evaluate.compare(args, service, output)
        case "draft":
            return evaluate.draft(args, service, output)
    return evaluate.list_runs(args, service, output)


def _doctor(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands import library

    return library.doctor(service, output, args.repair)


_COMMANDS: dict[str, Callable[[argparse.Namespace, "Service", "Output"], int]] = {
    "ingest": _ingest,
    "search": _search,
    "ask": _ask,
    "check": _check,
    "articles": _articles,
    "doctor": _doctor,
    "eval": _eval,
}


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _reader_gone() -> int:
    """`| head` has seen enough: nothing failed, and the interpreter must not try to flush once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _complain(error: Exception, debug: bool) -> int:
    if debug:
        raise error
    from bot.commands.output import describe

    message, help = describe(error)
    sys.stderr.write(f"footnote: {message}\n{help}".rstrip() + "\n")
    return 1


if __name__ == "__main__":
    run()
