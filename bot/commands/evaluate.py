"""`footnote eval`: runs over cases, what changed between two of them, cases to begin with, and the runs there are."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.commands.evaluating import Evaluation, Made, Plan
from bot.commands.output import Output, Record
from bot.errors import InputError
from bot.evals import cases as case_files
from bot.evals import report, summary
from bot.evals.comparing import compare as compared
from bot.evals.records import Case, Run, Setup
from bot.evals.setups import QUOTES, Change, named
from bot.evals.store import Brief, Store
from bot.wiring import Service
from bot.wiring.lab import Lab

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C has ended."""


def run(args: argparse.Namespace, service: Service, output: Output) -> int:
    """Answers the cases, with each of the prompts and models; 1 where any case failed, 130 where Ctrl-C cut it short."""
    store = Store(service.lab.evals_home())
    work = Evaluation(service.lab, store, output)
    if args.resume:
        begun = _resumable(args, service, store)
        return _shown(Made((work.gone_on(begun, jobs=args.jobs, fresh=args.no_cache),)), output)
    return _shown(work.carried_out(_plan(args, service, store, output)), output)


def compare(args: argparse.Namespace, service: Service, output: Output) -> int:
    """Prints what is different in run B; with --fail-if-worse 1 where it is worse in a metric of quality."""
    store = Store(service.lab.evals_home())
    found = compared(store.load(args.a), store.load(args.b))
    if args.html:
        Path(args.html).write_text(report.as_html(found), encoding="utf-8")
    output.record(report.as_json(found)) if output.as_json else output.say(report.as_text(found))
    if args.html and not output.as_json:
        output.say(f"\nThe same as a page: {args.html}")
    if not (args.fail_if_worse and found.worse):
        return 0
    output.warn(found.said())
    return 1


def draft(args: argparse.Namespace, service: Service, output: Output) -> int:
    """Proposes cases from the user's own articles; 1 where none could be had."""
    target = None if args.out == "-" else Path(args.out)
    if target and target.exists():
        raise InputError(f"{target} is there already, and what you have written in it would be lost.", "Name another file.")
    found = service.lab.drafted(args.n, args.model)
    if not found:
        output.warn("No case could be drafted: no question on these articles was answered well enough by quoting them.")
        return 1
    text = case_files.dump(found)
    if target is None:
        output.out.write(text)
        return 0
    target.write_text(text, encoding="utf-8")
    told = f"{_counted(len(found))} in {target}. Mend them, remove those you would not ask, then: footnote eval run {target}"
    output.record({"drafted": len(found), "file": str(target)}) if output.as_json else output.say(told)
    return 0


def list_runs(_args: argparse.Namespace, service: Service, output: Output) -> int:
    """Prints the runs, the newest first."""
    runs = Store(service.lab.evals_home()).runs()
    for brief in runs:
        output.record(_brief_record(brief)) if output.as_json else output.say(_brief_text(brief))
    if not runs:
        output.warn("Nothing has been evaluated here yet. Begin with `footnote eval run`.")
    return 0


def _plan(args: argparse.Namespace, service: Service, store: Store, output: Output) -> Plan:
    frozen = store.load(args.frozen) if args.frozen else None
    cases = _cases(args.cases, frozen, output)
    if frozen is None and any(case.given is None for case in cases):
        _check_index(service)
        _check_starter(args.cases, cases, service)
    if frozen and not {case.id for case in cases} & {case.id for case in frozen.cases}:
        raise InputError(
            f"The run {frozen.id} has none of these cases.", "Give the cases that it was made with, or another run."
        )
    return Plan(
        cases,
        _setups(args.model, args.prompt, service.lab),
        frozen,
        Change(args.shuffle, args.without_cited),
        args.fresh_search,
        args.no_cache,
        args.jobs,
        args.message,
    )


def _cases(files: Sequence[str], frozen: Run | None, output: Output) -> tuple[Case, ...]:
    """Those of the files, else of the run that is frozen to, else those that ship."""
    if files:
        return case_files.load_all(Path(file) for file in files)
    if frozen:
        return frozen.cases
    found = case_files.load(case_files.STARTER)
    output.warn(f"No CASES were given: this is the starter set, {len(found)} cases on the articles that ship with Footnote.")
    return found


def _check_index(service: Service) -> None:
    if problem := service.library.problem():
        raise InputError(*problem)


def _check_starter(files: Sequence[str], cases: Sequence[Case], service: Service) -> None:
    """The starter set says nothing of an index that has none of its articles."""
    about = {wanted.article for case in cases for wanted in case.cites}
    if not files and not about & {summary.id for summary in service.library.articles()}:
        raise InputError(
            "The starter set asks about the articles that ship with Footnote, and none of them is here.",
            "Give cases of your own; `footnote eval draft` proposes some.",
        )


def _setups(models: Sequence[str], prompts: Sequence[str], lab: Lab) -> tuple[Setup, ...]:
    """One for each prompt with each model; quotations, which have no prompt, are there once."""
    chosen = list(dict.fromkeys(models)) or [""]
    made = []
    for model in chosen:
        alone = model == QUOTES and len(chosen) > 1
        made += [lab.setup(model, prompt) for prompt in ([""] if alone else list(dict.fromkeys(prompts)) or [""])]
    return named(made)


def _resumable(args: argparse.Namespace, service: Service, store: Store) -> Run:
    """The run to go on with; raises InputError where it would not go on as it began."""
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


def _shown(made: Made, output: Output) -> int:
    """Prints what the runs come to; the exit code."""
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


def _next(runs: Sequence[Run]) -> str:
    """The runs' ids, and what can be done with them."""
    if len(runs) == 1:
        return f"Run {runs[0].id}."
    return f"Runs {', '.join(one.id for one in runs)}. What changed: footnote eval compare {runs[0].id} {runs[1].id}"


def _brief_record(brief: Brief) -> Record:
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


def _brief_text(brief: Brief) -> str:
    done = _counted(brief.cases) if brief.done == brief.cases else f"{brief.done} of {_counted(brief.cases)}"
    failed = f"{brief.failed} failed" if brief.failed else ""
    when = brief.started.astimezone().strftime("%Y-%m-%d %H:%M")
    return "  ".join(filter(None, (brief.id, when, brief.setup.name, done, failed, brief.message)))


def _counted(n: int) -> str:
    return f"{n} case{'' if n == 1 else 's'}"
