"""`footnote ingest`: articles taken in from files and folders."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command
from bot.commands.ingest_watch import watch_folders
from bot.commands.output import CommandContext, Record
from bot.errors import InputError
from vectorstore.types import IngestReport

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    ingest = add_command(commands, common, "ingest", "add or update articles from files and folders (.txt, .md, .jsonl)")
    ingest.add_argument("paths", nargs="*", metavar="PATH", help="a file or a folder")
    ingest.add_argument("--prune", action="store_true", help="remove the articles that are gone from the given folders")
    rebuild = "make the index anew from the stored articles first; needs no PATH"
    ingest.add_argument("--rebuild", action="store_true", help=rebuild)
    watch = "follow the given folders after that, until Ctrl-C: what is added, changed, moved or removed is taken in at once"
    ingest.add_argument("--watch", action="store_true", help=watch)
    ingest.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Adds and updates articles, and names all that was left out; 1 where nothing at all could be taken in."""
    if not args.paths and (args.prune or args.watch or not args.rebuild):
        raise UsageError("ingest wants at least one PATH (only --rebuild goes without)")
    # Path("https://...") would be a file that is not there, which says nothing of why.
    for path in args.paths:
        if path.startswith(("http://", "https://")):
            raise InputError(f"{path} is a web address, which cannot be ingested yet.", "Save the page, and ingest the file.")
    paths = [Path(path) for path in args.paths]
    if args.watch:
        if not paths or args.rebuild:
            raise UsageError("ingest --watch wants at least one folder, and goes without --rebuild")
        return watch_folders(paths, context, prune=args.prune)
    with context.service() as service, context.output.progress() as progress:
        report = service.library.ingest(paths, prune=args.prune, rebuild=args.rebuild, progress=progress)
    output = context.output
    output.record(report_record(report)) if output.as_json else output.say(report_text(report))
    for failure in report.failed:
        output.warn(f"Not taken in: {failure.where}: {failure.reason}")
    # Some files that stay out are no failure of the whole, as long as anything is in the index after it.
    there = report.added or report.changed or report.unchanged or report.removed
    return 1 if report.failed and not there else 0


def report_record(report: IngestReport) -> Record:
    """The JSON of an ingest."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "failed": [{"where": failure.where, "reason": failure.reason} for failure in report.failed],
        "embedded": report.embedded,
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
    }


def report_text(report: IngestReport) -> str:
    """An ingest for people, in one line."""
    names = ("added", "changed", "unchanged", "removed", "failed")
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in names)
    return f"Articles: {counts}. Passages: {report.chunks}, of which {report.embedded} embedded, in {report.seconds:.1f} s."
