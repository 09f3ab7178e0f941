"""`footnote eval draft` and `label`: cases to begin with, and what people say of answers."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import whole_number
from bot.commands.output import CommandContext
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.evals.labels import LabelStore
    from bot.evals.store import RunStore


def add_actions(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the actions that make or mark something by hand."""
    draft = actions.add_parser("draft", parents=[common], help="propose cases from your own articles, for you to accept")
    draft.add_argument("--out", default="-", metavar="FILE", help="where to; - writes to stdout (the default)")
    draft.add_argument("--model", default="", metavar="MODEL", help="have a model write them, in place of rules")
    draft.add_argument("-n", type=whole_number(1, 1000), default=20, metavar="N", help="how many at most (default: 20)")
    draft.set_defaults(run=draft_cases)
    label = actions.add_parser("label", parents=[common], help="say whether an answer of a run is acceptable")
    label.add_argument("id", metavar="RUN", help="the run's id, the first letters of it, or last")
    label.add_argument("case", metavar="CASE", help="the id of the case whose answer it is")
    label.add_argument("verdict", choices=("good", "bad"), help="whether you accept the answer")
    label.add_argument("--note", default="", metavar="TEXT", help="why; it is kept with the label")
    label.set_defaults(run=label_answer)


def draft_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Proposes cases from the user's own articles; 1 where none could be had."""
    from bot.evals.cases import dump

    output = context.output
    target = None if args.out == "-" else Path(args.out)
    if target and target.exists():
        raise InputError(f"{target} is there already, and what you have written in it would be lost.", "Name another file.")
    with context.service() as service:
        found = service.lab.drafted(args.n, args.model)
    if not found:
        output.warn("No case could be drafted: no question on these articles was answered well enough by quoting them.")
        return 1
    text = dump(found)
    if target is None:
        output.out.write(text)
        return 0
    target.write_text(text, encoding="utf-8")
    told = f"{counted(len(found))} in {target}. Mend them, remove those you would not ask, then: footnote eval run {target}"
    output.record({"drafted": len(found), "file": str(target)}) if output.as_json else output.say(told)
    return 0


def label_answer(args: argparse.Namespace, context: CommandContext) -> int:
    """Keeps a person's word on an answer; the agreement of judges with people is counted from these."""
    from bot.evals.labels import label_of

    label = label_of(run_store(context).load(args.id), args.case, args.verdict == "good", args.note)
    label_store(context).add(label)
    if context.output.as_json:
        context.output.record({"case": label.case, "accepted": label.accepted, "note": label.note})
    else:
        context.output.say(f"Kept: the answer to {label.case} is {args.verdict}.")
    return 0


def write_file(path: Path, text: str) -> None:
    """Writes a file that the command line names; raises InputError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.", "Name another file.") from error


def run_store(context: CommandContext) -> "RunStore":
    """The runs of the home."""
    from bot.evals.store import RunStore

    with context.service() as service:
        return RunStore(service.lab.evals_home())


def label_store(context: CommandContext) -> "LabelStore":
    """The labels of the home."""
    from bot.evals.labels import LabelStore

    with context.service() as service:
        return LabelStore(service.lab.evals_home())


def counted(n: int) -> str:
    """A number of cases in words."""
    return f"{n} case{'' if n == 1 else 's'}"
