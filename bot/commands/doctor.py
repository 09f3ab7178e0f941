"""`footnote doctor`: whether the index is sound, and its mending."""

import argparse
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.output import CommandContext

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from vectorstore.doctor import IndexFinding


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    doctor = add_command(commands, common, "doctor", "check the index, and say what is wrong and what to do")
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended")
    doctor.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the state of the index, after mending it where that was asked for; 1 where something is wrong."""
    with context.service() as service:
        findings = service.library.repair() if args.repair else service.library.diagnose()
    output = context.output
    for one in findings:
        record = {"name": one.name, "ok": one.ok, "detail": one.detail, "help": one.help}
        output.record(record) if output.as_json else output.say(finding_text(one))
    # A script that watches an index needs no more than the exit code.
    return 0 if all(one.ok for one in findings) else 1


def finding_text(finding: "IndexFinding") -> str:
    """A finding for people: whether it is well, what was seen, and below that what to do."""
    line = f"{'ok ' if finding.ok else 'BAD'}  {finding.name}: {finding.detail}"
    return line if finding.ok or not finding.help else f"{line}\n     {finding.help}"
