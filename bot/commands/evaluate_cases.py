"""`footnote eval draft`, `export`, `import` and `label`: cases to begin with or of other tools, and the word of people."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import whole_number
from bot.commands.output import CommandContext
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.evals.opinions import LabelStore
    from bot.evals.records import Run
    from bot.evals.store import RunStore


_FORMS = {".yaml": "promptfoo", ".yml": "promptfoo", ".csv": "csv"}
"""The tools that a file is taken to be from by its name."""


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
    indexes = actions.add_parser(
        "indexes", parents=[common], help="the indexes that set-ups with another chunk or encoder made"
    )
    indexes.add_argument("--remove", action="store_true", help="remove all of them; the runs stay")
    indexes.set_defaults(run=show_indexes)
    # Those of `bot.evals.exchange.FORMATS`, which is not imported for `footnote --help`.
    forms = ("promptfoo", "csv", "langsmith", "ragas")
    export = actions.add_parser("export", parents=[common], help="write cases as another tool reads them")
    export.add_argument("cases", nargs="+", metavar="FILE", help="files of cases, .yaml or .jsonl")
    export.add_argument("--to", required=True, choices=forms, help="the tool whose form it is")
    export.add_argument("--out", default="-", metavar="FILE", help="where to; - writes to stdout (the default)")
    url = "what promptfoo is to ask (default: http://127.0.0.1:8600/v1/ask, where footnote serve answers)"
    export.add_argument("--url", default="", metavar="URL", help=url)
    export.set_defaults(run=export_cases)
    read = actions.add_parser("import", parents=[common], help="make a file of cases from another tool's")
    read.add_argument("file", metavar="FILE", help="a promptfooconfig.yaml, a .csv, or a .jsonl of LangSmith or ragas")
    told = "the tool that it is from (default: promptfoo for .yaml, csv for .csv)"
    read.add_argument("--from", dest="form", default="", choices=("", *forms), help=told)
    read.add_argument("--out", required=True, metavar="FILE", help="the file of cases to write, .yaml")
    read.set_defaults(run=import_cases)


def draft_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Proposes cases from the user's own articles; 1 where none could be had."""
    from bot.evals.cases import dump

    output = context.output
    target = None if args.out == "-" else Path(args.out)
    # A draft is mended by hand, which a second one must not write over.
    if target and target.exists():
        raise InputError(f"{target} is there already, and what you have written in it would be lost.", "Name another file.")
    with context.service() as service:
        found = service.lab.drafted(args.n, args.model)
    if not found:
        output.warn("No case could be drafted: no question on these articles was answered well enough by quoting them.")
        return 1
    text = dump(found)
    if target is None:
        # As it is, without the marks for control characters: it is a file for a pipe.
        output.out.write(text)
        return 0
    target.write_text(text, encoding="utf-8")
    told = f"{counted(len(found))} in {target}. Mend them, remove those you would not ask, then: footnote eval run {target}"
    output.record({"drafted": len(found), "file": str(target)}) if output.as_json else output.say(told)
    return 0


def show_indexes(args: argparse.Namespace, context: CommandContext) -> int:
    """Tells what room the indexes of evaluations take, or removes them."""
    with context.service() as service:
        indexes = service.lab.evaluation_indexes()
        found = indexes.remove() if args.remove else indexes.stored()
    if context.output.as_json:
        context.output.record({"indexes": found.count, "bytes": found.size, "removed": bool(args.remove)})
        return 0
    many = f"{found.count} index{'' if found.count == 1 else 'es'} of evaluations, {found.size / 1e6:.1f} MB"
    context.output.say(f"Removed: {many}." if args.remove else f"{many}.")
    return 0


def export_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Writes cases in another tool's form; what has no counterpart there is told on stderr."""
    from bot.evals.cases import load_all
    from bot.evals.exchange import write_cases
    from bot.evals.promptfoo import URL

    cases, output = load_all(map(Path, args.cases)), context.output
    found = write_cases(cases, args.to, args.url or URL)
    for said in found.left_out:
        output.warn(said)
    if args.out == "-":
        output.out.write(found.text)
        return 0
    write_file(Path(args.out), found.text)
    told = f"{counted(len(cases))} in {args.out}."
    if args.to == "promptfoo":
        told += f" With footnote serve running: npx promptfoo eval -c {args.out}"
    output.record({"cases": len(cases), "file": args.out}) if output.as_json else output.say(told)
    return 0


def import_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Makes a file of cases; what was not taken is told on stderr. Raises InputError for a file that says no cases."""
    from bot.evals.cases import dump_fields, load
    from bot.evals.exchange import FORMATS, read_cases

    path, target, output = Path(args.file), Path(args.out), context.output
    form = next((one for one in FORMATS if one == (args.form or _FORMS.get(path.suffix))), None)
    if form is None:
        raise InputError(f"It is not told which tool {path} is from.", "Say it with --from, such as --from langsmith.")
    if target.exists():
        raise InputError(f"{target} is there already, and what you have written in it would be lost.", "Name another file.")
    try:
        found = read_cases(path.read_text(encoding="utf-8-sig"), form)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    except InputError as error:
        raise InputError(f"{path}: {error.message}", error.help) from None
    write_file(target, dump_fields(found.cases))
    try:
        # Read back as any file of cases, so that its mistakes are told with their lines.
        cases = load(target)
    except InputError:
        # Half a conversion is no file of cases; what is wrong is told with its line, which the text shows.
        target.rename(target.with_name(f"{target.name}.broken"))
        raise
    for said in found.left_out:
        output.warn(said)
    told = f"{counted(len(cases))} in {target}. Run them with: footnote eval run {target}"
    output.record({"cases": len(cases), "file": str(target)}) if output.as_json else output.say(told)
    return 0


def label_answer(args: argparse.Namespace, context: CommandContext) -> int:
    """Keeps a person's word on an answer; the agreement of judges with people is counted from these."""
    from bot.evals.opinions import label_of

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


def load_run(store: "RunStore", name: str) -> "Run":
    """The run of that name in the home, or in its own folder, as in `OTHER-HOME/evals/RUN`; raises InputError."""
    from bot.evals.store import RUN, RunStore

    folder = Path(name)
    # A name with a slash in it is no id, so nothing that could be named before means another run now.
    if len(folder.parts) > 1 and (folder / RUN).is_file():
        return RunStore(folder.parent).load(folder.name)
    return store.load(name)


def run_store(context: CommandContext) -> "RunStore":
    """The runs of the home."""
    from bot.evals.store import RunStore

    with context.service() as service:
        return RunStore(service.lab.evals_home())


def label_store(context: CommandContext) -> "LabelStore":
    """The labels of the home."""
    from bot.evals.opinions import LabelStore

    with context.service() as service:
        return LabelStore(service.lab.evals_home())


def counted(n: int) -> str:
    """A number of cases in words."""
    # `bot.evals.metrics.counted` would import the verifier for `footnote --help`.
    return f"{n} case{'' if n == 1 else 's'}"
