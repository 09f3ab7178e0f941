"""The `footnote` command: parses, calls, and turns errors into a line or two and an exit code.

Only argparse is imported until a command is known: `footnote --help` must not wait for a database or a model.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.commands.answers import Source
    from bot.output import Output
    from bot.service import Opener, Service
    from bot.settings import Settings

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # a generic in the stubs alone

_EXAMPLES = """\
examples:
  footnote ui                              open the chat in the browser
  footnote ingest ~/articles --prune       add a folder, and forget what is gone from it
  footnote ask "Who translated the op-ed?"
  footnote search "air defense" -k 5 --json
  footnote search "air defense" --why-not "a passage you missed"
  footnote ask "What was proposed?" --author Brandt --since 2019
  footnote ask --questions questions.jsonl --json > answers.jsonl
  footnote check draft.md                  does each sentence of your own text stand in the articles?

Settings are environment variables (FOOTNOTE_HOME, FOOTNOTE_EMBEDDING, OPENAI_API_KEY ...); the README lists them.
Exit codes: 0 done, 1 failed and said why, 2 wrong usage.
"""

_BATCH = """\
A questions file has one JSON object a line:
  {"id": "1", "question": "And who signed it?", "history": [["user", "..."], ["assistant", "..."]]}
`history` may be missing, and "-" reads stdin. A line may keep to articles of its own, which count instead of the flags:
  "scope": {"articles": ["ID"], "authors": ["NAME"], "since": "2019", "until": "2021-06"}
With --json, each gives one line, in order; one that fails gives
{"id", "error"}, the rest goes on, and the exit code is 1.
"""

_PAIRS = """\
Each line of FILE is {"id": "1", "claim": "...", "source": "..."} and gives one line, in order:
  {"id": "1", "verdict": "supported", "score": 0.94, "span": [0, 57]}
The verdict is one of: quoted, supported, partly, not supported, contradicted. The span is where in the source the words stand
that support the claim or contradict it, or null. A bad line gives {"id", "error"}, the rest goes on, and the exit code is 1.
"""


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"footnote {version('footnote')}\n")  # what parser.exit says goes to stderr
        parser.exit()


def main(argv: Sequence[str] | None = None, opener: "Opener | None" = None) -> int:
    """Runs one command; the exit code. `opener` stands in for `wiring.open_app` in tests."""
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
    return args


def _run(args: argparse.Namespace, opener: "Opener | None") -> int:
    from bot.output import Output
    from bot.settings import load

    given = {name: value for name in ("home", "port") if (value := getattr(args, name, None)) is not None}
    settings = load(**given)
    output = Output(sys.stdout, sys.stderr, args.json)
    open_app = opener or _real_opener
    if args.command == "ui":
        from bot.commands.ui import ui

        return ui(settings, open_app, output)
    if args.command == "verify":
        from bot.commands.verify import verify
        from bot.wiring import open_verifier

        return verify(open_verifier(), output, args.pairs, args.debug)
    return _with_service(args, settings, open_app, output)


def _with_service(args: argparse.Namespace, settings: "Settings", open_app: "Opener", output: "Output") -> int:
    service = open_app(settings)
    try:
        return _COMMANDS[args.command](args, service, output)
    finally:
        service.close()


def _real_opener(settings: "Settings") -> "Service":
    from bot.wiring import open_app

    return open_app(settings)


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
    from vectorstore.types import Scope

    return Source(args.question, args.questions, Scope(tuple(args.article), tuple(args.author), args.since, args.until))


def _check(args: argparse.Namespace, service: "Service", output: "Output") -> int:
    from bot.commands.check import check

    return check(service, output, args.draft)


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
}


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    common = _common()
    parser = argparse.ArgumentParser(
        prog="footnote",
        description="A chat over your own articles: every sentence of an answer opens the exact words it rests on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_ui(commands, common)
    _add_ingest(commands, common)
    _add_questioning(commands, common)
    _add_check(commands, common)
    _add_verify(commands, common)
    _add_articles(commands, common)
    _add_doctor(commands, common)
    return parser


def _common() -> argparse.ArgumentParser:
    """The options of every command. Suppressed defaults let them stand before the command as well as after it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--home", metavar="DIR", help="the folder of the index (default: $FOOTNOTE_HOME, else .footnote)")
    common.add_argument("--json", action="store_true", help="print JSON, one line each where there are many")
    common.add_argument("--debug", action="store_true", help="show where an error comes from")
    return common


def _add_ui(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "open the chat in the browser; indexes the example articles on the first run"
    ui = commands.add_parser("ui", parents=[common], help=about, description=about)
    ui.add_argument("--port", type=_number(1, 65535), metavar="N", help="the port on 127.0.0.1 (default: $PORT, else 8501)")


def _add_ingest(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "add or update articles from files and folders (.txt, .md, .jsonl)"
    ingest = commands.add_parser("ingest", parents=[common], help=about, description=about)
    ingest.add_argument("paths", nargs="*", metavar="PATH", help="a file or a folder")
    ingest.add_argument("--prune", action="store_true", help="remove the articles that are gone from the given folders")
    ingest.add_argument(
        "--rebuild", action="store_true", help="make the index anew from the stored articles first; needs no PATH"
    )


def _add_questioning(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    for name, about in (
        ("search", "print the passages for a question, with the rank and score of each stage"),
        ("ask", "print the cited answer to a question"),
    ):
        command = commands.add_parser(
            name,
            parents=[common],
            help=about,
            description=about,
            epilog=_BATCH,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        source = command.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "question", nargs="?", metavar="QUESTION", help="in quotation marks, so that the shell keeps it whole"
        )
        source.add_argument("--questions", metavar="FILE", help="many questions, as JSON lines; - reads stdin")
        _add_scope(command)
        if name == "search":
            command.add_argument("-k", type=_number(1, 1000), default=10, metavar="N", help="how many passages (default: 10)")
            _add_why(command)


def _add_why(command: argparse.ArgumentParser) -> None:
    """The options that explain a ranking; one of them at a time."""
    either = command.add_mutually_exclusive_group()
    either.add_argument("--why", action="store_true", help="with the words and sentences of each passage that matched")
    either.add_argument(
        "--why-not", metavar="WORDS", help="find the passage that holds these words, and say where the search dropped it"
    )


def _add_scope(command: argparse.ArgumentParser) -> None:
    """The options that keep a search to some articles; the index itself says what is wrong with them."""
    scope = command.add_argument_group("scope", "Keep to some of the articles. What is given must all hold.")
    several = "may be given several times"
    scope.add_argument("--article", action="append", default=[], metavar="ID", help=f"this article; {several}")
    scope.add_argument(
        "--author", action="append", default=[], metavar="NAME", help=f"articles by this author, a surname will do; {several}"
    )
    dates = "YYYY, YYYY-MM or YYYY-MM-DD"
    scope.add_argument("--since", default="", metavar="DATE", help=f"articles of this date or later ({dates})")
    scope.add_argument("--until", default="", metavar="DATE", help="articles of this date or earlier, the whole year or month")


def _add_check(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "find the best source for each sentence of a text of your own, with a verdict"
    check = commands.add_parser("check", parents=[common], help=about, description=about)
    check.add_argument("draft", metavar="DRAFT", help="a text or Markdown file; - reads stdin")


def _add_verify(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "judge claims against their sources, without an index: JSON lines in, JSON lines out"
    verify = commands.add_parser(
        "verify",
        parents=[common],
        help=about,
        description=about,
        epilog=_PAIRS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("pairs", metavar="FILE", help="claims with their sources, as JSON lines; - reads stdin")


def _add_articles(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "list, show, remove or export the articles"
    articles = commands.add_parser("articles", parents=[common], help=about, description=about)
    actions = articles.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="one line each (the default)")
    show = actions.add_parser("show", parents=[common], help="one article as it is stored")
    show.add_argument("id", metavar="ID")
    remove = actions.add_parser("remove", parents=[common], help="take articles out of the index")
    remove.add_argument("ids", nargs="+", metavar="ID")
    export = actions.add_parser("export", parents=[common], help="write all as JSON lines that can be ingested again")
    export.add_argument("file", metavar="FILE", help="- writes to stdout")


def _add_doctor(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "check the index, and say what is wrong and what to do"
    doctor = commands.add_parser("doctor", parents=[common], help=about, description=about)
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended")


def _number(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return number


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
    from bot.output import describe

    message, help = describe(error)
    sys.stderr.write(f"footnote: {message}\n{help}".rstrip() + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
