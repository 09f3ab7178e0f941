"""What several commands have in common on the command line: options, kinds of values, and how a command is added.

Every module of a command is imported for `footnote --help`, which must not wait for a database or a model. So they import only
what is light at their top, and the rest in the function that needs it.
"""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from vectorstore.types import Scope

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]  # a generic in the stubs alone


class UsageError(Exception):
    """Options that do not go together, which argparse itself cannot tell; the exit code is 2."""


class PrintVersion(argparse.Action):
    """Prints the version and ends; it is looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Prints it, and ends the process."""
        from importlib.metadata import version

        sys.stdout.write(f"footnote {version('footnote')}\n")  # what parser.exit says goes to stderr
        parser.exit()


def common_options() -> argparse.ArgumentParser:
    """The options of every command. Suppressed defaults let them stand before the command as well as after it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--home", metavar="DIR", help="the folder of the index (default: $FOOTNOTE_HOME, else .footnote)")
    common.add_argument("--json", action="store_true", help="print JSON, one line each where there are many")
    common.add_argument("--debug", action="store_true", help="show where an error comes from")
    return common


def add_command(
    commands: "Subcommands", common: argparse.ArgumentParser, name: str, about: str, epilog: str | None = None
) -> argparse.ArgumentParser:
    """Adds a command with the common options; `epilog` is printed below its help as it stands."""
    # argparse rewraps what stands below the help, and would join the lines of an example.
    raw = argparse.RawDescriptionHelpFormatter if epilog else argparse.HelpFormatter
    return commands.add_parser(name, parents=[common], help=about, description=about, epilog=epilog, formatter_class=raw)


def add_scope_options(command: argparse.ArgumentParser) -> None:
    """The options that keep a search to some articles; the index itself says what is wrong with them."""
    scope = command.add_argument_group("scope", "Keep to some of the articles. What is given must all hold.")
    several = "may be given several times"
    # A list as default is shared by all parsers, which is safe as `append` copies it before it adds.
    scope.add_argument("--article", action="append", default=[], metavar="ID", help=f"this article; {several}")
    scope.add_argument(
        "--author", action="append", default=[], metavar="NAME", help=f"articles by this author, a surname will do; {several}"
    )
    scope.add_argument(
        "--language", action="append", default=[], metavar="CODE", help=f"articles in this language (de, German); {several}"
    )
    scope.add_argument("--tag", action="append", default=[], metavar="TAG", help=f"articles with this tag; {several}")
    scope.add_argument(
        "--collection", action="append", default=[], metavar="NAME", help=f"articles of this collection; {several}"
    )
    dates = "YYYY, YYYY-MM or YYYY-MM-DD"
    scope.add_argument("--since", default="", metavar="DATE", help=f"articles of this date or later ({dates})")
    scope.add_argument("--until", default="", metavar="DATE", help="articles of this date or earlier, the whole year or month")


def scope_of(args: argparse.Namespace) -> Scope:
    """The scope that the options of `add_scope_options` give."""
    named = (tuple(getattr(args, name)) for name in ("article", "author", "language", "tag", "collection"))
    articles, authors, languages, tags, collections = named
    return Scope(articles, authors, args.since, args.until, languages, tags, collections)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """The kind of a value that is a whole number within these bounds.

    >>> whole_number(1, 1000)("10")
    10
    """

    def number(text: str) -> int:
        """The number; argparse tells its error with the option."""
        # `int` alone would take "1_000" and " 7 ", which nobody types on purpose.
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return number


def file_ending_in(*endings: str) -> Callable[[str], str]:
    """The kind of a value that is a file's name with one of these endings, in whatever case."""

    def name(text: str) -> str:
        """The name as it was typed."""
        if not text.lower().endswith(endings):
            raise argparse.ArgumentTypeError(f"{text!r} ends in none of {', '.join(endings)}")
        return text

    return name
