"""`footnote eval`: runs over cases, what changed between two of them, cases to begin with, and the runs there are."""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import evaluate_cases
from bot.commands.arguments import add_command, whole_number
from bot.commands.evaluate_cases import counted
from bot.commands.output import CommandContext, Output
from bot.errors import InputError
from bot.json_records import Record

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.evals.gate import Requirement
    from bot.evals.judging import JudgeAgreement
    from bot.evals.records import Case, Run
    from bot.evals.runner import OnProgress, RunContext
    from bot.evals.store import RunStore, RunSummary
    from bot.wiring import Service
    from bot.wiring.engine import Progress
    from bot.wiring.evaluation import FinishedRun, RunPlan

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C has ended."""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command and its actions."""
    evaluate = add_command(commands, common, "eval", "answer a set of cases, and see what a change made of them")
    # `footnote eval` without an action lists the runs, as `eval list` does.
    evaluate.set_defaults(run=list_runs)
    actions = evaluate.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[common], help="the runs there are, one line each (the default)")
    _add_run(actions, common)
    about = "what is different between two runs, and whether that is luck"
    compare = actions.add_parser("compare", parents=[common], help=about)
    compare.add_argument("a", metavar="A", help="the run before: its id, or the folder of a run of another home")
    compare.add_argument("b", metavar="B", help="the run after")
    compare.add_argument("--html", default="", metavar="FILE", help="write it as a page as well")
    compare.add_argument("--fail-if-worse", action="store_true", help="end with 1 where B is worse or raises an alarm")
    rule = "the rule that decides (default: decision.yaml beside the cases, else all metrics of quality together at 0.05)"
    compare.add_argument("--decision", default="", metavar="FILE", help=rule)
    drop = "end with 1 where a metric got worse by more than that; may be given several times"
    compare.add_argument("--max-drop", action="append", default=[], metavar="METRIC=SIZE", help=drop)
    compare.add_argument("--markdown", default="", metavar="FILE", help="write it as a comment for a pull request")
    compare.set_defaults(run=compare_runs)
    show = actions.add_parser("show", parents=[common], help="one run: its metrics, and the cases that it does not pass")
    show.add_argument("id", metavar="RUN", help="its id, the first letters of it, or last")
    _add_gate(show)
    show.set_defaults(run=show_run)
    evaluate_cases.add_actions(actions, common)


def _add_run(actions: "Subcommands", common: argparse.ArgumentParser) -> None:
    run = actions.add_parser("run", parents=[common], help="answer cases, and score the answers")
    cases = "files of cases, .yaml or .jsonl (default: those of --frozen's run, else the starter set on the example articles)"
    run.add_argument("cases", nargs="*", metavar="CASES", help=cases)
    prompt = "a version of the answer prompt; may be given several times, each a run of its own"
    run.add_argument("--prompt", action="append", default=[], metavar="VERSION", help=prompt)
    model = "`quotes`, or a model like openai:gpt-4.1-mini; may be given several times, each a run of its own"
    run.add_argument("--model", action="append", default=[], metavar="MODEL", help=model)
    several = "a YAML file of set-ups, each a run of its own: model, prompts, judge, temperature, seed, k, context"
    run.add_argument("--setups", default="", metavar="FILE", help=several)
    run.add_argument("--frozen", default="", metavar="RUN", help="answer from the very passages of that run")
    anew = "let each of several runs search anew, not on the first one's passages"
    run.add_argument("--fresh-search", action="store_true", help=anew)
    run.add_argument("--shuffle", type=whole_number(0, 2**31), metavar="SEED", help="put the passages into another order")
    run.add_argument("--without-cited", action="store_true", help="leave out the passages that should be cited")
    mutate = "change a number or a name in the passages that an answer cited; an answer that rests on them follows"
    run.add_argument("--mutate", action="store_true", help=mutate)
    judge = "the model that judges where cases ask for a judge (default: the one in the settings)"
    run.add_argument("--judge", default="", metavar="MODEL", help=judge)
    version = "the version of the judge's prompt (default: the one in force)"
    run.add_argument("--judge-prompt", default="", metavar="VERSION", help=version)
    run.add_argument("--jobs", type=whole_number(1, 64), default=4, metavar="N", help="how many cases at a time (default: 4)")
    run.add_argument("--resume", default="", metavar="RUN", help="go on with a run that was interrupted")
    run.add_argument("--message", default="", metavar="TEXT", help="what this run is for; it is kept with it")
    run.add_argument("--no-cache", action="store_true", help="answer all cases anew")
    repeat = "answer each case so many times; the spread, flaky cases and what luck alone does are told (default: 1)"
    run.add_argument("--repeat", type=whole_number(1, 100), default=1, metavar="N", help=repeat)
    run.add_argument("--tag", action="append", default=[], metavar="TAG", help="only cases with that tag")
    run.add_argument("--split", default="", metavar="NAME", help="only cases of that split, such as dev or test")
    _add_gate(run)
    run.set_defaults(run=run_cases)


def _add_gate(parser: argparse.ArgumentParser) -> None:
    """What a build asks of a run."""
    required = 'end with 1 unless the mean is so, as in "passed>=0.9"; may be given several times'
    parser.add_argument("--require", action="append", default=[], metavar="METRIC>=VALUE", help=required)
    parser.add_argument("--junit", default="", metavar="FILE", help="write the cases as a JUnit file, for a CI server")


def run_cases(args: argparse.Namespace, context: CommandContext) -> int:
    """Answers the cases, with each of the prompts and models; 1 where any case failed, 130 where Ctrl-C cut it short."""
    from bot.evals.gate import Requirement
    from bot.evals.opinions import LabelStore
    from bot.evals.store import RunStore
    from bot.wiring.evaluation import FinishedRun, carry_out, cost_before, resumable

    output = context.output
    _refuse_with_resume(args)
    # A requirement that is misspelt is told before anything is asked.
    required = [Requirement.parse(text) for text in args.require]
    with context.service() as service:
        lab, store = service.lab, RunStore(service.lab.evals_home())
        answer = partial(_answered, args, store, output)
        if args.resume:
            begun = resumable(args.resume, service, store)
            finished = [FinishedRun(answer(begun, lab.evaluating(begun.setup)))]
        else:
            plan = _plan(args, service, store, output)
            for told in cost_before(plan, lab, store):
                output.warn(told)
            finished = list(carry_out(plan, lab, store, answer))
        # Inside of the block, as the labels stand in the home.
        code = _print_runs(finished, output, LabelStore(lab.evals_home()).verdicts())
    # A build asks about the last run: with several prompts the others are there to compare with.
    return code or _gate_code(finished[-1].run, required, args.junit, output)


def _gate_code(run: "Run", required: "Sequence[Requirement]", junit: str, output: Output) -> int:
    """1 where the run does not meet a requirement, each of which is told; writes the JUnit file."""
    from bot.evals import gate

    if junit:
        evaluate_cases.write_file(Path(junit), gate.junit(run))
    broken = [said for one in required if (said := one.broken(run))]
    for said in broken:
        output.warn(said)
    return 1 if broken else 0


def show_run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints one run with the cases that it does not pass; with --require 1 where it does not meet that."""
    from bot.evals import summary
    from bot.evals.gate import Requirement
    from bot.evals.opinions import judge_agreement

    output, required = context.output, [Requirement.parse(text) for text in args.require]
    run, labels = evaluate_cases.run_store(context).load(args.id), evaluate_cases.label_store(context).verdicts()
    agreed = judge_agreement(run, labels)
    if output.as_json:
        told = {**summary.as_json(run), **_agreement_record(agreed), **_repeats_record(run)}
        output.record({**told, "not_passed": dict(summary.not_passed(run))})
    else:
        output.say(summary.as_text([run]))
        for more in (_repeats_text(run), agreed.said() if agreed else ""):
            if more:
                output.say(f"\n{more}")
        for case, why in summary.not_passed(run):
            output.say(f"  {case}: {why}")
    return _gate_code(run, required, args.junit, output)


def _answered(args: argparse.Namespace, store: "RunStore", output: Output, begun: "Run", context: "RunContext") -> "Run":
    """Answers the cases of one run, or those until Ctrl-C, with a bar on a terminal."""
    from bot.evals import runner

    with output.progress() as bar:
        told = _as_bar(bar, begun.setup.name) if bar else None
        return runner.run(begun, context, store, jobs=args.jobs, fresh=args.no_cache, on_progress=told)


def _as_bar(bar: "Progress", name: str) -> "OnProgress":
    """The progress of a run as the command line shows it."""
    from bot.models.failures import duration

    def tell(done: int, of: int, seconds: float | None, dollars: float | None) -> None:
        """Moves the bar on, with what is left of time and money where that is known."""
        # At the end nothing is left, and no estimate either.
        left = [] if seconds is None or done == of else [f"about {duration(seconds)} left"]
        left += [f"${dollars:.2f}"] if dollars and left else []
        bar(", ".join([name, *left]), done, of)

    return tell


def compare_runs(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints what is different in run B; with --fail-if-worse 1 where it is worse in a metric of quality or raises an alarm."""
    from bot.evals import decision, gate, report
    from bot.evals.comparing import compare

    # Parsed first: what is misspelt is told before anything is read.
    drops = [gate.LargestDrop.parse(text) for text in args.max_drop]
    store, output = evaluate_cases.run_store(context), context.output
    before, after = (evaluate_cases.load_run(store, name) for name in (args.a, args.b))
    # The later run's cases, as a rule is changed together with the cases.
    rule = decision.load(Path(args.decision)) if args.decision else decision.rule_of(after)
    found = compare(before, after, rule)
    if args.html:
        evaluate_cases.write_file(Path(args.html), report.as_html(found))
    if args.markdown:
        evaluate_cases.write_file(Path(args.markdown), gate.markdown(found))
    output.record(report.as_json(found)) if output.as_json else output.say(report.as_text(found))
    if args.html and not output.as_json:
        output.say(f"\nThe same as a page: {args.html}")
    wrong = [said for drop in drops if (said := drop.broken(found))]
    wrong += [found.said()] if args.fail_if_worse and found.worse else []
    for said in wrong:
        output.warn(said)
    return 1 if wrong else 0


def list_runs(_args: argparse.Namespace, context: CommandContext) -> int:
    """Prints the runs, the newest first."""
    runs, output = evaluate_cases.run_store(context).runs(), context.output
    for brief in runs:
        output.record(_brief_record(brief)) if output.as_json else output.say(_brief_text(brief))
    if not runs:
        output.warn("Nothing has been evaluated here yet. Begin with `footnote eval run`.")
    return 0


def _plan(args: argparse.Namespace, service: "Service", store: "RunStore", output: Output) -> "RunPlan":
    from bot.evals.own_checks import python_files
    from bot.evals.setup_files import load_setups
    from bot.evals.setups import PassageChange
    from bot.wiring.evaluation import RunPlan, check_frozen, check_index, check_starter, requested_setups, setups_of

    frozen = store.load(args.frozen) if args.frozen else None
    cases = _chosen(_cases(args.cases, frozen, output), args.tag, args.split)
    # Told before anything runs, so that Ctrl-C is still in time.
    for file in python_files(cases):
        output.warn(f"The cases have code of {file} run on each answer.")
    if frozen:
        check_frozen(frozen, cases, "Give the cases that it was made with, or another run.")
    # Cases that bring their passages need no index.
    elif any(case.given is None for case in cases):
        check_index(service.library)
        # The starter set asks about the example articles, which a home of one's own may lack.
        if not args.cases:
            check_starter(cases, service.library, "Give cases of your own; `footnote eval draft` proposes some.")
    change = PassageChange(args.shuffle, args.without_cited, args.mutate)
    if args.setups and (args.model or args.prompt):
        raise InputError("--setups has its models and prompts in its file.", "Leave out --model and --prompt.")
    if args.setups:
        setups = requested_setups(load_setups(Path(args.setups)), service.lab)
    else:
        setups = setups_of(args.model, args.prompt, service.lab)
    return RunPlan(
        cases,
        setups,
        frozen,
        change,
        args.fresh_search,
        args.no_cache,
        args.jobs,
        args.message,
        args.judge,
        args.judge_prompt,
        args.repeat,
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


def _chosen(cases: "tuple[Case, ...]", tags: Sequence[str], split: str) -> "tuple[Case, ...]":
    """Those with any of the tags, and of the split, where these are given."""
    found = [case for case in cases if (not tags or set(tags) & set(case.tags)) and split in ("", case.split)]
    if not found:
        raise InputError("No case has these tags or is of that split.", f"There are {counted(len(cases))} in all.")
    return tuple(found)


def _refuse_with_resume(args: argparse.Namespace) -> None:
    """Raises InputError for an option that would make a resumed run another one than was begun."""
    # What may be given: --jobs, --no-cache and what is asked of the result; none of it changes an answer.
    given = [("CASES", args.cases), ("--prompt", args.prompt), ("--model", args.model), ("--frozen", args.frozen)]
    given += [("--shuffle", args.shuffle is not None), ("--without-cited", args.without_cited), ("--message", args.message)]
    given += [
        ("--judge", args.judge),
        ("--judge-prompt", args.judge_prompt),
        ("--repeat", args.repeat > 1),
        ("--setups", args.setups),
        ("--mutate", args.mutate),
        ("--tag", args.tag),
        ("--split", args.split),
    ]
    more = [name for name, value in given if value] if args.resume else []
    if more:
        raise InputError(
            f"A run goes on as it was begun: {more[0]} does not go with --resume.", "Leave it out, or begin a new run."
        )


def _print_runs(finished: "Sequence[FinishedRun]", output: Output, labels: "Mapping[tuple[str, str], bool]") -> int:
    """Prints what the runs come to; the exit code."""
    from bot.evals import summary
    from bot.evals.opinions import judge_agreement

    runs = tuple(done.run for done in finished)
    if output.as_json:
        for one in runs:
            output.record({**summary.as_json(one), **_agreement_record(judge_agreement(one, labels)), **_repeats_record(one)})
    else:
        output.say(summary.as_text(runs))
        for done in finished:
            for note in done.notes:
                output.say(f"\n{done.run.id}: {note}")
            if told := _repeats_text(done.run):
                output.say(f"\n{done.run.id}: {told}")
            if agreed := judge_agreement(done.run, labels):
                output.say(f"\n{done.run.id}: {agreed.said()}")
        output.say("\n" + _next_step(runs))
    last = runs[-1]
    if not last.complete:
        output.warn(
            f"Stopped: {len(last.results)} of {counted(len(last.cases))} are kept. "
            f"Go on with: footnote eval run --resume {last.id}"
        )
        return INTERRUPTED
    # Answers that could not be had, not checks that did not hold: those are what --require is for.
    return 1 if any(summary.failed(one) for one in runs) else 0


def _repeats_text(run: "Run") -> str:
    """What repeats say of a run, by the rule beside its cases."""
    from bot.evals import decision, repeats

    return repeats.spread_text(run, decision.rule_of(run))


def _repeats_record(run: "Run") -> Record:
    from bot.evals import decision, repeats

    return repeats.spread_record(run, decision.rule_of(run))


def _agreement_record(agreed: "JudgeAgreement | None") -> Record:
    return {} if agreed is None else {"judge": {"labelled": agreed.n, "agreed": agreed.agreed, "kappa": agreed.kappa}}


def _next_step(runs: "Sequence[Run]") -> str:
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
    done = counted(brief.cases) if brief.done == brief.cases else f"{brief.done} of {counted(brief.cases)}"
    failed = f"{brief.failed} failed" if brief.failed else ""
    when = brief.started.astimezone().strftime("%Y-%m-%d %H:%M")
    return "  ".join(filter(None, (brief.id, when, brief.setup.name, done, failed, brief.message)))
