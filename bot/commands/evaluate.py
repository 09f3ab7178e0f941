"""`footnote eval`: runs over cases, what changed between two of them, cases to begin with, and the runs there are."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command, whole_number
from bot.commands.output import CommandContext, Output, Record
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.commands.evaluating import RunPlan, RunResult
    from bot.evals.records import Case, Run, Setup
    from bot.evals.store import RunStore, RunSummary
    from bot.wiring import Service
    from bot.wiring.lab import Lab

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C has ended."""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    evaluate = add_command(commands, common, "eval", "answer a set of cases, and see what a change made of them")
    evaluate.set_defaults(run=list_runs)
    actions = evaluate.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="the runs there are, one line each (the default)")
    _add_run(actions, common)
    about = "what is different between two runs, and whether that is luck"
    compare = actions.add_parser("compare", parents=[common], help=about)
    compare.add_argument("a", metavar="A", help="the run before")
    compare.add_argument("b", metavar="B", help="the run after")
    compare.add_argument("--html", default="", metavar="FILE", help="write it as a page as well")
    compare.add_argument("--fail-if-worse", action="store_true", help="end with 1 where B is worse in a metric of quality")
    compare.set_defaults(run=compare_runs)
    draft = actions.add_parser("draft", parents=[common], help="propose cases from your own articles, for you to accept")
    draft.add_argument("--out", default="-", metavar="FILE", help="where to; - writes to stdout (the default)")
    draft.add_argument("--model", default="", metavar="MODEL", help="have a model write them, in place of rules")
    draft.add_argument("-n", type=whole_number(1, 1000), default=20, metavar="N", help="how many at most (default: 20)")
    draft.set_defaults(run=draft_cases)


def _add_run(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    run = actions.add_parser("run", parents=[common], help="answer cases, and score the answers")
    cases = "files of cases, .yaml or .jsonl (default: those of --frozen's run, else the starter set on the example articles)"
    run.add_argument("cases", nargs="*", metavar="CASES", help=cases)
    prompt = "a version of the answer prompt; may be given several times, each a run of its own"
    run.add_argument("--prompt", action="append", default=[], metavar="VERSION", help=prompt)
    model = "`quotes`, or a model like openai:gpt-4.1-mini; may be given several times, each a run of its own"
    run.add_argument("--model", action="append", default=[], metavar="MODEL", help=model)
    run.add_argument("--frozen", default="", metavar="RUN", help="answer from the very passages of that run")
    anew = "let each of several runs search anew, not on the first one's passages"
    run.add_argument("--fresh-search", action="store_true", help=anew)
    run.add_argument("--shuffle", type=whole_number(0, 2**31), metavar="SEED", help="put the passages into another order")
    run.add_argument("--without-cited", action="store_true", help="leave out the passages that should be cited")
    run.add_argument("--jobs", type=whole_number(1, 64), default=4, metavar="N", help="how many cases at a time (default: 4)")
    run.add_argument("--resume", default="", metavar="RUN", help="go on with a run that was interrupted")
    run.add_argument("--message", default="", metavar="TEXT", help="what this run is for; it is kept with it")
    run.add_argument("--no-cache", action="store_true", help="answer all cases anew")
    run.set_defaults(run=run_cases)


def run_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Answers the cases, with each of the prompts and models; 1 where any case failed, 130 where Ctrl-C cut it short."""
    from bot.commands.evaluating import Evaluation, RunResult
    from bot.evals.store import RunStore

    output = context.output
    with context.service() as service:
        store = RunStore(service.lab.evals_home())
        work = Evaluation(service.lab, store, output)
        if args.resume:
            begun = _resumable(args, service, store)
            return _shown(RunResult((work.gone_on(begun, jobs=args.jobs, fresh=args.no_cache),)), output)
        return _shown(work.carried_out(_plan(args, service, store, output)), output)


def compare_runs(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints what is different in run B; with --fail-if-worse 1 where it is worse in a metric of quality."""
    from bot.evals import report
    from bot.evals.comparing import compare

    store, output = _store(context), context.output
    found = compare(store.load(args.a), store.load(args.b))
    if args.html:
        Path(args.html).write_text(report.as_html(found), encoding="utf-8")
    output.record(report.as_json(found)) if output.as_json else output.say(report.as_text(found))
    if args.html and not output.as_json:
        output.say(f"\nThe same as a page: {args.html}")
    if not (args.fail_if_worse and found.worse):
        return 0
    output.warn(found.said())
    return 1


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
    told = f"{_counted(len(found))} in {target}. Mend them, remove those you would not ask, then: footnote eval run {target}"
    output.record({"drafted": len(found), "file": str(target)}) if output.as_json else output.say(told)
    return 0


def list_runs(_args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the runs, the newest first."""
    runs, output = _store(context).runs(), context.output
    for brief in runs:
        output.record(_brief_record(brief)) if output.as_json else output.say(_brief_text(brief))
    if not runs:
        output.warn("Nothing has been evaluated here yet. Begin with `footnote eval run`.")
    return 0


def _store(context: CommandContext) -> "RunStore":
    from bot.evals.store import RunStore

    with context.service() as service:
        return RunStore(service.lab.evals_home())


def _plan(args: argparse.Namespace, service: "Service", store: "RunStore", output: Output) -> "RunPlan":
    from bot.commands.evaluating import RunPlan
    from bot.evals.setups import PassageChange

    frozen = store.load(args.frozen) if args.frozen else None
    cases = _cases(args.cases, frozen, output)
    if frozen is None and any(case.given is None for case in cases):
        _check_index(service)
        _check_starter(args.cases, cases, service)
    if frozen and not {case.id for case in cases} & {case.id for case in frozen.cases}:
        raise InputError(
            f"The run {frozen.id} has none of these cases.", "Give the cases that it was made with, or another run."
        )
    return RunPlan(
        cases,
        _setups(args.model, args.prompt, service.lab),
        frozen,
        PassageChange(args.shuffle, args.without_cited),
        args.fresh_search,
        args.no_cache,
        args.jobs,
        args.message,
    )


def _cases(files: Sequence[str], frozen: "Run | None", output: Output) -> "tuple[Case, ...]":
    """Those of the files, else of the run that is frozen to, else those that ship."""
    from bot.evals import cases as case_files

    if files:
        return case_files.load_all(Path(file) for file in files)
    if frozen:
        return frozen.cases
    found = case_files.load(case_files.STARTER)
    output.warn(f"No CASES were given: this is the starter set, {len(found)} cases on the articles that ship with Footnote.")
    return found


def _check_index(service: "Service") -> None:
    if problem := service.library.problem():
        raise InputError(*problem)


def _check_starter(files: Sequence[str], cases: "Sequence[Case]", service: "Service") -> None:
    """The starter set says nothing of an index that has none of its articles."""
    about = {wanted.article for case in cases for wanted in case.cites}
    if not files and not about & {summary.id for summary in service.library.articles()}:
        raise InputError(
            "The starter set asks about the articles that ship with Footnote, and none of them is here.",
            "Give cases of your own; `footnote eval draft` proposes some.",
        )


def _setups(models: Sequence[str], prompts: Sequence[str], lab: "Lab") -> "tuple[Setup, ...]":
    """One for each prompt with each model; quotations, which have no prompt, are there once."""
    from bot.evals.setups import QUOTES, named

    chosen = list(dict.fromkeys(models)) or [""]
    made = []
    for model in chosen:
        alone = model == QUOTES and len(chosen) > 1
        made += [lab.setup(model, prompt) for prompt in ([""] if alone else list(dict.fromkeys(prompts)) or [""])]
    return named(made)


def _resumable(args: argparse.Namespace, service: "Service", store: "RunStore") -> "Run":
    """The run to go on with; raises InputError where it would not go on as it began."""
    from bot.evals.setups import QUOTES

    given = [("CASES", args.cases), ("--prompt", args.prompt), ("--model", args.model), ("--frozen", args.frozen)]
    given += [("--shuffle", args.shuffle is not None), ("--without-cited", args.without_cited), ("--message", args.message)]
    if more := [name for name, value in given if value]:
        raise InputError(
            f"A run goes on as it was begun: {more[0]} does not go with --resume.", "Leave it out, or begin a new run."
        )
    begun = store.load(args.resume)
    if not begun.setup.frozen and any(case.given is None for case in begun.cases):
        _check_index(service)
        if service.lab.setup(QUOTES).index != begun.setup.index:
            raise InputError(
                f"The articles have changed since the run {begun.id} began, so the rest would be answered from others.",
                "Begin a new run.",
            )
    return begun


def _shown(made: "RunResult", output: Output) -> int:
    """Prints what the runs come to; the exit code."""
    from bot.evals import summary

    if output.as_json:
        for one in made.runs:
            output.record(summary.as_json(one))
    else:
        output.say(summary.as_text(made.runs))
        for sentence in made.said:
            output.say(f"\n{sentence}")
        output.say("\n" + _next(made.runs))
    if not made.complete:
        last = made.runs[-1]
        done = f"{len(last.results)} of {_counted(len(last.cases))} are kept"
        output.warn(f"Stopped: {done}. Go on with: footnote eval run --resume {last.id}")
        return INTERRUPTED
    return 1 if any(summary.failed(one) for one in made.runs) else 0


def _next(runs: "Sequence[Run]") -> str:
    """The runs' ids, and what can be done with them."""
    if len(runs) == 1:
        return f"Run {runs[0].id}."
    return f"Runs {', '.join(one.id for one in runs)}. What changed: footnote eval compare {runs[0].id} {runs[1].id}"


def _brief_record(brief: "RunSummary") -> Record:
    setup = brief.setup
    return {
        "run": brief.id,
        "started": brief.started.isoformat(),
        "name": setup.name,
        "model": setup.model,
        "prompt": setup.prompt,
        "frozen": setup.frozen,
        "cases": brief.cases,
        "done": brief.done,
        "failed": brief.failed,
        "message": brief.message,
    }


def _brief_text(brief: "RunSummary") -> str:
    done = _counted(brief.cases) if brief.done == brief.cases else f"{brief.done} of {_counted(brief.cases)}"
    failed = f"{brief.failed} failed" if brief.failed else ""
    when = brief.started.astimezone().strftime("%Y-%m-%d %H:%M")
    return "  ".join(filter(None, (brief.id, when, brief.setup.name, done, failed, brief.message)))


def _counted(n: int) -> str:
    return f"{n} case{'' if n == 1 else 's'}"
