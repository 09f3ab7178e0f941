"""`footnote backup` and `footnote restore`: a home as one file, and a home made of it again."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.output import CommandContext

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds both commands."""
    about = "write the home into one file, also while it is used: articles, conversations, originals, prompts, settings"
    saving = add_command(commands, common, "backup", about)
    saving.add_argument("file", metavar="FILE", help="the file to write, a .zip; it must not be there yet")
    saving.add_argument("--keys", action="store_true", help="put the models' keys into it, too, as they can be read")
    saving.set_defaults(run=run_backup)
    restoring = add_command(commands, common, "restore", "make a home of a file that `footnote backup` has written")
    restoring.add_argument("file", metavar="FILE", help="the backup")
    force = "also where the home holds something, which is moved aside and kept"
    restoring.add_argument("--force", action="store_true", help=force)
    restoring.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace, context: CommandContext) -> int:
    """Writes the backup, and says what is in it."""
    from bot.wiring.backup import back_up

    output = context.output
    with output.progress() as progress:
        report = back_up(context.settings, Path(args.file), keys=args.keys, progress=progress)
    if output.as_json:
        output.record({"file": args.file, "articles": report.articles, "files": report.files, "bytes": report.size,
                       "keys": args.keys})  # fmt: skip
    else:
        output.say(f"{args.file}: {report.articles} articles, {report.files} files, {report.size / 1e6:.1f} MB.")
    return 0


def run_restore(args: argparse.Namespace, context: CommandContext) -> int:
    """Makes the home, its indexes with it, and says what it holds."""
    from bot.wiring.backup import restore

    output, home = context.output, context.settings.home
    with output.progress() as progress:
        report = restore(context.settings, Path(args.file), force=args.force, progress=progress)
    with context.service() as service:
        # The derived indexes are not in the file: made here, the first question need not wait for them.
        service.library.prepare()
    contents = report.contents
    if output.as_json:
        moved = str(report.moved) if report.moved else None
        output.record({"home": str(home), "articles": report.articles, "files": report.files, "made": contents.made,
                       "footnote": contents.footnote, "settings": dict(contents.settings), "moved": moved})  # fmt: skip
        return 0
    output.say(f"{home}: {report.articles} articles, {report.files} files, as of {contents.made}.")
    if report.moved:
        output.say(f"What was there before is in {report.moved}.")
    if contents.settings:
        told = " ".join(f"{name}={value}" for name, value in contents.settings.items())
        output.say(f"It was made with these settings: {told}")
    output.say(f"Its prompts are in {home / 'prompts'}; FOOTNOTE_PROMPTS names the folder that is used.")
    return 0
