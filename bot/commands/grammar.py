"""The grammar of the `footnote` command: what can be typed, and what `--help` says of it.

Only argparse is imported: `footnote --help` must not wait for a database or a model.
"""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
  footnote check draft.md --export checked.docx
  footnote prompts use answer terse        have answers written by another prompt
  footnote eval run cases.yaml --prompt strict --prompt terse

Settings are environment variables (FOOTNOTE_HOME, FOOTNOTE_EMBEDDING, OPENAI_API_KEY ...); the README lists them.
Exit codes: 0 done, 1 failed and said why, 2 wrong usage.
"""

_BATCH = """\
A questions file has one JSON object a line:
  {"id": "1", "question": "And who signed it?", "history": [["user", "..."], ["assistant", "..."]]}
`history` may be missing, and "-" reads stdin. A line may keep to articles of its own, which count instead of the flags:
  "scope": {"articles": ["ID"], "authors": ["NAME"], "since": "2019", "until": "2021-06", "languages": ["de"]}
With --json, each gives one line, in order; one that fails gives
{"id", "error"}, the rest goes on, and the exit code is 1.
"""

_PAIRS = """\
Each line of FILE is {"id": "1", "claim": "...", "source": "..."} and gives one line, in order:
  {"id": "1", "verdict": "supported", "score": 0.94, "span": [0, 57]}
The verdict is one of: quoted, supported, likely, check, not found, number differs, denied. The span is where in the source
the words stand that support the claim or say something else, or null. A bad line gives {"id", "error"}, the rest goes on,
and the exit code is 1.
"""


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"footnote {version('footnote')}\n")  # what parser.exit says goes to stderr
        parser.exit()


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
    parser.add_argument("--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_ui(commands, common)
    _add_ingest(commands, common)
    _add_questioning(commands, common)
    _add_check(commands, common)
    _add_verify(commands, common)
    _add_articles(commands, common)
    _add_doctor(commands, common)
    _add_prompts(commands, common)
    _add_eval(commands, common)
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
    scope.add_argument(
        "--language", action="append", default=[], metavar="CODE", help=f"articles in this language (de, German); {several}"
    )
    dates = "YYYY, YYYY-MM or YYYY-MM-DD"
    scope.add_argument("--since", default="", metavar="DATE", help=f"articles of this date or later ({dates})")
    scope.add_argument("--until", default="", metavar="DATE", help="articles of this date or earlier, the whole year or month")


def _add_check(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "find the best source for each sentence of a text of your own, with a verdict"
    check = commands.add_parser("check", parents=[common], help=about, description=about)
    check.add_argument("draft", metavar="DRAFT", help="a text or Markdown file; - reads stdin")
    export = "also write the draft with its verdicts to a file: .html, .md, or .docx with a comment on each sentence"
    check.add_argument("--export", type=_ending(".html", ".md", ".docx"), metavar="FILE", help=export)


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


def _add_prompts(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "list, show and compare the prompts, see what a model would be sent, and put one in force"
    prompts = commands.add_parser("prompts", parents=[common], help=about, description=about)
    actions = prompts.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all versions, one line each (the default)")
    show = actions.add_parser("show", parents=[common], help="the file of one version")
    show.add_argument("which", metavar="NAME[/VERSION]", help="without VERSION, the one in force")
    diff = actions.add_parser("diff", parents=[common], help="what is different between two versions")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")
    use = actions.add_parser("use", parents=[common], help="put a version in force, or with --back the one before")
    use.add_argument("name", metavar="NAME")
    use.add_argument("version", nargs="?", metavar="VERSION")
    use.add_argument("--back", action="store_true", help="go back to the version that was in force before")
    render = actions.add_parser("render", parents=[common], help="what a model would be sent for a question; nothing is sent")
    render.add_argument("which", metavar="NAME[/VERSION]", help="without VERSION, the one in force")
    render.add_argument("--question", required=True, metavar="QUESTION")
    said = "what was said before: the reader's words, then Footnote's, in turn; may be given several times"
    render.add_argument("--said", action="append", default=[], metavar="TEXT", help=said)
    _add_scope(render)


def _add_eval(commands: "_Commands", common: argparse.ArgumentParser) -> None:
    about = "answer a set of cases, and see what a change made of them"
    evaluate = commands.add_parser("eval", parents=[common], help=about, description=about)
    actions = evaluate.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="the runs there are, one line each (the default)")
    _add_eval_run(actions, common)
    compare = actions.add_parser(
        "compare", parents=[common], help="what is different between two runs, and whether that is luck"
    )
    compare.add_argument("a", metavar="A", help="the run before")
    compare.add_argument("b", metavar="B", help="the run after")
    compare.add_argument("--html", default="", metavar="FILE", help="write it as a page as well")
    compare.add_argument("--fail-if-worse", action="store_true", help="end with 1 where B is worse in a metric of quality")
    draft = actions.add_parser("draft", parents=[common], help="propose cases from your own articles, for you to accept")
    draft.add_argument("--out", default="-", metavar="FILE", help="where to; - writes to stdout (the default)")
    draft.add_argument("--model", default="", metavar="MODEL", help="have a model write them, in place of rules")
    draft.add_argument("-n", type=_number(1, 1000), default=20, metavar="N", help="how many at most (default: 20)")


def _add_eval_run(actions: "_Commands", common: argparse.ArgumentParser) -> None:
    run = actions.add_parser("run", parents=[common], help="answer cases, and score the answers")
    cases = "files of cases, .yaml or .jsonl (default: those of --frozen's run, else the starter set on the example articles)"
    run.add_argument("cases", nargs="*", metavar="CASES", help=cases)
    prompt = "a version of the answer prompt; may be given several times, each a run of its own"
    run.add_argument("--prompt", action="append", default=[], metavar="VERSION", help=prompt)
    model = "`quotes`, or a model like openai:gpt-4.1-mini; may be given several times, each a run of its own"
    run.add_argument("--model", action="append", default=[], metavar="MODEL", help=model)
    run.add_argument("--frozen", default="", metavar="RUN", help="answer from the very passages of that run")
    run.add_argument(
        "--fresh-search", action="store_true", help="let each of several runs search anew, not on the first one's passages"
    )
    run.add_argument("--shuffle", type=_number(0, 2**31), metavar="SEED", help="put the passages into another order")
    run.add_argument("--without-cited", action="store_true", help="leave out the passages that should be cited")
    run.add_argument("--jobs", type=_number(1, 64), default=4, metavar="N", help="how many cases at a time (default: 4)")
    run.add_argument("--resume", default="", metavar="RUN", help="go on with a run that was interrupted")
    run.add_argument("--message", default="", metavar="TEXT", help="what this run is for; it is kept with it")
    run.add_argument("--no-cache", action="store_true", help="answer all cases anew")


def _ending(*endings: str) -> Callable[[str], str]:
    """A file's name that ends in one of these, in whatever case."""

    def name(text: str) -> str:
        if not text.lower().endswith(endings):
            raise argparse.ArgumentTypeError(f"{text!r} ends in none of {', '.join(endings)}")
        return text

    return name


def _number(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return number
