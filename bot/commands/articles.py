"""`footnote articles`: what is in the index, listed, shown, removed and exported; `curating.py` has what changes articles."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command
from bot.commands.curating import add_curating_actions, known_article
from bot.commands.output import CommandContext, Output
from bot.json_records import article_record
from vectorstore.splitting.language import language_name
from vectorstore.types import Article

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.library import Library
    from vectorstore.storage.records import ArticleSummary


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    articles = add_command(commands, common, "articles", "list, show, edit, label, archive, delete or export the articles")
    articles.set_defaults(run=list_articles)
    actions = articles.add_subparsers(dest="action", metavar="ACTION")
    # `list` needs no handler of its own: the default of the command stays where an action sets none.
    listed = actions.add_parser("list", parents=[common], help="one line each (the default)")
    # For `footnote articles` without an action, which has none of the options of `list`.
    articles.set_defaults(tag="", collection="", archived=False, deleted=False)
    listed.add_argument("--tag", default="", metavar="TAG", help="those with this tag")
    listed.add_argument("--collection", default="", metavar="NAME", help="those of this collection")
    listed.add_argument("--archived", action="store_true", help="those that are archived")
    listed.add_argument("--deleted", action="store_true", help="those in the trash")
    show = actions.add_parser("show", parents=[common], help="one article as it is stored")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=show_article)
    remove = actions.add_parser("remove", parents=[common], help="take articles out of the index, for good")
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.set_defaults(run=remove_articles)
    export = actions.add_parser("export", parents=[common], help="write all as JSON lines that can be ingested again")
    export.add_argument("file", metavar="FILE", help="- writes to stdout")
    export.set_defaults(run=export_articles)
    add_curating_actions(actions, common)


def list_articles(args: argparse.Namespace, context: CommandContext) -> int:
    """Lists the articles, or those in the trash."""
    output = context.output
    with context.service() as service:
        if args.deleted:
            for one in service.library.deleted():
                told = f"{one.id}  {one.title}  deleted {one.deleted}"
                output.record(asdict(one)) if output.as_json else output.say(told)
            return 0
        # Asked for only where they are wanted, as most homes have none.
        found = service.library.articles(with_archived=True) if args.archived else service.library.articles()
        for summary in found:
            if _is_listed(summary, args):
                output.record(asdict(summary)) if output.as_json else output.say(summary_text(summary))
    return 0


def _is_listed(summary: "ArticleSummary", args: argparse.Namespace) -> bool:
    """Whether an article is among those that the options ask for."""
    tagged = not args.tag or args.tag in summary.tags
    return summary.archived == args.archived and tagged and (not args.collection or args.collection in summary.collections)


def show_article(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints one article as it is stored."""
    # The article is read whole here, so the home can be closed before it is printed.
    with context.service() as service:
        article = known_article(service.library, args.id)
    output = context.output
    output.record(article_record(article)) if output.as_json else output.say(article_text(article))
    return 0


def remove_articles(args: argparse.Namespace, context: CommandContext) -> int:
    """Removes articles; all of them, or none where an id is not known."""
    unique, output = list(dict.fromkeys(args.ids)), context.output
    with context.service() as service:
        # All ids are looked up first: a typing error in the last one must not leave half of the work done.
        for id in unique:
            known_article(service.library, id)
        service.library.remove(unique)
    output.record({"removed": unique}) if output.as_json else output.say(f"Removed: {', '.join(unique)}.")
    return 0


def export_articles(args: argparse.Namespace, context: CommandContext) -> int:
    """Writes all articles as JSON lines that can be ingested again, to a file or, for "-", to stdout."""
    output = context.output
    with context.service() as service:
        if args.file == "-":
            _write_all(service.library, output)
            return 0
        target = Path(args.file)
        part = target.with_name(target.name + ".part")  # so that a file that is there is whole
        # "\n" on every system, so that two exports of one home are the same bytes.
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            _write_all(service.library, Output(stream, output.err))
    # A rename within one folder takes place at once, so the name never stands for half a file.
    part.replace(target)
    output.record({"exported": args.file}) if output.as_json else output.say(f"The articles are in {args.file}.")
    return 0


def _write_all(library: "Library", output: Output) -> None:
    for article in _whole(library):
        output.record(article_record(article))


def _whole(library: "Library") -> Iterator[Article]:
    """Each article with its text; one that another process has just removed is not among them."""
    return (article for summary in library.articles() if (article := library.article(summary.id)) is not None)


def article_text(article: Article) -> str:
    """An article for people: what is known of it, a blank line, its text."""
    record = article_record(article)
    head = [f"{name}: {value}" for name, value in record.items() if name != "text" and value not in ("", False)]
    return "\n".join([*head, "", article.text])


def summary_text(summary: "ArticleSummary") -> str:
    """An article in a list: id, title, author, date and language where they are known, its labels, and what is special."""
    cut, language = "cut off in the source" if summary.cut_off else "", language_name(summary.language)
    gone = "its file is not there any more" if summary.gone else ""
    copy = f"copy of {summary.variant_of}" if summary.variant_of else ""
    labels = " ".join([*(f"#{tag}" for tag in summary.tags), *(f"[{name}]" for name in summary.collections)])
    parts = (summary.id, summary.title, summary.author, summary.date, language, cut, labels, copy, gone)
    return "  ".join(part for part in parts if part)
