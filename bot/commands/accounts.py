"""`footnote people` and `footnote tokens`: who may sign in, and the tokens that other programs send."""

import argparse
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.output import CommandContext

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.accounts import Accounts

_ROLES = "reader asks and reads, editor also changes articles, prompts and evaluations, admin also models and the index"
_PEOPLE = """\
examples:
  footnote people add ada@example.org --role admin
  footnote people add @example.org                     everybody of a domain, as readers
  footnote people add eve@example.org --role none      but this one
  footnote people remove ben@example.org               out with their next click

It counts where FOOTNOTE_SIGNIN_PROVIDER is set: docs/sign-in.md tells how. Without that, nobody signs in.
"""
_TOKENS = """\
examples:
  footnote tokens add newsletter-bot                   a reader's token, shown once
  footnote tokens add ada@example.org --role editor
  footnote tokens remove newsletter-bot                refused from the next request on

They are for `footnote serve` and `footnote mcp --http`. The server's own token (FOOTNOTE_SERVE_TOKEN) stays an admin's.
"""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds both commands and their actions."""
    people = add_command(commands, common, "people", "list, add and remove those who may sign in", _PEOPLE)
    people.set_defaults(run=list_people)
    actions = people.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all of them, one line each (the default)")
    add = actions.add_parser("add", parents=[common], help="let somebody in, or change their role")
    add.add_argument("who", metavar="ADDRESS|@DOMAIN")
    add.add_argument(
        "--role", choices=("reader", "editor", "admin", "none"), default="reader", help=f"{_ROLES}; none stays out"
    )
    add.set_defaults(run=add_person)
    remove = actions.add_parser("remove", parents=[common], help="take somebody off the list")
    remove.add_argument("who", metavar="ADDRESS|@DOMAIN")
    remove.set_defaults(run=remove_person)

    tokens = add_command(commands, common, "tokens", "list, make and revoke the tokens of other programs", _TOKENS)
    # Without an action both commands list, as `footnote models` does.
    tokens.set_defaults(run=list_tokens)
    actions = tokens.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="all of them, one line each (the default)")
    make = actions.add_parser("add", parents=[common], help="make a token, and print it")
    make.add_argument(
        "name", metavar="NAME", help="a person's address, whose conversations it then shares, or a program's name"
    )
    make.add_argument("--role", choices=("reader", "editor", "admin"), default="reader", help=_ROLES)
    make.set_defaults(run=add_token)
    revoke = actions.add_parser("remove", parents=[common], help="revoke a token")
    revoke.add_argument("name", metavar="NAME")
    revoke.set_defaults(run=remove_token)


def list_people(_args: argparse.Namespace, context: CommandContext) -> int:
    """Lists those who may sign in."""
    output = context.output
    people = _accounts(context).read().people
    for one in people:
        output.record({"who": one.who, "role": one.role}) if output.as_json else output.say(f"{one.role:<8}{one.who}")
    if not people and not output.as_json:
        output.say("Nobody may sign in yet. `footnote people add ADDRESS` lets somebody in.")
    return 0


def add_person(args: argparse.Namespace, context: CommandContext) -> int:
    """Lets somebody in, or changes their role."""
    entry = _accounts(context).admit(args.who, args.role)
    output = context.output
    output.record({"who": entry.who, "role": entry.role}) if output.as_json else output.say(f"{entry.role:<8}{entry.who}")
    return 0


def remove_person(args: argparse.Namespace, context: CommandContext) -> int:
    """Takes somebody off the list."""
    _accounts(context).dismiss(args.who)
    if not context.output.as_json:
        context.output.say("Removed: they are out with their next click.")
    return 0


def list_tokens(_args: argparse.Namespace, context: CommandContext) -> int:
    """Lists the tokens by name; none of them is kept, so none can be shown."""
    output = context.output
    tokens = _accounts(context).read().tokens
    for one in tokens:
        told = {"name": one.name, "role": one.role, "made": one.made}
        output.record(told) if output.as_json else output.say(f"{one.role:<8}{one.made[:10]}  {one.name}")
    if not tokens and not output.as_json:
        output.say("There are no tokens yet. `footnote tokens add NAME` makes one.")
    return 0


def add_token(args: argparse.Namespace, context: CommandContext) -> int:
    """Makes a token, and prints it: on stdout alone, so that it can be piped into a file."""
    token = _accounts(context).add_token(args.name, args.role)
    output = context.output
    if output.as_json:
        # The name as it is kept: `Accounts` writes names in small letters.
        output.record({"name": args.name.lower(), "role": args.role, "token": token})
        return 0
    # The token alone on stdout, the word about it on stderr.
    output.say(token)
    output.warn("It is shown this once. Callers send it as `Authorization: Bearer TOKEN`.")
    return 0


def remove_token(args: argparse.Namespace, context: CommandContext) -> int:
    """Revokes a token."""
    _accounts(context).revoke_token(args.name)
    if not context.output.as_json:
        context.output.say("Revoked: it is refused from the next request on.")
    return 0


def _accounts(context: CommandContext) -> "Accounts":
    from bot.wiring.accounts import Accounts

    return Accounts(context.settings.home)
