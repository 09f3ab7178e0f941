"""`footnote export` and `footnote import`: articles, conversations and cases, for another home or for other programs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.output import CommandContext, Output
from bot.json_records import article_record

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.transfer import TransferReport


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds both commands."""
    about = "write articles with their vectors, conversations with reviews, and cases into a file that other programs can read"
    exporting = add_command(commands, common, "export", about)
    exporting.add_argument("file", metavar="FILE", help="the file to write, a .zip of JSON lines; it must not be there yet")
    exporting.set_defaults(run=run_export)
    importing = add_command(commands, common, "import", "take in what another home has exported, beside what is here")
    importing.add_argument("file", metavar="FILE", help="what `footnote export` has written")
    importing.set_defaults(run=run_import)


def run_export(args: argparse.Namespace, context: CommandContext) -> int:
    """Writes the file, and says what is in it."""
    with context.output.progress() as progress, context.service() as service:
        report = service.transfer.export(Path(args.file), article_record, progress)
    if context.output.as_json:
        context.output.record({"file": args.file, **_counts(report)})
    else:
        told = f"{report.articles} articles in {report.passages} passages"
        context.output.say(f"{args.file}: {told}, {report.conversations} conversations, {report.cases} cases.")
    return 0


def run_import(args: argparse.Namespace, context: CommandContext) -> int:
    """Takes the file in, and says what was new; 1 where something was left out."""
    with context.output.progress() as progress, context.service() as service:
        report = service.transfer.take_in(Path(args.file), progress)
    output = context.output
    if output.as_json:
        output.record({"file": args.file, **_counts(report), "known": dict(report.known), "notes": report.notes})
    else:
        _say(report, output)
    # What was left out must not pass for a whole import in a script.
    return int(bool(report.notes))


def _say(report: "TransferReport", output: Output) -> None:
    output.say(f"New here: {report.articles} articles, {report.turns} answers in conversations, {report.cases} cases.")
    if known := [f"{count} {'answers' if name == 'turns' else name}" for name, count in report.known.items() if count]:
        output.say(f"Here already: {', '.join(known)}.")
    for note in report.notes:
        output.warn(f"Note: {note}")


def _counts(report: "TransferReport") -> dict[str, object]:
    return {name: getattr(report, name) for name in ("articles", "passages", "conversations", "turns", "cases")}
