"""`footnote ingest`: articles taken in from files, folders and web addresses."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError, add_command, whole_number
from bot.commands.ingest_watch import follow_feeds, watch_folders
from bot.commands.output import NAMED, CommandContext, Output, by_reason, failure_lines, first_names
from bot.json_records import Record, failure_record
from vectorstore.readers import SUFFIXES
from vectorstore.readers.files import is_web_address
from vectorstore.types import IngestReport

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from vectorstore.planning import IngestPlan


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    formats = f"Files that can be read: {', '.join(SUFFIXES)}."
    ingest = add_command(commands, common, "ingest", "add or update articles from files, folders and web addresses", formats)
    ingest.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder or a web address")
    ingest.add_argument("--prune", action="store_true", help="remove the articles that are gone from the given folders")
    rebuild = "make the index anew from the stored articles first; needs no PATH"
    ingest.add_argument("--rebuild", action="store_true", help=rebuild)
    watch = "follow the given folders after that, until Ctrl-C: what is added, changed, moved or removed is taken in at once"
    ingest.add_argument("--watch", action="store_true", help=watch)
    follow = "look at the given feeds, sitemaps or pages again and again while `footnote ui` or --watch runs"
    ingest.add_argument("--follow", action="store_true", help=follow)
    every = "minutes between two looks at what is followed (default: 60)"
    ingest.add_argument("--every", type=whole_number(5, 10_080), default=60, metavar="N", help=every)
    wait = "wait so long for another process that is writing to the index (default: 60)"
    ingest.add_argument("--wait", type=whole_number(0, 86_400), default=60, metavar="SECONDS", help=wait)
    ingest.add_argument("--dry-run", action="store_true", help="only say what would be done")
    several = "may be given several times"
    ingest.add_argument("--tag", action="append", default=[], metavar="TAG", help=f"give the articles this tag; {several}")
    ingest.add_argument(
        "--collection", action="append", default=[], metavar="NAME", help=f"put the articles into this collection; {several}"
    )
    ingest.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Adds and updates articles, and names all that was left out; 1 where nothing at all could be taken in."""
    if not args.paths and (args.prune or args.watch or not args.rebuild):
        raise UsageError("ingest wants at least one PATH (only --rebuild goes without)")
    # Sorted by what they look like, so that one command takes folders and addresses alike.
    addresses = [path for path in args.paths if is_web_address(path)]
    paths = [Path(path) for path in args.paths if path not in addresses]
    if args.watch:
        if not paths or addresses or args.rebuild or args.dry_run:
            raise UsageError("ingest --watch wants at least one folder, and goes without --rebuild and --dry-run")
        return watch_folders(paths, context, prune=args.prune)
    if args.follow:
        if not addresses or paths or args.rebuild or args.dry_run:
            raise UsageError("ingest --follow wants web addresses alone, and goes without --rebuild and --dry-run")
        return follow_feeds(addresses, context, args.every)
    output = context.output
    with context.service() as service:
        library = service.library
        if args.dry_run:
            plan = library.plan(paths)
            output.record(plan_record(plan)) if output.as_json else output.say(plan_text(plan))
            return 0
        # What a folder holds is told before it is read, on stderr: a wrong folder is then stopped in time.
        if any(path.is_dir() for path in paths):
            output.warn(plan_text(library.plan(paths)))
        with output.progress() as progress:
            report = library.ingest(
                paths,
                addresses=addresses,
                prune=args.prune,
                rebuild=args.rebuild,
                progress=progress,
                wait=args.wait,
                waiting=output.warn,
            )
        # Also what is unchanged: a label is wanted for all that was named.
        ids = [*report.added, *report.changed, *report.unchanged]
        for name in args.tag if ids else ():
            library.label(ids, "tag", name, True)
        for name in args.collection if ids else ():
            library.label(ids, "collection", name, True)
    _tell(output, report)
    # Some files that stay out are no failure of the whole, as long as anything is in the index after it.
    there = report.added or report.changed or report.unchanged or report.removed
    return 1 if report.failed and not there else 0


def _tell(output: Output, report: IngestReport) -> None:
    output.record(report_record(report)) if output.as_json else output.say(report_text(report))
    for line in failure_lines((*report.failed, *report.notes)):
        output.warn(line)
    if report.gone:
        output.warn(f"Not there any more, but kept: {first_names(report.gone)}. --prune removes such articles.")
    if report.removed:
        output.warn(f"Removed: {first_names(report.removed)}.")


def plan_record(plan: "IngestPlan") -> Record:
    """The JSON of a plan."""
    names = ("new", "changed", "unchanged", "moved", "gone")
    skipped = [{"where": one.where, "reason": one.reason} for one in plan.skipped]
    return {"formats": plan.formats, **{name: list(getattr(plan, name)) for name in names}, "skipped": skipped}


def plan_text(plan: "IngestPlan") -> str:
    """A plan for people: what will be read, and what is passed over and why."""
    formats = ", ".join(f"{count} {suffix}" for suffix, count in (plan.formats or {}).items())
    lines = [f"Files to read: {len(plan.sources)}{f' ({formats})' if formats else ''}."]
    counts = {"new": plan.new, "changed or not known": plan.changed, "unchanged": plan.unchanged, "moved": plan.moved}
    if told := ", ".join(f"{len(found)} {name}" for name, found in counts.items() if found):
        lines.append(f"Of these: {told}.")
    if plan.gone:
        lines.append(f"Articles whose file is not there any more: {first_names(plan.gone)}.")
    if plan.skipped:
        alike = by_reason(plan.skipped)
        lines.append(f"Passed over: {len(plan.skipped)}.")
        lines += [f"  {first_names([one.where for one in group])}: {group[0].reason}" for group in alike[:NAMED]]
        lines += [f"  and {sum(map(len, alike[NAMED:]))} for other reasons"] if len(alike) > NAMED else []
    return "\n".join(lines)


def report_record(report: IngestReport) -> Record:
    """The JSON of an ingest."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "failed": [failure_record(failure) for failure in report.failed],
        "notes": [failure_record(failure) for failure in report.notes],
        "embedded": report.embedded,
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
    }


def report_text(report: IngestReport) -> str:
    """An ingest for people, in one line."""
    names = ("added", "changed", "unchanged", "removed")
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in names)
    # A picture among notes, or a page without a text, is no article that failed.
    counts += f", {sum(not one.no_article for one in report.failed)} failed"
    return f"Articles: {counts}. Passages: {report.chunks}, of which {report.embedded} embedded, in {report.seconds:.1f} s."
