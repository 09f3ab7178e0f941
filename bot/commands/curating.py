"""The actions of `footnote articles` that change articles: edit, archive, delete, restore, label, copies and omitted parts."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.commands.arguments import UsageError
from bot.commands.output import CommandContext
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring.library import Library
    from vectorstore.types import Article

EDITED = ("title", "author", "date", "language", "source")
"""The fields that can be set from the command line."""


def add_curating_actions(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the actions to `footnote articles`."""
    edit = actions.add_parser("edit", parents=[common], help="set what is known of an article; reading it again keeps it")
    edit.add_argument("id", metavar="ID")
    for name in EDITED:
        edit.add_argument(f"--{name}", metavar=name.upper(), help=f"the {name}; an empty one takes it away")
    as_read = "give a field back what the file says; may be given several times"
    edit.add_argument("--as-read", action="append", default=[], choices=EDITED, metavar="FIELD", help=as_read)
    edit.set_defaults(run=edit_article)
    for name, about, done, change in _CHANGES:
        _add_change(actions, common, name, about, done, change)
    label = actions.add_parser("label", parents=[common], help="give articles tags and collections, or take them away")
    label.add_argument("ids", nargs="+", metavar="ID")
    for option in ("tag", "collection", "no-tag", "no-collection"):
        label.add_argument(f"--{option}", action="append", default=[], metavar="NAME", help="may be given several times")
    label.set_defaults(run=label_articles)
    copies = actions.add_parser("copies", parents=[common], help="the other articles that are the same text as one")
    copies.add_argument("id", metavar="ID")
    copies.set_defaults(run=show_copies)
    omitted = actions.add_parser("omitted", parents=[common], help="what of the original is not in an article's text")
    omitted.add_argument("id", metavar="ID")
    omitted.add_argument("--put-back", type=int, metavar="N", help="put this part back, at the end of the text")
    omitted.set_defaults(run=show_omitted)
    again = actions.add_parser("fetch-again", parents=[common], help="read the page of an article again")
    again.add_argument("id", metavar="ID")
    again.set_defaults(run=fetch_article_again)


Change = Callable[["Library", list[str]], None]

# Four actions that differ in one call alone: name, help, the word that tells what was done, and the call.
_CHANGES: tuple[tuple[str, str, str, Change], ...] = (
    ("archive", "keep articles without answering from them", "Archived", lambda library, ids: library.archive(ids, True)),
    ("unarchive", "answer from archived articles again", "Unarchived", lambda library, ids: library.archive(ids, False)),
    ("delete", "move articles into the trash", "Deleted", lambda library, ids: library.delete(ids)),
    ("restore", "bring articles back from the trash", "Restored", lambda library, ids: library.restore(ids)),
)


def _add_change(
    actions: "Subcommands", common: argparse.ArgumentParser, name: str, about: str, done: str, change: Change
) -> None:
    """An action that does one thing with some articles; all of them, or none where an id is not known."""

    def run(args: argparse.Namespace, context: CommandContext) -> int:
        """Does it, and names the articles."""
        ids = list(dict.fromkeys(args.ids))
        with context.service() as service:
            change(service.library, ids)
        output = context.output
        output.record({done.lower(): ids}) if output.as_json else output.say(f"{done}: {', '.join(ids)}.")
        return 0

    action = actions.add_parser(name, parents=[common], help=about)
    action.add_argument("ids", nargs="+", metavar="ID")
    action.set_defaults(run=run)


def edit_article(args: argparse.Namespace, context: CommandContext) -> int:
    """Sets fields of one article, and says how it stands then."""
    fields: dict[str, str | None] = {name: value for name in EDITED if (value := getattr(args, name)) is not None}
    # None gives back what the file says.
    fields |= dict.fromkeys(args.as_read)
    if not fields:
        raise UsageError(f"edit wants at least one of {', '.join(f'--{name}' for name in EDITED)} or --as-read")
    with context.service() as service:
        service.library.edit(args.id, fields)
        article = service.library.article(args.id)
    now: dict[str, str] = {name: getattr(article, name) for name in EDITED}
    told = "  ".join(f"{name}: {value or 'none'}" for name, value in now.items() if name in fields)
    context.output.record({"id": args.id, **now}) if context.output.as_json else context.output.say(f"{args.id}  {told}")
    return 0


def label_articles(args: argparse.Namespace, context: CommandContext) -> int:
    """Gives articles labels, and takes some from them."""
    if not (args.tag or args.collection or args.no_tag or args.no_collection):
        raise UsageError("label wants at least one of --tag, --collection, --no-tag and --no-collection")
    ids = list(dict.fromkeys(args.ids))
    with context.service() as service:
        library = service.library
        for name in args.tag:
            library.label(ids, "tag", name, True)
        for name in args.collection:
            library.label(ids, "collection", name, True)
        for name in args.no_tag:
            library.label(ids, "tag", name, False)
        for name in args.no_collection:
            library.label(ids, "collection", name, False)
        # All labels as they stand afterwards, so that a misspelt one is seen beside its neighbour.
        named = {"tags": dict(library.labels("tag")), "collections": dict(library.labels("collection"))}
    sizes = {kind: ", ".join(f"{name} ({size})" for name, size in found.items()) for kind, found in named.items()}
    text = "  ".join(f"{kind}: {told}" for kind, told in sizes.items() if told)
    context.output.record(named) if context.output.as_json else context.output.say(text or "No article has a label.")
    return 0


def show_copies(args: argparse.Namespace, context: CommandContext) -> int:
    """Names the copies of an article."""
    with context.service() as service:
        # Asked for its error: an id that is not there has no copies either.
        known_article(service.library, args.id)
        found = service.library.copies(args.id)
    text = "\n".join(found) or "There is no other article with this text."
    context.output.record({"id": args.id, "copies": found}) if context.output.as_json else context.output.say(text)
    return 0


def show_omitted(args: argparse.Namespace, context: CommandContext) -> int:
    """Lists what was left out of an article, after putting one of the parts back if that is asked for."""
    output = context.output
    with context.service() as service:
        if args.put_back is not None:
            # People count the parts from 1.
            service.library.put_back(args.id, args.put_back - 1)
        parts = known_article(service.library, args.id).omitted
    for number, part in enumerate(parts, 1):
        text = f"{number}. {part.reason}: {' '.join(part.text.split())}"
        output.record({"n": number, **asdict(part)}) if output.as_json else output.say(text)
    if not parts and not output.as_json:
        output.say("Nothing was left out.")
    return 0


def fetch_article_again(args: argparse.Namespace, context: CommandContext) -> int:
    """Reads the page of an article again, and says whether it has changed."""
    with context.service() as service, context.output.progress() as progress:
        # Nothing to take in: the server says that the page is the same.
        outcomes = list(service.library.take_in(service.library.fetch_again(args.id), progress))
    status = outcomes[0].status if outcomes else "unchanged"
    failures = [failure.reason for outcome in outcomes for failure in outcome.failures]
    told = {"id": args.id, "status": status, "failed": failures}
    context.output.record(told) if context.output.as_json else context.output.say(f"{args.id}  {status}")
    for reason in failures:
        context.output.warn(reason)
    # A note on an article that went in is no failure.
    return 1 if status == "failed" else 0


def known_article(library: "Library", id: str) -> "Article":
    """The article of that id; raises InputError where there is none."""
    article = library.article(id)
    if article is None:
        raise InputError(f"There is no article {id}.", "`footnote articles` lists those there are.")
    return article
